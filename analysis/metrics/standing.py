"""How the person stands: load on each foot, and on its front."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.load import common_rows, sensor_forces, sensor_means
from analysis.metric import Metric
from analysis.standing import standing_rows
from insole.recording import Side
from insole.report import Caveat, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.evidence import Evidence
    from insole.typing import F64


def measure(evidence: Evidence) -> Iterator[Value | Caveat]:
    """Time of quiet standing, and over all of it the mean loads.

    Means are over the samples of each foot, within quiet standing, that are valid while the
    other foot is known too: relaxed standing alternates between the feet, so only a mean over
    time stands for a person (Motor Control 2019, in docs/clinical-method.md). The asymmetry,
    100 (R - L)/(R + L), is Childs et al. 2003, whose body weight is here the feet's total, so
    that a device that reads too little or too much does not change it.
    """
    walk = evidence.walk
    if not walk.feet:
        return
    rows = {s: common_rows(walk, foot) & standing_rows(foot, evidence.standing) for s, foot in walk.feet.items()}
    stood_s = min(float(np.count_nonzero(rows[side])) * foot.period_s for side, foot in walk.feet.items())
    yield Value("standing_time_s", stood_s, "s")
    if stood_s:
        yield from _loads(evidence, {s: sensor_forces(f, sensor_means(f, rows[s])) for s, f in walk.feet.items()})
    elif any(stretch.marked for stretch in evidence.standing):
        yield Caveat("no_standing", "the stretches marked as standing hold no time at which all feet are known")


def _loads(evidence: Evidence, forces: Mapping[Side, F64]) -> Iterator[Value | Caveat]:
    """Shares of the mean force ``(S,)`` of each foot's sensors in standing."""
    halves = {side: _halves(evidence, side, force) for side, force in forces.items()}
    for side, half in halves.items():
        yield from _leaning(half, side)
    if not evidence.loads_comparable:
        return
    left, right = (max(float(halves[side].sum()), 0.0) for side in Side)
    if left + right <= 0:
        yield Caveat("no_load", "neither foot was loaded in standing, so there are no shares of load in standing")
        return
    yield Value("standing_asymmetry_pct_bw", 100 * (right - left) / (left + right), "%")
    for side, force in ((Side.LEFT, left), (Side.RIGHT, right)):
        yield Value("standing_load_share_pct", 100 * force / (left + right), "%", side=side)
    yield from _leaning(halves[Side.LEFT] + halves[Side.RIGHT], None)


def _halves(evidence: Evidence, side: Side, force: F64) -> F64:
    """``(2,)`` force before and behind half of the insole's length."""
    fore = evidence.walk.feet[side].layout.fore
    return np.array([force[fore].sum(), force[~fore].sum()])


def _leaning(halves: F64, side: Side | None) -> Iterator[Value]:
    total = float(halves.sum())
    if total > 0:
        fore, rear = (100 * float(half) / total for half in halves)
        yield Value("standing_fore_load_share_pct", fore, "%", side=side)
        yield Value("standing_rear_load_share_pct", rear, "%", side=side)


METRIC = Metric(
    name="standing",
    title="How does the person stand?",
    units={
        "standing_time_s": "s",
        "standing_asymmetry_pct_bw": "%",
        "standing_load_share_pct": "%",
        "standing_fore_load_share_pct": "%",
        "standing_rear_load_share_pct": "%",
    },
    measure=measure,
)
