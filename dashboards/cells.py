"""Sensors as areas: the shape of each, and a fine grid whose every cell belongs to one sensor or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dashboards.feet import place, stacked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insole.layout import SensorLayout
    from insole.recording import Side
    from insole.typing import F64, I64

FINE_MM = 1.5
"""Edge of a cell of the sensors' map: small beside a sensor of 5 mm (our judgement)."""

CORNERS = 32
"""Points of a sensor's drawn shape."""

RIVALS = 16
"""Nearest sensors that may bound a sensor's shape: a cell of a matrix has eight around it."""

TILED = 1.5
"""Sensors tile the insole if a square between neighbours is at most this part of a sensor's area (our judgement)."""

SLACK = 1.2
"""How much further than a square's corner a tile may reach, so that slanted rows leave no cracks (our judgement)."""

UNKNOWN_SHARE = 0.45
"""Radius of a sensor of unknown area, as a part of the distance to its neighbour (our judgement)."""


def sensor_shapes(layout: SensorLayout) -> F64:
    """The shape of each sensor in the foot frame.

    Layouts give a centre and an area. Where sensors lie side by side a sensor's shape is what
    is nearer to it than to any other, as far as its own area reaches: on a matrix, its cell.
    Where they lie apart it is the circle of its area.

    Returns
    -------
    ``(S, CORNERS, 2)`` mm.
    """
    xy = layout.xy_mm
    turn = 2 * np.pi * np.arange(CORNERS) / CORNERS
    spokes = np.column_stack([np.cos(turn), np.sin(turn)])
    radius = np.minimum(sensor_reach(layout)[:, None], _to_rivals(xy, _apart(xy), spokes))
    return np.asarray(xy[:, None] + radius[:, :, None] * spokes)


def sensor_reach(layout: SensorLayout) -> F64:
    """``(S,)`` how far from its centre a sensor's shape goes at most, in mm."""
    nearest = _apart(layout.xy_mm).min(axis=1, initial=np.inf)
    pitch = float(np.median(nearest)) if layout.n_sensors > 1 else layout.length_mm / 2
    area = np.where(np.isfinite(layout.area_mm2), layout.area_mm2, np.pi * (UNKNOWN_SHARE * pitch) ** 2)
    tiled = layout.n_sensors > 1 and pitch**2 <= TILED * float(np.median(area))
    return np.asarray(SLACK * np.sqrt(area / 2) if tiled else np.sqrt(area / np.pi))


def _apart(xy: F64) -> F64:
    """``(S, S)`` distances between sensors; infinite from each to itself."""
    apart = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    return np.asarray(apart)


def _to_rivals(xy: F64, apart: F64, spokes: F64) -> F64:
    """``(S, CORNERS)`` way from each sensor along each spoke to where another sensor is as near."""
    if len(xy) < 2:
        return np.full((len(xy), len(spokes)), np.inf)
    rival = np.argsort(apart, axis=1, kind="stable")[:, : min(RIVALS, len(xy) - 1)]
    to_rival = xy[rival] - xy[:, None]
    half = (to_rival**2).sum(axis=2) / 2
    along = to_rival @ spokes.T
    with np.errstate(divide="ignore", invalid="ignore"):
        way = np.where(along > 1e-9, half[:, :, None] / along, np.inf)
    return np.asarray(way.min(axis=1))


@dataclass(frozen=True, eq=False)
class FineGrid:
    """A fine grid over both insoles.

    Attributes
    ----------
    x_mm, y_mm
        ``(nx,)`` and ``(ny,)`` centres of the cells on the page.
    cell, sensor
        By side: ``(C,)`` flat index into ``(ny, nx)``, and the sensor each cell belongs to.
    """

    x_mm: F64
    y_mm: F64
    cell: Mapping[Side, I64]
    sensor: Mapping[Side, I64]


def fine_grid(layouts: Mapping[Side, SensorLayout]) -> FineGrid:
    """Lay a fine grid over the sensors' shapes; cells between sensors belong to none."""
    centres = {side: place(side, layout.xy_mm, layout) for side, layout in layouts.items()}
    reach = {side: sensor_reach(layout) for side, layout in layouts.items()}
    every = stacked(centres)
    edge = max((float(r.max()) for r in reach.values()), default=0.0) + FINE_MM
    low, high = every.min(axis=0) - edge, every.max(axis=0) + edge
    x, y = (np.arange(a, b + FINE_MM / 2, FINE_MM) for a, b in zip(low, high, strict=True))
    owner = {side: _owners(x, y, centres[side], reach[side]) for side in layouts}
    cell = {side: np.flatnonzero(of >= 0) for side, of in owner.items()}
    return FineGrid(x, y, cell, {side: owner[side][at] for side, at in cell.items()})


def _owners(x: F64, y: F64, centre: F64, reach: F64) -> I64:
    """``(ny·nx,)`` nearest sensor of each cell that is within that sensor's reach; -1 for none."""
    owner, nearest = np.full((y.size, x.size), -1, np.int64), np.full((y.size, x.size), np.inf)
    near = (
        np.searchsorted(x, centre[:, :1] + reach[:, None] * [-1, 1]),
        np.searchsorted(y, centre[:, 1:] + reach[:, None] * [-1, 1]),
    )
    for s, ((c0, c1), (r0, r1)) in enumerate(zip(*near, strict=True)):
        apart = np.hypot(x[None, c0:c1] - centre[s, 0], y[r0:r1, None] - centre[s, 1])
        mine = (apart <= reach[s]) & (apart < nearest[r0:r1, c0:c1])
        owner[r0:r1, c0:c1][mine] = s
        nearest[r0:r1, c0:c1][mine] = apart[mine]
    return owner.ravel()
