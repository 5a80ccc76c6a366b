"""What the sensors of a live foot read in swing, kept up with bounded work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.quality import gap_runs
from analysis.zero import swing_baseline

if TYPE_CHECKING:
    from insole.typing import F32, F64

ZERO_ROWS_PER_S = 20.0
"""Samples kept in a second of the window; a swing of 0.4 s holds eight (our judgement)."""

LONGEST_SWING_S = 1.5
"""A foot that bears less for longer does not swing: who stands on both feet before standing on one bears half
of it for long, and a window of some seconds shows no walk to tell it by (our judgement)."""


class LiveZero:
    """Thinned samples of the window, and the resting levels last found in them.

    Parameters
    ----------
    rate_hz, window_s
        Of the stream, and how much is looked at.
    newton_per_value
        ``(S,)`` weights that make a sum of values a force.
    in_newtons
        Whether that force is in N.

    Attributes
    ----------
    level
        ``(S,)`` float32 resting levels; zero before the first swing.
    """

    def __init__(self, rate_hz: float, window_s: float, newton_per_value: F64, *, in_newtons: bool) -> None:
        self._step = max(1, round(rate_hz / ZERO_ROWS_PER_S))
        self._rate_hz = rate_hz / self._step
        self._weight, self._in_newtons = newton_per_value, in_newtons
        self._rows = np.full((max(1, round(window_s * self._rate_hz)), newton_per_value.size), np.nan, np.float32)
        self._seen = self._kept = 0
        self.level = np.zeros(newton_per_value.size, np.float32)

    def push(self, values: F32) -> None:
        """Keep every so-manieth row of ``(n, S)`` values as measured."""
        new = values[(-self._seen) % self._step :: self._step]
        self._seen += len(values)
        where = np.arange(self._kept, self._kept + len(new))[-len(self._rows) :] % len(self._rows)
        self._rows[where] = new[len(new) - where.size :]
        self._kept += len(new)

    def find(self) -> F32:
        """Look for swings in the window; ``(S,)`` by how much the resting levels moved, zero without one."""
        size = len(self._rows)
        rows = self._rows[: self._kept] if self._kept <= size else np.roll(self._rows, -(self._kept % size), axis=0)
        force = self._without_long_lows(rows.astype(np.float64) @ self._weight)
        found = swing_baseline(rows, force, rate_hz=self._rate_hz, in_newtons=self._in_newtons) if len(rows) else None
        if found is None:
            return np.zeros_like(self.level)
        level = np.nan_to_num(np.median(found.level, axis=0)).astype(np.float32)
        moved, self.level = level - self.level, level
        return moved

    def _without_long_lows(self, force: F64) -> F64:
        """``(n,)`` force, NaN where it stays below the middle of its range for longer than a swing."""
        if not force.size:
            return force
        starts, stops = gap_runs(~(force < (force.min() + force.max()) / 2))
        kept = force.copy()
        for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
            if stop - start > LONGEST_SWING_S * self._rate_hz:
                kept[start:stop] = np.nan
        return kept
