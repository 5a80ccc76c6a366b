"""What each sensor reads while the foot is in the air, and how that moves with time.

A sensor's zero drifts: pedar sensors held under load for 7 h read 26 to 34 % high (Hurkmans
et al. 2006, doi:10.1016/j.gaitpost.2005.05.008). In walking each foot is unloaded once a
stride, and what its sensors read then is taken off, as proposed by Hurkmans (2001, Biomch-L).
Pressure of a laced shoe on the resting foot goes with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.quality import MOST_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from insole.typing import F32, F64, I64, Bool

ZERO_BLOCK_S = 5.0
"""Swing is looked for in stretches of about this long: two strides of a slow walk (our judgement)."""

SWING_RANGE_SHARE = 0.6
"""In a stretch with swing the force ranges over this part of the widest range at least (our judgement)."""

SWING_BAND_SHARE = 0.05
"""Rows within this part of the stretch's range above its lowest force are swing: the foot-on level."""

UNLOADED_SHARE = 0.5
"""A foot that never falls below this part of its top force never left the ground (our judgement)."""

LEAST_RANGE_N = 50.0
"""Least range of force that can be steps: a common contact threshold in N (see docs/clinical-method.md)."""

LEAST_SWING_ROWS = 3
"""Rows of swing that a stretch must hold to say where a sensor rests (our judgement)."""

SMOOTHED_BLOCKS = 5
"""Stretches over which the resting level is a running median, so that one odd stretch is outvoted (our judgement)."""

DRIFT_LEAST_S = 60.0
"""Shortest time between the first and the last swing from which a drift is given (our judgement)."""

BLOCK_LOW, BLOCK_HIGH = 1.0, 95.0
"""Percentiles of a stretch's force taken as its lowest and highest (our judgement)."""


@dataclass(frozen=True, eq=False)
class Baseline:
    """Resting levels of a foot's sensors in its B stretches with swing.

    Attributes
    ----------
    row
        ``(B,)`` float64 mean row of the swing in each stretch, rising.
    level
        ``(B, S)`` float64 what each sensor reads there, in the values' unit; NaN for a
        sensor without values.
    walking
        ``(n,)`` true for rows of stretches in which the foot left the ground.
    """

    row: F64
    level: F64
    walking: Bool

    def drift_per_h(self, rate_hz: float) -> float | None:
        """Slope of the sensors' mean resting level, per hour; None where swings span too little time.

        Least squares over stretches.
        """
        hours = (self.row - self.row.mean()) / rate_hz / 3600
        if self.row.size < 3 or np.ptp(self.row) < DRIFT_LEAST_S * rate_hz:
            return None
        mean = np.nanmean(self.level[:, np.isfinite(self.level).all(axis=0)], axis=1)
        return float(hours @ mean / (hours @ hours))

    def segments(self, n: int) -> Iterator[tuple[slice, F32]]:
        """Rows ``[0, n)`` in order, each part with its ``(m, S)`` resting levels.

        Linear between stretches, level before the first and after the last.
        """
        level = np.nan_to_num(self.level).astype(np.float32)
        knots = np.clip(np.ceil(self.row).astype(np.int64), 0, n)
        edges = np.concatenate(([0], knots, [n]))
        for k in range(edges.size - 1):
            start, stop = int(edges[k]), int(edges[k + 1])
            if k in {0, edges.size - 2}:
                yield slice(start, stop), level[min(k, len(level)) - (k > 0)][None]
                continue
            part = (np.arange(start, stop) - self.row[k - 1]) / (self.row[k] - self.row[k - 1])
            yield slice(start, stop), level[k - 1] + part.astype(np.float32)[:, None] * (level[k] - level[k - 1])


def swing_baseline(values: F32, force: F64, *, rate_hz: float, in_newtons: bool) -> Baseline | None:
    """Find what the sensors read in swing.

    The recording is cut into stretches of about ``ZERO_BLOCK_S``. Those in which the force
    ranges nearly as widely as in any hold swings; the rows near their lowest force are swing,
    and the median of each sensor over these is where it rests.

    Parameters
    ----------
    values
        ``(n, S)``.
    force
        ``(n,)`` sum of the sensors, not cut off at zero; NaN where not valid.
    in_newtons
        Whether the force is in N; otherwise there is no least range.

    Returns
    -------
    None when the foot never left the ground, or was never loaded.
    """
    edges = _edges(force.size, rate_hz)
    low, high = _ranges(force, edges)
    widest = float(np.nanmax(high - low, initial=0.0))
    if widest <= (LEAST_RANGE_N if in_newtons else 0.0):
        return None
    with np.errstate(invalid="ignore"):
        active = (high - low >= SWING_RANGE_SHARE * widest) & (low <= UNLOADED_SHARE * high)
    rows, levels, walking = [], [], np.zeros(force.size, np.bool_)
    for k in np.flatnonzero(active):
        part = slice(edges[k], edges[k + 1])
        swing = edges[k] + np.flatnonzero(force[part] <= low[k] + SWING_BAND_SHARE * (high[k] - low[k]))
        if swing.size < LEAST_SWING_ROWS:
            continue
        walking[part] = True
        rows.append(float(swing.mean()))
        levels.append(_median(values[swing[:: max(1, swing.size * len(low) // MOST_ROWS)]]))
    return Baseline(np.array(rows), _smoothed(np.array(levels)), walking) if rows else None


def zeroed(values: F32, baseline: Baseline) -> F32:
    """Values less their resting levels, a copy; the same array where these are all zero.

    Parameters
    ----------
    values
        ``(n, S)``; NaN stays NaN.
    """
    if not np.nan_to_num(baseline.level).any():
        return values
    out = np.empty_like(values)
    for part, level in baseline.segments(len(values)):
        np.subtract(values[part], level, out=out[part])
    return out


def _edges(n: int, rate_hz: float) -> I64:
    """Rows at which the stretches begin, and the end."""
    count = max(1, round(n / (ZERO_BLOCK_S * rate_hz)))
    return np.linspace(0, n, count + 1).astype(np.int64)


def _ranges(force: F64, edges: I64) -> tuple[F64, F64]:
    """``(B,)`` low and high of the force in each stretch; NaN for one without samples."""
    out = np.full((2, edges.size - 1), np.nan)
    for k in range(edges.size - 1):
        part = force[edges[k] : edges[k + 1]]
        part = part[np.isfinite(part)]
        if part.size:
            out[:, k] = np.percentile(part, [BLOCK_LOW, BLOCK_HIGH])
    return out[0], out[1]


def _median(rows: F32) -> F64:
    """``(S,)`` median of each sensor; NaN for a sensor without values."""
    return np.asarray(np.median(rows.astype(np.float64), axis=0))


def _smoothed(levels: F64) -> F64:
    """Running median over stretches, shorter at the ends."""
    if len(levels) < 3:
        return levels
    half = SMOOTHED_BLOCKS // 2
    padded = np.pad(levels, ((half, half), (0, 0)), mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, SMOOTHED_BLOCKS, axis=0)
    return np.asarray(np.median(windows, axis=2))
