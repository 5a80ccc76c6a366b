"""What all figures have in common: type, margins, quiet axes, and how they change their palette.

Figures are built once, with the colours of ``LIGHT``; ``recolour`` turns a figure's JSON
into another palette.
"""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from dashboards.theme.palette import FONT, LIGHT, Palette

if TYPE_CHECKING:
    import plotly.graph_objects as go


def recolour(figure_json: str, palette: Palette) -> str:
    """A figure's JSON in another palette.

    Parameters
    ----------
    figure_json
        As ``plotly.graph_objects.Figure.to_json`` gives it, in the colours of ``LIGHT``.
    palette
        The colours to use.

    Returns
    -------
    The same JSON, every string that is a colour of ``LIGHT`` replaced by its counterpart.
    """
    swap = {f'"{getattr(LIGHT, f.name)}"': f'"{getattr(palette, f.name)}"' for f in fields(Palette)}
    pattern = re.compile("|".join(re.escape(key) for key in swap))
    return pattern.sub(lambda match: swap[match.group()], figure_json)


EMPTY_PX = 120
"""Height of a figure with nothing to draw: a line of text needs no more."""


def say_empty(figure: go.Figure, text: str) -> None:
    """Turn a figure into a line that says why it is empty."""
    figure.data = []
    figure.layout.shapes = ()
    middle = {"xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5, "showarrow": False}
    figure.add_annotation(text=text, font={"color": LIGHT.muted, "size": 14}, **middle)
    figure.update_layout(height=EMPTY_PX, margin={"l": 8, "r": 8, "t": 8, "b": 8})
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)


def style(figure: go.Figure, *, height: int) -> go.Figure:
    """Give a figure the house's type, colours and margins; returns the same figure.

    Parameters
    ----------
    figure
        Changed in place. Its background becomes transparent, so the page shows through.
    height
        In CSS pixels; the width follows the page.
    """
    figure.update_layout(
        template="none",
        height=height,
        autosize=True,
        margin={"l": 56, "r": 12, "t": 12, "b": 48},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 13, "color": LIGHT.ink},
        hoverlabel={"font": {"family": FONT}, "bgcolor": LIGHT.surface, "bordercolor": LIGHT.line},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    )
    figure.update_xaxes(**axis())
    figure.update_yaxes(**axis())
    return figure


def axis() -> dict[str, Any]:
    """Quiet axes: hair lines, muted ticks, no zero line."""
    quiet = {"color": LIGHT.muted}
    return {
        "gridcolor": LIGHT.line,
        "linecolor": LIGHT.line,
        "zeroline": False,
        "tickfont": quiet,
        "title": {"font": quiet, "standoff": 10},
        "automargin": True,
    }
