"""Where the pressure is highest in a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.metric import Metric, over_regions
from analysis.perstep import mean_peak_pressure_kpa, peak_pressure_kpa

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.evidence import Evidence
    from insole.report import Value


def measure(evidence: Evidence) -> Iterator[Value]:
    """Peak pressure, and the peak of the mean pressure, of each clean step; mean over steps.

    ``peak_pressure_kpa`` is the largest pressure of any sensor with a part in the region, over
    the step (``press_peak_sensor`` of pressuRe 0.2.7). ``mean_peak_pressure_kpa`` is the region's
    largest force over the area of its sensors that are loaded at any time of the step
    (``press_peak_mask``); absent where nothing was loaded. Few or large sensors read both low.
    """
    for side, stances in evidence.stances.items():
        if not evidence.walk.feet[side].has_pressure:
            continue
        yield from over_regions("peak_pressure_kpa", "kPa", peak_pressure_kpa(stances), stances, side)
        yield from over_regions("mean_peak_pressure_kpa", "kPa", mean_peak_pressure_kpa(stances), stances, side)


METRIC = Metric(
    name="peak_pressure",
    title="Where is the pressure highest?",
    units={"peak_pressure_kpa": "kPa", "mean_peak_pressure_kpa": "kPa"},
    measure=measure,
)
