"""The mean force curve of a stance, foot against foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from analysis.walk import force_unit
from dashboards.figure import Figure
from dashboards.language import N_
from dashboards.theme import colour, say_empty, soft, style
from dashboards.words import findings, number

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
            name=f"{side.capitalize()} ({len(curves)} stances)",
            line={"color": colour(side), "width": 2.5},
            hovertemplate="%{y:.0f}",
        )
    style(figure, height=320)
    figure.update_layout(hovermode="x unified")
    figure.update_xaxes(title={"text": "Stance (%)"}, range=[0, 100])
    figure.update_yaxes(title={"text": f"Force ({force_unit(study.walk)})"}, rangemode="tozero")
    if not figure.data:
        say_empty(figure, "No stances to draw")
        figure.update_yaxes(showticklabels=False)
    return figure


def stance_curves(foot: FootWalk, steps: Sequence[Step]) -> F64:
    """``(steps, 101)`` force of each stance without gaps, at every percent of it."""
    force = np.asarray(foot.force, float)
    curves = []
    for step in steps:
        part = force[step.start : step.stop]
        if part.size > 1 and np.isfinite(part).all():
            at = step.start_s + (step.stop_s - step.start_s) * PERCENT / 100
            curves.append(np.interp(at, foot.time_s[step.start : step.stop], part))
    return np.asarray(curves, float).reshape(len(curves), 101)


def _curves_of(study: Study, side: Side) -> F64:
    return stance_curves(study.walk.feet[side], [s for s in study.steps.get(side, ()) if s.clean])


def alt(study: Study) -> str:
    """The mean curve's largest force and when it comes."""
    unit = force_unit(study.walk)
    parts = []
    for side in study.walk.feet:
        curves = _curves_of(study, side)
        if not len(curves):
            parts.append(f"{side.capitalize()} foot: no stances used")
            continue
        mean = curves.mean(axis=0)
        top = int(mean.argmax())
        parts.append(f"{side.capitalize()} foot: up to {number(float(mean[top]), unit)} {unit} at {top} % of stance")
    return findings("Mean force of a stance", parts)


FIGURE = Figure(
    name="stance_force",
    title=N_("Force in a stance"),
    build=build,
    alt=alt,
    order=40,
    note=N_("Mean of the stances used; the band is one standard deviation."),
)
