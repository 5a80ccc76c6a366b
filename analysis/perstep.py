"""What each clean step measures, region by region: the numbers whose means a report holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from analysis.evidence import Evidence
    from analysis.stances import Stances
    from insole.recording import Side
    from insole.typing import F64


@dataclass(frozen=True)
class Measure:
    """One number of each step and region.

    Attributes
    ----------
    name, unit, variant
        As in the report.
    of
        ``(K, R)`` numbers of the K clean steps in R regions; NaN where there is none.
    needs_pressure
        Whether it takes kPa; else it takes newtons.
    """

    name: str
    unit: str
    of: Callable[[Stances], F64]
    variant: str | None = None
    needs_pressure: bool = True


def peak_force(stances: Stances) -> F64:
    """Largest force of each step, in the foot's force unit."""
    return stances.most(stances.force)


def force_time_integral(stances: Stances) -> F64:
    """Trapezoidal integral of the force over each step, in the foot's force unit times s."""
    return stances.integral(stances.force)


def peak_pressure_kpa(stances: Stances) -> F64:
    """Largest pressure of any sensor with a part in the region (``press_peak_sensor`` of pressuRe 0.2.7)."""
    return stances.most(stances.peak)


def mean_peak_pressure_kpa(stances: Stances) -> F64:
    """Largest force over the area that is loaded at any time of the step (``press_peak_mask`` of pressuRe 0.2.7)."""
    return stances.most(stances.force) / _ever_m2(stances) * 1e-3


def pressure_time_novel_kpas(stances: Stances) -> F64:
    """Largest pressure in the region at each moment, summed over time (``pti_1`` of pressuRe 0.2.7)."""
    return stances.total(stances.peak)


def pressure_time_melai_kpas(stances: Stances) -> F64:
    """Integral of the force over the area that is loaded at any time of the step (``pti_2`` of pressuRe 0.2.7)."""
    return stances.integral(stances.force) / _ever_m2(stances) * 1e-3


def contact_area_mm2(stances: Stances) -> F64:
    """Largest area of loaded sensors at any moment."""
    return stances.most(stances.area_mm2)


def contact_time_pct(stances: Stances) -> F64:
    """Time during which any sensor of the region is loaded, in % of the stance."""
    loaded = stances.total((stances.peak > stances.threshold_kpa).astype(np.float64))
    return 100 * loaded / stances.total(np.ones_like(stances.peak))


def _ever_m2(stances: Stances) -> F64:
    return np.where(stances.ever_mm2 > 0, stances.ever_mm2, np.nan) * 1e-6


MEASURES = (
    Measure("peak_force_n", "N", peak_force, needs_pressure=False),
    Measure("force_time_integral_ns", "N·s", force_time_integral, needs_pressure=False),
    Measure("peak_pressure_kpa", "kPa", peak_pressure_kpa),
    Measure("mean_peak_pressure_kpa", "kPa", mean_peak_pressure_kpa),
    Measure("pressure_time_integral_kpas", "kPa·s", pressure_time_novel_kpas, "novel"),
    Measure("pressure_time_integral_kpas", "kPa·s", pressure_time_melai_kpas, "melai"),
    Measure("contact_area_mm2", "mm²", contact_area_mm2),
    Measure("contact_time_pct", "%", contact_time_pct),
)
"""All of them, in the order of a report."""


def measured(evidence: Evidence, side: Side) -> Iterator[tuple[Measure, F64]]:
    """Each measure that a foot's sensors allow, with its ``(K, R)`` numbers; nothing without a clean step."""
    stances = evidence.stances.get(side)
    foot = evidence.walk.feet[side]
    if stances is None:
        return
    for measure in MEASURES:
        if foot.has_pressure if measure.needs_pressure else foot.in_newtons:
            yield measure, measure.of(stances)
