"""How much of a stride is on both feet, and on one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.contacts import BRIDGED_GAP_S
from analysis.metric import Metric, mean_over
from analysis.quality import gap_runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.contacts import Contact
    from analysis.evidence import Evidence
    from analysis.steps import Stride
    from analysis.walk import FootWalk
    from insole.report import Value


def measure(evidence: Evidence) -> Iterator[Value]:
    """Double and single support, as parts of each foot's strides.

    Double support is the time of a stance during which the other foot is on the ground too
    (both such phases of a stride together), single support the rest of the stance.
    """
    for side in evidence.walk.feet:
        other = evidence.walk.feet.get(side.other)
        if other is None or not evidence.steps[other.side]:
            continue
        strides = _seen(evidence.strides[side], other)
        if not strides:
            continue
        both = overlaps(strides, evidence.contacts[other.side])
        stride, stance = (np.array([getattr(s, k) for s in strides]) for k in ("duration_s", "stance_s"))
        yield from mean_over("double_support_pct", "%", 100 * both / stride, side)
        yield from mean_over("single_support_pct", "%", 100 * (stance - both) / stride, side)


def _seen(strides: Sequence[Stride], other: FootWalk) -> list[Stride]:
    """Strides during which the other foot is known, gaps that are bridged for events apart."""
    starts, stops = gap_runs(other.valid)
    long = stops - starts > BRIDGED_GAP_S * other.rate_hz + 1e-9
    gap_from, gap_to = other.time_s[starts[long]], other.time_s[stops[long] - 1]
    first, last = float(other.time_s[0]), float(other.time_s[-1])
    return [
        s
        for s in strides
        if first <= s.start_s
        and s.stop_s <= last
        # The first gap that ends after the stride began must begin after the stride ends.
        and ((k := int(np.searchsorted(gap_to, s.start_s))) == gap_to.size or gap_from[k] > s.stop_s)
    ]


def overlaps(strides: Sequence[Stride], others: Sequence[Contact]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """``(K,)`` seconds of each stride's stance in which the other foot is on the ground."""
    starts, stops = (np.array([getattr(c, k) for c in others]) for k in ("start_s", "stop_s"))
    out = np.zeros(len(strides))
    for i, stride in enumerate(strides):
        first, last = np.searchsorted(stops, stride.start_s), np.searchsorted(starts, stride.off_s)
        shared = np.minimum(stops[first:last], stride.off_s) - np.maximum(starts[first:last], stride.start_s)
        out[i] = np.maximum(shared, 0.0).sum()
    return out


METRIC = Metric(
    name="support",
    title="How much of a stride is on both feet?",
    units={"double_support_pct": "%", "single_support_pct": "%"},
    measure=measure,
)
