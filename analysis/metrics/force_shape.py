"""How the foot takes weight and pushes off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.curves import humps
from analysis.metric import Metric, mean_over
from insole.report import Caveat, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.evidence import Evidence

ONE_HUMP_SHARE = 0.5
"""Part of the steps with one hump only from which the report says so (our judgement)."""


def measure(evidence: Evidence) -> Iterator[Value | Caveat]:
    """First peak, midstance trough, second peak and loading rate of each clean step; mean over steps.

    See ``analysis.curves.humps``. The loading rate is the first peak over the time from foot-on
    to it (as the public loadsol_processing code has it). Steps with one hump are left out.
    """
    for side, curves in evidence.curves.items():
        found = humps(curves, body_weight_n=evidence.weight_n)
        yield from mean_over("first_peak_n", "N", found.first_n, side)
        yield from mean_over("midstance_trough_n", "N", found.trough_n, side)
        yield from mean_over("second_peak_n", "N", found.second_n, side)
        rate = found.first_n / np.where(found.first_s > 0, found.first_s, np.nan)
        yield from mean_over("loading_rate_n_per_s", "N/s", rate, side)
        single = float(np.isnan(found.first_n).mean())
        if single > ONE_HUMP_SHARE:
            text = (
                f"{side} foot: {100 * single:.0f} % of steps have one force peak, not two; first and second peak, "
                "trough and loading rate are of the others only, or absent"
            )
            yield Caveat("one_hump", text, side)


METRIC = Metric(
    name="force_shape",
    title="How does the foot take weight and push off?",
    units={
        "first_peak_n": "N",
        "midstance_trough_n": "N",
        "second_peak_n": "N",
        "loading_rate_n_per_s": "N/s",
    },
    measure=measure,
)
