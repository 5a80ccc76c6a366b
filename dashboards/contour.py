"""Where a field on a grid passes zero: marching squares (Lorensen & Cline 1987, doi 10.1145/37402.37422, in 2-D)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from insole.typing import F64

EDGES = (((0, 0), (0, 1)), ((0, 1), (1, 1)), ((1, 1), (1, 0)), ((1, 0), (0, 0)))
"""A square's four edges as pairs of corners, each a row and a column."""


def zero_lines(field: F64, x: F64, y: F64) -> F64:
    """The lines on which a field is zero.

    Parameters
    ----------
    field
        ``(ny, nx)``; NaN where there is none, and no line goes there.
    x, y
        ``(nx,)`` and ``(ny,)`` where its values are.

    Returns
    -------
    ``(m, 2, 2)`` pieces from one point to another, in no order. In a square that two lines
    cross they do not cross each other.
    """
    crossed, points = zip(*(_on_edge(field, x, y, *edge) for edge in EDGES), strict=True)
    hit, at = np.stack(crossed), np.stack(points)
    count = hit.sum(axis=0)
    pieces = [np.empty((0, 2, 2))]
    for a in range(4):
        for b in range(a + 1, 4):
            alone = (count == 2) & hit[a] & hit[b]
            paired = (count == 4) & ((a, b) in {(0, 1), (2, 3)})
            both = alone | paired
            pieces.append(np.stack([at[a][both], at[b][both]], axis=1))
    return np.concatenate(pieces)


def _on_edge(field: F64, x: F64, y: F64, start: tuple[int, int], stop: tuple[int, int]) -> tuple[F64, F64]:
    """Whether the field passes zero on an edge of each square, and where."""
    (r0, c0), (r1, c1) = start, stop
    rows, columns = field.shape[0] - 1, field.shape[1] - 1
    v0, v1 = field[r0 : r0 + rows, c0 : c0 + columns], field[r1 : r1 + rows, c1 : c1 + columns]
    with np.errstate(invalid="ignore", divide="ignore"):
        part = v0 / (v0 - v1)
    hit = np.isfinite(field[:-1, :-1] + field[1:, :-1] + field[:-1, 1:] + field[1:, 1:]) & ((v0 >= 0) != (v1 >= 0))
    x0, x1 = x[c0 : c0 + columns][None], x[c1 : c1 + columns][None]
    y0, y1 = y[r0 : r0 + rows][:, None], y[r1 : r1 + rows][:, None]
    part = np.where(hit, part, 0.0)
    return hit, np.stack([x0 + part * (x1 - x0) + 0 * y0, y0 + part * (y1 - y0) + 0 * x0], axis=2)
