"""How the load is shared, between the feet and within each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.evidence import LEAST_STEPS_OF_COUNTS
from analysis.load import common_rows, counted_rows, sensor_forces, sensor_means
from analysis.metric import Metric
from analysis.quality import gap_runs
from analysis.symmetry import symmetry_angle_pct, symmetry_index_pct
from insole.recording import Side, Unit
from insole.report import Caveat, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.evidence import Evidence
    from analysis.walk import FootWalk
    from insole.layout import Mask
    from insole.typing import F64, Bool

PART_STRIDES_POINTS = 2.0
"""Points of the symmetry index that the strides cut at a recording's ends may be worth before the
report says so (our judgement)."""


LEAST_LOAD_N = 20.0
"""Mean force of a foot, in N, below which its parts have no shares: that of the centre of pressure (our judgement)."""


def measure(evidence: Evidence) -> Iterator[Value | Caveat]:
    """Mean and largest force, shares of load, symmetry of load.

    ``force_mean_n`` and ``force_max_n`` are over each foot's valid samples. Comparisons of
    the feet are of mean forces over the samples of each foot that are valid while the other
    foot's nearest sample, within half a period, is valid too. Shares within a foot are over
    all its valid samples. Stretches that a person excluded do not count.
    """
    for side, foot in evidence.walk.feet.items():
        rows = counted_rows(foot, evidence.options.marks, side)
        if not rows.any():
            yield Caveat(
                "all_excluded", f"{side} foot: every sample is in an excluded stretch, so it has no loads", side
            )
            continue
        if foot.in_newtons:
            force = foot.force[rows]
            yield Value("force_mean_n", float(force.mean()), "N", side=side)
            yield Value("force_max_n", float(force.max()), "N", side=side)
        if foot.unit is not Unit.COUNTS or len(evidence.steps[side]) >= LEAST_STEPS_OF_COUNTS:
            yield from _within(foot, rows, evidence.mask(side))
    if evidence.loads_comparable:
        yield from _between(evidence)
    elif evidence.walk.comparable:
        text = "loads of uncalibrated feet are compared only if both take steps: only swing shows where sensors rest"
        yield Caveat("no_resting_level", text)


def _within(foot: FootWalk, rows: Bool, mask: Mask | None) -> Iterator[Value]:
    """Shares of regions and of the fore and rear half in the foot's own load."""
    forces = sensor_forces(foot, sensor_means(foot, rows))
    total = float(forces.sum())
    if total <= (LEAST_LOAD_N if foot.in_newtons else 0.0):
        return  # shares of noise are none
    for region, weight in zip(mask.regions, mask.weight, strict=True) if mask is not None else ():
        if (weight[~foot.dead] > 0).any():
            yield Value("load_share_pct", 100 * float(weight @ forces) / total, "%", side=foot.side, region=region)
    yield from _halves(forces, foot, foot.side)


def _halves(forces: F64, foot: FootWalk, side: Side | None) -> Iterator[Value]:
    fore, rear = float(forces[foot.layout.fore].sum()), float(forces[~foot.layout.fore].sum())
    if fore + rear > 0 and _has_halves(foot):
        yield Value("fore_load_share_pct", 100 * fore / (fore + rear), "%", side=side)
        yield Value("rear_load_share_pct", 100 * rear / (fore + rear), "%", side=side)


def _has_halves(foot: FootWalk) -> bool:
    """Whether sensors lie in both halves: of one for the whole foot, neither share is known."""
    return bool(foot.layout.fore.any() and not foot.layout.fore.all())


