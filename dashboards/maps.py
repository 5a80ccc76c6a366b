"""What the pressure map shows of a walk: peaks, means, and moments for the time slider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dashboards.feet import place
from insole.recording import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.walk import FootWalk, Walk
    from insole.layout import SensorLayout
    from insole.recording import Side
    from insole.typing import F32, F64, Bool

ROWS_AT_ONCE = 65536
"""Rows summed at a time: a 12 h recording must not be copied to be averaged."""


def layouts_of(walk: Walk) -> dict[Side, SensorLayout]:
    """Each foot's layout."""
    return {side: foot.layout for side, foot in walk.feet.items()}


def unit_of(walk: Walk) -> str:
    """The unit of the walk's values, as it is written beside a number; kPa where nothing was measured."""
    return str(next((foot.unit for foot in walk.feet.values()), Unit.KPA))


def peak_values(walk: Walk) -> dict[Side, F64]:
    """``(S,)`` by side: each sensor's largest value of the recording; NaN if it has none."""
    return {side: _peaks(foot) for side, foot in walk.feet.items()}


def mean_values(walk: Walk) -> dict[Side, F64]:
    """``(S,)`` by side: each sensor's mean over the samples it has; NaN if it has none."""
    return {side: _means(foot) for side, foot in walk.feet.items()}


def _peaks(foot: FootWalk) -> F64:
    top = np.fmax.reduce(foot.values, axis=0, initial=np.nan)
    return np.asarray(top, np.float64)


def _means(foot: FootWalk) -> F64:
    total, count = np.zeros(foot.layout.n_sensors), np.zeros(foot.layout.n_sensors)
    for start in range(0, len(foot.values), ROWS_AT_ONCE):
        block = foot.values[start : start + ROWS_AT_ONCE]
        known = np.isfinite(block)
        total += np.where(known, block, 0).sum(axis=0, dtype=np.float64)
        count += known.sum(axis=0)
    return np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)


def span_s(walk: Walk) -> tuple[float, float]:
    """Session seconds of the first and the last sample of either foot; zeros if there are none."""
    ends = [(float(f.time_s[0]), float(f.time_s[-1])) for f in walk.feet.values() if f.time_s.size]
    return (min(a for a, _ in ends), max(b for _, b in ends)) if ends else (0.0, 0.0)


def period_s(walk: Walk) -> float:
    """Time from one sample to the next, of the faster foot; a hundredth of a second where there is none."""
    return min((foot.period_s for foot in walk.feet.values()), default=0.01)


def centres(walk: Walk, cop: Mapping[Side, F64], at_s: F64) -> Mapping[Side, F32]:
    """The centre of pressure of each foot at given times.

    Parameters
    ----------
    cop
        ``(n, 2)`` by side, in mm in the foot frame.
    at_s
        As for ``moments``.

    Returns
    -------
    ``(m, 2)`` by side, in mm on the page; NaN as for ``moments``, and where the force is too small.
    """
    found = {}
    for side, foot in walk.feet.items():
        row = nearest(foot.time_s, at_s)
        near: Bool = np.abs(foot.time_s[row] - at_s) <= foot.period_s
        out = np.full((at_s.size, 2), np.nan, np.float32)
        out[near] = place(side, cop[side][row[near]], foot.layout)
        found[side] = out
    return found


def moments(walk: Walk, at_s: F64) -> Mapping[Side, F32]:
    """What every sensor measured at given times.

    Parameters
    ----------
    at_s
        ``(m,)`` session seconds, rising.

    Returns
    -------
    ``(m, S)`` by side: the sample nearest to each time. NaN where it is more than one
    sample period away: nothing is held over a gap.
    """
    return {side: _moments(foot, at_s) for side, foot in walk.feet.items()}


def _moments(foot: FootWalk, at_s: F64) -> F32:
    out = np.full((at_s.size, foot.layout.n_sensors), np.nan, np.float32)
    if foot.time_s.size:
        row = nearest(foot.time_s, at_s)
        near: Bool = np.abs(foot.time_s[row] - at_s) <= 1 / foot.rate_hz
        out[near] = foot.values[row[near]]
    return out


def nearest(time_s: F64, at_s: F64) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """``(m,)`` rows of the rising ``time_s`` (at least one) that are nearest to ``at_s``."""
    right = np.clip(np.searchsorted(time_s, at_s), 0, time_s.size - 1)
    left = np.maximum(right - 1, 0)
    return np.where(at_s - time_s[left] <= time_s[right] - at_s, left, right)
