"""Maps of the conditions on one scale, and of what each differs by from the baseline on another."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from dashboards.comparing import Plot, named
from dashboards.comparisons._mapwords import said, said_change, with_unit
from dashboards.feet import page_grid, place
from dashboards.footmap import MAP, SENSORS, feet_map
from dashboards.language import _
from dashboards.maps import unit_of
from dashboards.report.maps import change_labels, change_scale, differences, no_map, region_labels, shown_feet, top_of
from dashboards.report.scale import Scale
from dashboards.theme import CHANGE_SCALE, LIGHT
from dashboards.words import sentence, side_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import plotly.graph_objects as go

    from analysis.compare import Comparison
    from analysis.recipe import Study
    from analysis.walk import Walk
    from dashboards.comparing import Compared
    from dashboards.feet import PageGrid
    from dashboards.report.soles import Label
    from insole.layout import SensorLayout
    from insole.recording import Side
    from insole.typing import F64

    Layouts = tuple[tuple[Side, SensorLayout], ...]
    Grids = Callable[[Layouts], PageGrid]
    Values = Callable[[Walk], Mapping[Side, F64]]

HEIGHTS_PX = {2: 480, 3: 440, 4: 380}
"""Height of a map by how many stand in a row: as high as their width allows."""

LABEL_PX = 15.0
"""Height of a region's number."""

AROUND_PX = 72
"""Of a map's height, what is not the feet: the scale below, their names above."""

REGION = "region"
"""Name of the annotations that are values of regions; the page's script shows and hides them."""


def map_plots(compared: Compared, values: Values, of_regions: str) -> list[Plot]:
    """A map for each condition, then one of each difference from the baseline.

    Parameters
    ----------
    values
        ``(S,)`` of a walk by side: peaks or means.
    of_regions
        The value of the report that stands on the regions.
    """
    height = HEIGHTS_PX[len(compared.studies)]
    measured = [{} if no_map(study) else values(study.walk) for study in compared.studies]
    grid_of = cache(_grid)
    plots = []
    for column, ((name, study), found) in enumerate(zip(compared.named, measured, strict=True), 1):
        alike = [m for s, m in zip(compared.studies, measured, strict=True) if unit_of(s.walk) == unit_of(study.walk)]
        build = (
            None
            if no_map(study)
            else partial(_map, study, found, top=top_of(alike), labels=of_regions, height=height, grid_of=grid_of)
        )
        plots.append(Plot(compared.letters[column - 1].lower(), name, said(study, found), build, column))
    return [*plots, *_changes(compared, values, measured, of_regions, height=height, grid_of=grid_of)]


def _changes(
    compared: Compared,
    values: Values,
    measured: Sequence[Mapping[Side, F64]],
    of_regions: str,
    *,
    height: int,
    grid_of: Grids,
) -> list[Plot]:
    first = compared.studies[0]
    whys = [_why_not(first, study, comparison) for _letter, study, comparison in compared.others]
    found = [
        {} if why else differences(first, study, of=values)
        for why, study in zip(whys, compared.studies[1:], strict=True)
    ]
    unit = unit_of(first.walk)
    alike = [m for study, m in zip(compared.studies, measured, strict=True) if unit_of(study.walk) == unit]
    top = change_scale(found, Scale(top_of(alike), unit)).top
    plots = []
    for column, (why, change, other) in enumerate(zip(whys, found, compared.others, strict=True), 2):
        letter, study, comparison = other
        title = _("%(letter)s \N{MINUS SIGN} A, difference") % {"letter": letter}
        labels = change_labels(first, comparison, of_regions)
        build, text = None, sentence(why)
        if change:
            build = partial(_change, first, change, top=top, labels=labels, height=height, grid_of=grid_of)
            text = said_change(first, change, named(letter, study))
        key = f"{letter.lower()}-a"
        plots.append(Plot(key, title, text, build, 3 if len(compared.studies) == 2 else column))
    return plots


