"""The way of the centre of pressure through the stance, over the insoles' outlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from analysis.cop import gait_line
from dashboards.feet import closed, place
from dashboards.figure import Figure
from dashboards.language import N_
from dashboards.theme import LIGHT, colour, say_empty, soft, style
from dashboards.words import findings, number

if TYPE_CHECKING:
    from analysis.recipe import Study
    from analysis.walk import FootWalk
    from insole.recording import Side
    from insole.typing import F64


PAD_MM = 8.0
"""Free paper beside the outlines."""


def build(study: Study) -> go.Figure:
    """Outlines, the mean line, and the band of one standard deviation across the foot."""
    figure = go.Figure()
    reach, lines = 0.0, 0
    for side, foot in study.walk.feet.items():
        edge = closed(place(side, foot.layout.outline_mm, foot.layout))
        reach = max(reach, float(np.abs(edge[:, 0]).max()))
        figure.add_scatter(**_line(edge, LIGHT.muted, 1.5))
        found = line_of(study, side)
        if found is not None:
            _draw(figure, side, foot, *found)
            lines += 1
    style(figure, height=520)
    figure.update_layout(margin={"l": 48, "r": 8, "t": 8, "b": 44}, showlegend=False)
    across = {"range": [-reach - PAD_MM, reach + PAD_MM], "constrain": "domain", "showgrid": False, "nticks": 6}
    figure.update_xaxes(title={"text": "Across (mm)"}, **across)
    figure.update_yaxes(title={"text": "From the heel (mm)"}, scaleanchor="x", constrain="domain")
    if not lines:
        say_empty(figure, "No stances to draw")
    return figure


def line_of(study: Study, side: Side) -> tuple[F64, F64] | None:
    """``(101, 2)`` mean line and its standard deviation in the foot frame; None without clean steps."""
    steps = tuple(step for step in study.steps.get(side, ()) if step.clean)
    if side not in study.walk.feet or not steps:
        return None
    mean, sd = gait_line(study.walk.feet[side], steps, cop=study.cop[side])
    return (mean, sd) if np.isfinite(mean).any() else None


def _draw(figure: go.Figure, side: Side, foot: FootWalk, mean: F64, sd: F64) -> None:
    known = np.isfinite(mean).all(axis=1)
    mean, across = mean[known], np.column_stack([np.nan_to_num(sd[known, 0]), np.zeros(known.sum())])
    band = place(side, np.vstack([mean - across, (mean + across)[::-1]]), foot.layout)
    figure.add_scatter(**_line(band, soft(side), 0), fill="toself", fillcolor=soft(side))
    line = place(side, mean, foot.layout)
    figure.add_scatter(**_line(line, colour(side), 3) | {"name": side.capitalize()})
    figure.add_scatter(
        x=line[:1, 0], y=line[:1, 1], mode="markers", hoverinfo="skip", marker={"size": 9, "color": colour(side)}
    )


def _line(xy: F64, ink: str, width: float) -> dict[str, object]:
    return {"x": xy[:, 0], "y": xy[:, 1], "mode": "lines", "line": {"color": ink, "width": width}, "hoverinfo": "skip"}


def alt(study: Study) -> str:
    """Length and spread of each foot's line."""
    parts = []
    for side in study.walk.feet:
        found = line_of(study, side)
        length = study.report.get("gait_line_length_mm", side=side)
        if found is None:
            parts.append(f"{side.capitalize()} foot: no steps, so no line")
            continue
        said = [] if length is None else [f"{number(length.value, 'mm')} mm long"]
        across = found[1][:, 0]
        if np.isfinite(across).any():
            said.append(f"{number(float(np.nanmean(across)), 'mm')} mm standard deviation across the foot")
        parts.append(f"{side.capitalize()} foot: {', '.join(said) or 'one stance'}")
    return findings("Centre of pressure in stance", parts)


FIGURE = Figure(
    name="gait_line",
    title=N_("Centre of pressure in stance"),
    build=build,
    alt=alt,
    order=20,
    note=N_("Mean of the stances used, from the heel (dot) on; the band is one standard deviation across the foot."),
)
