"""How long stance, swing, stride and step are, and how regular."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.metric import Metric, mean_over
from analysis.symmetry import symmetry_index_pct
from insole.recording import Side
from insole.report import Caveat, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.evidence import Evidence
    from analysis.steps import Stride

LEAST_FOR_CV = 5
"""Strides below which a coefficient of variation is not given (our judgement)."""

FEW_FOR_CV = 30
"""Strides below which it comes with a caveat: 30 a foot are advised (after Melvin JMA et al. 2014,
Gait Posture 40:682, who needed 30 steps per foot in new footwear)."""


def measure(evidence: Evidence) -> Iterator[Value | Caveat]:
    """Mean times of clean stances and strides, with the standard deviation over them.

    ``swing_time_asymmetry_pct`` is the size of the symmetry index, without its sign. A
    platform's footprint has no strides.
    """
    means: dict[tuple[str, Side], float] = {}
    for side in evidence.walk.feet:
        for value in _of_side(evidence, side):
            means[value.name, side] = value.value
            yield value
        n = len(evidence.strides[side])
        if not n and evidence.clean[side] and not evidence.walk.feet[side].layout.platform:
            text = f"{side} foot: no two clean steps follow each other, so there are no times of strides or swings"
            yield Caveat("no_strides", text, side)
        if 0 < n < FEW_FOR_CV:
            given = "are advised for coefficients of variation; take them with care"
            text = f"{side} foot: {n} strides; {FEW_FOR_CV} or more {given}"
            yield Caveat("few_strides", text, side)
    yield from _cadence(evidence)
    for name in ("stance_time", "swing_time"):
        pair = [means.get((f"{name}_s", side)) for side in Side]
        if pair[0] is not None and pair[1] is not None:
            index = symmetry_index_pct(pair[0], pair[1])
            if index is not None:
                yield Value(f"{name}_symmetry_index_pct", index, "%", variant="robinson")
                if name == "swing_time":
                    yield Value("swing_time_asymmetry_pct", abs(index), "%", variant="unsigned")


def _of_side(evidence: Evidence, side: Side) -> Iterator[Value]:
    stance = np.array([s.stop_s - s.start_s for s in evidence.clean[side]])
    strides = evidence.strides[side]
    stride, swing = (np.array([getattr(s, key) for s in strides]) for key in ("duration_s", "swing_s"))
    yield from mean_over("stance_time_s", "s", stance, side)
    yield from mean_over("swing_time_s", "s", swing, side)
    yield from mean_over("stride_time_s", "s", stride, side)
    yield from mean_over("step_time_s", "s", step_times(strides, _foot_ons(evidence, side.other)), side)
    yield from mean_over("stance_pct", "%", 100 * (1 - swing / stride) if stride.size else stride, side)
    yield from mean_over("swing_pct", "%", 100 * swing / stride if stride.size else stride, side)
    for name, a in (("stride_time_cv_pct", stride), ("stance_time_cv_pct", stance)):
        if a.size >= LEAST_FOR_CV:
            cv = 100 * float(a.std(ddof=1) / a.mean())
            yield Value(name, cv, "%", side=side, n_steps=int(a.size))


def _foot_ons(evidence: Evidence, side: Side) -> list[float]:
    return [s.start_s for s in evidence.clean.get(side, ())]


def step_times(strides: Sequence[Stride], other_ons: Sequence[float]) -> list[float]:
    """From the other foot's foot-on to this foot's next, in s.

    Parameters
    ----------
    strides
        Of this foot; each ends with the foot-on of a step.
    other_ons
        Foot-ons of the other foot's clean steps, rising.

    Returns
    -------
    One for each stride within which the other foot came down exactly once.
    """
    ons = np.asarray(other_ons, np.float64)
    times = []
    for stride in strides:
        first, last = np.searchsorted(ons, [stride.start_s, stride.stop_s], side="right")
        if last - first == 1:
            times.append(stride.stop_s - float(ons[first]))
    return times


def _cadence(evidence: Evidence) -> Iterator[Value]:
    strides = [s.duration_s for of_side in evidence.strides.values() for s in of_side]
    if strides:
        yield Value("cadence_spm", 120.0 / float(np.median(strides)), "steps/min", n_steps=len(strides))


METRIC = Metric(
    name="timing",
    title="How long are stance, swing, stride and step?",
    units={
        "stance_time_s": "s",
        "swing_time_s": "s",
        "stride_time_s": "s",
        "step_time_s": "s",
        "stance_pct": "%",
        "swing_pct": "%",
        "cadence_spm": "steps/min",
        "stride_time_cv_pct": "%",
        "stance_time_cv_pct": "%",
        "stance_time_symmetry_index_pct": "%",
        "swing_time_symmetry_index_pct": "%",
        "swing_time_asymmetry_pct": "%",
    },
    measure=measure,
)
