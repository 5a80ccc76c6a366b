"""Sensors that do not measure: dead, stuck or at the end of their range."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from analysis.walk import FootWalk
    from insole.layout import SensorLayout
    from insole.recording import FootStream
    from insole.typing import F32, F64, I64, Bool

DEAD_NEIGHBOURS = 2
"""A sensor that always reads zero is judged by this many nearest sensors; beside one that is still too,
it is taken for untrodden (our judgement)."""

DEAD_NEIGHBOUR_SHARE = 0.35
"""It is dead, not just never trodden on, if all of them range over this part of the foot's widest
range (our judgement: in a public pedar walk 7 good sensors stay at zero, beside ones of up to 0.28)."""

NEARLY_ZERO_SHARE = 0.01
"""A value this near to zero, as a part of the widest range, is zero: calibrations rest beside it (our judgement)."""

STUCK_S = 5.0
"""A loaded sensor that does not change for this long while the foot walks is stuck (our judgement)."""

STUCK_LEAST_SHARE = 0.10
"""A stuck value is above this part of the foot's largest: a sensor may well rest at little (our judgement)."""

STUCK_ROWS_PER_S = 10
"""Rows looked at in a second when a stuck value is sought."""


def extremes(values: F32) -> tuple[F32, F32]:
    """``(S,)`` each sensor's smallest and largest value; NaN for a sensor without."""
    return np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)


def dead_sensors(low: F32, high: F32, layout: SensorLayout) -> Bool:
    """``(S,)`` true for sensors without signal, by their smallest and largest value.

    A sensor is dead if it never has a value; or if its value never changes while others do,
    and either that value is not nearly zero, or the sensors nearest to it are loaded. On a
    platform most cells are never trodden on, so there only the first counts, and a value that
    stays off zero.
    """
    empty = ~np.isfinite(low)
    spread = np.where(empty, 0.0, high - low).astype(np.float64)
    widest = float(spread.max(initial=0.0))
    if widest <= 0:
        return np.asarray(empty)
    still = ~empty & (spread == 0)
    off_zero = still & (np.abs(low) > NEARLY_ZERO_SHARE * widest)
    untouched = np.flatnonzero(still & ~off_zero)
    dead = empty | off_zero
    if not layout.platform and untouched.size:
        dead[untouched] = _neighbours_range(spread, layout, untouched) >= DEAD_NEIGHBOUR_SHARE * widest
    return np.asarray(dead)


def _neighbours_range(spread: F64, layout: SensorLayout, columns: I64) -> F64:
    """``(k,)`` smallest range of the sensors nearest to each of the columns."""
    gap = np.linalg.norm(layout.xy_mm[columns, None] - layout.xy_mm[None], axis=2)
    gap[np.arange(columns.size), columns] = np.inf
    nearest = np.argsort(gap, axis=1, kind="stable")[:, :DEAD_NEIGHBOURS]
    return np.asarray(spread[nearest].min(axis=1))


def saturated_sensors(stream: FootStream) -> I64:
    """Columns that reached the end of their range at least once."""
    if stream.saturation is None or not len(stream.values):
        return np.empty(0, np.int64)
    return np.flatnonzero(np.fmax.reduce(stream.values, axis=0) >= stream.saturation)


def stuck_sensors(foot: FootWalk) -> tuple[I64, F64]:
    """Sensors that kept one value above nothing while the foot walked.

    Returns
    -------
    Columns ``(k,)``, and for how long each was stuck in s, ``(k,)``.
    """
    none = np.empty(0, np.int64), np.empty(0)
    if foot.baseline is None:
        return none
    step = max(1, round(foot.rate_hz / STUCK_ROWS_PER_S))
    rows = np.flatnonzero(foot.valid & foot.baseline.walking)[::step]
    if rows.size < 2:
        return none
    values = foot.values[rows]
    top = float(np.nanmax(values))
    same = (values[1:] == values[:-1]) & (values[1:] > STUCK_LEAST_SHARE * top)
    same &= (np.diff(rows) == step)[:, None]
    longest = _longest_runs(same) * step / foot.rate_hz
    stuck = np.flatnonzero(longest >= STUCK_S)
    return stuck, longest[stuck]


def _longest_runs(held: Bool) -> F64:
    """``(S,)`` length of the longest run of true in each column of ``(n, S)``."""
    index = np.arange(1, len(held) + 1)[:, None]
    broken = np.maximum.accumulate(np.where(held, 0, index), axis=0)
    return np.asarray((index - broken).max(axis=0, initial=0), np.float64)
