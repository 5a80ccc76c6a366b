"""Force over a stance: mean and one standard deviation of the stances used."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.walk import force_unit
from dashboards.figures.stance_force import stance_curves
from dashboards.language import N_, _
from dashboards.report.paper import Sketch
from dashboards.report.plot import CONDITIONS, EMPTY_PT, PENS, Curve, paint_curves, round_top, say_empty
from dashboards.words import side_name
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from analysis.recipe import Study
    from dashboards.report.plot import Pen

ACROSS = N_("Stance (%), from foot-on to foot-off")


def curve_of(study: Study, side: Side, *, name: str, pen: Pen) -> Curve | None:
    """A foot's mean curve; None without a stance to draw."""
    foot = study.walk.feet.get(side)
    curves = None if foot is None else stance_curves(foot, study.clean.get(side, ()))
    if curves is None or not len(curves):
        return None
    sd = curves.std(axis=0, ddof=1) if len(curves) > 1 else None
    return Curve(f"{name}, n = {len(curves)}", pen, curves.mean(axis=0), sd)


def both_feet(study: Study, width: float, height: float) -> Any:
    """Left over right, of one recording."""
    curves = [curve_of(study, side, name=side_name(side), pen=PENS[side]) for side in Side]
    found = [c for c in curves if c is not None]
    return _plot(found, width, height, title=_("Force"), unit=force_unit(study.walk), top=_top(found))


def conditions(studies: Sequence[Study], names: Sequence[str], width: float, height: float) -> list[Any]:
    """A plot for each foot, with the mean curves of every condition, on one scale of force."""
    found = {side: _of_side(studies, names, side) for side in Side}
    units = {foot.force_unit for study in studies for foot in study.walk.feet.values()}
    if len(units) > 1:
        return [_empty(_("The conditions are in different units, so no curves are drawn."), width, height)]
    top = _top([curve for curves in found.values() for curve in curves])
    unit = next(iter(units), "N")
    return [
        _plot(
            curves,
            width,
            height,
            title=_("Left foot, force") if side is Side.LEFT else _("Right foot, force"),
            unit=unit,
            top=top,
        )
        for side, curves in found.items()
    ]


def _of_side(studies: Sequence[Study], names: Sequence[str], side: Side) -> list[Curve]:
    curves = [
        curve_of(study, side, name=name, pen=pen) for study, name, pen in zip(studies, names, CONDITIONS, strict=False)
    ]
    return [replace(curve, sd=None) for curve in curves if curve is not None]


def _top(curves: Sequence[Curve]) -> float:
    ends = [float(np.max(c.y if c.sd is None else c.y + c.sd)) for c in curves]
    return round_top(max(ends, default=0.0))


def _plot(curves: Sequence[Curve], width: float, height: float, *, title: str, unit: str, top: float) -> Any:
    if not curves:
        return _empty(_("{title}: no stances to draw.").format(title=title), width, height)

    def paint(canvas: Any) -> None:
        paint_curves(canvas, width, height, curves, across=_(ACROSS), along=f"{title} ({unit})", top=top)

    return Sketch(width, height, paint)


def _empty(text: str, width: float, height: float) -> Any:
    high = min(height, EMPTY_PT)
    return Sketch(width, high, lambda canvas: say_empty(canvas, width, high, text))
