"""Student's t against closed forms and printed tables."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.student import t_quantile, upper_tail

P = st.floats(0.5001, 0.9999)


@given(P)
def test_one_degree_of_freedom_is_the_cauchy_curve(p: float) -> None:
    assert t_quantile(p, 1) == pytest.approx(math.tan(math.pi * (p - 0.5)), rel=1e-9)


@given(P)
def test_two_degrees_of_freedom_have_a_closed_form(p: float) -> None:
    a = 2 * p - 1
    assert t_quantile(p, 2) == pytest.approx(a * math.sqrt(2 / (1 - a * a)), rel=1e-9)


@given(P)
def test_four_degrees_of_freedom_have_a_closed_form(p: float) -> None:
    alpha = 4 * p * (1 - p)
    q = math.cos(math.acos(math.sqrt(alpha)) / 3) / math.sqrt(alpha)
    assert t_quantile(p, 4) == pytest.approx(2 * math.sqrt(q - 1), rel=1e-7)


@pytest.mark.parametrize(
    ("df", "t"), [(3, 3.182446), (5, 2.570582), (10, 2.228139), (29, 2.045230), (30, 2.042272), (120, 1.979930)]
)
def test_the_printed_table(df: int, t: float) -> None:
    assert t_quantile(0.975, df) == pytest.approx(t, abs=1e-6)


@pytest.mark.parametrize("p", [0.6, 0.975, 0.9995])
def test_many_degrees_of_freedom_are_the_normal_curve(p: float) -> None:
    assert t_quantile(p, 1e9) == pytest.approx(NormalDist().inv_cdf(p), rel=1e-5)


@given(st.floats(0.001, 0.999), st.floats(0.3, 5e5))
def test_the_quantile_inverts_the_tail_and_is_odd(p: float, df: float) -> None:
    t = t_quantile(p, df)
    tail = upper_tail(abs(t), df)
    assert (tail if t >= 0 else 1 - tail) == pytest.approx(1 - p, rel=1e-7)
    assert t_quantile(1 - p, df) == pytest.approx(-t, rel=1e-6, abs=1e-9)


def test_fewer_degrees_of_freedom_are_less_sure() -> None:
    ts = [t_quantile(0.975, df) for df in (1, 1.5, 2, 3.3, 8, 50, 900)]
    assert ts == sorted(ts, reverse=True)


@pytest.mark.parametrize(("p", "df"), [(0, 3), (1, 3), (0.5, 0), (0.9, -1), (math.nan, 3), (0.9, math.nan)])
def test_what_is_out_of_range_is_refused(p: float, df: float) -> None:
    with pytest.raises(ValueError, match="no t quantile"):
        t_quantile(p, df)
