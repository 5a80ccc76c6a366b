"""Steps while they happen: the rules of ``analysis.contacts``, one sample after another."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from analysis.contacts import BRIDGED_GAP_S, LEAST_STANCE_S, LEAST_SWING_S
from analysis.judging import LONG_STANCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.levels import Levels

LIVE_STEPS = 10
"""Newest stances of each foot that live asymmetries are means over (our judgement)."""


@dataclass
class Stance:
    """A stance under way or over.

    Attributes
    ----------
    on_s
        Foot-on; NaN when it was not seen.
    off_s
        Last fall through the foot-off level so far; NaN before the first.
    over_s
        When the force fell below the foot-on level.
    peak_force, peak
        Largest total force, and largest value of any sensor.
    """

    on_s: float
    off_s: float = math.nan
    over_s: float = math.nan
    peak_force: float = -math.inf
    peak: float = -math.inf

    @property
    def duration_s(self) -> float:
        """Foot-on to foot-off."""
        return self.off_s - self.on_s


def walking(stances: Sequence[Stance]) -> list[Stance]:
    """Those of the stances that are no standing: up to ``LONG_STANCE`` times their median."""
    longest_s = LONG_STANCE * median(s.duration_s for s in stances) if stances else 0.0
    return [s for s in stances if s.duration_s <= longest_s]


class Tracker:
    """Counts complete stances of one foot; constant work a sample.

    A stance counts once the foot has stayed off for the least swing, so the count is late by
    that. A gap longer than is bridged, or a sample without force, drops the stance under way.

    Attributes
    ----------
    count
        Complete stances so far.
    recent
        The newest of them, up to ``LIVE_STEPS``, oldest first.
    """

    def __init__(self, rate_hz: float) -> None:
        # One period passes between samples without a gap; a gap of m samples makes m + 1.
        self._longest_s = BRIDGED_GAP_S + 1.5 / rate_hz
        self.count = 0
        self.recent: deque[Stance] = deque(maxlen=LIVE_STEPS)
        self._forget()

    def _forget(self) -> None:
        """Start again as if nothing had been seen."""
        self._time_s = math.nan
        self._force = math.nan
        self._rose_s = math.nan
        self._now: Stance | None = None
        self._over: Stance | None = None

    def push(self, samples: Iterable[tuple[float, float, float]], levels: Levels) -> None:
        """Go on with samples: session time in s, total force, largest sensor value."""
        for time_s, force, peak in samples:
            if time_s - self._time_s > self._longest_s:
                self._lose(levels)
            if not math.isnan(force):
                self._step(time_s, force, peak, levels)

    def _lose(self, levels: Levels) -> None:
        if self._over is not None:
            self._count(self._over, levels)
        self._forget()

    def _step(self, time_s: float, force: float, peak: float, levels: Levels) -> None:
        if self._force < levels.on <= force:
            self._rose_s = self._crossing(time_s, force, levels.on)
        if self._now is None and force >= levels.off:
            self._begin(time_s, levels)
        if self._now is not None:
            self._go_on(self._now, (time_s, force, peak), levels)
        if self._over is not None and time_s - self._over.over_s >= LEAST_SWING_S:
            self._count(self._over, levels)
        self._time_s, self._force = time_s, force

    def _begin(self, time_s: float, levels: Levels) -> None:
        if self._over is not None and time_s - self._over.over_s < LEAST_SWING_S:
            self._now, self._over = self._over, None
            return
        if self._over is not None:
            self._count(self._over, levels)
        self._now = Stance(on_s=self._rose_s)

    def _go_on(self, stance: Stance, sample: tuple[float, float, float], levels: Levels) -> None:
        time_s, force, peak = sample
        stance.peak_force, stance.peak = max(stance.peak_force, force), max(stance.peak, peak)
        if self._force >= levels.off > force:
            stance.off_s = self._crossing(time_s, force, levels.off)
        if force < levels.on:
            stance.over_s = time_s
            self._now, self._over = None, stance

    def _count(self, stance: Stance, levels: Levels) -> None:
        self._over = None
        if stance.off_s - stance.on_s >= LEAST_STANCE_S and stance.peak_force >= levels.least_peak:
            self.count += 1
            self.recent.append(stance)

    def _crossing(self, time_s: float, force: float, level: float) -> float:
        """When the force passed the level since the sample before."""
        return self._time_s + (level - self._force) / (force - self._force) * (time_s - self._time_s)
