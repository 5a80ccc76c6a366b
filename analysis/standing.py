"""When the person stands quietly, by the force under each foot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.contacts import LEAST_SWING_S, bridged
from analysis.levels import TOP_PERCENTILE
from analysis.quality import gap_runs
from analysis.steps import find_steps
from insole.recording import Unit
from insole.records import MarkKind
from insole.units import weight_n

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.walk import FootWalk, Walk
    from insole.recording import Side
    from insole.records import Mark
    from insole.report import Step
    from insole.typing import F64, Bool

MEAN_S = 0.1
"""Standing is looked for in means of force over this time, which take off noise (our judgement)."""

STEADY_S = 1.0
STEADY_SHARE = 0.20
"""Quiet: from this time before to this time after, no foot's force changes by more than this part
of the weight. Slow shifts from foot to foot stay in, and are averaged; quick ones end a stretch,
and the shift before a first step is left out (our judgement)."""

FOOT_LOADED_SHARE = 0.10
"""Each of two feet carries at least this part of the weight: less is foot-off (our judgement)."""

LOADED_SHARE = 0.5
"""Both feet together carry at least this part of it; seated, about a quarter (our judgement)."""

ONE_FOOT_SHARE = 0.25
"""A foot recorded alone carries at least this part of it (our judgement)."""

TOTAL_TOLERANCE = 0.2
"""The feet's total stays this near to its median over the stretch: nobody sits down (our judgement)."""

LEAST_STANDING_N = 50.0
LEAST_STANDING_KPA = 3.0
"""A foot below this mean force, or without areas this mean pressure, is an insole lying about
(our judgement)."""

LEAST_STANDING_S = 5.0
"""A shorter time is a pause within movement; what ``STEADY_S`` takes off its ends counts (our judgement)."""


@dataclass(frozen=True)
class Stretch:
    """A time of quiet standing.

    Attributes
    ----------
    start_s, stop_s
        Half-open ``[start, stop)`` in session seconds.
    marked
        A person marked it; otherwise it was found.
    """

    start_s: float
    stop_s: float
    marked: bool = False

    @property
    def duration_s(self) -> float:
        """Its length, gaps included."""
        return self.stop_s - self.start_s


def find_standing(
    walk: Walk, *, marks: Sequence[Mark] = (), steps: Mapping[Side, tuple[Step, ...]] | None = None
) -> tuple[Stretch, ...]:
    """Find quiet standing on both feet, or on the one that was recorded.

    Every foot stays loaded and steady, and their total stays near its median; weight may
    shift slowly between the feet. "The weight" is that of the stated mass; without one, the
    top percentile of the feet's total. A gap longer than ``LEAST_SWING_S`` ends a stretch: a
    shorter one cannot hide a step. What is missing stays missing.
    Feet whose loads cannot be added (unlike units) are each judged alone, and both must stand.

    Parameters
    ----------
    marks
        Stretches marked as standing are taken as they are and nothing is looked for; a person
        stands, so the mark's side does not matter. Nothing is looked for in excluded ones.
    steps
        From ``find_steps``; found here when None.

    Returns
    -------
    Stretches in order of time, apart from each other. None for a foot of uncalibrated counts
    that takes no step, because only swing shows where its sensors rest.
    """
    feet = tuple(walk.feet.values())
    if any(foot.unit is Unit.COUNTS for foot in feet):
        steps = find_steps(walk) if steps is None else steps
        if not all(steps[foot.side] for foot in feet if foot.unit is Unit.COUNTS):
            return ()
    start_s = max((float(foot.time_s[0]) for foot in feet), default=0.0)
    stop_s = min((float(foot.time_s[-1]) + foot.period_s for foot in feet), default=0.0)
    if start_s >= stop_s:
        return ()
    standing = [m for m in marks if m.kind is MarkKind.STANDING]
    found = _united(standing) if standing else _searched(walk, start_s, stop_s, marks)
    inside = ((max(a, start_s), min(b, stop_s)) for a, b in found)
    return tuple(Stretch(a, b, marked=bool(standing)) for a, b in inside if a < b)


def standing_rows(foot: FootWalk, stretches: Sequence[Stretch]) -> Bool:
    """``(n,)`` true for the foot's rows within any of the stretches, missing ones too."""
    rows = np.zeros(foot.time_s.size, np.bool_)
    for stretch in stretches:
        first, stop = np.searchsorted(foot.time_s, [stretch.start_s, stretch.stop_s])
        rows[first:stop] = True
    return rows


def _united(marks: Sequence[Mark]) -> list[tuple[float, float]]:
    """The marks in order of time, those that touch made one."""
    united: list[tuple[float, float]] = []
    for mark in sorted(marks, key=lambda m: m.start_s):
        if united and mark.start_s <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], mark.stop_s))
        else:
            united.append((mark.start_s, mark.stop_s))
    return united


