"""Force of both feet over time, with the stances that were found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from analysis.walk import force_unit
from dashboards.figure import Figure
from dashboards.language import N_
from dashboards.series import thin
from dashboards.theme import colour, soft, style
from dashboards.words import findings, number
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.recipe import Study
    from insole.report import Step

LANE = {Side.LEFT: 1.0, Side.RIGHT: 0.0}


def build(study: Study) -> go.Figure:
    """Two curves above, two lanes of stances below."""
    figure = go.Figure()
    for side, foot in study.walk.feet.items():
        time_s, force = thin(foot.time_s, np.asarray(foot.force, float))
        figure.add_scatter(
            x=time_s,
            y=force.astype(np.float32),
            name=side.capitalize(),
            mode="lines",
            line={"color": colour(side), "width": 1.4},
            connectgaps=False,
            hovertemplate="%{y:.0f} at %{x:.2f} s",
        )
        steps = study.steps.get(side, ())
        for clean in (True, False):
            if any(s.clean is clean for s in steps):
                figure.add_scatter(**_lane(side, (s for s in steps if s.clean is clean), clean=clean))
    style(figure, height=380)
    figure.update_layout(hovermode="x unified", dragmode="zoom", xaxis={"title": {"text": "Time (s)"}})
    figure.update_layout(yaxis={"title": {"text": f"Force ({force_unit(study.walk)})"}, "rangemode": "tozero"})
    if any(study.steps.values()):
        _make_room_for_lanes(figure)
    return figure


def _make_room_for_lanes(figure: go.Figure) -> None:
    figure.update_layout(
        xaxis={"anchor": "y2"},
        yaxis={"domain": [0.24, 1]},
        yaxis2={
            "domain": [0, 0.14],
            "range": [-0.6, 1.6],
            "tickvals": [1, 0],
            "ticktext": ["Left", "Right"],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
        },
    )


def _lane(side: Side, steps: Iterable[Step], *, clean: bool) -> dict[str, object]:
    x: list[float | None] = []
    for step in steps:
        x += [step.start_s, step.stop_s, None]
    return {
        "x": x,
        "y": [LANE[side]] * len(x),
        "yaxis": "y2",
        "mode": "lines",
        "line": {"color": colour(side) if clean else soft(side), "width": 9},
        "connectgaps": False,
        "showlegend": False,
        "hoverinfo": "skip",
    }


def alt(study: Study) -> str:
    """How many stances each foot has and its largest force."""
    unit = force_unit(study.walk)
    parts = []
    for side, foot in study.walk.feet.items():
        steps = study.steps.get(side, ())
        used = sum(step.clean for step in steps)
        force = np.asarray(foot.force)
        top = f"up to {number(float(np.nanmax(force)), unit)} {unit}" if np.isfinite(force).any() else "no force"
        parts.append(f"{side.capitalize()} foot: {top}, {len(steps)} stances found, {used} used")
    return findings("Force over time", parts)


FIGURE = Figure(
    name="force",
    title=N_("Force over time"),
    build=build,
    alt=alt,
    order=50,
    wide=True,
    note=N_(
        "Bars below the curves are stances: full colour where they are used for the means, "
        "pale where they are left out. Drag to zoom, double-click to see all."
    ),
)
