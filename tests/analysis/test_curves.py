"""The two humps of a stance."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.curves import StanceCurves, humps
from analysis.recipe import analyse
from insole.layout import load_layout
from insole.recording import Side
from insole.walker import Gait, Walker
from tests.analysis import made


def curve(points: list[tuple[float, float]], n: int = 81, noise: float = 0.0, seed: int = 1) -> StanceCurves:
    t = np.linspace(0, 0.8, n)
    at, force = zip(*points, strict=True)
    f = np.interp(t, at, force) + noise * np.random.default_rng(seed).standard_normal(n)
    return StanceCurves(f[None], t[None])


TWO = [(0.0, 0.0), (0.2, 800.0), (0.4, 500.0), (0.6, 750.0), (0.8, 0.0)]


def test_peaks_and_trough_stand_where_they_were_put() -> None:
    found = humps(curve(TWO))
    assert (found.first_n[0], found.trough_n[0], found.second_n[0]) == (800, 500, 750)
    assert found.first_s[0] == pytest.approx(0.2)


@pytest.mark.parametrize("seed", range(5))
def test_noise_on_the_way_up_makes_no_peak(seed: int) -> None:
    found = humps(curve(TWO, noise=10.0, seed=seed))
    assert found.first_s[0] == pytest.approx(0.2, abs=0.02)
    assert (found.first_n[0], found.trough_n[0], found.second_n[0]) == pytest.approx((800, 500, 750), abs=30)


@pytest.mark.parametrize(
    "points",
    [
        [(0.0, 0.0), (0.4, 800.0), (0.8, 0.0)],  # one hump
        [(0.0, 0.0), (0.2, 800.0), (0.4, 780.0), (0.6, 800.0), (0.8, 0.0)],  # hardly a trough
        [(0.0, 0.0), (0.2, 800.0), (0.4, 200.0), (0.6, 400.0), (0.8, 0.0)],  # the second peak is low
        [(0.0, 0.0), (0.3, 800.0), (0.36, 500.0), (0.42, 800.0), (0.8, 0.0)],  # too near each other
    ],
)
def test_what_has_not_two_humps_has_no_peaks(points: list[tuple[float, float]]) -> None:
    assert np.isnan(humps(curve(points)).first_n[0])


def test_body_weight_decides_how_high_a_peak_is() -> None:
    assert np.isfinite(humps(curve(TWO), body_weight_n=700.0).first_n[0])
    assert np.isnan(humps(curve(TWO), body_weight_n=1200.0).first_n[0])


@pytest.mark.parametrize("index", [0.0, 12.0])
def test_the_walkers_peaks_and_loading_rate(index: float) -> None:
    walker = Walker(Gait(load_symmetry_index_pct=index), load_layout("open-insole-16"))
    report, truth = analyse(walker.recording()), walker.truth
    for side in Side:
        assert report.get("first_peak_n", side=side).value == pytest.approx(truth.first_peak_n[side], rel=0.005)
        assert report.get("midstance_trough_n", side=side).value == pytest.approx(
            truth.midstance_trough_n[side], rel=0.005
        )
        assert report.get("second_peak_n", side=side).value == pytest.approx(truth.second_peak_n[side], rel=0.005)
        rate = truth.first_peak_n[side] / (0.24 * truth.stance_time_s)  # the walker's first peak is at 24 %
        assert report.get("loading_rate_n_per_s", side=side).value == pytest.approx(rate, rel=0.06)


def test_a_walk_of_single_humps_says_so() -> None:
    hump = 700 * np.sin(np.linspace(0, np.pi, 66))
    force = np.concatenate([np.zeros(44), *([hump, np.zeros(44)] * 15)])
    report = analyse(made.recording(made.stream(Side.LEFT, force[:, None] * np.full(4, 0.25))))
    assert report.get("first_peak_n", side=Side.LEFT) is None
    assert report.get("peak_force_n", side=Side.LEFT).value == pytest.approx(700, rel=0.01)
    assert "one_hump" in {c.code for c in report.caveats}