def _searched(walk: Walk, start_s: float, stop_s: float, marks: Sequence[Mark]) -> list[tuple[float, float]]:
    """Stretches ``(start_s, stop_s)`` that nobody marked."""
    feet = tuple(walk.feet.values())
    length_s = max(MEAN_S, 2 / min(foot.rate_hz for foot in feet))
    # Between two samples, so that rounding of their times never moves one across.
    start_s -= min(foot.period_s for foot in feet) / 2
    edge_s = start_s + np.arange(int((stop_s - start_s) / length_s) + 2, dtype=np.float64) * length_s
    force = np.array([_means(foot, edge_s) for foot in feet])
    known = np.isfinite(force).all(axis=0)
    reach, least = (round(t / length_s) for t in (STEADY_S, LEAST_STANDING_S))
    quiet = _quiet(walk, force, reach=reach)
    for mark in (m for m in marks if m.kind is MarkKind.EXCLUDE):
        quiet &= (edge_s[1:] <= mark.start_s) | (edge_s[:-1] >= mark.stop_s)
    found = []
    for first, stop in zip(*(a.tolist() for a in gap_runs(~quiet)), strict=True):
        moving = (first > 0 and bool(known[first - 1])) + (stop < known.size and bool(known[stop]))
        if stop - first + reach * moving >= least:
            found.append((float(edge_s[first]), float(edge_s[stop])))
    return found


def _means(foot: FootWalk, edge_s: F64) -> F64:
    """``(K,)`` mean force between successive edges; NaN where a gap could hide a step."""
    force, known = bridged(foot.force, most=int(LEAST_SWING_S * foot.rate_hz + 1e-9))
    at = np.searchsorted(foot.time_s, edge_s)
    count = np.diff(at)
    # NaN spoils a running sum, so what is unknown counts as zero there and is struck out after.
    total, unknown = (np.diff(np.concatenate(([0.0], np.cumsum(a)))[at]) for a in (np.where(known, force, 0.0), ~known))
    return np.where((count > 0) & (unknown == 0), total / np.maximum(count, 1), np.nan)


def _quiet(walk: Walk, force: F64, *, reach: int) -> Bool:
    """``(K,)`` where every foot stands quietly, by its mean forces ``(feet, K)``."""
    feet = tuple(walk.feet.values())
    together = [slice(0, 2)] if walk.comparable else [slice(i, i + 1) for i in range(len(feet))]
    quiet = np.ones(force.shape[1], np.bool_)
    for part in together:
        quiet &= steady(
            force[part], weight=_weight(walk, feet[part], force[part]), least=_least(feet[part]), reach=reach
        )
    for part in together:
        quiet &= near_its_median(force[part].sum(axis=0), quiet)
    return quiet


def near_its_median(total: F64, quiet: Bool) -> Bool:
    """``(K,)`` the quiet bins whose total stays within ``TOTAL_TOLERANCE`` of the median of their run."""
    near = quiet.copy()
    for first, stop in zip(*(a.tolist() for a in gap_runs(~quiet)), strict=True):
        middle = float(np.median(total[first:stop]))
        near[first:stop] &= np.abs(total[first:stop] - middle) <= TOTAL_TOLERANCE * middle
    return near


def _weight(walk: Walk, feet: Sequence[FootWalk], force: F64) -> float:
    """What counts as the person's weight, in the feet's ``force_unit``."""
    mass = walk.about.body_mass_kg
    if mass is not None and all(foot.in_newtons for foot in feet):
        return weight_n(mass)  # insoles that read less than half of it find no standing; one can mark it
    total = force.sum(axis=0)
    known = total[np.isfinite(total)]
    return float(np.percentile(known, TOP_PERCENTILE)) if known.size else np.inf


def _least(feet: Sequence[FootWalk]) -> float:
    """Total force of feet that carry somebody; counts are judged by their steps."""
    least = {Unit.COUNTS: 0.0, Unit.KPA: LEAST_STANDING_KPA}
    return sum(
        LEAST_STANDING_N if foot.in_newtons else least[foot.unit] * np.count_nonzero(~foot.dead) for foot in feet
    )


def steady(force: F64, *, weight: float, least: float, reach: int) -> Bool:
    """Where all is loaded and nothing changes quickly.

    Parameters
    ----------
    force
        ``(feet, K)`` means over successive times; NaN is missing.
    weight
        Of the person, in the same unit.
    least
        What all feet together carry at least.
    reach
        Nothing changes from so many means before to so many after.

    Returns
    -------
    ``(K,)``.
    """
    total = force.sum(axis=0)
    share = ONE_FOOT_SHARE if len(force) == 1 else LOADED_SHARE
    ok = (total >= max(share * weight, least)) & (force >= FOOT_LOADED_SHARE * weight).all(axis=0)
    around = [(0, 0), (reach, reach)]
    low, high = (np.pad(np.where(np.isfinite(force), force, v), around, constant_values=v) for v in (np.inf, -np.inf))
    lowest, highest = (np.lib.stride_tricks.sliding_window_view(a, 2 * reach + 1, axis=1) for a in (low, high))
    change = highest.max(axis=2) - lowest.min(axis=2)
    return np.asarray(ok & (change <= STEADY_SHARE * weight).all(axis=0))
