"""How the load is shared: between the feet, and between the rear and fore half of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from dashboards.figure import Figure
from dashboards.language import N_
from dashboards.theme import LIGHT, colour, soft, style
from dashboards.words import number
from insole.recording import Side

if TYPE_CHECKING:
    from analysis.recipe import Study

Bar = tuple[str, float, str, str]
"""Row, share in %, what it is of, colour."""


def build(study: Study) -> go.Figure:
    """One row of bars for the two feet, one for each foot's halves."""
    figure = go.Figure()
    for row, share, what, fill in _bars(study):
        ink = LIGHT.surface if fill in (LIGHT.left, LIGHT.right) else LIGHT.ink
        figure.add_bar(
            y=[row],
            x=[share],
            orientation="h",
            width=0.56,
            marker={"color": fill},
            text=f"{what} {share:.1f} %",
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": ink},
            hovertemplate=f"{what}: %{{x:.1f}} %<extra></extra>",
            showlegend=False,
        )
    style(figure, height=320)
    figure.update_layout(barmode="stack", margin={"l": 8, "r": 16, "t": 8, "b": 44})
    figure.update_xaxes(
        range=[0, 100], title={"text": "Share of load (%)"}, fixedrange=True, tickvals=[0, 25, 50, 75, 100]
    )
    figure.update_yaxes(autorange="reversed", fixedrange=True, showgrid=False, ticklabelstandoff=8)
    figure.add_vline(x=50, line={"color": LIGHT.ink, "width": 1, "dash": "dot"})
    return figure


def _bars(study: Study) -> list[Bar]:
    bars: list[Bar] = []
    for side in Side:
        share = study.report.get("load_share_pct", side=side)
        if share is not None:
            bars.append(("Both feet", share.value, side.capitalize(), colour(side)))
    for side in Side:
        for half, fill in (("rear", colour(side)), ("fore", soft(side))):
            share = study.report.get(f"{half}_load_share_pct", side=side)
            if share is not None:
                bars.append((f"{side.capitalize()} foot", share.value, half.capitalize(), fill))
    return bars


def alt(study: Study) -> str:
    """The shares as a sentence for each foot."""
    said = []
    for side in Side:
        share = study.report.get("load_share_pct", side=side)
        rear = study.report.get("rear_load_share_pct", side=side)
        parts = []
        if share is not None:
            parts.append(f"{number(share.value, '%')} % of the load")
        if rear is not None:
            whose = "it" if parts else "its load"
            parts.append(f"{number(rear.value, '%')} % of {whose} on the rear half")
        if parts:
            said.append(f"{side.capitalize()} foot: {', '.join(parts)}.")
    return " ".join(said) or "The load could not be shared out; the notes below say why."


FIGURE = Figure(name="balance", title=N_("Balance"), build=build, alt=alt, order=30)
