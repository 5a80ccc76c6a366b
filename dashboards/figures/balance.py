"""How the load is shared: between the feet, and between the rear and fore half of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from dashboards.figure import Figure
from dashboards.language import N_, _
from dashboards.theme import LIGHT, colour, soft, style
from dashboards.words import foot_says, number, side_name
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
    style(figure, height=460)
    figure.update_layout(barmode="stack", margin={"l": 8, "r": 16, "t": 8, "b": 44})
    figure.update_xaxes(
        range=[0, 100], title={"text": _("Share of load (%)")}, fixedrange=True, tickvals=[0, 25, 50, 75, 100]
    )
    figure.update_yaxes(autorange="reversed", fixedrange=True, showgrid=False, ticklabelstandoff=8)
    figure.add_vline(x=50, line={"color": LIGHT.ink, "width": 1, "dash": "dot"})
    return figure


def _bars(study: Study) -> list[Bar]:
    bars: list[Bar] = []
    for side in Side:
        share = study.report.get("load_share_pct", side=side)
        if share is not None:
            bars.append((_("Both feet"), share.value, side_name(side), colour(side)))
    for side in Side:
        row = _("Left foot") if side is Side.LEFT else _("Right foot")
        for half, what, fill in (("rear", _("Rear"), colour(side)), ("fore", _("Fore"), soft(side))):
            share = study.report.get(f"{half}_load_share_pct", side=side)
            if share is not None:
                bars.append((row, share.value, what, fill))
    return bars


def alt(study: Study) -> str:
    """The shares as a sentence for each foot."""
    said = []
    for side in Side:
        share = study.report.get("load_share_pct", side=side)
        rear = study.report.get("rear_load_share_pct", side=side)
        parts = []
        if share is not None:
            parts.append(_("{share} % of the load").format(share=number(share.value, "%")))
        if rear is not None:
            text = _("{rear} % of it on the rear half") if parts else _("{rear} % of its load on the rear half")
            parts.append(text.format(rear=number(rear.value, "%")))
        if parts:
            said.append(foot_says(side, ", ".join(parts)) + ".")
    return " ".join(said) or _("The load could not be shared out; the notes on quality say why.")


FIGURE = Figure(name="balance", title=N_("Balance"), build=build, alt=alt, order=35)
