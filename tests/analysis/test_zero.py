"""What the sensors read in swing is found, taken off and followed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.options import Options
from analysis.prepare import prepare
from analysis.recipe import analyse
from insole.layout import load_layout
from insole.recording import Recording, Side
from insole.walker import Gait, Walker
from tests.analysis import made

LAYOUT = load_layout("open-insole-16")


def offset(r: Recording, kpa: object) -> Recording:
    return made.changed(r, values=lambda f: f.values + np.asarray(kpa, np.float32))


def walked(**gait: object) -> Recording:
    return Walker(Gait(**gait), LAYOUT).recording()  # type: ignore[arg-type]


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000), size=st.sampled_from([5.0, 40.0]), sign=st.sampled_from([1, -1]))
def test_an_offset_of_each_sensor_changes_no_number(seed: int, size: float, sign: int) -> None:
    walk = walked(load_symmetry_index_pct=8.0, duration_s=20.0)
    shift = sign * np.random.default_rng(seed).uniform(0, size, LAYOUT.n_sensors)
    before, after = made.every(analyse(walk)), made.every(analyse(offset(walk, shift)))
    assert after == pytest.approx(before, rel=1e-4, abs=1e-3)


def test_without_an_offset_nothing_is_copied_and_with_zeroing_off_nothing_is_taken() -> None:
    walk = walked(duration_s=10.0)
    foot = prepare(walk).feet[Side.LEFT]
    assert np.shares_memory(foot.values, walk.feet[Side.LEFT].values)
    shifted = offset(walk, 12.0)
    left = prepare(shifted, zero=False).feet[Side.LEFT]
    assert np.shares_memory(left.values, shifted.feet[Side.LEFT].values)
    np.testing.assert_allclose(left.baseline.level, 12.0, atol=1e-5)
    more = analyse(shifted, Options(zero=False)).get("force_mean_n", side=Side.LEFT).value
    less = analyse(shifted).get("force_mean_n", side=Side.LEFT).value
    assert more - less == pytest.approx(12.0 * LAYOUT.area_mm2.sum() / 1000, rel=1e-4)


def test_a_zero_that_moves_is_followed_so_that_no_step_is_lost() -> None:
    # 600 kPa/h for six minutes: 60 kPa on every sensor, far above the level of foot-on.
    still = Gait(duration_s=360.0, load_symmetry_index_pct=6.0, noise_kpa=1.0)
    drifting = replace(still, drift_kpa_per_h=600.0)
    a, b = (analyse(Walker(g, LAYOUT).recording()) for g in (still, drifting))
    for side in Side:
        assert b.get("steps_count", side=side).value == a.get("steps_count", side=side).value
        assert b.get("drift_kpa_per_h", side=side).value == pytest.approx(600.0, abs=3.0)
        assert a.get("drift_kpa_per_h", side=side).value == pytest.approx(0.0, abs=3.0)
        for name in ("force_mean_n", "peak_pressure_kpa", "stance_time_s"):
            assert b.get(name, side=side).value == pytest.approx(a.get(name, side=side).value, rel=0.005)
    assert "zero_moved" in {c.code for c in b.caveats}
    assert "zero_moved" not in {c.code for c in a.caveats}


def test_one_odd_stretch_is_outvoted() -> None:
    walk = walked(duration_s=60.0)
    bump = np.zeros((6000, 1))
    bump[2000:2400] = 30.0  # a toe curled under the sensors for four seconds
    foot = prepare(offset(walk, bump)).feet[Side.LEFT]
    assert np.abs(foot.baseline.level).max() < 1.0


@pytest.mark.parametrize("duration_s", [59.0, 75.0])
def test_a_drift_needs_a_minute_of_walking(duration_s: float) -> None:
    report = analyse(walked(duration_s=duration_s, drift_kpa_per_h=100.0))
    drift = report.get("drift_kpa_per_h", side=Side.LEFT)
    assert (drift is not None) == (duration_s > 70)


def test_a_foot_that_never_leaves_the_ground_is_not_zeroed_and_this_is_said() -> None:
    values = np.full((3000, 4), 80.0) + np.sin(np.arange(3000) / 30)[:, None]
    walk = prepare(made.recording(made.stream(Side.LEFT, values)))
    foot = walk.feet[Side.LEFT]
    assert foot.baseline is None
    np.testing.assert_array_equal(foot.values, values.astype(np.float32))
    assert "not_zeroed" in {c.code for c in walk.caveats}


def test_steps_are_found_in_hours_of_standing() -> None:
    # Twenty steps in an hour of quiet standing: the foot is in the air for a third of a percent of it.
    n = 360_000
    values = np.full((n, 4), 90.0, np.float32)
    values[1000:3200] = made.stances(2200, every=110, on=66)
    report = analyse(made.recording(made.stream(Side.LEFT, values)))
    assert report.get("steps_used_count", side=Side.LEFT).value >= 16
    assert report.get("stride_time_s", side=Side.LEFT).value == pytest.approx(1.1, abs=1e-6)
