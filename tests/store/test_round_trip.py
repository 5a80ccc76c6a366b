from __future__ import annotations

from datetime import timedelta, timezone
from typing import TYPE_CHECKING

import numpy as np
import pytest

from insole.calibration import calibration_to_dict
from insole.errors import StoreError
from insole.layout import layout_to_dict
from insole.recording import About, ClockFit, FootStream, Recording, Side, Unit
from tests.store.samples import (
    STARTED_AT,
    assert_same,
    both,
    chunk,
    grid,
    meta,
    recording,
    stream,
    values,
)

if TYPE_CHECKING:
    from insole.store import Store


@pytest.mark.parametrize("unit", list(Unit))
def test_an_import_comes_back_bit_for_bit(store: Store, unit: Unit) -> None:
    about = About("P7", "shoe", 71.5, "walking", "open16", "1.2", "a.csv", "ab" * 32, ("one", "two ü"))
    given = recording(stream(Side.LEFT, 300, unit=unit, gap=slice(40, 90)), stream(Side.RIGHT, 250, unit=unit))
    given = Recording("", STARTED_AT, given.feet, about)
    back = store.read(store.add(given))
    assert back.started_at == STARTED_AT
    assert back.about == about
    for side, foot in back.feet.items():
        original = given.feet[side]
        assert np.array_equal(foot.sample, original.sample)
        assert foot.values.tobytes() == original.values.tobytes()
        assert np.abs(foot.time_s - original.time_s).max() <= 0.5e-6
        assert (foot.unit, foot.rate_hz, foot.saturation) == (unit, 100.0, None)
        assert layout_to_dict(foot.layout) == layout_to_dict(original.layout)
        if original.calibration is not None:
            assert foot.calibration is not None
            assert calibration_to_dict(foot.calibration) == calibration_to_dict(original.calibration)


def test_every_float_bit_pattern_survives(store: Store) -> None:
    bits = np.array([[0x7FC00000, 0x7FC00001, 0xFFFFFFFF, 0x80000000], [1, 0x7F800000, 0xFF800000, 0]], np.uint32)
    foot = stream(Side.LEFT, 2, unit=Unit.KPA)
    foot = FootStream(Side.LEFT, foot.layout, foot.sample, foot.time_s, bits.view(np.float32), Unit.KPA, 100.0)
    back = store.read(store.add(recording(foot))).feet[Side.LEFT]
    assert back.values.tobytes() == bits.tobytes()


def test_counts_with_missing_values_stay_float(store: Store) -> None:
    foot = stream(Side.LEFT, 2)
    holes = np.array([[1, np.nan, 3, 4], [np.nan, 2, 3, 4]], np.float32)
    foot = FootStream(Side.LEFT, foot.layout, foot.sample, foot.time_s, holes, Unit.COUNTS, 100.0)
    back = store.read(store.add(recording(foot))).feet[Side.LEFT]
    assert back.values.tobytes() == holes.tobytes()
    assert back.unit is Unit.COUNTS


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("sealed", [False, True])
def test_what_was_appended_comes_back(store: Store, unit: Unit, sealed: bool) -> None:
    writer = store.begin(STARTED_AT, About(), both(unit))
    fit = ClockFit(-4.9, 1.00003, 0.002)
    for first in range(0, 7000, 1000):
        writer.append([chunk(side, first, 1000, unit=unit) for side in Side])
    writer.set_clock(Side.LEFT, fit)
    if sealed:
        writer.seal()
    back = store.read(writer.id)
    for side, foot in back.feet.items():
        assert foot.values.tobytes() == values(side, 0, 7000, unit=unit).tobytes()
        assert np.array_equal(foot.sample, np.arange(7000))
        assert foot.clock == (fit if side is Side.LEFT else ClockFit())
        assert np.array_equal(foot.time_s, foot.clock.to_session_s(chunk(side, 0, 7000).device_us))
        assert foot.saturation == meta(side, unit).saturation


def test_copying_to_another_store_changes_no_time(store: Store) -> None:
    first = store.read(store.add(recording(stream(Side.RIGHT, 500))))
    again = store.read(store.add(first))
    assert_same(first.feet[Side.RIGHT], again.feet[Side.RIGHT])
    assert again.id != first.id


def test_how_well_time_was_known_is_kept(store: Store) -> None:
    foot = stream(Side.LEFT, 3)
    fitted = FootStream(
        Side.LEFT, foot.layout, foot.sample, foot.time_s, foot.values, foot.unit, 100.0, clock=ClockFit(3.0, 1.1, 0.004)
    )
    assert store.read(store.add(recording(fitted))).feet[Side.LEFT].clock == ClockFit(residual_s=0.004)


def test_start_in_another_zone_is_the_same_moment(store: Store) -> None:
    there = STARTED_AT.astimezone(timezone(timedelta(hours=9)))
    back = store.read(store.add(Recording("", there, recording(stream(Side.LEFT, 2)).feet)))
    assert back.started_at == STARTED_AT
    assert back.started_at.utcoffset() == timedelta(0)


def _foot(time_s: list[float], of: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> FootStream:
    return FootStream(Side.LEFT, grid(4), np.arange(len(time_s)), np.array(time_s), of, Unit.KPA, 100.0)


@pytest.mark.parametrize(
    ("foot", "says"),
    [
        (_foot([0.0, 1e-7], np.zeros((2, 4), np.float32)), "less than a microsecond apart"),
        (_foot([0.0, 1e12], np.zeros((2, 4), np.float32)), "count seconds from the recording's start"),
        (_foot([0.0, 1.0], np.zeros((2, 4))), "float64"),
        (_foot([], np.zeros((0, 4), np.float32)), "no samples"),
    ],
)
def test_what_cannot_be_kept_is_refused_whole(store: Store, foot: FootStream, says: str) -> None:
    with pytest.raises(StoreError, match=says):
        store.add(recording(foot))
    assert store.list() == []


def test_a_foot_without_samples_is_left_out(store: Store) -> None:
    none = _foot([], np.zeros((0, 4), np.float32))
    recording_id = store.add(recording(none, stream(Side.RIGHT, 3)))
    assert list(store.read(recording_id).feet) == [Side.RIGHT]
    assert store.info(recording_id).sides == (Side.RIGHT,)
