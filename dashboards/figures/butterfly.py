"""The butterfly (cyclogram): the way of the centre of pressure from foot to foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from analysis.sway import pair_cop_mm
from dashboards.feet import place
from dashboards.figure import Figure
from dashboards.language import N_, _
from dashboards.theme import LIGHT, colour, say_empty, style
from dashboards.words import findings
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.recipe import Study
    from insole.report import Step
    from insole.typing import F64

MOST_STANCES = 30
"""Stances of a foot that are drawn, evenly chosen (our judgement: more only make a blot)."""


def build(study: Study) -> go.Figure:
    """Both feet's centre together where the distance between them is stated; else that of each by itself."""
    figure = go.Figure()
    path = together(study)
    if path is not None:
        figure.add_scatter(**_line(path, LIGHT.ink) | {"opacity": 0.6})
    else:
        for side in study.walk.feet:
            alone = of_foot(study, side)
            if alone is not None:
                figure.add_scatter(**_line(alone, colour(side)))
    style(figure, height=460)
    figure.update_layout(margin={"l": 48, "r": 8, "t": 8, "b": 44}, showlegend=False)
    figure.update_xaxes(title={"text": _("Across (mm)")}, constrain="domain", nticks=6)
    figure.update_yaxes(title={"text": _("From the heel (mm)")}, scaleanchor="x", constrain="domain")
    if not figure.data:
        say_empty(figure, _("No stances to draw"))
    return figure


def _line(xy: F64, ink: str) -> dict[str, object]:
    xy = np.round(xy, 1)
    look = {"mode": "lines", "connectgaps": False, "hoverinfo": "skip", "line": {"color": ink, "width": 1}}
    return {"x": xy[:, 0], "y": xy[:, 1], **look}


def together(study: Study) -> F64 | None:
    """``(n, 2)`` centre of both feet while they walk, broken between bouts.

    Returns
    -------
    mm on the page, 0 being the middle between the feet; None without a stated stance width,
    without both feet in one unit, or without steps of both.
    """
    width = study.options.stance_width_mm
    if width is None or not study.walk.comparable or not all(study.clean.get(side) for side in Side):
        return None
    time_s, cop, _rate = pair_cop_mm(study.walk, width)
    some = [step for side in Side for step in chosen(study.clean[side])]
    walking = np.zeros(time_s.size, np.bool_)
    for step in some:
        walking[slice(*np.searchsorted(time_s, [step.start_s, step.stop_s]))] = True
    return np.where(walking[:, None], cop, np.nan)


def of_foot(study: Study, side: Side) -> F64 | None:
    """``(n, 2)`` the centre of one foot through its stances, one after the other, in mm on the page."""
    foot, steps = study.walk.feet[side], chosen(study.clean.get(side, ()))
    if not steps or not np.isfinite(study.cop[side]).any():
        return None
    broken = [np.vstack([study.cop[side][step.start : step.stop], [[np.nan, np.nan]]]) for step in steps]
    return place(side, np.vstack(broken), foot.layout)


def chosen(steps: Sequence[Step]) -> Sequence[Step]:
    """At most ``MOST_STANCES`` of the steps, evenly spaced."""
    return steps[:: max(1, -(-len(steps) // MOST_STANCES))]


def alt(study: Study) -> str:
    """Whether it is of both feet together, and why not."""
    if together(study) is not None:
        width = f"{study.options.stance_width_mm:g}"
        return findings(
            _("Butterfly"), [_("both feet together, their midlines taken to be {mm} mm apart").format(mm=width)]
        )
    if any(of_foot(study, side) is not None for side in study.walk.feet):
        return findings(
            _("Butterfly"),
            [_("the distance between the feet is not stated, so each foot is drawn by itself and not combined")],
        )
    return findings(_("Butterfly"), [_("no stances used")])


FIGURE = Figure(
    name="butterfly",
    title=N_("Butterfly"),
    build=build,
    alt=alt,
    order=30,
    note=N_("The measured centre of pressure through whole stances, at most 30 of each foot, not averaged."),
)
