"""Where under the feet the largest pressures are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dashboards.cells import sensor_shapes
from dashboards.feet import closed, page_grid, place
from dashboards.figure import Figure
from dashboards.footmap import HEIGHT_PX, feet_map, scale_top
from dashboards.language import N_, _
from dashboards.maps import layouts_of, peak_values, unit_of
from dashboards.regionmap import borders, by_side, region_maxima
from dashboards.words import findings, foot_says, number, region

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from analysis.recipe import Study
    from insole.recording import Side
    from insole.typing import F64

LARGE_PX = 680
"""Height of the map on the page: the feet themselves are some 570 px high."""

SATURATED, SHAPES, BORDERS, REGIONS = range(3, 7)
"""Which trace of the figure is which, after those of ``footmap``; the page's scripts count as this does."""

WHITE, SHADE = "rgba(255,255,255,0.85)", "rgba(0,0,0,0.55)"


def build(study: Study) -> go.Figure:
    """Both feet, each sensor's largest value of the recording, the regions over them."""
    layouts, peaks = layouts_of(study.walk), peak_values(study.walk)
    grid = page_grid(layouts)
    figure = feet_map(layouts, peaks, unit=unit_of(study.walk), top=scale_top(peaks), grid=grid)
    figure.update_layout(height=LARGE_PX if layouts else HEIGHT_PX)
    figure.add_scatter(**_saturated(study))
    shapes = [closed(s) for side, layout in layouts.items() for s in _placed(side, study)]
    figure.add_scatter(**_lines(shapes, WHITE, 0.8), visible=False)
    figure.add_scatter(**_lines(list(borders(study, grid)), WHITE, 1.5), visible=True)
    figure.add_scatter(**_region_values(study, peaks))
    figure.update_traces(showlegend=False)
    return figure


def _placed(side: Side, study: Study) -> F64:
    layout = study.walk.feet[side].layout
    shapes = sensor_shapes(layout)
    return place(side, shapes.reshape(-1, 2), layout).reshape(shapes.shape)


def _lines(pieces: list[F64], ink: str, width: float) -> dict[str, Any]:
    broken = [np.vstack([piece, [[np.nan, np.nan]]]) for piece in pieces]
    xy = np.vstack(broken) if broken else np.empty((0, 2))
    xy = np.round(xy, 1)
    return {
        "x": xy[:, 0],
        "y": xy[:, 1],
        "mode": "lines",
        "line": {"color": ink, "width": width},
        "connectgaps": False,
        "hoverinfo": "skip",
    }


def _saturated(study: Study) -> dict[str, Any]:
    """Sensors that reached the end of their range: what they read there is too low."""
    found = [
        place(side, foot.layout.xy_mm[list(foot.saturated)], foot.layout)
        for side, foot in study.walk.feet.items()
        if foot.saturated
    ]
    at = np.vstack(found) if found else np.empty((0, 2))
    return {
        "x": at[:, 0],
        "y": at[:, 1],
        "mode": "markers",
        "hoverinfo": "skip",
        "marker": {"symbol": "triangle-up", "size": 12, "color": WHITE, "line": {"width": 1.5, "color": SHADE}},
    }


def _region_values(study: Study, values: dict[Side, F64]) -> dict[str, Any]:
    """The largest value of each region, written in its middle."""
    unit, x, y, text, hover = unit_of(study.walk), [], [], [], []
    for side, regions in by_side(study).items():
        found = region_maxima(regions, values[side])
        for of in regions:
            x.append(of.x_mm)
            y.append(of.y_mm)
            text.append(number(found[of.name], unit))
            hover.append(f"{region(of.name)}: {number(found[of.name], unit)} {unit}")
    return {
        "x": x,
        "y": y,
        "text": text,
        "hovertext": hover,
        "mode": "markers+text",
        "hovertemplate": "%{hovertext}<extra></extra>",
        "textfont": {"color": "rgb(255,255,255)", "size": 14, "shadow": "0 0 3px #000, 0 0 3px #000, 0 0 6px #000"},
        "marker": {"size": 26, "color": "rgba(0,0,0,0)"},
    }


def alt(study: Study) -> str:
    """The highest sensor of each foot and where it lies."""
    unit = unit_of(study.walk)
    parts = []
    for side, values in peak_values(study.walk).items():
        if not np.isfinite(values).any():
            parts.append(foot_says(side, _("no sensor has a value")))
            continue
        sensor = int(np.nanargmax(values))
        layout = study.walk.feet[side].layout
        along = 100 * (layout.xy_mm[sensor, 1] - layout.outline_mm[:, 1].min()) / layout.length_mm
        text = _("highest {value} {unit} at sensor {sensor}, {along} % of the insole's length from the heel")
        value = number(float(values[sensor]), unit)
        parts.append(foot_says(side, text.format(value=value, unit=unit, sensor=sensor + 1, along=f"{along:.0f}")))
    return findings(_("Pressure map"), parts)


FIGURE = Figure(
    name="pressure_map",
    title=N_("Pressure under the feet"),
    build=build,
    alt=alt,
    order=10,
    part="map",
    wide=True,
    note=N_(
        "Seen from above, toes up. In each region stands its highest sensor in what is shown. "
        "A crossed ring is a sensor without a value, a triangle one that reached the end of its range."
    ),
)
