"""Soles on paper: outlines with their sensors, each as large as it is, coloured by a scale.

A sensor is drawn and nothing between sensors, so what was not measured stays white. A sensor
without a value is hatched.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from reportlab.lib.colors import white
from reportlab.pdfbase.pdfmetrics import stringWidth

from dashboards.feet import closed, place
from dashboards.report.cells import cells_of
from dashboards.report.type import BOLD, INK, MUTED, SMALL_PT, TINY_PT, shown
from dashboards.words import side_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.report.scale import Scale
    from insole.layout import SensorLayout
    from insole.recording import Side
    from insole.typing import F64

HATCH_PT, HEAD_PT, SEAM_PT = 2.4, 10.0, 0.5
"""Distance of a hatch's lines; room for the feet's names above the toes; edge of a sensor in its own
colour, so that no screen shows white between two that meet."""

Label = tuple[float, float, str]
"""A number on a map: where it is in the foot frame, in mm, and its text."""


@dataclass(frozen=True, eq=False)
class Sole:
    """One foot's insole in the page frame (see ``dashboards.feet``).

    Attributes
    ----------
    side, layout
        Which foot, and its geometry.
    outline_mm
        ``(k, 2)`` closed.
    cells_mm
        A polygon for each sensor.
    """

    side: Side
    layout: SensorLayout
    outline_mm: F64
    cells_mm: tuple[F64, ...]


def soles_of(layouts: Mapping[Side, SensorLayout], *, cells: bool = True) -> tuple[Sole, ...]:
    """The soles of one or both feet; without their sensors if only outlines are drawn."""
    found = []
    for side, layout in layouts.items():
        edge = closed(place(side, layout.outline_mm, layout))
        of_sensors = tuple(place(side, cell, layout) for cell in cells_of(layout)) if cells else ()
        found.append(Sole(side, layout, edge, of_sensors))
    return tuple(found)


@dataclass(frozen=True)
class Spot:
    """Where soles stand on the paper: page frame in mm to points."""

    x: float
    y: float
    scale: float

    def __call__(self, xy_mm: F64) -> F64:
        """``(n, 2)`` points of ``(n, 2)`` mm."""
        return np.asarray(xy_mm) * self.scale + (self.x, self.y)


def spot_in(soles: Sequence[Sole], width: float, height: float) -> Spot:
    """As large as fits into a box with its lower left corner at the origin, in its middle, under the feet's names."""
    every = np.vstack([sole.outline_mm for sole in soles])
    low, high = every.min(axis=0), every.max(axis=0)
    span = np.maximum(high - low, 1.0)
    scale = float(min(width / span[0], (height - HEAD_PT) / span[1]))
    return Spot(
        width / 2 - scale * (low[0] + high[0]) / 2, (height - HEAD_PT - scale * span[1]) / 2 - scale * low[1], scale
    )


def outline(canvas: Any, sole: Sole, spot: Spot) -> None:
    """The sole's edge, and which foot it is."""
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.8)
    edge = spot(sole.outline_mm)
    canvas.drawPath(path_of(canvas, edge), stroke=1, fill=0)
    canvas.setFont(BOLD, SMALL_PT)
    canvas.setFillColor(INK)
    canvas.drawCentredString(float(edge[:, 0].mean()), float(edge[:, 1].max()) + 3, shown(side_name(sole.side)))


def path_of(canvas: Any, points: F64, *, close: bool = True) -> Any:
    """A path through ``(n, 2)`` points."""
    path = canvas.beginPath()
    first, *rest = points.tolist()
    path.moveTo(*first)
    for x, y in rest:
        path.lineTo(x, y)
    if close:
        path.close()
    return path


def paint_map(
    canvas: Any,
    soles: Sequence[Sole],
    spot: Spot,
    values: Mapping[Side, F64],
    *,
    scale: Scale,
    labels: Mapping[Side, Sequence[Label]],
) -> None:
    """Sensors in their colours, hatched where they have no value, outlines, and numbers on top.

    Parameters
    ----------
    values
        ``(S,)`` by side; NaN is hatched, and so is a foot that is not there.
    labels
        Numbers by side; each stands on white, so that it reads on any colour and in grey.
    """
    for sole in soles:
        of_foot = np.asarray(values.get(sole.side, np.full(len(sole.cells_mm), np.nan)), float)
        canvas.saveState()
        canvas.clipPath(path_of(canvas, spot(sole.outline_mm)), stroke=0, fill=0)
        _fill(canvas, sole, spot, of_foot, scale)
        canvas.restoreState()
        for i in np.flatnonzero(~np.isfinite(of_foot)):
            _hatch(canvas, spot(sole.cells_mm[i]))
        outline(canvas, sole, spot)
        _write(canvas, sole, spot, labels.get(sole.side, ()))


def _fill(canvas: Any, sole: Sole, spot: Spot, values: F64, scale: Scale) -> None:
    known = np.flatnonzero(np.isfinite(values))
    colours = scale.index(values[known])
    canvas.setLineWidth(SEAM_PT)
    for colour in np.unique(colours):
        canvas.setFillColorRGB(*scale.colours[colour])
        canvas.setStrokeColorRGB(*scale.colours[colour])
        path = canvas.beginPath()
        for i in known[colours == colour]:
            _add(path, spot(sole.cells_mm[i]).tolist())
        canvas.drawPath(path, stroke=1, fill=1)


def _add(path: Any, points: list[list[float]]) -> None:
    if len(points):
        path.moveTo(*points[0])
        for x, y in points[1:]:
            path.lineTo(x, y)
        path.close()


def _hatch(canvas: Any, cell: F64) -> None:
    if not len(cell):
        return
    canvas.saveState()
    canvas.setStrokeColor(MUTED)
    canvas.setLineWidth(0.5)
    canvas.clipPath(path_of(canvas, cell), stroke=1, fill=0)
    (x0, y0), (x1, y1) = cell.min(axis=0), cell.max(axis=0)
    for k in range(math.floor((x0 - y1) / HATCH_PT), math.ceil((x1 - y0) / HATCH_PT) + 1):
        canvas.line(y0 + k * HATCH_PT, y0, y1 + k * HATCH_PT, y1)
    canvas.restoreState()


def _write(canvas: Any, sole: Sole, spot: Spot, labels: Sequence[Label]) -> None:
    boxes: list[tuple[float, float, float]] = []
    for x_mm, y_mm, text in sorted(labels, key=lambda label: label[1]):
        x, y = spot(place(sole.side, np.array([[x_mm, y_mm]]), sole.layout))[0]
        wide = stringWidth(text, BOLD, TINY_PT) + 3
        while any(abs(x - bx) < (wide + bw) / 2 and abs(y - by) < TINY_PT + 2 for bx, by, bw in boxes):
            y += 1.0
        boxes.append((x, y, wide))
        canvas.setFillColor(white)
        canvas.setStrokeColor(MUTED)
        canvas.setLineWidth(0.3)
        canvas.roundRect(x - wide / 2, y - TINY_PT / 2 - 0.8, wide, TINY_PT + 1.6, 1.2, stroke=1, fill=1)
        canvas.setFillColor(INK)
        canvas.setFont(BOLD, TINY_PT)
        canvas.drawCentredString(x, y - TINY_PT * 0.36, text)
