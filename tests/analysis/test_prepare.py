from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.prepare import prepare
from insole.errors import AnalysisError, CalibrationError
from insole.recording import Side, Unit
from tests.analysis import made


def codes(walk: object) -> set[tuple[str, Side | None]]:
    return {(c.code, c.side) for c in walk.caveats}  # type: ignore[attr-defined]


def test_a_lost_sample_is_a_nan_row_at_its_own_time() -> None:
    values = np.arange(24, dtype=float).reshape(6, 4)
    walk = prepare(made.recording(made.stream(Side.LEFT, values, sample=[5, 6, 7, 10, 11, 12])))
    foot = walk.feet[Side.LEFT]
    assert foot.valid.tolist() == [True, True, True, False, False, True, True, True]
    assert np.isnan(foot.values[3:5]).all()
    np.testing.assert_array_equal(foot.values[foot.valid], values)
    np.testing.assert_allclose(foot.time_s, np.arange(5, 13) / 100)
    assert np.isnan(foot.force[3:5]).all()
    assert foot.lost_samples == 2
    gap = next(c for c in walk.caveats if c.code == "gaps")
    assert "1 gap, 0.02 s" in gap.text
    assert gap.side is Side.LEFT


def test_without_gaps_nothing_is_copied() -> None:
    stream = made.stream(Side.LEFT, made.stances(300, every=100, on=60))
    foot = prepare(made.recording(stream)).feet[Side.LEFT]
    assert np.shares_memory(foot.values, stream.values)
    assert not foot.values.flags.writeable


def test_counts_become_kpa_by_their_calibration_and_nothing_else() -> None:
    counts = np.array([[100, 140, 90, 500], [104, 100, 100, 100], [180, 180, 180, 180]])
    walk = prepare(
        made.recording(made.stream(Side.RIGHT, counts, unit=Unit.COUNTS, calibration=made.linear_calibration(4)))
    )
    foot = walk.feet[Side.RIGHT]
    assert foot.unit is Unit.KPA
    np.testing.assert_allclose(foot.values, [[0, 10, -2.5, 100], [1, 0, 0, 0], [20, 20, 20, 20]])
    np.testing.assert_allclose(foot.force, [107.5, 1, 80])
    assert walk.calibration_ids == {Side.RIGHT: "cal-7"}


def test_offsets_below_zero_never_make_a_force_below_zero() -> None:
    values = np.full((200, 4), -30.0)
    values[100:160] = 150.0
    walk = prepare(made.recording(made.stream(Side.LEFT, values)), zero=False)
    force = walk.feet[Side.LEFT].force
    assert force.min() == 0
    assert force.max() == 600
    assert ("zero_moved", Side.LEFT) in codes(walk)
    zeroed = prepare(made.recording(made.stream(Side.LEFT, values))).feet[Side.LEFT]
    assert zeroed.force.max() == pytest.approx(720)
    standing = prepare(made.recording(made.stream(Side.LEFT, np.full((200, 4), -30.0))))
    assert ("below_zero", Side.LEFT) in codes(standing)


def test_a_calibration_of_another_insole_is_refused() -> None:
    stream = made.stream(Side.LEFT, [[1, 2, 3, 4]], unit=Unit.COUNTS, calibration=made.linear_calibration(3))
    with pytest.raises(CalibrationError):
        prepare(made.recording(stream))


def test_uncalibrated_counts_are_counted_from_rest() -> None:
    counts = made.stances(1000, every=100, on=60).astype(int) + np.array([68, 350, 200, 90])
    walk = prepare(made.recording(made.stream(Side.LEFT, counts, unit=Unit.COUNTS)))
    foot = walk.feet[Side.LEFT]
    assert foot.unit is Unit.COUNTS
    assert foot.force_unit == "counts"
    assert set(np.unique(foot.force)) == {0.0, 700.0}
    assert ("uncalibrated", Side.LEFT) in codes(walk)


def test_forces_need_no_areas_but_pressures_do() -> None:
    layout = made.layout4(area_mm2=None)
    values = made.stances(300, every=100, on=60)
    in_n = prepare(made.recording(made.stream(Side.LEFT, values, layout=layout, unit=Unit.N))).feet[Side.LEFT]
    assert (in_n.force_unit, in_n.force.max()) == ("N", 700)
    walk = prepare(made.recording(made.stream(Side.LEFT, values, layout=layout)))
    assert walk.feet[Side.LEFT].force_unit == "kPa"
    assert ("no_areas", Side.LEFT) in codes(walk)


@pytest.mark.parametrize("stuck", [0.0, 55.0, np.nan])
def test_a_dead_sensor_is_missing_and_the_rest_is_summed(stuck: float) -> None:
    values = made.stances(300, every=100, on=60)
    values[:, 2] = stuck
    walk = prepare(made.recording(made.stream(Side.LEFT, values)))
    foot = walk.feet[Side.LEFT]
    assert foot.dead.tolist() == [False, False, True, False]
    assert np.isnan(foot.values[:, 2]).all()
    assert foot.valid.all()
    assert foot.force.max() == pytest.approx(525)
    dead = next(c for c in walk.caveats if c.code == "dead_sensors")
    assert "sensor 3 " in dead.text


