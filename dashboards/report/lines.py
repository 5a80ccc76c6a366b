"""Gait lines over the outlines: the way of the centre of pressure through the stance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dashboards.feet import place
from dashboards.figures.gait_line import line_of
from dashboards.language import _
from dashboards.report.paper import Sketch
from dashboards.report.plot import EMPTY_PT, PENS, say_empty
from dashboards.report.soles import outline, path_of, soles_of, spot_in

if TYPE_CHECKING:
    from typing import Any

    from analysis.recipe import Study
    from dashboards.report.soles import Sole, Spot
    from insole.typing import F64

DOT_PT = 2.2


def gait_lines(study: Study, width: float, height: float) -> Any:
    """Mean line of each foot with its band of one standard deviation across the foot."""
    soles = soles_of({side: foot.layout for side, foot in study.walk.feet.items()}, cells=False)
    lines = {sole.side: line_of(study, sole.side) for sole in soles}
    if not any(line is not None for line in lines.values()):
        text = _("No stances used, so there are no gait lines.")
        return Sketch(width, EMPTY_PT, lambda canvas: say_empty(canvas, width, EMPTY_PT, text))
    spot = spot_in(soles, width - 8, height - 4)
    box = np.array([[0, 0], [width, 0], [width, height], [0, height]])

    def paint(canvas: Any) -> None:
        canvas.clipPath(path_of(canvas, box), stroke=0, fill=0)
        for sole in soles:
            outline(canvas, sole, spot)
            found = lines[sole.side]
            if found is not None:
                _draw(canvas, sole, spot, *found)

    return Sketch(width, height, paint)


def _draw(canvas: Any, sole: Sole, spot: Spot, mean: F64, sd: F64) -> None:
    pen = PENS[sole.side]
    known = np.isfinite(mean).all(axis=1)
    mean, across = mean[known], np.column_stack([np.nan_to_num(sd[known, 0]), np.zeros(known.sum())])
    band = spot(place(sole.side, np.vstack([mean - across, (mean + across)[::-1]]), sole.layout))
    canvas.setFillColor(pen.pale())
    canvas.drawPath(path_of(canvas, band), stroke=0, fill=1)
    line = spot(place(sole.side, mean, sole.layout))
    pen.take(canvas)
    canvas.drawPath(path_of(canvas, line, close=False), stroke=1, fill=0)
    canvas.setDash([])
    canvas.setFillColor(pen.ink)
    canvas.circle(*line[0], DOT_PT, stroke=0, fill=1)
