from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from insole.errors import RecordingError
from insole.layout import load_layout
from insole.recording import About, Chunk, ClockFit, FootMeta, FootStream, Recording, Side, Unit, channel_unit

LAYOUT = load_layout("open-insole-16")
NOW = datetime(2024, 5, 1, tzinfo=UTC)
MOVING: dict[str, Any] = {"inertial": np.zeros((5, 2), np.float32), "inertial_channels": ("acc_x_g", "quat_w")}


def foot(side: Side = Side.LEFT, *, n: int = 5, **change: Any) -> FootStream:
    given: dict[str, Any] = {
        "side": side,
        "layout": LAYOUT,
        "sample": np.arange(n),
        "time_s": np.arange(n) / 100,
        "values": np.zeros((n, 16), np.uint16),
        "unit": Unit.COUNTS,
        "rate_hz": 100.0,
    }
    return FootStream(**(given | change))


def test_sides_are_each_others_opposite() -> None:
    assert Side.LEFT.other is Side.RIGHT
    assert Side.RIGHT.other is Side.LEFT


def test_a_clock_fit_is_a_straight_line() -> None:
    fit = ClockFit(offset_s=2.0, rate=1.00005)
    np.testing.assert_allclose(fit.to_session_s(np.array([0, 10_000_000])), [2.0, 12.0005], rtol=0, atol=1e-12)


def test_a_chunk_ends_after_its_last_sample() -> None:
    assert Chunk(Side.LEFT, 40, np.zeros((5, 16), np.uint16), np.arange(5), 0.0).stop_sample == 45


def test_a_gap_is_counted_from_the_samples() -> None:
    assert foot(sample=np.array([3, 4, 8, 9, 11])).missing_samples == 4
    assert foot().missing_samples == 0
    assert foot(n=0).missing_samples == 0


def test_meta_is_the_stream_without_its_samples() -> None:
    meta = foot(saturation=4095.0).meta
    assert (meta.side, meta.layout, meta.unit, meta.rate_hz, meta.calibration, meta.saturation) == (
        Side.LEFT,
        LAYOUT,
        Unit.COUNTS,
        100.0,
        None,
        4095.0,
    )
    assert meta.inertial == ()
    assert foot(**MOVING).meta.inertial == ("acc_x_g", "quat_w")


def test_samples_cannot_be_changed_through_a_stream() -> None:
    mine = np.zeros((5, 16), np.uint16)
    stream = foot(values=mine, **MOVING)
    for a in (stream.sample, stream.time_s, stream.values, stream.inertial):
        with pytest.raises(ValueError, match="read-only"):
            a[0] = 1
    mine[0, 0] = 1  # the caller's own array stays the caller's


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"values": np.zeros((5, 15))}, r"left foot: values are \(5, 15\), layout 'open-insole-16' has 16 sensors"),
        ({"values": np.zeros(5)}, "16 sensors"),
        ({"sample": np.arange(4)}, "5 rows of values, 4 samples, 5 times"),
        ({"time_s": np.arange(6) / 100}, "5 samples, 6 times"),
        ({"rate_hz": 0.0}, "a rate of 0.0 Hz"),
        ({"rate_hz": float("nan")}, "a rate of nan Hz"),
        ({"sample": np.array([0, 1, 1, 2, 3])}, r"sample does not rise at row 2 \(1 then 1\)"),
        ({"time_s": np.array([0, 0.01, 0.02, 0.015, 0.03])}, "time_s does not rise at row 3"),
        ({"inertial": np.zeros((5, 2), np.float32)}, r"inertial values are \(5, 2\), 5 rows of 0 channels are None"),
        ({"inertial_channels": ("acc_x_g",)}, r"inertial values are None, 5 rows of 1 channels are \(5, 1\)"),
        (MOVING | {"inertial": np.zeros((4, 2), np.float32)}, r"\(4, 2\), 5 rows"),
        (MOVING | {"inertial": np.zeros((5, 2))}, "float64; give float32"),
        (MOVING | {"inertial_channels": ("acc_x_g", "acc_x_g")}, "two inertial channels 'acc_x_g'"),
        ({"time_s": np.array([0, np.nan, 0.02, 0.03, 0.04])}, "time_s does not rise at row 1"),
    ],
)
def test_a_stream_that_contradicts_itself_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(RecordingError, match=says):
        foot(**change)


@pytest.mark.parametrize("name", ["", "acc", "=1+1", "acc x g", "acc_x,g", "Acc_x_g", "s01_kpa", "time_s", "acc_x_g_1"])
def test_a_channel_that_is_no_column_s_name_is_refused(name: str) -> None:
    with pytest.raises(RecordingError, match="write quantity, axis and unit"):
        FootMeta(Side.LEFT, LAYOUT, Unit.COUNTS, 100.0, inertial=("acc_x_g", name))


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("acc_x_g", "g"),
        ("gyro_z_dps", "°/s"),
        ("mag_y_counts", "counts"),
        ("mag_y_ut", "µT"),
        ("quat_w", ""),
        ("a_g", ""),
    ],
)
def test_a_channel_s_unit_is_the_last_part_of_its_name(name: str, unit: str) -> None:
    assert channel_unit(name) == unit


def test_a_recording_keeps_left_before_right() -> None:
    recording = Recording("", NOW, {Side.RIGHT: foot(Side.RIGHT), Side.LEFT: foot()})
    assert list(recording.feet) == [Side.LEFT, Side.RIGHT]


def test_a_recording_lasts_from_the_first_sample_of_either_foot_to_the_last() -> None:
    late = foot(Side.RIGHT, time_s=1 + np.arange(5) / 100)
    assert Recording("", NOW, {Side.LEFT: foot(), Side.RIGHT: late}).duration_s == pytest.approx(1.05)
    assert Recording("", NOW, {Side.LEFT: foot(n=0), Side.RIGHT: late}).duration_s == pytest.approx(0.05)
    assert Recording("", NOW, {Side.LEFT: foot(n=0)}).duration_s == 0


def test_a_recording_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(RecordingError, match="time zone"):
        Recording("", datetime(2024, 5, 1), {Side.LEFT: foot()})  # noqa: DTZ001
    with pytest.raises(RecordingError, match="at least one foot"):
        Recording("", NOW, {})
    with pytest.raises(RecordingError, match="given as left says that it is right"):
        Recording("", NOW, {Side.LEFT: foot(Side.RIGHT)})


@pytest.mark.parametrize("mass", [4.9, 401.0, 70_000.0, -70.0, float("nan")])
def test_a_mass_that_nobody_has_is_refused(mass: float) -> None:
    with pytest.raises(RecordingError, match="kilograms"):
        About(body_mass_kg=mass)


@pytest.mark.parametrize("mass", [None, 5.0, 70.0, 400.0])
def test_a_mass_that_somebody_has_is_kept(mass: float | None) -> None:
    assert About(body_mass_kg=mass).body_mass_kg == mass
