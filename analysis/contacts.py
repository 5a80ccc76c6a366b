"""When a foot is on the ground, by its total force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.quality import gap_runs

if TYPE_CHECKING:
    from analysis.levels import Levels
    from analysis.walk import FootWalk
    from insole.recording import Side
    from insole.typing import F64, I64, Bool

BRIDGED_GAP_S = 0.05
"""Gaps up to this are bridged by a straight line, for finding steps only (docs/conventions.md)."""

MOST_MISSING_SHARE = 0.20
"""Part of a stance's rows that short gaps may take; with more the step is left out (our judgement)."""

LEAST_STANCE_S = 0.20
"""Shorter contacts are no stances (our judgement; the stances of running last about 0.2 s)."""

LEAST_SWING_S = 0.15
"""Shorter breaks are dips within one stance (our judgement)."""


@dataclass(frozen=True)
class Contact:
    """One time on the ground.

    Attributes
    ----------
    side
        Which foot.
    start, stop
        Half-open rows ``[start, stop)``: the first at or above the foot-on level, the first below
        the foot-off level.
    start_s, stop_s
        Foot-on and foot-off, interpolated between samples. Where an end was not seen: the
        first or the last moment of the contact that was.
    complete
        Both ends were seen.
    cut
        The recording's start or end cut it, not a gap.
    gap
        A row beside its events is missing, or a gap that is not bridged lies within, or more than
        ``MOST_MISSING_SHARE`` of its rows are missing.
    follows
        Everything since the previous contact of this foot is known, short gaps apart.
    loadings
        How often the foot bore weight within: more than once is a shuffle.
    whole
        A footprint on a platform: the trial is this one contact.
    """

    side: Side
    start: int
    stop: int
    start_s: float
    stop_s: float
    complete: bool
    cut: bool
    gap: bool
    follows: bool
    loadings: int = 1
    whole: bool = False

    @property
    def duration_s(self) -> float:
        """Time on the ground, as far as it was seen."""
        return self.stop_s - self.start_s


def find_contacts(foot: FootWalk, levels: Levels | None) -> tuple[Contact, ...]:
    """Find every contact of a foot, in order of time.

    A Schmitt trigger: on the ground from the sample that reaches the off level, until one
    falls below the (lower) on level. The events are then set at their own levels: foot-on
    where the force last rose through the on level, foot-off where it last fell through the
    off level, both interpolated linearly between two samples.

    Parameters
    ----------
    levels
        From ``levels_of``; None gives no contacts.
    """
    if levels is None:
        return ()
    force, known = bridged(foot.force, most=int(BRIDGED_GAP_S * foot.rate_hz + 1e-9))
    starts, stops = _on_ground(force, known, levels, least_swing=round(LEAST_SWING_S * foot.rate_hz))
    if not starts.size:
        return ()
    peak = np.maximum.reduceat(np.append(np.where(known, force, -np.inf), -np.inf), _interleaved(starts, stops))[::2]
    loaded = peak >= levels.least_peak
    return tuple(_located(foot, (force, known), (starts[loaded], stops[loaded]), levels))


def footprint(foot: FootWalk) -> tuple[Contact, ...]:
    """Find the contact of a platform's trial: from its first to its last loaded sample.

    A plate measures nothing while nobody stands on it, so any load is contact.
    """
    loaded = np.flatnonzero(foot.valid & (foot.force > 0))
    if loaded.size < 2:
        return ()
    start, stop = int(loaded[0]), int(loaded[-1]) + 1
    return (
        Contact(
            side=foot.side,
            start=start,
            stop=stop,
            start_s=float(foot.time_s[start]),
            stop_s=float(foot.time_s[stop - 1]) + foot.period_s,
            complete=True,
            cut=False,
            gap=not foot.valid[start:stop].all(),
            follows=False,
            whole=True,
        ),
    )


def bridged(force: F64, *, most: int) -> tuple[F64, Bool]:
    """Bridge short gaps by straight lines.

    Parameters
    ----------
    force
        ``(n,)``; NaN is missing.
    most
        Longest gap to bridge, in rows.

    Returns
    -------
    ``(n,)`` force (NaN where still unknown), and ``(n,)`` true where it is known now.
    """
    known = np.isfinite(force)
    starts, stops = gap_runs(known)
    inner = (stops - starts <= most) & (starts > 0) & (stops < force.size)
    if not inner.any():
        return force, known
    edges = np.zeros(force.size + 1, np.int32)
    edges[starts[inner]] = 1
    edges[stops[inner]] = -1
    rows = np.flatnonzero(np.cumsum(edges[:-1]))
    measured = np.flatnonzero(known)
    force, known = force.copy(), known.copy()
    force[rows] = np.interp(rows, measured, force[measured])
    known[rows] = True
    return force, known


