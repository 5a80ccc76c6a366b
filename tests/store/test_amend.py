"""A recording's calibration replaced: samples stay, nothing is silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from insole.calibration import TableCalibration, calibration_to_dict
from insole.errors import NotFoundError, StoreError
from insole.recording import About, Side, Unit
from insole.store.writer import LEASE
from tests.store.samples import STARTED_AT, assert_same, both, calibration, chunk, recording, stream

if TYPE_CHECKING:
    from insole.store import Store
    from tests.store.samples import FakeClock

NEW = replace(calibration(4), id="c2", kpa_per_count=np.full(4, 0.2))


def add(store: Store, **about: str) -> str:
    return store.add(recording(stream(Side.LEFT, 30), stream(Side.RIGHT, 30), about=About(notes=("first",), **about)))


def test_the_calibration_is_replaced_and_the_samples_stay(store: Store) -> None:
    of = add(store, subject_code="P1")
    before = store.read(of)
    store.set_calibration(of, Side.LEFT, NEW)
    after = store.read(of)
    assert after.feet[Side.LEFT].calibration is not None
    assert calibration_to_dict(after.feet[Side.LEFT].calibration) == calibration_to_dict(NEW)
    assert after.feet[Side.RIGHT].calibration is not None
    assert after.feet[Side.RIGHT].calibration.id == "c1"
    for side in Side:
        assert_same(before.feet[side], after.feet[side])
    assert after.about == replace(before.about, notes=("first", "left foot: calibration c2 replaced c1 on 2024-05-17"))


def test_info_gives_the_calibrations(store: Store) -> None:
    kpa = store.add(recording(stream(Side.LEFT, 3, unit=Unit.KPA)))
    of = add(store)
    assert dict(store.info(kpa).calibration_ids) == {Side.LEFT: None}
    assert dict(store.info(of).calibration_ids) == {Side.LEFT: "c1", Side.RIGHT: "c1"}
    store.set_calibration(of, Side.RIGHT, NEW)
    assert dict(store.info(of).calibration_ids) == {Side.LEFT: "c1", Side.RIGHT: "c2"}


def test_a_table_is_kept(store: Store) -> None:
    of = add(store)
    table = TableCalibration("t", date(2026, 1, 2), "x", np.cumsum(np.ones((4, 3)), axis=1) / 7, np.arange(3) / 3, None)
    store.set_calibration(of, Side.LEFT, table)
    found = store.read(of).feet[Side.LEFT].calibration
    assert found is not None
    assert calibration_to_dict(found) == calibration_to_dict(table)
    assert store.info(of).calibration_ids[Side.LEFT] == "t"


def test_a_foot_without_a_calibration_gets_one(store: Store) -> None:
    bare = replace(stream(Side.LEFT, 5), calibration=None)
    of = store.add(recording(bare))
    store.set_calibration(of, Side.LEFT, NEW)
    assert store.info(of).about.notes == ("left foot: calibration c2 replaced none on 2024-05-17",)


def test_the_same_again_changes_nothing(store: Store) -> None:
    of = add(store)
    store.set_calibration(of, Side.LEFT, calibration(4))
    assert store.info(of).about.notes == ("first",)


def test_one_id_is_never_two_calibrations(store: Store) -> None:
    of = add(store)
    with pytest.raises(StoreError, match="its own id"):
        store.set_calibration(of, Side.LEFT, replace(NEW, id="c1"))


def test_what_does_not_fit_is_refused_and_changes_nothing(store: Store) -> None:
    of = store.add(recording(stream(Side.LEFT, 5)))
    kpa = store.add(recording(stream(Side.LEFT, 5, unit=Unit.KPA)))
    before = store.info(of)
    with pytest.raises(StoreError, match="is for 3 sensors, the left foot has 4"):
        store.set_calibration(of, Side.LEFT, replace(calibration(3), id="c3"))
    with pytest.raises(StoreError, match="no right foot"):
        store.set_calibration(of, Side.RIGHT, NEW)
    with pytest.raises(StoreError, match="kPa, not counts"):
        store.set_calibration(kpa, Side.LEFT, NEW)
    with pytest.raises(NotFoundError, match="nope"):
        store.set_calibration("nope", Side.LEFT, NEW)
    assert store.info(of).about == before.about
    assert store.info(of).calibration_ids == before.calibration_ids


def test_a_recording_under_way_is_left_to_its_writer(store: Store, clock: FakeClock) -> None:
    writer = store.begin(STARTED_AT, About(), both())
    writer.append([chunk(Side.LEFT, 0, 5)])
    with pytest.raises(StoreError, match="is being recorded"):
        store.set_calibration(writer.id, Side.LEFT, NEW)
    clock.forward(LEASE.total_seconds() + 1)
    assert store.recover() == [writer.id]
    store.set_calibration(writer.id, Side.LEFT, NEW)
    assert store.info(writer.id).calibration_ids[Side.LEFT] == "c2"
