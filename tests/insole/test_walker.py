"""The walker does what it says: checked by quadrature and by counting samples, not by the analysis."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insole.calibration import Calibration
from insole.errors import CalibrationError, RecordingError, UnitError
from insole.layout import SensorLayout, load_layout
from insole.recording import Side, Unit
from insole.units import weight_n
from insole.walker import MAX_COUNT, Gait, Walker, mirrored, nominal_calibration, sole, stance

if TYPE_CHECKING:
    from insole.typing import F64, Samples

OPEN = load_layout("open-insole-16")
FORCES = replace(OPEN, name="forces", area_mm2=np.full(16, np.nan))

gaits = st.builds(
    Gait,
    body_mass_kg=st.floats(30, 150),
    cadence_spm=st.floats(40, 150),
    stance_pct=st.floats(51, 79),
    load_symmetry_index_pct=st.floats(-60, 60),
    stand_s=st.sampled_from([0.0, 0.2, 3.0]),
    first_step=st.sampled_from(Side),
)


def newtons(layout: SensorLayout, values: Samples) -> F64:
    """A foot's force from its samples, by the plain sum of pressure times area."""
    per_value = np.where(np.isnan(layout.area_mm2), 1.0, layout.area_mm2 / 1000)
    return np.asarray(values.astype(np.float64) @ per_value)


def whole_strides_s(gait: Gait, *, points: int = 20_000, strides: int = 2) -> F64:
    """Midpoints of equal parts of whole strides, from a moment within one."""
    part = gait.stride_s * strides / points
    return gait.stand_s + 0.3 * gait.stride_s + (np.arange(points) + 0.5) * part


@given(gaits)
def test_both_feet_together_carry_the_body_over_whole_strides(gait: Gait) -> None:
    walker = Walker(gait, OPEN)
    mean_n = {side: walker.force_n(side, whole_strides_s(gait)).mean() for side in Side}
    assert sum(mean_n.values()) == pytest.approx(weight_n(gait.body_mass_kg), rel=1e-5)
    left, right = mean_n[Side.LEFT], mean_n[Side.RIGHT]
    assert 200 * (right - left) / (right + left) == pytest.approx(gait.load_symmetry_index_pct, abs=1e-3)
    for side in Side:
        assert mean_n[side] == pytest.approx(walker.truth.stride_force_mean_n[side], rel=1e-5)
        assert 100 * mean_n[side] / (left + right) == pytest.approx(walker.truth.load_share_pct[side], abs=1e-3)


@pytest.mark.parametrize("name", ["open-insole-16", "gaitpdb-8", "pedar-99:y"])
@pytest.mark.parametrize("side", Side)
def test_pressure_times_area_sums_to_the_force_at_every_sample(name: str, side: Side) -> None:
    layout = load_layout(name)
    gait = Gait(load_symmetry_index_pct=-12, stand_s=2.5, duration_s=8)
    walker = Walker(gait, layout)
    values = walker.pressure_kpa(side, 0, 800)
    assert values.dtype == np.float32
    assert (values >= 0).all()
    truth_n = walker.force_n(side, np.arange(800) / 100)
    np.testing.assert_allclose(newtons(layout, values), truth_n, atol=0.1)  # 0.01 % of the peak


@given(st.floats(80, 140), st.floats(58, 66), st.floats(-30, 30))
def test_contact_is_sharp_at_both_ends(cadence_spm: float, stance_pct: float, index_pct: float) -> None:
    """The force passes 5 % of body weight within half a sample (at 100 Hz) of the true contact."""
    gait = Gait(cadence_spm=cadence_spm, stance_pct=stance_pct, load_symmetry_index_pct=index_pct)
    walker = Walker(gait, OPEN)
    for side in Side:
        for on_s, off_s in walker.truth.steps[side][:3]:
            inside = walker.force_n(side, np.array([on_s + 0.005, off_s - 0.005]))
            assert (inside > 0.05 * weight_n(gait.body_mass_kg)).all()
            np.testing.assert_array_equal(walker.force_n(side, np.array([on_s - 1e-6, off_s + 1e-6])), 0)


