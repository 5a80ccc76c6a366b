"""The mean force curve of a stance, foot against foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from analysis.walk import force_unit
from dashboards.figure import Figure
from dashboards.language import N_, _
from dashboards.theme import colour, say_empty, soft, style
from dashboards.words import findings, foot_says, number, side_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.recipe import Study
    from analysis.walk import FootWalk
    from insole.recording import Side
    from insole.report import Step
    from insole.typing import F64

PERCENT = np.linspace(0, 100, 101)


def build(study: Study) -> go.Figure:
    """Mean and one standard deviation over the stances used, against percent of stance."""
    figure = go.Figure()
    for side in study.walk.feet:
        curves = _curves_of(study, side)
        if not len(curves):
            continue
        mean, sd = curves.mean(axis=0), curves.std(axis=0, ddof=1) if len(curves) > 1 else np.zeros(101)
        figure.add_scatter(
            x=np.concatenate([PERCENT, PERCENT[::-1]]),
            y=np.concatenate([mean - sd, (mean + sd)[::-1]]),
            fill="toself",
            fillcolor=soft(side),
            line={"width": 0, "color": soft(side)},
            hoverinfo="skip",
            showlegend=False,
        )
        figure.add_scatter(
            x=PERCENT,
            y=mean,
            mode="lines",
            name=_("{side} ({n} stances)").format(side=side_name(side), n=len(curves)),
            line={"color": colour(side), "width": 2.5},
            hovertemplate="%{y:.0f}",
        )
    style(figure, height=520)
    figure.update_layout(hovermode="x unified")
    figure.update_xaxes(title={"text": _("Stance (%)")}, range=[0, 100])
    figure.update_yaxes(title={"text": _("Force ({unit})").format(unit=force_unit(study.walk))}, rangemode="tozero")
    if not figure.data:
        say_empty(figure, _("No stances to draw"))
    return figure


def stance_curves(foot: FootWalk, steps: Sequence[Step]) -> F64:
    """``(steps, 101)`` force of each stance without gaps, at every percent of it."""
    if not steps:
        return np.empty((0, PERCENT.size))
    start, stop = np.array([(step.start_s, step.stop_s) for step in steps]).T
    at = start[:, None] + (stop - start)[:, None] * PERCENT / 100
    curves = np.interp(at.ravel(), foot.time_s, foot.force).reshape(at.shape)
    return np.asarray(curves[np.isfinite(curves).all(axis=1)])


def _curves_of(study: Study, side: Side) -> F64:
    return stance_curves(study.walk.feet[side], [s for s in study.steps.get(side, ()) if s.clean])


def alt(study: Study) -> str:
    """The mean curve's largest force and when it comes."""
    unit = force_unit(study.walk)
    parts = []
    for side in study.walk.feet:
        curves = _curves_of(study, side)
        if not len(curves):
            parts.append(foot_says(side, _("no stances used")))
            continue
        mean = curves.mean(axis=0)
        top = int(mean.argmax())
        text = _("up to {force} {unit} at {percent} % of stance")
        parts.append(foot_says(side, text.format(force=number(float(mean[top]), unit), unit=unit, percent=top)))
    return findings(_("Mean force of a stance"), parts)


FIGURE = Figure(
    name="stance_force",
    title=N_("Force in a stance"),
    build=build,
    alt=alt,
    order=20,
    note=N_("Mean of the stances used; the band is one standard deviation."),
)
