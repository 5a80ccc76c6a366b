"""Two feet on a page: the foot frame mirrored into place, and sensors spread over the insole.

The page frame is in mm, seen from above as one sees one's own feet: toes up, the left
foot on the left, medial sides facing each other across the line ``x = 0``. The foot frame
has ``+x`` medial on both feet, so the left foot keeps its direction and the right foot is
mirrored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insole.layout import SensorLayout
    from insole.typing import F64, I64, Bool

GAP_MM = 20.0
"""Between the medial edges of the two insoles on the page (our judgement: apart, yet one picture)."""

CELL_MM = 4.0
"""Edge of a cell of the colour map: finer than the pitch of 99 sensors (about 10 mm)."""

NEIGHBOURS = 6
"""Sensors that a cell's colour is made of (our judgement)."""

MARGIN_CELLS = 2
"""Cells coloured beyond the outline, so that the drawn edge cuts through colour and not beside it."""


def place(side: Side, xy_mm: F64, layout: SensorLayout) -> F64:
    """Foot frame to page frame.

    Parameters
    ----------
    side
        Which foot the points are of.
    xy_mm
        ``(n, 2)`` points in the foot frame.
    layout
        The insole they are on; its most medial point comes to lie beside the middle line.

    Returns
    -------
    ``(n, 2)`` points on the page: x from left to right, y to the toes.
    """
    medial = float(layout.outline_mm[:, 0].max())
    from_middle = medial - xy_mm[:, 0] + GAP_MM / 2
    x = -from_middle if side is Side.LEFT else from_middle
    return np.column_stack([x, xy_mm[:, 1]])


def closed(outline_mm: F64) -> F64:
    """The outline with its first point again at the end, if it is not there already."""
    if np.array_equal(outline_mm[0], outline_mm[-1]):
        return outline_mm
    return np.vstack([outline_mm, outline_mm[:1]])


def inside(xy_mm: F64, outline_mm: F64) -> Bool:
    """``(n,)`` true for the points within the outline (even-odd rule; Shimrat 1962, Algorithm 112)."""
    x, y = xy_mm[:, :1], xy_mm[:, 1:]
    edge = closed(outline_mm)
    (x0, y0), (x1, y1) = edge[:-1].T, edge[1:].T
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = x0 + (y - y0) / (y1 - y0) * (x1 - x0)
    hits = ((y0 > y) != (y1 > y)) & (x < crossing)
    return np.asarray(hits.sum(axis=1) % 2 == 1)


@dataclass(frozen=True, eq=False)
class FootCells:
    """The cells of one foot, and the sensors that colour them.

    Attributes
    ----------
    cell
        ``(C,)`` flat index into the page's ``(ny, nx)`` grid.
    sensor
        ``(C, K)`` nearest sensors, nearest first.
    weight
        ``(C, K)`` their weights; each row sums to 1.
    """

    cell: I64
    sensor: I64
    weight: F64


@dataclass(frozen=True, eq=False)
class PageGrid:
    """A regular grid over both insoles.

    Attributes
    ----------
    x_mm, y_mm
        ``(nx,)`` and ``(ny,)`` centres of the cells on the page.
    feet
        The cells of each foot.
    """

    x_mm: F64
    y_mm: F64
    feet: Mapping[Side, FootCells]

    def fill(self, values: Mapping[Side, F64]) -> F64:
        """Colour values of all cells.

        Parameters
        ----------
        values
            ``(S,)`` by side; NaN is a missing sensor.

        Returns
        -------
        ``(ny, nx)``: weighted means of the sensors that have a value. NaN outside the feet,
        and where the nearest sensor is missing: what was not measured is not coloured.
        """
        z = np.full(self.y_mm.size * self.x_mm.size, np.nan)
        for side, foot in self.feet.items():
            if side not in values:
                continue
            near = np.asarray(values[side], float)[foot.sensor]
            weight = np.where(np.isfinite(near), foot.weight, 0.0)
            total = weight.sum(axis=1)
            measured = np.isfinite(near[:, 0]) & (total > 0)
            mean = (weight * np.nan_to_num(near)).sum(axis=1) / np.where(total > 0, total, 1.0)
            z[foot.cell] = np.where(measured, mean, np.nan)
        return z.reshape(self.y_mm.size, self.x_mm.size)


def page_grid(layouts: Mapping[Side, SensorLayout]) -> PageGrid:
    """Lay a grid over the insoles of one or both feet; over an empty spot where there is none."""
    outlines = {side: place(side, layout.outline_mm, layout) for side, layout in layouts.items()}
    every = stacked(outlines)
    reach = CELL_MM * (MARGIN_CELLS + 1)
    (x0, y0), (x1, y1) = every.min(axis=0) - reach, every.max(axis=0) + reach
    x = np.arange(x0, x1 + CELL_MM / 2, CELL_MM)
    y = np.arange(y0, y1 + CELL_MM / 2, CELL_MM)
    centres = np.column_stack([np.tile(x, y.size), np.repeat(y, x.size)])
    feet = {}
    for side, layout in layouts.items():
        on_foot = _widen(inside(centres, outlines[side]).reshape(y.size, x.size), MARGIN_CELLS)
        cell = np.flatnonzero(on_foot)
        sensor, weight = shepard(centres[cell], place(side, layout.xy_mm, layout))
        feet[side] = FootCells(cell, sensor, weight)
    return PageGrid(x, y, feet)


def shepard(points_mm: F64, sensors_mm: F64, *, neighbours: int = NEIGHBOURS) -> tuple[I64, F64]:
    """Inverse-distance weights of the nearest sensors.

    Parameters
    ----------
    points_mm, sensors_mm
        ``(C, 2)`` and ``(S, 2)``.
    neighbours
        How many sensors at most take part.

    Returns
    -------
    ``(C, K)`` sensor indices, nearest first, and ``(C, K)`` weights ``((R − d)/(R·d))²``
    made to sum to 1, R being the distance of the first sensor left out (Shepard 1968, doi
    10.1145/800186.810616; the weight of Franke & Nielson 1980, doi 10.1002/nme.1620151110).
    At a sensor the value is that sensor's, and the surface has no jumps.
    """
    d = np.hypot(*(points_mm[:, None, :] - sensors_mm[None, :, :]).transpose(2, 0, 1))
    order = np.argsort(d, axis=1, kind="stable")
    d = np.take_along_axis(d, order, axis=1)
    k = min(neighbours, len(sensors_mm))
    reach = d[:, k] if d.shape[1] > k else 1.5 * d[:, -1] + 1.0
    near = np.maximum(d[:, :k], 1e-6)
    weight = (np.maximum(reach[:, None] - near, 1e-9) / (reach[:, None] * near)) ** 2
    return order[:, :k], weight / weight.sum(axis=1, keepdims=True)


def stacked(points: Mapping[Side, F64]) -> F64:
    """``(n, 2)`` all points of both feet; the origin where there is none."""
    return np.vstack(list(points.values()) or [np.zeros((1, 2))])


def _widen(cells: Bool, times: int) -> Bool:
    for _ in range(times):
        padded = np.pad(cells, 1)
        cells = padded[1:-1, 1:-1] | padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:]
    return cells