@given(gaits, st.integers(1, 400))
def test_counted_contact_agrees_with_the_true_steps(gait: Gait, seed: int) -> None:
    t = np.sort(np.random.default_rng(seed).uniform(0, gait.duration_s, 3000))
    walker = Walker(gait, OPEN)
    for side in Side:
        steps = walker.truth.steps[side]
        on, off = np.array(steps).T
        assert on[0] >= gait.stand_s
        assert off[-1] < gait.duration_s < off[-1] + gait.stride_s + 0.02
        np.testing.assert_allclose(off - on, walker.truth.stance_time_s)
        np.testing.assert_allclose(np.diff(on), 120 / gait.cadence_spm)
        covered = (t > on[0]) & (t < off[-1])
        in_step = np.searchsorted(on, t) > np.searchsorted(off, t, side="right")
        np.testing.assert_array_equal((walker.force_n(side, t) > 0)[covered], in_step[covered])


@given(gaits)
def test_double_support_is_the_overlap_of_contact(gait: Gait) -> None:
    walker = Walker(gait, OPEN)
    t = whole_strides_s(gait)
    loaded = [walker.force_n(side, t) > 0 for side in Side]
    assert 100 * np.mean(loaded[0] & loaded[1]) == pytest.approx(walker.truth.double_support_pct, abs=0.05)
    assert 100 * np.mean(loaded[0]) == pytest.approx(walker.truth.stance_pct, abs=0.05)
    assert np.mean(loaded[0] | loaded[1]) == 1  # somebody who walks never flies


@given(gaits)
def test_the_feet_take_turns_half_a_stride_apart(gait: Gait) -> None:
    steps = Walker(gait, OPEN).truth.steps
    ons = {side: steps[side][0][0] for side in Side}
    apart = (ons[Side.RIGHT] - ons[Side.LEFT]) / gait.stride_s
    assert abs(apart) == pytest.approx(0.5)
    assert (apart < 0) == (gait.first_step is Side.RIGHT)


@pytest.mark.parametrize("stand_s", [0.0, 0.3, 4.0, 11.3, 40.0])
def test_the_mean_force_of_the_recording_is_that_of_its_samples(stand_s: float) -> None:
    gait = Gait(stand_s=stand_s, duration_s=11.3, rate_hz=1000, load_symmetry_index_pct=8)
    walker = Walker(gait, OPEN)
    for side, foot in walker.recording().feet.items():
        mean_n = newtons(OPEN, foot.values).mean()
        assert mean_n == pytest.approx(walker.truth.force_mean_n[side], rel=1e-3)


def test_the_force_has_two_humps_and_a_trough_where_it_says() -> None:
    gait = Gait(load_symmetry_index_pct=6)
    walker = Walker(gait, OPEN)
    body_n = weight_n(gait.body_mass_kg)
    for side in Side:
        on, off = walker.truth.steps[side][2]
        u = np.linspace(0, 1, 2001)
        force = walker.force_n(side, on + u * (off - on))
        first, second = force[u < 0.5].max(), force[u > 0.5].max()
        trough = force[(u > stance.FIRST_PEAK_AT) & (u < stance.SECOND_PEAK_AT)].min()
        assert first == pytest.approx(walker.truth.first_peak_n[side], rel=1e-5)
        assert second == pytest.approx(walker.truth.second_peak_n[side], rel=1e-5)
        assert trough == pytest.approx(walker.truth.midstance_trough_n[side], rel=1e-5)
        assert 1.0 < first / body_n < 1.2
        assert 0.7 < trough / body_n < 0.85


def test_the_stated_means_of_the_curve_are_its_integrals() -> None:
    s = (np.arange(100_000) + 0.5) / 100_000
    assert stance.rise(s).mean() == pytest.approx(stance.RISE_MEAN, abs=1e-8)
    assert stance.force_shape(s).mean() == pytest.approx(stance.SHAPE_MEAN, abs=1e-8)


