"""The mean force curves of a stance, condition over condition, a drawing for each foot."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from analysis.walk import force_unit
from dashboards.comparing import DASHES, LETTERS, ComparisonFigure, Plot, foot_name
from dashboards.figures.stance_force import PERCENT, stance_curves
from dashboards.language import N_, _
from dashboards.theme import LIGHT, colour, soft, style
from dashboards.words import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.comparing import Compared
    from insole.recording import Side
    from insole.typing import F64

LETTER_AT = (14, 40, 62, 86)
"""At which % of stance each condition's letter stands on its curve: apart from each other."""

MOST_BANDS = 2
"""More bands than this over each other say nothing (our judgement)."""


def plots(compared: Compared) -> list[Plot]:
    """A drawing for each foot; one that says why not, where forces are in different units."""
    units = {force_unit(study.walk) for study in compared.studies if study.walk.feet}
    if len(units) > 1:
        why = _("The conditions are in different units, so their curves cannot lie over each other.")
        return [Plot("none", "", why, None)]
    curves = {side: curves_of(compared, side) for side in compared.sides}
    tops = [c.mean(axis=0) + c.std(axis=0) for of_foot in curves.values() for c in of_foot.values()]
    top = 1.04 * max((float(t.max()) for t in tops), default=1.0)
    unit = next(iter(units), "N")
    plots = []
    for side, found in curves.items():
        build = partial(_draw, side, found, compared.named, unit, top) if found else None
        plots.append(Plot(str(side), foot_name(side), said(found, unit), build))
    return plots


def curves_of(compared: Compared, side: Side) -> dict[int, F64]:
    """``(steps, 101)`` force of the stances used, by the place of the condition; those without any are left out."""
    found = {}
    for i, study in enumerate(compared.studies):
        foot = study.walk.feet.get(side)
        curves = np.empty((0, 101)) if foot is None else stance_curves(foot, study.clean[side])
        if len(curves):
            found[i] = curves
    return found


def _draw(
    side: Side, found: Mapping[int, F64], names: Sequence[tuple[str, object]], unit: str, top: float
) -> go.Figure:
    figure = go.Figure()
    for i, curves in found.items():
        mean = curves.mean(axis=0)
        if len(found) <= MOST_BANDS and len(curves) > 1:
            _band(figure, side, mean, curves.std(axis=0, ddof=1))
        name = _("%(name)s, %(n)s stances") % {"name": names[i][0], "n": len(curves)}
        figure.add_scatter(
            x=PERCENT,
            y=mean,
            mode="lines",
            name=name,
            line={"color": colour(side), "width": 2.5, "dash": DASHES[i]},
            hovertemplate="%{y:.0f}",
        )
        figure.add_annotation(**letter(LETTERS[i], LETTER_AT[i], float(mean[LETTER_AT[i]])))
    style(figure, height=340)
    figure.update_layout(hovermode="x unified", legend={"itemwidth": 50})
    figure.update_xaxes(title={"text": _("Stance (%)")}, range=[0, 100])
    figure.update_yaxes(title={"text": _("Force (%(unit)s)") % {"unit": unit}}, range=[0, top])
    return figure


def letter(text: str, x: float, y: float) -> dict[str, object]:
    """A condition's letter on its line."""
    font = {"size": 12, "color": LIGHT.ink}
    return {"x": x, "y": y, "text": f"<b>{text}</b>", "showarrow": False, "font": font, "bgcolor": LIGHT.surface} | {
        "borderpad": 1
    }


def _band(figure: go.Figure, side: Side, mean: F64, sd: F64) -> None:
    figure.add_scatter(
        x=np.concatenate([PERCENT, PERCENT[::-1]]),
        y=np.concatenate([mean - sd, (mean + sd)[::-1]]),
        fill="toself",
        fillcolor=soft(side),
        line={"width": 0, "color": soft(side)},
        hoverinfo="skip",
        showlegend=False,
    )


def said(found: Mapping[int, F64], unit: str) -> str:
    """Each condition's largest force and when it comes."""
    if not found:
        return _("No stances to draw.")
    parts = []
    for i, curves in found.items():
        mean = curves.mean(axis=0)
        at = int(mean.argmax())
        what = {"letter": LETTERS[i], "force": f"{number(float(mean[at]), unit)} {unit}", "at": at}
        parts.append(_("%(letter)s: up to %(force)s at %(at)s %% of stance.") % what)
    return " ".join(parts)


FIGURE = ComparisonFigure(
    name="stance_force",
    title=N_("Force in a stance"),
    plots=plots,
    order=20,
    note=N_(
        "Mean of the stances used, from foot-on to foot-off. Line styles and letters tell the conditions; "
        "the bands, drawn where there are two, are one standard deviation."
    ),
)