def _between(evidence: Evidence) -> Iterator[Value | Caveat]:
    feet = evidence.walk.feet
    marks = evidence.options.marks
    rows = {s: common_rows(evidence.walk, foot) & counted_rows(foot, marks, *Side) for s, foot in feet.items()}
    if not all(r.any() for r in rows.values()):
        yield Caveat(
            "no_common_time", "there is no time at which both feet are known and count, so their loads are not compared"
        )
        return
    mean = {side: float(foot.force[rows[side]].mean()) for side, foot in feet.items()}
    total = sum(mean.values())
    if total <= (LEAST_LOAD_N if all(foot.in_newtons for foot in feet.values()) else 0.0):
        yield Caveat("no_load", "neither foot was loaded, so there are no shares of load")
        return
    for side in Side:
        yield Value("load_share_pct", 100 * mean[side] / total, "%", side=side)
    index = symmetry_index_pct(mean[Side.LEFT], mean[Side.RIGHT])
    angle = symmetry_angle_pct(mean[Side.LEFT], mean[Side.RIGHT])
    if index is not None and angle is not None:
        yield Value("load_symmetry_index_pct", index, "%", variant="robinson")
        yield Value("load_symmetry_angle_pct", angle, "%", variant="zifchock")
        yield from _part_strides(evidence, rows)
    yield from _halves_of_both(evidence, {s: sensor_means(f, rows[s]) for s, f in feet.items()})


def _part_strides(evidence: Evidence, rows: dict[Side, Bool]) -> Iterator[Caveat]:
    times = [stride.duration_s for of_side in evidence.strides.values() for stride in of_side]
    if not times:
        return
    stride_s = float(np.median(times))
    points = max(
        part_strides_points(r, period_s=evidence.walk.feet[side].period_s, stride_s=stride_s)
        for side, r in rows.items()
    )
    if points > PART_STRIDES_POINTS:
        known_s = max(float(r.sum()) * evidence.walk.feet[side].period_s for side, r in rows.items())
        text = (
            f"the recording is {known_s / stride_s:.0f} strides long; the strides cut at its ends and by gaps can "
            f"move the symmetry index of load by up to {points:.0f} points"
        )
        yield Caveat("part_strides", text)


def part_strides_points(rows: Bool, *, period_s: float, stride_s: float) -> float:
    """How far cut strides can move the symmetry index 200 (R - L)/(R + L) of mean forces, in points.

    In a stride cut at the ends one foot may stand alone for up to half of it, so the difference
    of the feet's impulses is off by up to half a stride of body weight: by 100/n points, of n
    strides in all. A gap of g seconds hides up to g, and no more than half a stride, of one foot
    alone; several gaps are independent, so they add as squares, and count twice for 95 %.

    Parameters
    ----------
    rows
        ``(n,)`` true where both feet are known.
    """
    known_s = float(rows.sum()) * period_s
    starts, stops = gap_runs(rows)
    inner = (starts > 0) & (stops < rows.size)
    hidden_s = np.minimum((stops - starts)[inner] * period_s, stride_s / 2)
    return float(100 * stride_s + 2 * 200 * np.sqrt(np.sum(hidden_s**2))) / known_s


def _halves_of_both(evidence: Evidence, means: dict[Side, F64]) -> Iterator[Value]:
    halves = np.zeros(2)
    for side, foot in evidence.walk.feet.items():
        forces = sensor_forces(foot, means[side])
        halves += forces[foot.layout.fore].sum(), forces[~foot.layout.fore].sum()
    newtons = all(foot.in_newtons for foot in evidence.walk.feet.values())
    if halves.sum() > (LEAST_LOAD_N if newtons else 0.0) and all(
        _has_halves(foot) for foot in evidence.walk.feet.values()
    ):
        fore, rear = 100 * halves / halves.sum()
        yield Value("fore_load_share_pct", float(fore), "%")
        yield Value("rear_load_share_pct", float(rear), "%")


METRIC = Metric(
    name="balance",
    title="How is the load shared?",
    units={
        "force_mean_n": "N",
        "force_max_n": "N",
        "load_share_pct": "%",
        "fore_load_share_pct": "%",
        "rear_load_share_pct": "%",
        "load_symmetry_index_pct": "%",
        "load_symmetry_angle_pct": "%",
    },
    measure=measure,
)