@given(gaits)
@settings(max_examples=25)
def test_mirrored_exchanges_the_feet(gait: Gait) -> None:
    one, other = Walker(gait, OPEN), Walker(mirrored(gait), OPEN)
    assert mirrored(mirrored(gait)) == gait
    for side in Side:
        np.testing.assert_allclose(
            one.pressure_kpa(side, 0, 500), other.pressure_kpa(side.other, 0, 500), rtol=1e-5, atol=1e-4
        )
        assert one.truth.force_mean_n[side] == pytest.approx(other.truth.force_mean_n[side.other])
    assert one.truth.load_symmetry_index_pct == -other.truth.load_symmetry_index_pct


def test_mirrored_takes_faults_to_the_other_foot() -> None:
    gait = mirrored(Gait(dead_sensors={Side.LEFT: (3,)}, gaps={Side.RIGHT: ((1.0, 2.0),)}))
    assert gait.dead_sensors == {Side.RIGHT: (3,)}
    assert gait.gaps == {Side.LEFT: ((1.0, 2.0),)}


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 700)), min_size=1, max_size=4))
@settings(max_examples=30)
def test_any_range_in_any_order_gives_the_same_samples(ranges: list[tuple[int, int]]) -> None:
    gait = Gait(stand_s=3.1, noise_kpa=2.0, drift_kpa_per_h=50.0, dead_sensors={Side.LEFT: (5,)})
    whole = Walker(gait, OPEN).pressure_kpa(Side.LEFT, 0, 5700)
    walker = Walker(gait, OPEN)
    for first, n in ranges:
        np.testing.assert_array_equal(walker.pressure_kpa(Side.LEFT, first, n), whole[first : first + n])


def test_noise_is_white_as_large_as_asked_and_its_own_on_each_foot() -> None:
    quiet, noisy = (Walker(Gait(noise_kpa=kpa, seed=9), OPEN) for kpa in (0.0, 3.0))
    other_seed = Walker(Gait(noise_kpa=3.0, seed=10), OPEN)
    noise = {side: noisy.pressure_kpa(side, 0, 4000) - quiet.pressure_kpa(side, 0, 4000) for side in Side}
    for a in noise.values():
        assert a.std() == pytest.approx(3.0, rel=0.02)
        assert a.mean() == pytest.approx(0.0, abs=0.05)
        correlation = np.corrcoef(a[:, :2].ravel()[:-2], a[:, :2].ravel()[2:])[0, 1]
        assert abs(correlation) < 0.05
    assert abs(np.corrcoef(noise[Side.LEFT].ravel(), noise[Side.RIGHT].ravel())[0, 1]) < 0.02
    assert not np.array_equal(noisy.pressure_kpa(Side.LEFT, 0, 50), other_seed.pressure_kpa(Side.LEFT, 0, 50))


def test_drift_rises_with_time_on_every_sensor() -> None:
    steady, drifting = (Walker(Gait(drift_kpa_per_h=rate), OPEN) for rate in (0.0, 36.0))
    apart = drifting.pressure_kpa(Side.LEFT, 100_000, 3) - steady.pressure_kpa(Side.LEFT, 100_000, 3)
    np.testing.assert_allclose(apart, 10.0, atol=1e-3)  # 1000 s at 0.01 kPa/s


def test_a_dead_sensor_reads_zero_and_the_rest_go_on() -> None:
    gait = Gait(noise_kpa=1.0, drift_kpa_per_h=5.0, dead_sensors={Side.RIGHT: (0, 13)})
    dead, well = Walker(gait, OPEN), Walker(replace(gait, dead_sensors={}), OPEN)
    values, others = dead.pressure_kpa(Side.RIGHT, 0, 500), np.setdiff1d(np.arange(16), (0, 13))
    assert not values[:, [0, 13]].any()
    np.testing.assert_array_equal(values[:, others], well.pressure_kpa(Side.RIGHT, 0, 500)[:, others])
    np.testing.assert_array_equal(dead.pressure_kpa(Side.LEFT, 0, 500), well.pressure_kpa(Side.LEFT, 0, 500))


