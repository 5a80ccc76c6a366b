"""The way of the centre of pressure through the stance, over the insoles' outlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from dashboards.feet import closed, place
from dashboards.figure import Figure
from dashboards.language import N_, _
from dashboards.theme import LIGHT, colour, say_empty, style
from dashboards.words import findings, foot_says, number, side_name

if TYPE_CHECKING:
    from analysis.recipe import Study
    from analysis.walk import FootWalk
    from insole.recording import Side
    from insole.typing import F64


PAD_MM = 8.0
"""Free paper beside the outlines."""


MOST_LINES = 60
"""Single lines drawn of a foot: more only make a blot (our judgement). The mean is of all."""


def build(study: Study) -> go.Figure:
    """Outlines, the line of each stance thin, the mean of all of them thick."""
    figure = go.Figure()
    reach, lines = 0.0, 0
    for side, foot in study.walk.feet.items():
        edge = closed(place(side, foot.layout.outline_mm, foot.layout))
        reach = max(reach, float(np.abs(edge[:, 0]).max()))
        figure.add_scatter(**_line(edge, LIGHT.muted, 1.5))
        found = line_of(study, side)
        if found is not None:
            _draw(figure, side, foot, found[0], study.gait_lines[side])
            lines += 1
    style(figure, height=520)
    figure.update_layout(margin={"l": 48, "r": 8, "t": 8, "b": 44}, showlegend=False)
    across = {"range": [-reach - PAD_MM, reach + PAD_MM], "constrain": "domain", "showgrid": False, "nticks": 6}
    figure.update_xaxes(title={"text": _("Across (mm)")}, **across)
    figure.update_yaxes(title={"text": _("From the heel (mm)")}, scaleanchor="x", constrain="domain")
    if not lines:
        say_empty(figure, _("No stances to draw"))
    return figure


def line_of(study: Study, side: Side) -> tuple[F64, F64] | None:
    """``(101, 2)`` mean line and its standard deviation in the foot frame; None without clean steps."""
    lines = study.gait_lines.get(side)
    if lines is None or not len(lines):
        return None
    sd = lines.std(axis=0, ddof=1) if len(lines) > 1 else np.full(lines.shape[1:], np.nan)
    return lines.mean(axis=0), sd


def _draw(figure: go.Figure, side: Side, foot: FootWalk, mean: F64, lines: F64) -> None:
    some = lines[:: -(-len(lines) // MOST_LINES), ::2]
    broken = np.concatenate([some, np.full((len(some), 1, 2), np.nan)], axis=1).reshape(-1, 2)
    single = _line(place(side, broken, foot.layout), colour(side), 1) | {"opacity": 0.35, "connectgaps": False}
    figure.add_scatter(**single)
    line = place(side, mean, foot.layout)
    figure.add_scatter(**_line(line, colour(side), 4) | {"name": side_name(side)})
    figure.add_scatter(
        x=line[:1, 0], y=line[:1, 1], mode="markers", hoverinfo="skip", marker={"size": 9, "color": colour(side)}
    )


def _line(xy: F64, ink: str, width: float) -> dict[str, object]:
    xy = np.round(xy, 1)
    return {"x": xy[:, 0], "y": xy[:, 1], "mode": "lines", "line": {"color": ink, "width": width}, "hoverinfo": "skip"}


def alt(study: Study) -> str:
    """Length and spread of each foot's line."""
    parts = []
    for side in study.walk.feet:
        found = line_of(study, side)
        length = study.report.get("gait_line_length_mm", side=side)
        if found is None:
            parts.append(foot_says(side, _("no steps, so no line")))
            continue
        said = [] if length is None else [_("{length} mm long").format(length=number(length.value, "mm"))]
        across = found[1][:, 0]
        if np.isfinite(across).any():
            spread = number(float(np.nanmean(across)), "mm")
            said.append(_("{spread} mm standard deviation across the foot").format(spread=spread))
        parts.append(foot_says(side, ", ".join(said) or _("one stance")))
    return findings(_("Centre of pressure in stance"), parts)


FIGURE = Figure(
    name="gait_line",
    title=N_("Centre of pressure in stance"),
    build=build,
    alt=alt,
    order=25,
    note=N_("From the heel (dot) on. Thin: a stance each, at most 60; thick: the mean of all stances used."),
)
