"""What is there of a foot's samples: gaps, and low readings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from insole.typing import F64, I64, Bool, Samples

LOW_PERCENTILE = 5.0
"""Which readings count as a sensor's lowest: they lie in swing in any walk (our judgement)."""

MOST_ROWS = 20_000
"""Rows looked at for percentiles; longer recordings are thinned evenly."""


def low_readings(values: Samples) -> F64:
    """``(S,)`` each sensor's low percentile over the rows that have values; NaN for a sensor without."""
    step = max(1, len(values) // MOST_ROWS)
    rows = np.asarray(values[::step], np.float64)
    rows = rows[np.isfinite(rows).any(axis=1)]
    low = np.full(values.shape[1], np.nan)
    full = np.isfinite(rows).any(axis=0)
    if full.any():
        low[full] = np.nanpercentile(rows[:, full], LOW_PERCENTILE, axis=0)
    return low


def gap_runs(valid: Bool) -> tuple[I64, I64]:
    """Half-open ``[start, stop)`` rows of each stretch that is not valid."""
    edges = np.diff(np.concatenate(([True], valid, [True])).astype(np.int8))
    return np.flatnonzero(edges == -1), np.flatnonzero(edges == 1)
