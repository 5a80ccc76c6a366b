"""How unlike left and right are, beside what noise alone can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from analysis.mdc import Mdc, mdc_of
from analysis.symmetry import symmetry_index_pct
from analysis.uncertainty import index_half_width, rate_of
from dashboards.figure import Figure
from dashboards.language import N_, _
from dashboards.theme import LIGHT, colour, say_empty, style
from dashboards.words import findings, label, number
from insole.recording import Side

if TYPE_CHECKING:
    from analysis.recipe import Study
    from insole.report import Report

NAMES = (
    "force_time_integral_ns",
    "peak_force_n",
    "peak_pressure_kpa",
    "stance_time_s",
    "swing_time_s",
    "contact_area_mm2",
)
LEAST_SPAN_PCT = 20.0
"""The axis goes at least this far to each side, so that a small difference looks small (our judgement)."""


@dataclass(frozen=True)
class Row:
    """One value of both feet.

    Attributes
    ----------
    name
        Of the value.
    index_pct
        Robinson's index, right minus left in % of their mean.
    spread_pct
        Half of its 95 % interval over steps; None where that is not known.
    mdc
        The published change of such a value; None where there is none.
    """

    name: str
    index_pct: float
    spread_pct: float | None
    mdc: Mdc | None

    @property
    def says(self) -> str:
        """The row as a sentence."""
        size = number(abs(self.index_pct), "%")
        text = _("{what}: {size} % more on the right") if self.index_pct > 0 else _("{what}: {size} % more on the left")
        said = text.format(what=label(self.name), size=size)
        if self.spread_pct is None:
            return said
        if abs(self.index_pct) > self.spread_pct:
            return _("{said}, beyond the spread of the steps").format(said=said)
        return _("{said}, within the spread of the steps").format(said=said)


def rows_of(report: Report) -> list[Row]:
    """Every value that both feet have."""
    rows = []
    for name in NAMES:
        left, right = (report.get(name, side=side) for side in Side)
        index = None if left is None or right is None else symmetry_index_pct(left.value, right.value)
        if left is None or right is None or index is None:
            continue
        platform = any(foot.get("platform", False) for foot in report.recording["feet"].values())
        width = index_half_width(left, right, rate_of(report, None))
        rows.append(Row(name, index, width, mdc_of(left, platform=platform)))
    return rows


def build(study: Study) -> go.Figure:
    """A bar for each value; behind it the band that the steps' spread explains, and the published change."""
    rows = rows_of(study.report)
    figure = go.Figure()
    for place, row in enumerate(rows):
        if row.spread_pct is not None:
            figure.add_shape(
                type="rect",
                layer="below",
                x0=-row.spread_pct,
                x1=row.spread_pct,
                y0=place - 0.38,
                y1=place + 0.38,
                fillcolor=LIGHT.line,
                line={"width": 0},
            )
    if rows:
        figure.add_bar(**_bars(rows))
        figure.add_scatter(**_published(rows))
    style(figure, height=380)
    _axes(figure, rows)
    if not rows:
        say_empty(figure, _("Nothing of both feet to compare"))
    return figure


def _bars(rows: list[Row]) -> dict[str, object]:
    return {
        "x": [row.index_pct for row in rows],
        "y": list(range(len(rows))),
        "orientation": "h",
        "width": 0.34,
        "marker": {"color": [colour(Side.RIGHT if row.index_pct > 0 else Side.LEFT) for row in rows]},
        "hovertext": [row.says for row in rows],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
    }


def _published(rows: list[Row]) -> dict[str, object]:
    marks = [
        (sign * row.mdc.share_pct, place, row.mdc)
        for place, row in enumerate(rows)
        for sign in (-1, 1)
        if row.mdc is not None and row.mdc.share_pct is not None
    ]
    return {
        "x": [x for x, _place, _mdc in marks],
        "y": [place for _x, place, _mdc in marks],
        "mode": "markers",
        "marker": {"symbol": "line-ns", "size": 26, "line": {"width": 2.5, "color": LIGHT.ink}},
        "hovertext": [mdc.source for _x, _place, mdc in marks],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
    }


def _axes(figure: go.Figure, rows: list[Row]) -> None:
    widest = max([LEAST_SPAN_PCT, *(abs(row.index_pct) for row in rows), *(row.spread_pct or 0 for row in rows)]) * 1.1
    text = _("Right \N{MINUS SIGN} left (%)")
    figure.update_xaxes(title={"text": text}, range=[-widest, widest], fixedrange=True)
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=[label(row.name) for row in rows],
        range=[len(rows) - 0.4, -0.6],
        fixedrange=True,
        showgrid=False,
        ticklabelstandoff=8,
    )
    if rows:
        figure.add_vline(x=0, line={"color": LIGHT.ink, "width": 1})


def alt(study: Study) -> str:
    """Each value's difference, and whether it is beyond the spread of the steps."""
    rows = rows_of(study.report)
    return findings(_("Left against right"), [row.says for row in rows] or [_("nothing of both feet to compare")])


FIGURE = Figure(
    name="symmetry",
    title=N_("Left against right"),
    build=build,
    alt=alt,
    order=45,
    part="symmetry",
    note=N_(
        "Symmetry index (Robinson 1987): 0 is alike. Grey: what the spread of the steps explains (95 %). Upright "
        "marks: how far peak pressure in the shoe may change from day to day, 15.3 % (Putti 2007). There is no "
        "agreed limit of normal asymmetry."
    ),
)
