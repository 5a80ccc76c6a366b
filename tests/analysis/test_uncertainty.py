"""How sure a mean over steps is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analysis.uncertainty import half_width, index_half_width, rate_of, standard_error
from insole.errors import AnalysisError
from insole.recording import Side
from insole.report import Value
from tests.analysis.reports import peak, report, stance


def test_a_pressure_s_interval_is_the_textbook_s() -> None:
    """t(0.975, 3) = 3.182446; sd 10 over 4 steps has a standard error of 5."""
    assert half_width(peak(200, 10, n=4), 100) == pytest.approx(3.182446 * 5, abs=1e-4)


def test_a_time_is_never_surer_than_a_sample_allows() -> None:
    same_each_time = stance(0.7, 0.0, n=16)
    assert standard_error(same_each_time, 100) == pytest.approx(0.01 / 4)
    assert standard_error(same_each_time, 50) == pytest.approx(0.02 / 4)
    assert standard_error(stance(0.7, 0.03, n=16), 100) == pytest.approx(math.hypot(0.03, 0.01) / 4)
    share = Value("stance_pct", 60.0, "%", side=Side.LEFT, n_steps=16, sd=0.0)
    assert standard_error(share, 100) == pytest.approx(1.0 / 4)


def test_the_interval_covers_the_truth_in_95_of_100_walks() -> None:
    rng = np.random.default_rng(5)
    walks = rng.normal(250, 20, (4000, 5))
    widths = [half_width(peak(250, float(sd), n=5), 100) for sd in walks.std(axis=1, ddof=1)]
    covered = np.abs(walks.mean(axis=1) - 250) < np.array(widths, float)
    assert covered.mean() == pytest.approx(0.95, abs=0.012)


def test_the_standard_error_of_a_coefficient_of_variation_is_what_many_walks_show() -> None:
    walks = np.random.default_rng(6).normal(1.1, 0.055, (6000, 40))
    cvs = 100 * walks.std(axis=1, ddof=1) / walks.mean(axis=1)
    value = Value("stride_time_cv_pct", 5.0, "%", side=Side.LEFT, n_steps=40)
    assert standard_error(value, 1e6) == pytest.approx(float(cvs.std()), rel=0.04)


def test_the_index_s_uncertainty_is_what_many_walks_show() -> None:
    rng = np.random.default_rng(7)
    n, many = 30, 20_000
    left = rng.normal(0.62, 0.03 / math.sqrt(n), many)
    right = rng.normal(0.70, 0.05 / math.sqrt(n), many)
    spread = (200 * (right - left) / (right + left)).std()
    width = index_half_width(stance(0.62, 0.03, side=Side.LEFT, n=n), stance(0.70, 0.05, n=n), 1e6)
    assert width == pytest.approx(2.045230 * float(spread), rel=0.03)


@pytest.mark.parametrize(
    "value",
    [
        Value("load_symmetry_index_pct", 4.0, "%"),
        peak(200, n=1),
        Value("gait_line_length_mm", 180.0, "mm", side=Side.LEFT, n_steps=20),
        Value("stride_time_cv_pct", 3.0, "%", side=Side.LEFT, n_steps=1),
    ],
)
def test_without_steps_or_spread_there_is_no_uncertainty(value: Value) -> None:
    assert half_width(value, 100) is None
    assert index_half_width(value, value, 100) is None


def test_no_rate_is_refused() -> None:
    with pytest.raises(AnalysisError, match="above zero"):
        half_width(peak(200), 0.0)
    with pytest.raises(AnalysisError, match="no right foot"):
        rate_of(report(sides=[Side.LEFT]), Side.RIGHT)