def test_a_sensor_that_is_never_trodden_on_is_not_dead() -> None:
    values = made.stances(300, every=100, on=60)
    values[:, 2:] *= 0.05  # hardly any load around it
    values[:, 3] = 0.0
    foot = prepare(made.recording(made.stream(Side.LEFT, values))).feet[Side.LEFT]
    assert not foot.dead.any()


def test_an_unloaded_insole_has_no_dead_sensors() -> None:
    foot = prepare(made.recording(made.stream(Side.LEFT, np.zeros((50, 4))))).feet[Side.LEFT]
    assert not foot.dead.any()


def test_saturated_sensors_are_named() -> None:
    values = made.stances(300, every=100, on=60)
    values[40, 1] = 600.0
    walk = prepare(made.recording(made.stream(Side.RIGHT, values, saturation=600.0)))
    saturated = next(c for c in walk.caveats if c.code == "saturated")
    assert "right foot: sensor 2 " in saturated.text


def test_a_sensor_that_keeps_one_value_while_the_foot_walks_is_stuck() -> None:
    values = made.stances(3000, every=100, on=60)
    values[1000:2200, 1] = 140.0
    walk = prepare(made.recording(made.stream(Side.LEFT, values)), zero=False)
    stuck = next(c for c in walk.caveats if c.code == "stuck_sensors")
    assert "sensor 2 " in stuck.text
    assert "12 s" in stuck.text
    whole = prepare(made.recording(made.stream(Side.LEFT, made.stances(3000, every=100, on=60))))
    assert "stuck_sensors" not in {c.code for c in whole.caveats}


def test_feet_that_start_or_end_apart_are_said() -> None:
    long, short = made.stances(3000, every=110, on=66), made.stances(1500, every=110, on=66)
    walk = prepare(made.recording(made.stream(Side.LEFT, long), made.stream(Side.RIGHT, short, start_s=5.0)))
    said = {c.code: c for c in walk.caveats if c.code in {"late_foot", "early_end"}}
    assert {code: c.side for code, c in said.items()} == {"late_foot": Side.RIGHT, "early_end": Side.RIGHT}
    assert "5.0 s later" in said["late_foot"].text
    assert "10.0 s earlier" in said["early_end"].text


def test_what_a_recording_cannot_tell_is_said() -> None:
    force_only = made.stream(Side.LEFT, made.stances(300, every=100, on=60), unit=Unit.N)
    slow = made.stream(Side.RIGHT, made.stances(300, every=40, on=25), rate_hz=31.25, layout=made.layout4(name="other"))
    found = {code for code, _ in codes(prepare(made.recording(force_only, slow)))}
    assert {"force_only", "no_mass", "coarse_timing", "unlike_layouts"} <= found
    mass = prepare(made.recording(force_only, body_mass_kg=70.0))
    assert "no_mass" not in {code for code, _ in codes(mass)}


def test_missing_and_empty_feet_are_said() -> None:
    values = made.stances(300, every=100, on=60)
    one = prepare(made.recording(made.stream(Side.LEFT, values)))
    assert ("missing_foot", Side.RIGHT) in codes(one)
    for nothing in (np.empty((0, 4)), np.full((10, 4), np.nan)):
        walk = prepare(made.recording(made.stream(Side.LEFT, values), made.stream(Side.RIGHT, nothing)))
        assert list(walk.feet) == [Side.LEFT]
        assert ("empty_foot", Side.RIGHT) in codes(walk)


def test_feet_in_different_units_are_not_comparable() -> None:
    left = made.stream(Side.LEFT, made.stances(300, every=100, on=60))
    right = made.stream(Side.RIGHT, made.stances(300, every=100, on=60), unit=Unit.COUNTS)
    walk = prepare(made.recording(left, right))
    assert not walk.comparable
    assert ("unlike_units", None) in codes(walk)


def test_a_broken_counter_is_refused_before_it_fills_the_memory() -> None:
    stream = made.stream(Side.LEFT, np.ones((2, 4)), sample=[0, 2**40])
    with pytest.raises(AnalysisError, match="counter"):
        prepare(made.recording(stream))


@given(
    values=st.lists(
        st.lists(st.sampled_from([np.nan, np.inf, -np.inf, 0.0, 1.0, -5.0, 1e6]), min_size=4, max_size=4),
        min_size=0,
        max_size=30,
    ),
    steps=st.data(),
)
def test_any_numbers_make_a_walk_whose_valid_rows_have_a_force(values: list[list[float]], steps: st.DataObject) -> None:
    jumps = steps.draw(st.lists(st.integers(1, 5), min_size=len(values), max_size=len(values)))
    array = np.asarray(values, float).reshape(-1, 4)
    walk = prepare(made.recording(made.stream(Side.LEFT, array, sample=np.cumsum(jumps))))
    for foot in walk.feet.values():
        assert foot.valid.any()
        assert np.isfinite(foot.force[foot.valid]).all()
        assert np.isnan(foot.force[~foot.valid]).all()
        assert (foot.force[foot.valid] >= 0).all()
        assert (np.diff(foot.time_s) > 0).all()
