"""Plane geometry of a few hundred points: hull, smallest rectangle, crossings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from insole.typing import F64


def convex_hull(points: F64) -> F64:
    """Corners of the smallest convex polygon around points (Andrew 1979, doi:10.1016/0020-0190(79)90072-3).

    Parameters
    ----------
    points
        ``(n, 2)``.

    Returns
    -------
    ``(k, 2)`` corners, anticlockwise, each once; the two ends if the points lie on one line.
    """
    ordered = np.unique(points, axis=0)
    if len(ordered) < 3:
        return ordered
    rows = ordered.tolist()
    return np.array(_half(rows) + _half(rows[::-1]))


def _half(points: list[list[float]]) -> list[list[float]]:
    """One side of the hull of sorted points, without its last corner."""
    kept: list[list[float]] = []
    for x, y in points:
        while len(kept) > 1:
            (ax, ay), (bx, by) = kept[-2:]
            if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                break
            kept.pop()
        kept.append([x, y])
    return kept[:-1]


def edges(hull: F64) -> F64:
    """``(k, 2)`` the hull's edges, each from its corner to the next."""
    return np.roll(hull, -1, axis=0) - hull


def longest_edge(hull: F64) -> F64:
    """``(2, 2)`` both ends of a hull's longest edge."""
    i = int(np.argmax(np.linalg.norm(edges(hull), axis=1)))
    return hull[[i, (i + 1) % len(hull)]]


def long_axis(hull: F64) -> F64:
    """``(2,)`` unit vector along the long side of the smallest rectangle around a hull.

    One side of that rectangle lies on an edge of the hull (Freeman & Shapira 1975,
    doi:10.1145/360881.360919), so each edge is tried. It points to ``+y``.
    """
    along = edges(hull)
    along /= np.linalg.norm(along, axis=1)[:, None]
    length = np.ptp(hull @ along.T, axis=0)
    width = np.ptp(hull @ turned(along).T, axis=0)
    i = int(np.argmin(length * width))
    axis = along[i] if length[i] >= width[i] else turned(along[i])
    return axis if axis[1] > 0 else -axis


def turned(vectors: F64) -> F64:
    """Vectors ``(..., 2)`` turned a right angle clockwise: heel-to-toe becomes medial."""
    return np.stack([vectors[..., 1], -vectors[..., 0]], axis=-1)


def crossings(line: F64) -> F64:
    """Where a line passes through zero of its first coordinate.

    Parameters
    ----------
    line
        ``(n, 2)`` points in order.

    Returns
    -------
    ``(c,)`` second coordinates of the crossings, in order along the line; linear between points.
    """
    before = line[:, 0] < 0
    i = np.flatnonzero(before[:-1] != before[1:])
    a, b = line[i], line[i + 1]
    return np.asarray(a[:, 1] + (b[:, 1] - a[:, 1]) * a[:, 0] / (a[:, 0] - b[:, 0]))