def _why_not(first: Study, other: Study, comparison: Comparison) -> str:
    """Why there is no map of a difference; empty where there is one."""
    lacking = no_map(first) or no_map(other)
    if lacking:
        return lacking
    if comparison.refusals:
        return _("No map of the difference: %(why)s") % {
            "why": "; ".join(refusal.text for refusal in comparison.refusals)
        }
    return "" if differences(first, other) else _("No map of the difference: no foot has the same insole in both.")


def _grid(layouts: Layouts) -> PageGrid:
    """The grid over these insoles: laid once for all maps of the same."""
    return page_grid(dict(layouts))


def _map(study: Study, found: Mapping[Side, F64], *, top: float, labels: str, height: int, grid_of: Grids) -> go.Figure:
    layouts = shown_feet(study)
    grid = grid_of(tuple(layouts.items()))
    figure = feet_map(layouts, found, unit=unit_of(study.walk), top=top, grid=grid)
    return _labelled(figure, study, region_labels(study, labels), height)


def _change(
    study: Study,
    change: Mapping[Side, F64],
    *,
    top: float,
    labels: Mapping[Side, Sequence[Label]],
    height: int,
    grid_of: Grids,
) -> go.Figure:
    unit = unit_of(study.walk)
    layouts = {side: layout for side, layout in shown_feet(study).items() if side in change}
    figure = feet_map(layouts, change, unit=unit, top=top, grid=grid_of(tuple(layouts.items())))
    figure.data[MAP].update(zmin=-top, zmax=top, colorscale=CHANGE_SCALE, colorbar=_ticks(top, unit))
    figure.data[SENSORS].text = [
        _("%(foot)s, sensor %(n)s: %(value)s")
        % {"foot": side_name(side), "n": i + 1, "value": with_unit(value, unit, plus=True)}
        for side in layouts
        for i, value in enumerate(change[side])
    ]
    return _labelled(figure, study, labels, height)


def _ticks(top: float, unit: str) -> dict[str, object]:
    """Ticks of a scale that goes both ways, each with its sign."""
    ends = [-top, -top / 2, 0.0, top / 2, top]
    texts = ["0" if end == 0 else f"{end:+g}".replace("-", "\N{MINUS SIGN}") for end in ends]
    return {"tickvals": ends, "ticktext": [*texts[:-1], f"{texts[-1]} {unit}"], "ticksuffix": ""}


def _labelled(figure: go.Figure, study: Study, labels: Mapping[Side, Sequence[Label]], height: int) -> go.Figure:
    """The map with the regions' numbers on it."""
    low, high = figure.layout.yaxis.range
    tall_mm = LABEL_PX * (high - low) / (height - AROUND_PX)
    numbers = [
        _number_at(*at)
        for side, layout in shown_feet(study).items()
        for at in _apart(labels.get(side, ()), side, layout, tall_mm)
    ]
    figure.layout.height = height
    # Set, not updated, and all at once: Plotly looks at each annotation again whenever one is added.
    figure.layout.annotations = [*figure.layout.annotations, *numbers]
    return figure


def _apart(labels: Sequence[Label], side: Side, layout: SensorLayout, tall_mm: float) -> list[Label]:
    """Where numbers stand on the page: each moved to the toes where it would cover another."""
    boxes: list[Label] = []
    for x_mm, y_mm, text in sorted(labels, key=lambda label: label[1]):
        x, y = place(side, np.array([[x_mm, y_mm]]), layout)[0].tolist()
        while any(abs(x - bx) < tall_mm * _wide(text, other) and abs(y - by) < tall_mm for bx, by, other in boxes):
            y += 1.0
        boxes.append((x, y, text))
    return boxes


def _wide(one: str, other: str) -> float:
    """How far apart two numbers side by side must be, in heights of a number."""
    return 0.3 + 0.45 * (len(one) + len(other)) / 2


def _number_at(x: float, y: float, text: str) -> dict[str, object]:
    return {
        "x": x,
        "y": y,
        "text": text,
        "name": REGION,
        "showarrow": False,
        "font": {"size": 11, "color": LIGHT.ink},
        "bgcolor": LIGHT.surface,
        "opacity": 0.92,
        "borderpad": 1,
    }
