"""Force of both feet over time, with the stances that were found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from analysis.walk import force_unit
from dashboards.figure import Figure
from dashboards.language import N_, _
from dashboards.series import thin
from dashboards.theme import colour, soft, style
from dashboards.words import findings, foot_says, number, side_name
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.recipe import Study
    from analysis.walk import FootWalk
    from insole.report import Step
    from insole.typing import F32, F64

LANE = {Side.LEFT: 1.0, Side.RIGHT: 0.0}


def build(study: Study) -> go.Figure:
    """Two curves above, two lanes of stances below."""
    figure = go.Figure()
    for side, foot in study.walk.feet.items():
        figure.add_scatter(**curve(foot), name=side_name(side), meta=str(side), **_look(side))
        steps = study.steps.get(side, ())
        for clean in (True, False):
            if any(s.clean is clean for s in steps):
                figure.add_scatter(**lane(side, [s for s in steps if s.clean is clean], clean=clean))
    style(figure, height=400)
    figure.update_layout(hovermode="x unified", dragmode="zoom", xaxis={"title": {"text": _("Time (s)")}})
    force = _("Force ({unit})").format(unit=force_unit(study.walk))
    figure.update_layout(yaxis={"title": {"text": force}, "rangemode": "tozero", "fixedrange": True})
    if any(study.steps.values()):
        _make_room_for_lanes(figure)
    return figure


def curve(foot: FootWalk, start_s: float = -np.inf, stop_s: float = np.inf) -> dict[str, F64 | F32]:
    """A foot's force in ``[start_s, stop_s)``, thinned for the screen.

    Returns
    -------
    ``x`` in s and ``y`` in the foot's ``force_unit``, NaN in gaps.
    """
    part = slice(*np.searchsorted(foot.time_s, [start_s, stop_s]))
    time_s, force = thin(foot.time_s[part], foot.force[part])
    return {"x": np.round(time_s, 3), "y": force.astype(np.float32)}


def _look(side: Side) -> dict[str, object]:
    return {
        "mode": "lines",
        "line": {"color": colour(side), "width": 1.4},
        "connectgaps": False,
        "hovertemplate": _("{force} at {time} s").format(force="%{y:.0f}", time="%{x:.2f}"),
    }


def _make_room_for_lanes(figure: go.Figure) -> None:
    figure.update_layout(
        xaxis={"anchor": "y2"},
        yaxis={"domain": [0.24, 1]},
        yaxis2={
            "domain": [0, 0.14],
            "range": [-0.6, 1.6],
            "tickvals": [1, 0],
            "ticktext": [side_name(Side.LEFT), side_name(Side.RIGHT)],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
        },
    )


MOST_BARS = 1500
"""Bars of one lane: in longer recordings stances less than a pixel apart are one bar (our judgement)."""


def lane(side: Side, steps: Sequence[Step], *, clean: bool) -> dict[str, object]:
    """A trace with a bar for each of a foot's stances, at least one."""
    start, stop = np.array([(step.start_s, step.stop_s) for step in steps]).T
    if len(steps) > MOST_BARS:
        apart = np.flatnonzero(start[1:] - stop[:-1] > (stop[-1] - start[0]) / MOST_BARS)
        start, stop = start[np.append(0, apart + 1)], stop[np.append(apart, len(stop) - 1)]
    x = np.column_stack([start, stop, np.full(start.size, np.nan)]).ravel()
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
        top = _("no force")
        if np.isfinite(foot.force).any():
            top = _("up to {force} {unit}").format(force=number(float(np.nanmax(foot.force)), unit), unit=unit)
        text = _("{top}, {found} stances found, {used} used")
        parts.append(foot_says(side, text.format(top=top, found=len(steps), used=used)))
    return findings(_("Force over time"), parts)


FIGURE = Figure(
    name="force",
    title=N_("Force over time"),
    build=build,
    alt=alt,
    order=90,
    wide=True,
    part="time",
    note=N_(
        "Bars below the curves are stances: full colour where they are used for the means, "
        "pale where they are left out. Point at a moment to see it on the map; drag to zoom, double-click to see all."
    ),
)
