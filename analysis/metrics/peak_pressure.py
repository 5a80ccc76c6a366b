"""Where the pressure is highest in a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.load import live_regions
from analysis.metric import Metric, mean_over
from insole.recording import Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.evidence import Evidence
    from insole.report import Value


def measure(evidence: Evidence) -> Iterator[Value]:
    """Largest pressure of any sensor during each clean step, of the foot and of its regions.

    Mean over steps, as in pressuRe 0.2.7 (``press_peak_sensor``). A sensor belongs to a region
    if any part of it does. Dead sensors are left out.
    """
    for side, foot in evidence.walk.feet.items():
        steps = evidence.clean[side]
        if foot.unit is not Unit.KPA or not steps:
            continue
        peaks = np.array([np.fmax.reduce(foot.values[s.start : s.stop], axis=0) for s in steps], np.float64)
        yield from mean_over("peak_pressure_kpa", "kPa", peaks[:, ~foot.dead].max(axis=1), side)
        for _, region in live_regions(foot):
            members = foot.layout.mask.members(region) & ~foot.dead
            yield from mean_over("peak_pressure_kpa", "kPa", peaks[:, members].max(axis=1), side, region)


METRIC = Metric(
    name="peak_pressure",
    title="Where is the pressure highest?",
    units={"peak_pressure_kpa": "kPa"},
    measure=measure,
)
