"""The way of the centre of pressure through the stance, condition over condition."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from dashboards.comparing import DASHES, LETTERS, ComparisonFigure, Plot, foot_name
from dashboards.comparisons.stance_force import letter
from dashboards.feet import closed, place
from dashboards.language import N_, _
from dashboards.theme import LIGHT, colour, style
from dashboards.words import number, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.comparing import Compared
    from insole.layout import SensorLayout
    from insole.recording import Side
    from insole.typing import F64

PAD_MM = 8.0
"""Free paper beside the outline."""

LETTER_AT = (20, 42, 62, 82)
"""At which % of stance each condition's letter stands on its line."""


def plots(compared: Compared) -> list[Plot]:
    """A drawing for each foot."""
    return [_plot(compared, side) for side in compared.sides]


def _plot(compared: Compared, side: Side) -> Plot:
    layout = next(study.walk.feet[side].layout for study in compared.studies if side in study.walk.feet)
    lines, left_out = lines_of(compared, side, layout)
    names = [name for name, _study in compared.named]
    alt = said(lines, left_out)
    return Plot(str(side), foot_name(side), alt, partial(_draw, side, layout, lines, names) if lines else None)


def lines_of(compared: Compared, side: Side, layout: SensorLayout) -> tuple[dict[int, F64], list[int]]:
    """Mean lines, ``(101, 2)`` in the foot frame by the place of the condition, and who was on another insole."""
    found, other = {}, []
    for i, study in enumerate(compared.studies):
        foot = study.walk.feet.get(side)
        if foot is None:
            continue
        if foot.layout.name != layout.name:
            other.append(i)
        elif len(study.gait_lines[side]):
            found[i] = study.gait_lines[side].mean(axis=0)
    return found, other


def _draw(side: Side, layout: SensorLayout, lines: Mapping[int, F64], names: list[str]) -> go.Figure:
    figure = go.Figure()
    edge = closed(place(side, layout.outline_mm, layout))
    figure.add_scatter(**_line(edge, LIGHT.muted, 1.5, "solid"), showlegend=False)
    for i, line in lines.items():
        at = place(side, line, layout)
        figure.add_scatter(**_line(at, colour(side), 2.5, DASHES[i]), name=names[i])
        if np.isfinite(at[LETTER_AT[i]]).all():
            figure.add_annotation(**letter(LETTERS[i], *at[LETTER_AT[i]].tolist()))
    style(figure, height=460)
    figure.update_layout(margin={"l": 48, "r": 8, "t": 8, "b": 44}, legend={"itemwidth": 50})
    (x0, _y0), (x1, _y1) = edge.min(axis=0), edge.max(axis=0)
    figure.update_xaxes(
        title={"text": _("Across (mm)")}, range=[x0 - PAD_MM, x1 + PAD_MM], constrain="domain", showgrid=False, nticks=5
    )
    figure.update_yaxes(title={"text": _("From the heel (mm)")}, scaleanchor="x", constrain="domain")
    return figure


def _line(xy: F64, ink: str, width: float, dash: str) -> dict[str, object]:
    pen = {"color": ink, "width": width, "dash": dash}
    return {"x": xy[:, 0], "y": xy[:, 1], "mode": "lines", "line": pen, "hoverinfo": "skip"}


def said(lines: Mapping[int, F64], left_out: list[int]) -> str:
    """How far each line lies beside the first, and which are not drawn."""
    parts = [_("No stances to draw.")] if not lines else []
    first = next(iter(lines), 0)
    for i, line in lines.items():
        if i == first:
            continue
        beside = line[:, 0] - lines[first][:, 0]
        beside = beside[np.isfinite(beside)]
        if not beside.size:
            continue
        mean = float(beside.mean())
        if round(abs(mean), 1) == 0:
            parts.append(
                _("%(letter)s lies on %(first)s, mean over stance") % {"letter": LETTERS[i], "first": LETTERS[first]}
            )
            continue
        way = _("more medial") if mean > 0 else _("more lateral")
        what = {"letter": LETTERS[i], "mm": number(abs(mean), "mm"), "way": way, "first": LETTERS[first]}
        parts.append(_("%(letter)s lies %(mm)s mm %(way)s than %(first)s, mean over stance") % what)
    if len(lines) == 1 and not left_out:
        parts.append(_("only %(letter)s has stances to draw") % {"letter": LETTERS[first]})
    parts += [
        _("%(letter)s was measured with another insole and is not drawn") % {"letter": LETTERS[i]} for i in left_out
    ]
    return " ".join(sentence(part) for part in parts)


FIGURE = ComparisonFigure(
    name="gait_lines",
    title=N_("Gait lines"),
    plots=plots,
    order=30,
    note=N_("Mean way of the centre of pressure over the stances used, from the heel on. Letters tell the conditions."),
)
