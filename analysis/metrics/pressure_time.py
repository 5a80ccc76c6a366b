"""How much pressure a place takes over a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.metric import Metric, over_regions
from analysis.perstep import pressure_time_melai_kpas, pressure_time_novel_kpas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.evidence import Evidence
    from insole.report import Value


def measure(evidence: Evidence) -> Iterator[Value]:
    """Pressure-time integral of each clean step, in two variants that differ; mean over steps.

    ``novel``: the largest pressure in the region at each moment, summed over time (``pti_1`` of
    pressuRe 0.2.7). ``melai``: the integral of the region's force over the area that is loaded at
    any time of the step (``pti_2``, which pressuRe names after Melai). Only like variants compare.
    """
    for side, stances in evidence.stances.items():
        if not evidence.walk.feet[side].has_pressure:
            continue
        name, unit = "pressure_time_integral_kpas", "kPa·s"
        yield from over_regions(name, unit, pressure_time_novel_kpas(stances), stances, side, variant="novel")
        yield from over_regions(name, unit, pressure_time_melai_kpas(stances), stances, side, variant="melai")


METRIC = Metric(
    name="pressure_time",
    title="How much pressure does a place take over a step?",
    units={"pressure_time_integral_kpas": "kPa·s"},
    measure=measure,
)