def _on_ground(force: F64, known: Bool, levels: Levels, *, least_swing: int) -> tuple[I64, I64]:
    """Rows ``[start, stop)`` from reaching the off level to below the on level, dips merged."""
    starts, stops = _hysteresis(force, known, low=levels.on, high=levels.off)
    if starts.size < 2:
        return starts, stops
    unknown = np.concatenate(([0], np.cumsum(~known)))
    apart = (starts[1:] - stops[:-1] >= least_swing) | (unknown[starts[1:]] > unknown[stops[:-1]])
    return starts[np.append(True, apart)], stops[np.append(apart, True)]


def _hysteresis(force: F64, known: Bool, *, low: float, high: float) -> tuple[I64, I64]:
    """Rows ``[start, stop)`` from reaching the high level to below the low one, or to what is not known."""
    decided = ~known | (force >= high) | (force < low)
    last = np.maximum.accumulate(np.where(decided, np.arange(force.size), 0))
    on = known[last] & (force[last] >= high)
    edges = np.diff(np.concatenate(([False], on, [False])).astype(np.int8))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)


def _interleaved(starts: I64, stops: I64) -> I64:
    return np.column_stack([starts, stops]).ravel()


def _located(foot: FootWalk, bridged_force: tuple[F64, Bool], runs: tuple[I64, I64], levels: Levels) -> list[Contact]:
    """Set each contact's events at their levels; touches shorter than a stance are none."""
    force, known = bridged_force
    n, time = force.size, foot.time_s
    below = np.flatnonzero(~known | (force < levels.on))
    above = np.flatnonzero(known & (force >= levels.off))
    invalid, unknown = (np.concatenate(([0], np.cumsum(~a))) for a in (foot.valid, known))
    loads = _hysteresis(force, known, low=levels.least_peak, high=levels.loaded)[0]
    found: list[Contact] = []
    seen = 0
    for first, end in zip(*(a.tolist() for a in runs), strict=True):
        k = int(np.searchsorted(below, first)) - 1
        i = int(below[k]) if k >= 0 else -1
        j = int(above[np.searchsorted(above, end) - 1])
        saw_on, saw_off = i >= 0 and bool(known[i]), end < n and bool(known[end])
        stop = j + 1 if saw_off else end
        contact = Contact(
            side=foot.side,
            start=i + 1,
            stop=stop,
            start_s=_crossing(time, force, i, levels.on) if saw_on else float(time[i + 1]),
            stop_s=_crossing(time, force, j, levels.off) if saw_off else float(time[end - 1]) + foot.period_s,
            complete=saw_on and saw_off,
            cut=i < 0 or end >= n,
            gap=_has_gap(invalid, unknown, max(i, 0), min(stop + 1, n)),
            follows=bool(unknown[i + 1] == unknown[seen]),
            loadings=int(np.searchsorted(loads, stop) - np.searchsorted(loads, i + 1)),
        )
        if contact.complete and contact.duration_s < LEAST_STANCE_S:
            continue
        found.append(contact)
        seen = stop
    return found


def _has_gap(invalid: I64, unknown: I64, first: int, end: int) -> bool:
    """Whether rows ``[first, end)``, from before foot-on to after foot-off, miss too much to be measured.

    Parameters
    ----------
    invalid, unknown
        ``(n + 1,)`` how many rows before each row were not measured; and not bridged either.
    """
    missing = int(invalid[end] - invalid[first])
    beside = any(invalid[k + 2] > invalid[k] for k in (first, end - 2) if k >= 0 and k + 2 <= invalid.size - 1)
    return bool(unknown[end] > unknown[first] or beside or missing > MOST_MISSING_SHARE * (end - first))


def _crossing(time_s: F64, force: F64, row: int, level: float) -> float:
    """Time at which the force passes the level between a row and the next."""
    f0, f1 = float(force[row]), float(force[row + 1])
    t0, t1 = float(time_s[row]), float(time_s[row + 1])
    return t0 + (level - f0) / (f1 - f0) * (t1 - t0)
