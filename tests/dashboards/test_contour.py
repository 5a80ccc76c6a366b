from __future__ import annotations

import numpy as np
import pytest

from dashboards.contour import zero_lines

X, Y = np.arange(-10.0, 10.5, 0.5), np.arange(-8.0, 8.5, 0.5)


def test_a_circle_is_found_where_it_is():
    pieces = zero_lines(np.hypot(X[None], Y[:, None]) - 5.0, X, Y)
    np.testing.assert_allclose(np.hypot(*pieces.reshape(-1, 2).T), 5.0, atol=0.03)
    length = np.linalg.norm(pieces[:, 1] - pieces[:, 0], axis=1).sum()
    assert length == pytest.approx(2 * np.pi * 5, rel=0.01)


def test_a_plane_is_cut_in_a_straight_line():
    pieces = zero_lines(X[None] - 0.25 + 0 * Y[:, None], X, Y)
    np.testing.assert_allclose(pieces[..., 0], 0.25)
    assert np.ptp(pieces[..., 1]) == pytest.approx(np.ptp(Y))


def test_every_line_closes_or_ends_at_the_edge():
    rng = np.random.default_rng(7)
    field = rng.normal(size=(Y.size, X.size))
    ends = np.round(zero_lines(field, X, Y).reshape(-1, 2), 9)
    points, count = np.unique(ends, axis=0, return_counts=True)
    edge = (points[:, 0] == X[0]) | (points[:, 0] == X[-1]) | (points[:, 1] == Y[0]) | (points[:, 1] == Y[-1])
    assert (count[~edge] == 2).all()
    assert (count[edge] == 1).all()


def test_nothing_is_drawn_beside_what_is_missing():
    field = X[None] + 0 * Y[:, None] - 0.25
    field[: Y.size // 2] = np.nan
    assert zero_lines(field, X, Y)[..., 1].min() >= Y[Y.size // 2]


def test_a_field_of_one_sign_has_no_line():
    assert zero_lines(np.ones((Y.size, X.size)), X, Y).shape == (0, 2, 2)
