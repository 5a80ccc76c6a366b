from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dashboards.series import thin


def test_a_short_series_is_left_alone():
    t, y = np.arange(10.0), np.arange(10.0)
    assert thin(t, y, most=10) == (t, y)


@given(st.integers(1, 5000), st.integers(6, 300), st.integers(0, 1000))
def test_extremes_survive_points_are_few_and_time_does_not_fall(n, most, seed):
    y = np.random.default_rng(seed).normal(size=n)
    t = np.arange(n) / 100
    x, z = thin(t, y, most=most)
    assert x.size == z.size <= max(most, 0)
    assert np.nanmax(z) == y.max()
    assert np.nanmin(z) == y.min()
    assert (np.diff(x) >= 0).all()
    assert x[0] == t[0]
    assert x[-1] <= t[-1]


def test_a_gap_breaks_the_line_where_it_is():
    y = np.ones(3000)
    y[1000:1100] = np.nan
    t = np.arange(3000) / 100
    x, z = thin(t, y, most=300)
    holes = x[np.isnan(z)]
    assert holes.size
    assert 9.6 < holes.min() < 10.1
    assert 10.8 < holes.max() < 11.4
