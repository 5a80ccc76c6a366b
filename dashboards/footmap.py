"""The pressure map of both feet: one figure that the recording's page and the live page share."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from dashboards.feet import PageGrid, closed, page_grid, place
from dashboards.language import _
from dashboards.theme import LIGHT, PRESSURE_SCALE, style
from dashboards.words import side_name
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insole.layout import SensorLayout
    from insole.typing import F64, Bool

HEIGHT_PX = 520

DOT_MM = 0.9
"""Half the width of a sensor's dot on a still map."""

MAP, SENSORS, MISSING = 0, 1, 2
"""Which trace of the figure is which; the page's scripts repaint them by these numbers."""


def feet_map(
    layouts: Mapping[Side, SensorLayout],
    values: Mapping[Side, F64],
    *,
    unit: str,
    top: float,
    grid: PageGrid | None = None,
    still: bool = False,
) -> go.Figure:
    """Both insoles, toes up, coloured by what their sensors measured.

    Parameters
    ----------
    layouts
        The insole of each foot shown.
    values
        ``(S,)`` by side; NaN is a missing sensor, drawn as an empty crossed ring.
    unit
        Unit of the values, shown at the colour scale.
    top
        Value of the scale's brightest colour; the darkest is zero.
    grid
        The page grid, where the caller has it already.
    still
        True for a map that is repainted many times a second and answers no pointer: its
        sensors are one shape and not a mark each (198 marks took 18 ms a repaint, the shape 11).
    """
    grid = grid or page_grid(layouts)
    figure = go.Figure()
    figure.add_heatmap(
        x=grid.x_mm,
        y=grid.y_mm,
        z=grid.fill(values).astype(np.float32),
        zmin=0,
        zmax=top,
        zsmooth="fast",
        colorscale=PRESSURE_SCALE,
        hoverinfo="skip",
        colorbar=_scale(unit),
    )
    xy = {side: place(side, layout.xy_mm, layout) for side, layout in layouts.items()}
    lost = {side: ~np.isfinite(_values(values, side, len(at))) for side, at in xy.items()}
    figure.add_scatter(**({} if still or not xy else _sensors(xy, values, lost, unit)))
    figure.add_scatter(**({} if not xy else _missing(xy, lost)))
    _frame(figure, grid, layouts)
    if still:
        figure.add_shape(type="path", path=_dots(xy), fillcolor="rgba(255,255,255,0.6)", line={"width": 0})
    return figure


def grid_to_json(grid: PageGrid, layouts: Mapping[Side, SensorLayout]) -> dict[str, Any]:
    """What a browser needs to repaint the map from sensor values alone.

    Returns
    -------
    ``nx``, ``ny``, and by side: ``cell`` (C), ``k``, ``sensor`` (C·k) and ``weight`` (C·k)
    row by row, and ``xy_mm`` of the sensors on the page.
    """
    return {
        "nx": grid.x_mm.size,
        "ny": grid.y_mm.size,
        "feet": {
            side: {
                "cell": foot.cell.tolist(),
                "k": int(foot.sensor.shape[1]),
                "sensor": foot.sensor.ravel().tolist(),
                "weight": np.round(foot.weight, 4).ravel().tolist(),
                "xy_mm": np.round(place(side, layouts[side].xy_mm, layouts[side]), 1).tolist(),
            }
            for side, foot in grid.feet.items()
        },
    }


def scale_top(values: Mapping[Side, F64]) -> float:
    """A round number at or above the largest value: the end of the colour scale.

    Steps of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten; 1 if nothing was measured.
    """
    largest = max((float(np.nanmax(v)) for v in values.values() if np.isfinite(v).any()), default=0.0)
    if largest <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(largest))
    steps = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    return next(step * power for step in steps if step * power >= largest * (1 - 1e-9))


def _values(values: Mapping[Side, F64], side: Side, n: int) -> F64:
    return np.asarray(values[side], float) if side in values else np.full(n, np.nan)


