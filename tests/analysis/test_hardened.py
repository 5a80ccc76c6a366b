"""Odd recordings that once led to wrong numbers."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.evidence import Evidence
from analysis.live import LiveView
from analysis.prepare import prepare
from analysis.recipe import analyse
from insole.calibration import Calibration
from insole.errors import AnalysisError
from insole.layout import load_layout
from insole.recording import Chunk, FootMeta, Side, Unit
from insole.walker import Gait, Walker
from tests.analysis import made

L, R = Side.LEFT, Side.RIGHT
LAYOUT = load_layout("open-insole-16")
TOES = [13, 14, 15]


def test_cells_of_a_plate_that_nobody_trod_on_are_not_dead() -> None:
    step = made.plate_step()
    untrodden = step.layout.xy_mm[:, 1] < 60
    step = made.stream(step.side, np.where(untrodden, 0.0, step.values), layout=step.layout)
    assert not prepare(made.recording(step)).feet[step.side].dead.any()


def test_lifted_toes_are_not_dead_and_their_region_is_zero() -> None:
    walk = Walker(Gait(duration_s=15), LAYOUT).recording()
    toes = np.isin(np.arange(16), TOES)
    report = analyse(made.changed(walk, values=lambda f: np.where(toes, np.float32(0), f.values)))
    assert report.get("dead_sensors_count", side=L).value == 0
    assert report.get("peak_pressure_kpa", side=L, region="hallux").value == 0
    assert report.get("peak_force_n", side=L, region="toes").value == 0


@pytest.mark.parametrize("offset", [100.0, 100.3, 99.7])
def test_a_sensor_at_rest_beside_its_fitted_offset_is_not_dead(offset: float) -> None:
    counts = (made.stances(2000, every=110, on=66) * np.array([1, 1, 0.2, 0])).astype(int) + 100
    calibration = made.linear_calibration(4, offset=offset, kpa_per_count=1.0)
    foot = made.stream(L, counts, unit=Unit.COUNTS, calibration=calibration)
    assert isinstance(calibration, Calibration)
    assert not prepare(made.recording(foot)).feet[L].dead.any()


def test_body_weight_is_weighed_while_walking() -> None:
    # Thirty seconds of walking, then as long with both feet in the air.
    walk = Walker(Gait(duration_s=30, body_mass_kg=70), LAYOUT).recording()
    rest = np.zeros((3000, 16), np.float32)
    feet = [made.stream(side, np.vstack([foot.values, rest]), layout=LAYOUT) for side, foot in walk.feet.items()]
    known, unknown = analyse(made.recording(*feet, body_mass_kg=70.0)), analyse(walk)
    assert "weight_mismatch" not in {c.code for c in known.caveats}
    for side in Side:
        expected = unknown.get("peak_force_pct_bw", side=side).value
        assert known.get("peak_force_pct_bw", side=side).value == pytest.approx(expected, rel=1e-3)
    heavy = [made.stream(f.side, f.values * np.float32(1.7), layout=LAYOUT) for f in feet]
    report = analyse(made.recording(*heavy, body_mass_kg=70.0))
    assert report.get("peak_force_pct_bw", side=L) is None
    assert "weight_mismatch" in {c.code for c in report.caveats}


def test_a_row_with_a_missing_sensor_is_missing_as_a_whole() -> None:
    walk = made.stances(2000, every=110, on=66, first=20)
    spoilt = walk.copy()
    for k in range(18):
        spoilt[20 + 110 * k + 30] = [np.nan, 0, 0, 5000]
    a, b = (analyse(made.recording(made.stream(L, values))) for values in (walk, spoilt))
    for name in ("peak_pressure_kpa", "mean_peak_pressure_kpa", "contact_area_mm2", "force_time_integral_ns"):
        assert b.get(name, side=L).value == pytest.approx(a.get(name, side=L).value, rel=1e-6)


def test_noise_of_feet_in_the_air_is_shared_out_to_nobody() -> None:
    rng = np.random.default_rng(1)
    feet = [made.stream(side, rng.normal(0, 1, (3000, 16)), layout=LAYOUT) for side in Side]
    report = analyse(made.recording(*feet))
    assert not [v for v in report.values if "share" in v.name]
    assert "no_load" in {c.code for c in report.caveats}


def test_counts_that_drift_in_the_air_are_not_compared() -> None:
    rng = np.random.default_rng(2)
    drift = [600 + np.cumsum(rng.normal(0, 0.05, (6000, 4)), axis=0) + rng.normal(0, 1, (6000, 4)) for _ in Side]
    feet = [made.stream(side, v, unit=Unit.COUNTS) for side, v in zip(Side, drift, strict=True)]
    report = analyse(made.recording(*feet))
    if min(report.get("steps_count", side=side).value for side in Side) < 3:
        assert report.get("load_symmetry_index_pct") is None
    assert not [v for v in report.values if v.unit in {"N", "kPa"}]


def test_no_stride_spans_an_unknown_swing_though_a_short_touch_follows_it() -> None:
    values = made.stances(3000, every=110, on=66, first=20)
    touch = slice(20 + 110 * 9 + 66 + 24, 20 + 110 * 9 + 66 + 29)
    values[touch] = 175.0  # 50 ms
    lost = slice(20 + 110 * 9 + 66 + 8, 20 + 110 * 9 + 66 + 23)
    keep = np.delete(np.arange(3000), np.arange(3000)[lost])
    evidence = Evidence(prepare(made.recording(made.stream(L, values[keep], sample=keep))))
    without = made.stances(3000, every=110, on=66, first=20)
    plain = Evidence(prepare(made.recording(made.stream(L, without[keep], sample=keep))))
    assert [s.start_s for s in evidence.strides[L]] == [s.start_s for s in plain.strides[L]]


def test_a_counter_that_spans_hours_of_nothing_is_refused() -> None:
    sample = np.concatenate([np.arange(500), np.arange(500) + 10**6])
    with pytest.raises(AnalysisError, match="counter"):
        prepare(made.recording(made.stream(L, np.ones((1000, 4)), sample=sample)))


def live(values: np.ndarray) -> LiveView:
    view = LiveView({side: FootMeta(side, made.LAYOUT, Unit.KPA, 100.0) for side in Side}, 10.0)
    for first in range(0, len(values), 20):
        for side in Side:
            part = np.roll(values, 55 if side is R else 0, axis=0)[first : first + 20].astype(np.float32)
            time_s = np.arange(first, first + len(part)) / 100
            view.push(Chunk(side, first, part, (time_s * 1e6).astype(np.int64), 0.0), time_s)
    return view


def test_a_live_foot_with_a_dead_sensor_still_walks() -> None:
    values = made.stances(3000, every=110, on=66, first=20)
    values[:, 2] = np.nan
    foot = live(values).frame().feet[L]
    assert foot.steps_count >= 24
    assert foot.force is not None
    assert np.isfinite(foot.force)
    assert np.isnan(foot.pressure[2])


def test_a_pause_does_not_move_the_live_asymmetry() -> None:
    values = made.stances(4000, every=110, on=66, first=20)
    values[2000:2800] = 90.0
    index = live(values).frame().stance_time_symmetry_index_pct
    assert index == pytest.approx(0, abs=3)
