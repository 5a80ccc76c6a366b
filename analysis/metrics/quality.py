"""How complete the recording is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.metric import Metric
from insole.report import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.evidence import Evidence


def measure(evidence: Evidence) -> Iterator[Value]:
    """Time without valid samples, samples that were lost, sensors without signal, by foot.

    All within the foot's own first and last sample. ``gap_time_s`` also holds samples that
    are there but not whole (a sensor without a value).
    """
    for side, foot in evidence.walk.feet.items():
        missing = foot.valid.size - np.count_nonzero(foot.valid)
        yield Value("gap_time_s", missing * foot.period_s, "s", side=side)
        yield Value("lost_packets_count", foot.lost_samples, "1", side=side)
        yield Value("dead_sensors_count", int(np.count_nonzero(foot.dead)), "1", side=side)


METRIC = Metric(
    name="quality",
    title="How complete is the recording?",
    units={"gap_time_s": "s", "lost_packets_count": "1", "dead_sensors_count": "1"},
    measure=measure,
)
