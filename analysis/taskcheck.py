"""Whether a task of a guided test got what it needs, by what both feet bore so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.levels import TOP_PERCENTILE
from analysis.protocol import OneLeg, Stand
from analysis.quality import gap_runs
from analysis.standing import (
    FOOT_LOADED_SHARE,
    LEAST_STANDING_N,
    LOADED_SHARE,
    MEAN_S,
    STEADY_S,
    near_its_median,
    steady,
)
from insole.recording import Side

if TYPE_CHECKING:
    from analysis.liveloads import LiveLoads
    from analysis.protocol import Task, Walk
    from insole.typing import F64, Bool

LIFTED_WAIT_S = 1.0
"""A foot that is to be lifted may take so long to before anything is said (our judgement)."""

NO_SIGNAL, NOT_LOADED, MOVING, WRONG_LEG, NOT_LIFTED, ONE_SIDED = (
    "no_signal",
    "not_loaded",
    "moving",
    "wrong_leg",
    "not_lifted",
    "one_sided",
)
"""What can be in the way of a task."""


@dataclass(frozen=True)
class Progress:
    """How far a task is.

    Attributes
    ----------
    got, need
        Seconds or steps: what counts so far and what is enough. ``got`` of a stand is its longest part without a break.
    now
        The same of the part that goes on now.
    trouble, side
        What is in the way now, one of the codes above or nothing, and the foot it is about.
    start_s, stop_s
        The part that ``got`` is of, ``[start, stop)`` in session seconds.
    steps
        Usable stances by side; of a walk.
    """

    got: float
    need: float
    now: float
    trouble: str = ""
    side: Side | None = None
    start_s: float = 0.0
    stop_s: float = 0.0
    steps: tuple[int, int] | None = None

    @property
    def passed(self) -> bool:
        """Whether that is enough; a mean's length of rounding is no lack."""
        return self.got >= self.need - MEAN_S / 10


def progress(task: Task, loads: LiveLoads, *, in_newtons: bool) -> Progress:
    """How far a task is.

    Standing follows the rules of ``analysis.standing``, with the weight that the insoles themselves read:
    the top percentile of their total since the task began. A foot is lifted below
    ``FOOT_LOADED_SHARE`` of it. Steps are those that a live view counts, without what is far longer
    than the others.

    Parameters
    ----------
    task
        What is asked.
    loads
        What came since it began.
    in_newtons
        Whether forces are in N; only then it is known what an empty insole reads.
    """
    if isinstance(task, Stand):
        return _standing(task, loads, in_newtons=in_newtons)
    if isinstance(task, OneLeg):
        return _one_leg(task, loads, in_newtons=in_newtons)
    return _walking(task, loads)


def _standing(task: Stand, loads: LiveLoads, *, in_newtons: bool) -> Progress:
    force = loads.force()
    weight = _weight(force)
    least = 2 * LEAST_STANDING_N if in_newtons else np.finfo(float).tiny
    quiet = steady(force, weight=weight, least=least, reach=round(STEADY_S / MEAN_S)) if force.size else _none(force)
    quiet = near_its_median(force.sum(axis=0), quiet)
    side = _unloaded(force, max(FOOT_LOADED_SHARE * weight, LEAST_STANDING_N if in_newtons else 0.0))
    trouble = NO_SIGNAL if _silent(force) else NOT_LOADED if side is not None else "" if _last(quiet) else MOVING
    return _longest(quiet, loads, task.need, trouble, side)


def _one_leg(task: OneLeg, loads: LiveLoads, *, in_newtons: bool) -> Progress:
    force = loads.force()
    weight = _weight(force)
    row = list(Side).index(task.side)
    stood, other = force[row], force[1 - row]
    lifted = other < FOOT_LOADED_SHARE * weight
    good = lifted & (stood >= max(LOADED_SHARE * weight, LEAST_STANDING_N if in_newtons else 0.0))
    trouble, side = "", None
    if _silent(force):
        trouble = NO_SIGNAL
    elif not _last(good):
        wrong = _last((stood < FOOT_LOADED_SHARE * weight) & (other >= LOADED_SHARE * weight))
        trouble, side = (WRONG_LEG, task.side) if wrong else (NOT_LIFTED, task.side.other)
        trouble = "" if loads.now_s - loads.start_s < LIFTED_WAIT_S else trouble
    return _longest(good, loads, task.need, trouble, side)


def _walking(task: Walk, loads: LiveLoads) -> Progress:
    steps = loads.steps()
    half = task.steps / 2
    got = sum(min(n, half) for n in steps.values())
    left, right = steps[Side.LEFT], steps[Side.RIGHT]
    fewer = None if abs(left - right) <= 2 else Side.LEFT if left < right else Side.RIGHT
    trouble, side = (NO_SIGNAL, None) if _silent(loads.force()) else (ONE_SIDED, fewer) if fewer else ("", None)
    return Progress(got, task.need, got, trouble, side, loads.start_s, loads.now_s, (left, right))


def _weight(force: F64) -> float:
    total = force.sum(axis=0)
    known = total[np.isfinite(total)]
    return float(np.percentile(known, TOP_PERCENTILE)) if known.size else np.inf


def _none(force: F64) -> Bool:
    return np.zeros(force.shape[1], np.bool_)


def _last(flags: Bool) -> bool:
    return bool(flags.size) and bool(flags[-1])


def _silent(force: F64) -> bool:
    return bool(force.shape[1]) and not np.isfinite(force[:, -1]).all()


def _unloaded(force: F64, least: float) -> Side | None:
    """The first foot that bears less now."""
    if not force.shape[1]:
        return None
    return next((side for side, now in zip(Side, force[:, -1].tolist(), strict=True) if now < least), None)


def _longest(good: Bool, loads: LiveLoads, need: float, trouble: str, side: Side | None) -> Progress:
    starts, stops = gap_runs(~good)
    if not starts.size:
        return Progress(0.0, need, 0.0, trouble, side, loads.start_s, loads.start_s)
    i = int(np.argmax(stops - starts))
    now = float(stops[-1] - starts[-1]) * MEAN_S if _last(good) else 0.0
    start_s, stop_s = (loads.start_s + MEAN_S * float(edge[i]) for edge in (starts, stops))
    return Progress(stop_s - start_s, need, now, trouble, side, start_s, stop_s)
