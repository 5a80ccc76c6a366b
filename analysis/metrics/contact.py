"""How much of the sole is loaded, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.metric import Metric, over_regions

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
        yield from over_regions("contact_area_mm2", "mm²", stances.most(stances.area_mm2), stances, side)
        loaded = stances.total((stances.peak > stances.threshold_kpa).astype(np.float64))
        stance = stances.total(np.ones_like(stances.peak))
        yield from over_regions("contact_time_pct", "%", 100 * loaded / stance, stances, side)


METRIC = Metric(
    name="contact",
    title="How much of the sole is loaded, and for how long?",
    units={"contact_area_mm2": "mm²", "contact_time_pct": "%"},
    measure=measure,
)