def test_a_gap_is_missing_samples_on_that_foot_only() -> None:
    gait = Gait(duration_s=5, gaps={Side.LEFT: ((1.0, 1.25), (4.9, 9.0))})
    recording = Walker(gait, OPEN).recording()
    left, right = recording.feet[Side.LEFT], recording.feet[Side.RIGHT]
    assert sorted(set(range(500)) - set(left.sample.tolist())) == [*range(100, 125), *range(490, 500)]
    np.testing.assert_allclose(left.time_s, left.sample / 100)
    np.testing.assert_array_equal(left.values, Walker(gait, OPEN).pressure_kpa(Side.LEFT, 0, 500)[left.sample])
    assert left.missing_samples == 25  # the end that never came is not between samples
    assert np.isfinite(left.values).all()
    assert right.sample.tolist() == list(range(500))


def test_counts_come_back_within_half_a_count() -> None:
    walker = Walker(Gait(stand_s=2), OPEN)
    calibration = nominal_calibration(OPEN)
    counts = walker.counts(Side.LEFT, 0, 3000, calibration)
    assert counts.dtype == np.uint16
    off_kpa = calibration.to_kpa(counts) - walker.pressure_kpa(Side.LEFT, 0, 3000)
    assert np.abs(off_kpa).max() <= 0.5 * 600 / 4095 + 1e-4
    assert 0 < counts.max() < MAX_COUNT


def test_counts_follow_the_calibration_and_stay_within_twelve_bits() -> None:
    base = nominal_calibration(OPEN)
    steep = Calibration("x", base.made_on, "bladder", np.full(16, 100.0), np.full(16, 0.05), None)
    walker = Walker(Gait(noise_kpa=30.0), OPEN)
    counts = walker.counts(Side.LEFT, 0, 2000, steep)
    expected = np.clip(np.rint(100 + walker.pressure_kpa(Side.LEFT, 0, 2000) / np.float32(0.05)), 0, 4095)
    np.testing.assert_array_equal(counts, expected)
    assert (counts.min(), counts.max()) == (0, MAX_COUNT)


def test_a_recording_in_counts_says_how_to_read_it() -> None:
    recording = Walker(Gait(duration_s=2), OPEN).recording(unit=Unit.COUNTS)
    foot = recording.feet[Side.RIGHT]
    assert foot.unit is Unit.COUNTS
    assert foot.saturation == MAX_COUNT
    assert foot.calibration is not None
    assert foot.calibration.id == "virtual-nominal"
    assert recording.about.body_mass_kg == 70
    assert recording.duration_s == pytest.approx(2.0)


def test_peaks_lie_near_published_in_shoe_means() -> None:
    """Putti et al. 2007 (Gait Posture 25:401), running shoe, n = 53, in kPa."""
    published = {"heel": 264.3, "mth1": 248.0, "mth2": 246.5, "mth3": 224.7, "hallux": 280.4}
    columns = {"heel": [0, 1, 2, 3], "mth1": [8], "mth2": [9], "mth3": [10], "hallux": [13]}
    values = Walker(Gait(), OPEN).pressure_kpa(Side.LEFT, 0, 3000)
    for region, kpa in published.items():
        assert values[:, columns[region]].max() == pytest.approx(kpa, rel=0.15), region


def test_load_rolls_from_heel_to_toe() -> None:
    path = Walker(Gait(), OPEN).truth.cop_path_mm
    assert path.shape == (101, 2)
    assert (np.diff(path[:, 1]) > 0).all()
    assert path[0, 1] < 0.2 * OPEN.length_mm
    assert path[-1, 1] > 0.8 * OPEN.length_mm
    values = Walker(Gait(), OPEN).pressure_kpa(Side.LEFT, 0, 3000)
    on, off = Walker(Gait(), OPEN).truth.steps[Side.LEFT][1]
    t = np.arange(3000) / 100
    row = int(np.argmax(t > on + 0.3 * (off - on)))
    from_samples = (values[row] * OPEN.area_mm2) @ OPEN.xy_mm / (values[row] @ OPEN.area_mm2)
    at = 100 * (t[row] - on) / (off - on)
    expected = [np.interp(at, np.arange(101), path[:, axis]) for axis in (0, 1)]
    np.testing.assert_allclose(from_samples, expected, atol=0.05)


