"""Colours and type of every page and figure, in light and dark.

Figures are built once, with the colours of ``LIGHT``; ``recolour`` turns a figure's JSON
into another palette. The same values stand as tokens in ``static/style.css`` (a test
compares them). Left and right are Okabe and Ito's blue and vermillion, which people with
any common colour blindness tell apart (Okabe & Ito 2008, Color Universal Design),
shifted in lightness until text in them reads on its background (WCAG 2.2, 1.4.3: 4.5 : 1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from insole.recording import Side

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True)
class Palette:
    """One theme's colours: what each is for, not what it looks like.

    Attributes
    ----------
    page, surface
        Behind everything; behind a figure or table.
    ink, muted, line
        Text and marks; secondary text; rules and grids.
    left, right
        The two feet, everywhere.
    left_soft, right_soft
        The same as an area behind marks.
    warn
        What asks for attention.
    """

    page: str
    surface: str
    ink: str
    muted: str
    line: str
    left: str
    right: str
    left_soft: str
    right_soft: str
    warn: str


LIGHT = Palette(
    page="#f6f7f8",
    surface="#ffffff",
    ink="#16202a",
    muted="#566472",
    line="#dfe4e8",
    left="#00669f",
    right="#b84a00",
    left_soft="rgba(0,102,159,0.16)",
    right_soft="rgba(184,74,0,0.16)",
    warn="#8a5a00",
)
DARK = Palette(
    page="#0f1418",
    surface="#171e24",
    ink="#e8edf1",
    muted="#9dabb7",
    line="#2c363f",
    left="#5cb8ec",
    right="#f5935b",
    left_soft="rgba(92,184,236,0.22)",
    right_soft="rgba(245,147,91,0.22)",
    warn="#e8b751",
)
PALETTES = {"light": LIGHT, "dark": DARK}

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif'

PRESSURE_SCALE = "Viridis"
"""Perceptually uniform and readable with any common colour blindness (van der Walt & Smith 2015)."""


def colour(side: Side) -> str:
    """The foot's colour, in the light palette."""
    return LIGHT.left if side is Side.LEFT else LIGHT.right


def soft(side: Side) -> str:
    """The foot's colour for areas, in the light palette."""
    return LIGHT.left_soft if side is Side.LEFT else LIGHT.right_soft


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


def say_empty(figure: go.Figure, text: str) -> None:
    """Write over an empty figure why it is empty."""
    middle = {"xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5, "showarrow": False}
    figure.add_annotation(text=text, font={"color": LIGHT.muted, "size": 14}, **middle)


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