def _scale(unit: str) -> dict[str, Any]:
    return {
        "ticksuffix": f" {unit}",
        "showticksuffix": "last",
        "tickfont": {"color": LIGHT.muted},
        "orientation": "h",
        "thickness": 10,
        "len": 0.72,
        "x": 0.5,
        "y": 0,
        "yanchor": "top",
        "ypad": 6,
        "outlinewidth": 0,
        "nticks": 6,
    }


def _sensors(
    xy: Mapping[Side, F64], values: Mapping[Side, F64], lost: Mapping[Side, Bool], unit: str
) -> dict[str, Any]:
    text = [
        sensor_says(side, i, None if gone else float(value), unit)
        for side, at in xy.items()
        for i, (value, gone) in enumerate(zip(_values(values, side, len(at)), lost[side], strict=True))
    ]
    at = np.vstack(list(xy.values()))
    return {
        "x": at[:, 0],
        "y": at[:, 1],
        "text": text,
        "mode": "markers",
        "hovertemplate": "%{text}<extra></extra>",
        "showlegend": False,
        "marker": {
            "size": 5 if len(at) < 100 else 3,
            "color": "rgba(255,255,255,0.55)",
            "line": {"width": 0.5, "color": "rgba(0,0,0,0.45)"},
        },
    }


def sensor_says(side: Side, column: int, value: float | None, unit: str) -> str:
    """What a pointer on a sensor reads; the page's script says it in the same words."""
    text = _("left sensor {n}: {value}") if side is Side.LEFT else _("right sensor {n}: {value}")
    return text.format(n=column + 1, value=_("no value") if value is None else f"{value:.0f} {unit}")


def _dots(xy: Mapping[Side, F64]) -> str:
    corner = DOT_MM * np.array([[-1, 0], [0, 1], [1, 0], [0, -1]])
    return " ".join(svg_path(at + corner) for at in np.vstack(list(xy.values())))


def _missing(xy: Mapping[Side, F64], lost: Mapping[Side, Bool]) -> dict[str, Any]:
    at = np.vstack([xy[side][lost[side]] for side in xy])
    return {
        "x": at[:, 0],
        "y": at[:, 1],
        "mode": "markers",
        "hoverinfo": "skip",
        "showlegend": False,
        "marker": {"symbol": "circle-x-open", "size": 11, "color": LIGHT.muted, "line": {"width": 1.5}},
    }


def _frame(figure: go.Figure, grid: PageGrid, layouts: Mapping[Side, SensorLayout]) -> None:
    outlines = {side: closed(place(side, layout.outline_mm, layout)) for side, layout in layouts.items()}
    (x0, x1), (y0, y1) = (grid.x_mm[0], grid.x_mm[-1]), (grid.y_mm[0], grid.y_mm[-1])
    edge = " ".join(svg_path(outline) for outline in outlines.values())
    around = svg_path(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]))
    beside = {"path": f"{around} {edge}", "fillrule": "evenodd", "fillcolor": LIGHT.surface, "line": {"width": 0}}
    style(figure, height=HEIGHT_PX)
    figure.update_layout(
        margin={"l": 8, "r": 8, "t": 24, "b": 48},
        shapes=[
            {"type": "path", "layer": "above", **shape}
            for shape in (beside, {"path": edge or around, "line": {"color": LIGHT.muted, "width": 1.5}})
        ],
        annotations=[
            {"x": float(o[:, 0].mean()), "y": y1, "text": side_name(side), "showarrow": False}
            | {"font": {"color": LIGHT.left if side is Side.LEFT else LIGHT.right, "size": 14}, "yanchor": "bottom"}
            for side, o in outlines.items()
        ],
    )
    hidden = {"visible": False, "fixedrange": True, "automargin": False}
    figure.update_xaxes(range=[x0, x1], constrain="domain", **hidden)
    figure.update_yaxes(range=[y0, y1], scaleanchor="x", constrain="domain", **hidden)


def svg_path(xy_mm: F64) -> str:
    """A closed SVG path through ``(n, 2)`` points, in the figure's coordinates."""
    return "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in xy_mm) + " Z"
