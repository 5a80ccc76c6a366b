"""The live page's two figures before their first frame, and how a frame's values are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from dashboards.footmap import feet_map
from dashboards.language import _
from dashboards.theme import colour, style
from dashboards.words import side_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.feet import PageGrid
    from insole.layout import SensorLayout
    from insole.recording import Side

WINDOW_S = 10.0
"""Seconds of force that the trace shows: about nine stances of each foot."""

FIRST_TOP = {"kPa": 300.0, "N": 100.0, "counts": 4095.0}
"""End of the colour scale before anything larger was measured.

Healthy in-shoe peaks are 220 to 280 kPa (Putti et al. 2007, Gait & Posture 25:401); the
others are our judgement: a walk's force on one of a few zones, and a 12-bit converter.
"""


def live_map(layouts: Mapping[Side, SensorLayout], *, unit: str, grid: PageGrid) -> go.Figure:
    """The pressure map without values: every sensor is still missing."""
    none = {side: np.full(layout.n_sensors, np.nan) for side, layout in layouts.items()}
    return feet_map(layouts, none, unit=unit, top=FIRST_TOP[unit], grid=grid, still=True)


def live_trace(sides: list[Side], *, unit: str) -> go.Figure:
    """The axes of the force trace; each line's ``meta`` is its foot. The page draws the lines over them."""
    figure = go.Figure()
    for side in sides:
        figure.add_scatter(
            x=[None],
            y=[None],
            mode="lines",
            name=side_name(side),
            meta=str(side),
            line={"color": colour(side), "width": 2},
        )
    style(figure, height=240)
    figure.update_layout(margin={"l": 56, "r": 12, "t": 28, "b": 40}, showlegend=True)
    figure.update_xaxes(title={"text": _("Seconds from now")}, range=[-WINDOW_S, 0], automargin=False)
    figure.update_yaxes(title={"text": _("Force ({unit})").format(unit=unit)}, range=[0, 1], automargin=False)
    return figure
