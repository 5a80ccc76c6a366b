"""The newest samples of one foot, and what a screen shows of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.levels import levels_of
from analysis.livezero import LiveZero
from analysis.prepare import newton_per_value
from analysis.tracker import Tracker
from insole.recording import Unit

if TYPE_CHECKING:
    from analysis.levels import Levels
    from analysis.tracker import Stance
    from insole.recording import Chunk, FootMeta
    from insole.typing import F32, F64, I64, Bool, Samples

SHARE_WINDOW_S = 1.0
"""Shares of load are means over this long, about one stride (our judgement)."""

LEAST_COVERAGE = 0.5
"""No share from a window of which less than this part was received (our judgement)."""

MOST_TRACE = 2000
"""Samples of force in one frame at most; a client further behind gets the newest (our judgement)."""

LEVELS_EVERY_S = 1.0
"""How often the levels of foot-on and foot-off are found again from the window (our judgement)."""


@dataclass(frozen=True, eq=False)
class LiveFoot:
    """One foot in a frame.

    Attributes
    ----------
    pressure
        ``(S,)`` newest values in ``LiveView.unit``; NaN before the first sample.
    force
        Newest total force in ``LiveView.force_unit``; None before the first sample.
    trace_s, trace_force
        ``(m,)`` session times and forces of the samples that are new since ``since``.
    next
        What to give as ``since`` for the next frame.
    samples, lost
        How many samples came, and how many are missing among them.
    age_s
        Seconds since samples came last, by the clock; None before the first.
    load_share_pct
        This foot's part of both feet's mean force over the last second in which both are
        known; None without a second foot, samples or load.
    fore_share_pct
        The fore half's part of this foot's load over its last second; None without load.
    stance_time_s, peak
        Duration of the newest complete stance, and the largest value of any sensor in it, in
        ``LiveView.unit``; None before the first.
    steps_count
        Complete stances so far.
    recent
        The newest complete stances, up to ``LIVE_STEPS``, oldest first.
    saturated
        ``(S,)`` true for sensors whose newest value is at the end of their range; None where that is not known.
    """

    pressure: F32
    force: float | None
    trace_s: F64
    trace_force: F64
    next: int
    samples: int
    lost: int
    age_s: float | None
    load_share_pct: float | None
    fore_share_pct: float | None
    stance_time_s: float | None
    peak: float | None
    steps_count: int
    recent: tuple[Stance, ...] = ()
    saturated: Bool | None = None


class Ring:
    """The newest forces of one foot in arrays that are made once."""

    def __init__(self, meta: FootMeta, window_s: float) -> None:
        self._meta = meta
        self._calibration = meta.calibration if meta.unit is Unit.COUNTS else None
        self.unit = Unit.KPA if self._calibration else meta.unit
        newtons = newton_per_value(meta.layout, self.unit)
        self.force_unit = str(self.unit) if newtons is None else "N"
        weight = np.ones(meta.layout.n_sensors) if newtons is None else newtons
        self._weights = np.column_stack([weight, np.where(meta.layout.fore, weight, 0.0)])
        self._one_line = bool(np.ptp(meta.layout.xy_mm[:, 1]) == 0)
        self._zero = LiveZero(meta.rate_hz, window_s, weight, in_newtons=newtons is not None)
        self._rows = max(math.ceil(window_s * meta.rate_hz), 1)
        self._time_s, self._force, self._fore = (np.full(self._rows, np.nan) for _ in range(3))
        self._saturated: Bool | None = None
        self._values = np.full(meta.layout.n_sensors, np.nan, np.float32)
        self._rest = np.full(meta.layout.n_sensors, np.inf, np.float32)
        self._alive = np.zeros(meta.layout.n_sensors, np.bool_)
        self._tracker = Tracker(meta.rate_hz)
        self._levels: Levels | None = None
        self._levels_due = round(LEVELS_EVERY_S * meta.rate_hz)
        self._next_sample: int | None = None
        self._pushed_at = math.nan
        self.total = 0
        self.lost = 0

    @property
    def newest_s(self) -> float:
        """Session time of the newest sample."""
        return float(self._time_s[(self.total - 1) % self._rows])

    def push(self, chunk: Chunk, time_s: F64, now: float) -> None:
        """Write the samples that are new behind the others."""
        known = 0 if self._next_sample is None else self._next_sample - chunk.first_sample
        if known >= len(chunk.samples):
            return
        if known < 0:
            self.lost -= known
        known = max(known, 0)
        if self._meta.saturation is not None:
            self._saturated = np.asarray(chunk.samples[-1] >= self._meta.saturation)
        values, times = self._in_unit(chunk.samples[known:]), time_s[known:]
        self._alive |= np.isfinite(values).any(axis=0)
        if not self._alive.all():
            values = np.where(self._alive, values, np.float32(0.0))  # a dead sensor carries nothing
        self._zero.push(values)
        values = values - self._zero.level
        self._next_sample, self._pushed_at = chunk.stop_sample, now
        sums = values.astype(np.float64) @ self._weights
        force = np.maximum(sums[:, 0], 0.0)
        where = np.arange(self.total, self.total + len(times))[-self._rows :] % self._rows
        kept = slice(-where.size, None)
        self._time_s[where], self._force[where], self._fore[where] = times[kept], force[kept], sums[kept, 1]
        self.total += len(times)
        self._values = np.where(self._alive, values[-1], np.float32(np.nan))
        self._find_levels()
        if self._levels is not None:
            samples = zip(times.tolist(), force.tolist(), values.max(axis=1).tolist(), strict=True)
            self._tracker.push(samples, self._levels)

    def _in_unit(self, samples: Samples) -> F32:
        if self._calibration is not None:
            return self._calibration.to_kpa(samples)
        values = samples.astype(np.float32)
        if self.unit is Unit.COUNTS:
            self._rest = np.fmin(self._rest, np.fmin.reduce(values, axis=0))
            values -= self._rest
        return values

    def _find_levels(self) -> None:
        """Find resting and contact levels again when due; a foot that stands still keeps those it had."""
        if self.total < self._levels_due:
            return
        self._levels_due = self.total + round(LEVELS_EVERY_S * self._meta.rate_hz)
        force = self._force[: min(self.total, self._rows)]
        moved = self._zero.find()
        if moved.any():
            by = moved.astype(np.float64) @ self._weights
            np.maximum(force - by[0], 0.0, out=force)
            self._fore[: force.size] -= by[1]
        self._levels = levels_of(force, in_newtons=self.force_unit == "N") or self._levels

    def foot(self, since: int, now: float, load_share_pct: float | None) -> LiveFoot:
        """What a frame shows of the foot."""
        new = min(max(self.total - since, 0), self._rows, MOST_TRACE)
        rows = np.arange(self.total - new, self.total) % self._rows
        stance = self._tracker.recent[-1] if self._tracker.recent else None
        return LiveFoot(
            pressure=self._values,
            force=float(self._force[(self.total - 1) % self._rows]) if self.total else None,
            trace_s=self._time_s[rows],
            trace_force=self._force[rows],
            next=self.total,
            samples=self.total,
            lost=self.lost,
            age_s=max(now - self._pushed_at, 0.0) if self.total else None,
            load_share_pct=load_share_pct,
            fore_share_pct=self._fore_share_pct() if self.total else None,
            stance_time_s=None if stance is None else stance.duration_s,
            peak=None if stance is None else stance.peak,
            steps_count=self._tracker.count,
            recent=tuple(self._tracker.recent),
            saturated=self._saturated,
        )

    def mean_force(self, end_s: float) -> float:
        """Mean force of the window that ends at a time; NaN if too little of it was received."""
        rows = self._last_rows(end_s)
        enough = rows.size >= LEAST_COVERAGE * SHARE_WINDOW_S * self._meta.rate_hz
        return float(self._force[rows].mean()) if enough else math.nan

    def _fore_share_pct(self) -> float | None:
        if self._one_line:
            return None  # sensors on one line across the foot say nothing of fore and rear
        rows = self._last_rows(self.newest_s)
        force = float(self._force[rows].sum())
        share = 100 * float(self._fore[rows].sum()) / force if force > 0 else math.nan
        return min(max(share, 0.0), 100.0) if math.isfinite(share) else None

    def _last_rows(self, end_s: float) -> I64:
        """Rows with a force, of the window ``(end_s - 1, end_s]``; both feet then have as many."""
        back = min(self.total, self._rows, math.ceil(3 * SHARE_WINDOW_S * self._meta.rate_hz))
        rows = np.arange(self.total - back, self.total) % self._rows
        times = self._time_s[rows]
        half = 0.5 / self._meta.rate_hz
        near = (times > end_s - SHARE_WINDOW_S + half) & (times <= end_s + half)
        return np.asarray(rows[near & np.isfinite(self._force[rows])])
