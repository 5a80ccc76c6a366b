"""How complete the recording is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.metric import Metric
from analysis.swapped import swapped_sensors
from insole.report import Caveat, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.evidence import Evidence


def measure(evidence: Evidence) -> Iterator[Value | Caveat]:
    """Time recorded and missing, samples lost, sensors without signal, drift of the zero, by foot.

    All within the foot's own first and last sample. ``gap_time_s`` also holds samples that
    are there but not whole (a sensor without a value). The drift is the slope of what the
    sensors read in swing, before it is taken off.
    """
    for side, foot in evidence.walk.feet.items():
        seen = int(np.count_nonzero(foot.valid))
        yield Value("wear_time_s", seen * foot.period_s, "s", side=side)
        yield Value("gap_time_s", (foot.valid.size - seen) * foot.period_s, "s", side=side)
        yield Value("lost_packets_count", foot.lost_samples, "1", side=side)
        yield Value("dead_sensors_count", int(np.count_nonzero(foot.dead)), "1", side=side)
        drift = foot.baseline.drift_per_h(foot.rate_hz) if foot.baseline is not None and foot.has_pressure else None
        if drift is not None:
            yield Value("drift_kpa_per_h", drift, "kPa/h", side=side)
        pairs = swapped_sensors(foot, evidence.clean[side])
        if pairs:
            named = "; ".join(f"{a + 1} and {b + 1}" for a, b in pairs)
            text = f"{side} foot: sensors {named} load as if exchanged; check the insole's wiring or layout"
            yield Caveat("swapped_sensors", text, side)


METRIC = Metric(
    name="quality",
    title="How complete is the recording?",
    units={
        "wear_time_s": "s",
        "gap_time_s": "s",
        "lost_packets_count": "1",
        "dead_sensors_count": "1",
        "drift_kpa_per_h": "kPa/h",
    },
    measure=measure,
)