@pytest.mark.parametrize("name", ["open-insole-16", "gaitpdb-8", "pedar-99:y"])
def test_every_layout_bears_the_heel_first_and_the_toes_last(name: str) -> None:
    layout = load_layout(name)
    shares = sole.roll(layout, np.array([0.05, 0.95])) * sole.weighing_area(layout)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert shares[0, ~layout.fore].sum() > 0.95
    assert shares[1, layout.fore].sum() > 0.95


def test_standing_rests_on_the_heels_steadily_and_sways_by_millimetres() -> None:
    gait = Gait(stand_s=30, load_symmetry_index_pct=10)
    walker = Walker(gait, OPEN)
    zones = OPEN.masks["zones3"]
    for side in Side:
        values = walker.pressure_kpa(side, 0, 2900)
        force = newtons(OPEN, values)
        np.testing.assert_allclose(force, weight_n(70) * (0.525 if side is Side.RIGHT else 0.475), rtol=1e-5)
        share = (values.mean(axis=0) * OPEN.area_mm2) @ zones.weight.T
        assert share[0] / share.sum() == pytest.approx(0.6, abs=0.05)
        cop = (values * OPEN.area_mm2) @ OPEN.xy_mm / (values @ OPEN.area_mm2)[:, None]
        assert 0.3 < cop[:, 0].std() < 5
        assert 1 < cop[:, 1].std() < 8
    assert walker.truth.standing_asymmetry_pct_bw == 5
    assert Walker(Gait(), OPEN).truth.standing_asymmetry_pct_bw is None


def test_weight_leaves_the_stepping_foot_and_the_force_never_jumps() -> None:
    walker = Walker(Gait(stand_s=3, first_step=Side.LEFT), OPEN)
    t = np.arange(25_000, 35_000) / 10_000
    for side in Side:
        force = walker.force_n(side, t)
        assert np.abs(np.diff(force)).max() < 2.0  # in a tenth of a millisecond
    assert walker.force_n(Side.LEFT, np.array([3.0]))[0] == pytest.approx(0, abs=1e-9)
    assert walker.force_n(Side.RIGHT, np.array([3.0]))[0] > 0.9 * weight_n(70)


def test_a_layout_of_forces_gives_newtons() -> None:
    walker = Walker(Gait(duration_s=3), FORCES)
    assert walker.unit is Unit.N
    foot = walker.recording().feet[Side.LEFT]
    assert foot.unit is Unit.N
    np.testing.assert_allclose(foot.values.sum(axis=1), walker.force_n(Side.LEFT, foot.time_s), atol=0.1)
    with pytest.raises(UnitError, match="gives N, not kPa"):
        walker.recording(unit=Unit.KPA)
    with pytest.raises(CalibrationError, match="no areas"):
        walker.recording(unit=Unit.COUNTS)


def test_what_cannot_be_asked_is_refused() -> None:
    walker = Walker(Gait(), OPEN)
    with pytest.raises(UnitError, match="gives kPa, not N"):
        walker.recording(unit=Unit.N)
    with pytest.raises(CalibrationError, match="is for 8 sensors"):
        walker.counts(Side.LEFT, 0, 5, nominal_calibration(load_layout("gaitpdb-8")))
    for first, n in ((-1, 5), (0, -5)):
        with pytest.raises(ValueError, match="count from 0"):
            walker.pressure_kpa(Side.LEFT, first, n)
    for column in (-1, 16):
        with pytest.raises(RecordingError, match="columns go from 0 to 15"):
            Walker(Gait(dead_sensors={Side.LEFT: (column,)}), OPEN)


@pytest.mark.parametrize(
    "change",
    [
        {"body_mass_kg": 0.0},
        {"cadence_spm": -1.0},
        {"cadence_spm": float("nan")},
        {"duration_s": float("inf")},
        {"rate_hz": 0.0},
        {"stance_pct": 50.0},
        {"stance_pct": 80.0},
        {"stand_s": -1.0},
        {"noise_kpa": -1.0},
        {"load_symmetry_index_pct": 200.0},
        {"drift_kpa_per_h": float("nan")},
        {"seed": -1},
        {"gaps": {Side.LEFT: ((2.0, 1.0),)}},
    ],
)
def test_a_gait_that_cannot_be_walked_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(RecordingError, match=f"a gait with {next(iter(change))} = "):
        Gait(**change)
