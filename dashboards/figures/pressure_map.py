"""Where under the feet the largest pressures are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dashboards.figure import Figure
from dashboards.footmap import feet_map, scale_top
from dashboards.language import N_
from dashboards.maps import layouts_of, peak_values, unit_of
from dashboards.words import findings, number

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from analysis.recipe import Study


def build(study: Study) -> go.Figure:
    """Both feet, each sensor's largest value of the recording."""
    peaks = peak_values(study.walk)
    return feet_map(layouts_of(study.walk), peaks, unit=unit_of(study.walk), top=scale_top(peaks))


def alt(study: Study) -> str:
    """The highest sensor of each foot and where it lies."""
    unit = unit_of(study.walk)
    parts = []
    for side, values in peak_values(study.walk).items():
        if not np.isfinite(values).any():
            parts.append(f"{side.capitalize()} foot: no sensor has a value")
            continue
        sensor = int(np.nanargmax(values))
        layout = study.walk.feet[side].layout
        along = 100 * (layout.xy_mm[sensor, 1] - layout.outline_mm[:, 1].min()) / layout.length_mm
        parts.append(
            f"{side.capitalize()} foot: highest {number(float(values[sensor]), unit)} {unit} "
            f"at sensor {sensor + 1}, {along:.0f} % of the insole's length from the heel"
        )
    return findings("Pressure map", parts)


FIGURE = Figure(
    name="pressure_map",
    title=N_("Pressure under the feet"),
    build=build,
    alt=alt,
    order=10,
    note=N_(
        "Seen from above, toes up. Dots are the sensors; colour between them is interpolated. "
        "A crossed ring is a sensor without a value."
    ),
)
