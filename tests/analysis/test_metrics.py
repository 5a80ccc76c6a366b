"""Closed forms: walks whose answers follow from how they were made."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.recipe import analyse
from insole.recording import Side, Unit
from insole.units import weight_n
from tests.analysis import made

L, R = Side.LEFT, Side.RIGHT


@pytest.mark.parametrize("rate_hz", [50.0, 100.0, 200.0])
@pytest.mark.parametrize("k", [46, 55, 70])
def test_a_step_every_k_samples_gives_cadence_60_fs_over_k(k: int, rate_hz: float) -> None:
    report = analyse(made.rectangular_walk(every=2 * k, on=int(1.2 * k), n=30 * k, rate_hz=rate_hz))
    cadence = report.get("cadence_spm")
    assert cadence is not None
    assert cadence.value == pytest.approx(60 * rate_hz / k, rel=1e-9)
    for side in Side:
        assert report.get("stride_time_s", side=side).value == pytest.approx(2 * k / rate_hz, rel=1e-9)
        assert report.get("step_time_s", side=side).value == pytest.approx(k / rate_hz, rel=1e-9)
        assert report.get("stride_time_cv_pct", side=side).value == pytest.approx(0, abs=1e-9)


def test_every_time_and_force_of_a_rectangular_walk() -> None:
    # 110 samples a stride, 66 down, both feet half a stride apart, 700 N: 5 % and 10 % of the
    # range are crossed 0.05 and 0.10 of a sample from the edges.
    report = analyse(made.rectangular_walk())
    stance = (66 - 1 + 0.90 + 0.95) / 100
    overlap = stance - 0.55
    for side in Side:
        expected = {
            "stance_time_s": stance,
            "swing_time_s": 1.1 - stance,
            "stride_time_s": 1.1,
            "step_time_s": 0.55,
            "stance_pct": 100 * stance / 1.1,
            "swing_pct": 100 - 100 * stance / 1.1,
            "double_support_pct": 200 * overlap / 1.1,
            "single_support_pct": 100 * (stance - 2 * overlap) / 1.1,
            "peak_force_n": 700.0,
            "peak_pressure_kpa": 175.0,
            "fore_load_share_pct": 50.0,
            "rear_load_share_pct": 50.0,
            "gap_time_s": 0.0,
            "lost_packets_count": 0.0,
            "dead_sensors_count": 0.0,
            "force_max_n": 700.0,
            "cop_x_mm": 0.0,
            "cop_y_mm": 115.0,
            "cop_path_mm": 0.0,
            "gait_line_length_mm": 0.0,
        }
        found = {name: report.get(name, side=side).value for name in expected}
        assert found == pytest.approx(expected, abs=1e-4)
    assert report.get("stance_time_s", side=L).n_steps == report.get("steps_used_count", side=L).value
    assert report.get("stance_time_s", side=L).sd == pytest.approx(0, abs=1e-9)


def test_unequal_loads() -> None:
    report = analyse(made.rectangular_walk(left_n=400, right_n=600, n=2220))  # 20 whole strides and a start
    left, right = report.get("force_mean_n", side=L).value, report.get("force_mean_n", side=R).value
    assert report.get("load_share_pct", side=L).value == pytest.approx(100 * left / (left + right))
    assert report.get("load_share_pct", side=R).value == pytest.approx(100 * right / (left + right))
    assert report.get("load_symmetry_index_pct").value == pytest.approx(200 * (right - left) / (right + left))
    assert report.get("peak_force_symmetry_index_pct").value == pytest.approx(40.0)
    assert report.get("load_symmetry_index_pct").variant == "robinson"


def test_load_within_a_foot() -> None:
    values = made.stances(2000, every=110, on=66, first=20)
    values[:, :2] *= 3  # heel three times the forefoot
    report = analyse(made.recording(made.stream(L, values)))
    found = made.keyed(report)
    assert found["load_share_pct", L, "heel"] == pytest.approx(75)
    assert found["load_share_pct", L, "forefoot"] == pytest.approx(25)
    assert found["rear_load_share_pct", L, None] == pytest.approx(75)
    assert found["fore_load_share_pct", L, None] == pytest.approx(25)
    assert found["peak_force_n", L, "heel"] == pytest.approx(1050)
    assert found["peak_pressure_kpa", L, "forefoot"] == pytest.approx(175)
    assert found["cop_y_mm", L, None] == pytest.approx(0.75 * 30 + 0.25 * 200)


def test_the_gait_line_of_a_load_that_rolls_from_heel_to_forefoot() -> None:
    phase = np.clip(np.arange(110) / 65, 0, 1)
    stance = np.stack([1 - phase, 1 - phase, phase, phase], axis=1) * 300.0
    stance[66:] = 0
    values = np.vstack([np.zeros((20, 4)), np.tile(stance, (15, 1))])
    report = analyse(made.recording(made.stream(L, values), made.stream(R, values)))
    for name in ("gait_line_length_mm", "cop_path_mm", "cop_range_ap_mm"):
        assert report.get(name, side=L).value == pytest.approx(170, abs=1e-3)
    assert report.get("cop_range_ml_mm", side=L).value == pytest.approx(0, abs=1e-4)
    assert report.get("cop_y_mm", side=L).value == pytest.approx(115, abs=1e-3)
    assert report.get("gait_line_asymmetry_pct").value == pytest.approx(0, abs=1e-9)


def test_irregular_strides_have_the_textbook_coefficient_of_variation() -> None:
    strides = [110, 100, 120] * 6
    force = np.zeros(sum(strides) + 200)
    start = 50
    for stride in [*strides, 0]:
        force[start : start + 60] = 800.0
        start += stride
    report = analyse(made.recording(made.stream(L, force[:, None] * np.full(4, 0.25))))
    used = np.array(strides[1:-1]) / 100
    cv = report.get("stride_time_cv_pct", side=L)
    assert cv.n_steps == used.size
    assert cv.value == pytest.approx(100 * used.std(ddof=1) / used.mean(), rel=1e-6)
    assert report.get("stride_time_s", side=L).sd == pytest.approx(used.std(ddof=1), rel=1e-6)
    assert "few_strides" in {c.code for c in report.caveats}


def test_force_in_body_weight_only_where_the_mass_fits() -> None:
    feet = made.rectangular_walk(left_n=600, right_n=600).feet.values()
    fits = analyse(made.recording(*feet, body_mass_kg=75.0))
    assert fits.get("peak_force_pct_bw", side=L).value == pytest.approx(100 * 600 / weight_n(75.0))
    wrong = analyse(made.recording(*feet, body_mass_kg=30.0))
    assert wrong.get("peak_force_pct_bw", side=L) is None
    assert "weight_mismatch" in {c.code for c in wrong.caveats}
    unknown = analyse(made.recording(*feet))
    assert unknown.get("peak_force_pct_bw", side=L) is None
    assert "weight_mismatch" not in {c.code for c in unknown.caveats}


def test_feet_are_compared_over_the_time_both_are_known() -> None:
    # Right carries twice the left for 10 s, then nothing; the left is lost meanwhile.
    left = np.full((2000, 4), 50.0)
    right = np.vstack([np.full((1000, 4), 100.0), np.zeros((1000, 4))])
    keep = np.r_[0:1000]
    report = analyse(made.recording(made.stream(L, left[keep], sample=keep), made.stream(R, right)))
    assert report.get("load_share_pct", side=R).value == pytest.approx(200 / 3)
    assert report.get("force_mean_n", side=R).value == pytest.approx(200)


def test_feet_that_were_never_recorded_together_are_not_compared() -> None:
    left = made.stream(L, made.stances(900, every=100, on=60, first=10))
    right = made.stream(R, made.stances(900, every=100, on=60, first=10), start_s=60.0)
    report = analyse(made.recording(left, right))
    assert report.get("load_share_pct", side=L) is None
    assert report.get("double_support_pct", side=L) is None
    assert "no_common_time" in {c.code for c in report.caveats}


def test_uncalibrated_counts_give_shares_and_timing_only() -> None:
    rest = np.array([68, 350, 200, 90])
    left = made.stances(3000, every=110, on=66, first=20, total_n=800).astype(int) + rest
    right = made.stances(3000, every=110, on=66, first=75, total_n=1200).astype(int) + rest[::-1]
    report = analyse(made.recording(made.stream(L, left, unit=Unit.COUNTS), made.stream(R, right, unit=Unit.COUNTS)))
    assert report.get("load_symmetry_index_pct").value == pytest.approx(40, abs=1)
    assert report.get("stride_time_s", side=L).value == pytest.approx(1.1)
    assert not [v for v in report.values if v.unit in {"N", "kPa"}]
    assert report.recording["feet"]["left"]["calibration"] is None
    standing = np.full((500, 4), 900)
    report = analyse(made.recording(*(made.stream(s, standing, unit=Unit.COUNTS) for s in Side)))
    assert report.get("load_share_pct", side=L) is None
    assert "no_resting_level" in {c.code for c in report.caveats}


def test_the_report_says_what_was_recorded_and_by_what_it_was_measured() -> None:
    counts = made.stances(1000, every=110, on=66, first=20).astype(int) * 4 + 100
    foot = made.stream(L, counts, unit=Unit.COUNTS, calibration=made.linear_calibration(4))
    report = analyse(made.recording(foot, body_mass_kg=70.0, condition="orthosis A", subject_code="P-17"))
    assert report.recording["id"] == "r1"
    assert report.recording["started_at"] == "2025-03-01T09:30:00+00:00"
    assert report.recording["duration_s"] == pytest.approx(10)
    assert (report.recording["subject_code"], report.recording["condition"]) == ("P-17", "orthosis A")
    assert report.recording["feet"] == {
        "left": {
            "sensors": 4,
            "rate_hz": 100.0,
            "unit": "counts",
            "layout": "four",
            "platform": False,
            "mask": "two",
            "calibration": {"id": "cal-7", "made_on": "2025-02-01", "method": "bladder", "fit_error_kpa": 1.2},
        }
    }
    assert set(report.software) == {"insole", "algorithm", "python", "numpy", "options"}
    assert report.software["options"] == {"zero": True, "stance_width_mm": None, "marks": []}
    assert report.get("force_max_n", side=L).value == pytest.approx(700)
