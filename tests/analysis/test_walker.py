"""The synthetic walker knows its own answers; the analysis must find them."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.cop import gait_line
from analysis.recipe import analyse, study
from insole.layout import load_layout
from insole.recording import Side, Unit
from insole.walker import Gait, Walker, nominal_calibration

LAYOUT = load_layout("open-insole-16")
EVEN = Gait()
PERIOD_S = 1 / EVEN.rate_hz

CASES = {
    "even": EVEN,
    "uneven": Gait(load_symmetry_index_pct=12.0),
    "very uneven": Gait(load_symmetry_index_pct=-40.0),
    "slow": Gait(cadence_spm=84.0, stance_pct=66.0),
    "brisk": Gait(cadence_spm=133.0, stance_pct=58.0, rate_hz=200.0),
    "noisy": Gait(noise_kpa=2.0, load_symmetry_index_pct=12.0),
    "after standing": Gait(stand_s=5.0),
    "gaps": Gait(
        load_symmetry_index_pct=12.0,
        gaps={Side.LEFT: ((4.0, 4.03), (9.0, 9.6)), Side.RIGHT: ((15.0, 15.4), (20.0, 20.01))},
    ),
    "noisy with gaps": Gait(noise_kpa=2.0, gaps={Side.RIGHT: ((7.0, 7.5),)}),
}


# Events stand at 5 and 10 % of body weight, the walker's truth at no force at all: the slower the
# step, or the lighter the foot, the longer between.
SAMPLES_OFF = {"slow": 1.5, "very uneven": 1.5}


@pytest.mark.parametrize("unit", [Unit.KPA, Unit.COUNTS])
@pytest.mark.parametrize("name", CASES)
def test_the_walkers_truth(name: str, unit: Unit) -> None:
    gait = CASES[name]
    walker = Walker(gait, LAYOUT)
    truth = walker.truth
    calibration = nominal_calibration(LAYOUT) if unit is Unit.COUNTS else None
    report = analyse(walker.recording(unit=unit, calibration=calibration))
    assert report.get("cadence_spm").value == pytest.approx(truth.cadence_spm, abs=0.5)
    for side in Side:
        assert report.get("stance_time_s", side=side).value == pytest.approx(
            truth.stance_time_s, abs=SAMPLES_OFF.get(name, 1) * PERIOD_S
        )
        assert report.get("stride_time_s", side=side).value == pytest.approx(truth.stride_time_s, abs=0.002)
        assert report.get("step_time_s", side=side).value == pytest.approx(truth.stride_time_s / 2, abs=PERIOD_S)
        assert report.get("stance_pct", side=side).value == pytest.approx(truth.stance_pct, abs=1.5)
        assert report.get("double_support_pct", side=side).value == pytest.approx(truth.double_support_pct, abs=3)
        if not gait.gaps:
            assert report.get("steps_count", side=side).value == len(truth.steps[side])
            assert report.get("force_mean_n", side=side).value == pytest.approx(truth.force_mean_n[side], rel=0.02)
            assert "gaps" not in {c.code for c in report.caveats}


@pytest.mark.parametrize("unit", [Unit.KPA, Unit.COUNTS])
@pytest.mark.parametrize("index", [-30.0, -5.0, 0.0, 12.0])
@pytest.mark.parametrize("noise_kpa", [0.0, 2.0])
def test_asymmetry_within_half_a_point(index: float, noise_kpa: float, unit: Unit) -> None:
    # 60 s are 55 strides; a part of a stride at the ends counts for less than in 30 s.
    gait = Gait(load_symmetry_index_pct=index, noise_kpa=noise_kpa, duration_s=60.0)
    report = analyse(Walker(gait, LAYOUT).recording(unit=unit))
    assert report.get("load_symmetry_index_pct").value == pytest.approx(index, abs=0.5)
    shares = [report.get("load_share_pct", side=side).value for side in Side]
    assert shares == pytest.approx([50 - index / 4, 50 + index / 4], abs=0.15)


def test_asymmetry_survives_gaps() -> None:
    rng = np.random.default_rng(5)
    gaps = {side: tuple((t, t + 0.05) for t in np.sort(rng.uniform(1, 59, 20))) for side in Side}
    gait = Gait(load_symmetry_index_pct=12.0, duration_s=60.0, gaps=gaps)
    report = analyse(Walker(gait, LAYOUT).recording())
    assert report.get("load_symmetry_index_pct").value == pytest.approx(12.0, abs=0.5)
    assert report.get("cadence_spm").value == pytest.approx(110, abs=0.5)
    assert report.get("gap_time_s", side=Side.LEFT).value == pytest.approx(1.0, abs=0.15)


def test_dead_sensors_are_counted() -> None:
    gait = Gait(dead_sensors={Side.LEFT: (0, 10), Side.RIGHT: (13,)})
    report = analyse(Walker(gait, LAYOUT).recording())
    assert report.get("dead_sensors_count", side=Side.LEFT).value == 2
    assert report.get("dead_sensors_count", side=Side.RIGHT).value == 1


def test_the_centre_of_pressure_goes_the_walkers_way() -> None:
    walker = Walker(Gait(load_symmetry_index_pct=10.0), LAYOUT)
    found = study(walker.recording())
    path = walker.truth.cop_path_mm
    for side, foot in found.walk.feet.items():
        mean, sd = gait_line(foot, found.steps[side])
        # The first and the last tenth are at forces near the levels, where nothing is measured.
        assert np.abs(mean - path)[10:91].max() < 4
        assert sd[10:91].max() < 3
    assert found.report.get("gait_line_asymmetry_pct").value == pytest.approx(0, abs=1)
