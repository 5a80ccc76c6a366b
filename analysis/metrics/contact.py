"""How much of the sole is loaded, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.metric import Metric, over_regions
from analysis.perstep import contact_area_mm2, contact_time_pct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.evidence import Evidence
    from insole.report import Value


def measure(evidence: Evidence) -> Iterator[Value]:
    """Contact area and contact time of each clean step, above the contact threshold; mean over steps.

    The area is the largest sum of loaded sensors' areas at any moment of the step; it compares
    only within one kind of insole. The time is that during which any sensor of the region is
    loaded, in % of the stance.
    """
    for side, stances in evidence.stances.items():
        if not evidence.walk.feet[side].has_pressure:
            continue
        yield from over_regions("contact_area_mm2", "mm²", contact_area_mm2(stances), stances, side)
        yield from over_regions("contact_time_pct", "%", contact_time_pct(stances), stances, side)


METRIC = Metric(
    name="contact",
    title="How much of the sole is loaded, and for how long?",
    units={"contact_area_mm2": "mm²", "contact_time_pct": "%"},
    measure=measure,
)
