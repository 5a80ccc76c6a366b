"""How the stride of each foot is divided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from dashboards.figure import Figure
from dashboards.language import N_, _
from dashboards.theme import colour, say_empty, style
from dashboards.words import findings, foot_says, label, number, side_name
from insole.recording import Side

if TYPE_CHECKING:
    from analysis.recipe import Study

PARTS = ("stance_pct", "swing_pct", "double_support_pct", "single_support_pct")


def build(study: Study) -> go.Figure:
    """A bar for each foot and part of the stride, with one standard deviation between strides."""
    figure = go.Figure()
    for side in Side:
        found = [v for v in (study.report.get(name, side=side) for name in PARTS) if v is not None]
        if not found:
            continue
        figure.add_bar(
            y=[label(v.name) for v in found],
            x=[v.value for v in found],
            error_x={"array": [v.sd or 0.0 for v in found], "thickness": 1.5, "width": 4},
            orientation="h",
            name=side_name(side),
            marker={"color": colour(side)},
            text=[f"{number(v.value, '%')} %" for v in found],
            textposition="inside",
            insidetextanchor="start",
            hovertemplate=_("{value} % of the stride").format(value="%{x:.1f}"),
        )
    style(figure, height=380)
    figure.update_layout(barmode="group", bargap=0.28, bargroupgap=0.08)
    figure.update_xaxes(title={"text": _("Part of the stride (%)")}, rangemode="tozero", fixedrange=True)
    figure.update_yaxes(autorange="reversed", fixedrange=True, showgrid=False, ticklabelstandoff=8)
    if not figure.data:
        say_empty(figure, _("No strides to draw"))
    return figure


def alt(study: Study) -> str:
    """Stance and double support of each foot."""
    parts = []
    for side in study.walk.feet:
        found = [(name, study.report.get(name, side=side)) for name in PARTS]
        said = ", ".join(f"{label(name)} {number(v.value, '%')} %" for name, v in found if v is not None)
        parts.append(foot_says(side, said or _("no strides")))
    return findings(_("Parts of the stride"), parts)


FIGURE = Figure(
    name="timing",
    title=N_("Timing"),
    build=build,
    alt=alt,
    order=40,
    part="symmetry",
    note=N_("Means over strides; the whisker is one standard deviation between them."),
)
