"""What each sensor of an insole covers, as a polygon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from insole.layout import SensorLayout
    from insole.typing import F64

Point = tuple[float, float]

REACH = 1.3
"""How much wider than a square of its area a sensor is drawn, where its neighbours leave room (our
judgement: sensors need not be square, and the cells of a matrix must meet)."""

MOST_WIDE_MM = 22.0
"""Width of a sensor of unknown area, if the sensors lie further apart than this (our judgement)."""


def cells_of(layout: SensorLayout) -> list[F64]:
    """What each sensor covers, in the foot frame: a square of its area, cut halfway to its neighbours.

    Returns
    -------
    A convex polygon ``(k, 2)`` in mm for each sensor. Where areas are not known, all are as wide
    as the sensors are apart (median), at most ``MOST_WIDE_MM``.
    """
    xy, half = layout.xy_mm, _half_widths(layout)
    away = xy[None] - xy[:, None]
    square = (away**2).sum(axis=2)
    reached = (square > 0) & (square / 2 < half[:, None] * np.abs(away).sum(axis=2))
    return [_cell(float(half[i]), away[i, reached[i]], xy[i]) for i in range(len(xy))]


def _half_widths(layout: SensorLayout) -> F64:
    n = layout.n_sensors
    area = np.full(n, np.nan) if layout.area_mm2 is None else np.asarray(layout.area_mm2, float)
    width = MOST_WIDE_MM
    if n > 1:
        d = np.hypot(*(layout.xy_mm[:, None] - layout.xy_mm[None]).transpose(2, 0, 1))
        np.fill_diagonal(d, np.inf)
        width = min(width, float(np.median(d.min(axis=1))))
    return np.where(np.isfinite(area), np.sqrt(np.nan_to_num(area)), width) * REACH / 2


def _cell(half: float, neighbours: F64, at: F64) -> F64:
    """A square about the origin, cut halfway to each neighbour, moved to its place."""
    cell = [(-half, -half), (half, -half), (half, half), (-half, half)]
    for x, y in neighbours.tolist():
        cell = _cut(cell, x, y, (x * x + y * y) / 2)
    return np.asarray(cell, float).reshape(len(cell), 2) + at


def _cut(polygon: list[Point], x: float, y: float, limit: float) -> list[Point]:
    """The part of a convex polygon where ``point · (x, y) <= limit`` (Sutherland & Hodgman 1974)."""
    beyond = [px * x + py * y - limit for px, py in polygon]
    kept: list[Point] = []
    for k, (here, b) in enumerate(zip(polygon, beyond, strict=True)):
        (px, py), a = polygon[k - 1], beyond[k - 1]
        if (a <= 0) != (b <= 0):
            part = a / (a - b)
            kept.append((px + (here[0] - px) * part, py + (here[1] - py) * part))
        if b <= 0:
            kept.append(here)
    return kept
