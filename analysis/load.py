"""Sums over sensors: force, moments, means, regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from insole.records import MarkKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.walk import FootWalk, Walk
    from insole.records import Mark
    from insole.side import Side
    from insole.typing import F32, F64, I64, Bool

BLOCK_ROWS = 1024
"""Rows turned into float64 at a time; bounds memory; at 1024 rows a block of 99 sensors stays in the cache
(measured: twice as fast as 4096, and as fast as single precision over the whole)."""

EDGE_TOLERANCE = 0.51
"""Samples of the two feet within this part of a sample period count as the same moment: half, and rounding."""


def weighted_sums(values: F32, weights: F64, *, dead: Bool | None = None) -> F64:
    """Sum over sensors of value times weight, in double precision.

    Parameters
    ----------
    values
        ``(n, S)``.
    weights
        ``(S, K)``: K sums at once.
    dead
        ``(S,)`` sensors left out, whatever they hold.

    Returns
    -------
    ``(n, K)``; NaN in rows where a sensor that is not dead is NaN.
    """
    live = np.arange(values.shape[1]) if dead is None or not dead.any() else np.flatnonzero(~dead)
    everything = live.size == values.shape[1]
    weights = np.ascontiguousarray(weights[live])
    out = np.empty((len(values), weights.shape[1]))
    for start in range(0, len(values), BLOCK_ROWS):
        block = values[start : start + BLOCK_ROWS]
        part = (block if everything else block[:, live]).astype(np.float64)
        np.matmul(part, weights, out=out[start : start + BLOCK_ROWS])
    return out


def sensor_means(foot: FootWalk, rows: Bool) -> F64:
    """Mean of each sensor over the given rows: ``(S,)``; zero for dead sensors, which carry nothing.

    Parameters
    ----------
    rows
        ``(n,)``, a part of ``foot.valid``; at least one is true.
    """
    total = np.zeros(foot.layout.n_sensors)
    for start in range(0, len(rows), BLOCK_ROWS):
        part = slice(start, start + BLOCK_ROWS)
        total += foot.values[part][rows[part]].sum(axis=0, dtype=np.float64)
    total[foot.dead] = 0.0
    return np.asarray(total / np.count_nonzero(rows))


def sensor_forces(foot: FootWalk, means: F64) -> F64:
    """``(S,)`` force of each sensor in ``foot.force_unit``."""
    return means if foot.newton_per_value is None else means * foot.newton_per_value


def nearest_rows(foot: FootWalk, time_s: F64) -> tuple[I64, Bool]:
    """Each time's nearest sample.

    Parameters
    ----------
    time_s
        ``(m,)`` session seconds.

    Returns
    -------
    ``(m,)`` row of the foot's nearest sample, and ``(m,)`` true where that one is valid and within
    half a sample period. The foot has at least one row.
    """
    right = np.clip(np.searchsorted(foot.time_s, time_s), 0, foot.time_s.size - 1)
    left = np.maximum(right - 1, 0)
    near = np.where(time_s - foot.time_s[left] <= foot.time_s[right] - time_s, left, right)
    close = np.abs(foot.time_s[near] - time_s) <= EDGE_TOLERANCE * foot.period_s
    return near, np.asarray(foot.valid[near] & close)


def known_at(foot: FootWalk, time_s: F64) -> Bool:
    """``(m,)`` true where the foot has a valid sample within half a sample period of the time."""
    if not foot.time_s.size:
        return np.zeros(time_s.shape, np.bool_)
    return nearest_rows(foot, time_s)[1]


def common_rows(walk: Walk, foot: FootWalk) -> Bool:
    """``(n,)`` rows of the foot that are valid while the other foot, if there is one, is known too."""
    other = walk.feet.get(foot.side.other)
    return foot.valid if other is None else foot.valid & known_at(other, foot.time_s)


def counted_rows(foot: FootWalk, marks: Sequence[Mark], *sides: Side) -> Bool:
    """``(n,)`` valid rows of the foot outside of stretches that a person excluded.

    Parameters
    ----------
    marks
        Of any kind.
    sides
        A stretch excluded for one of these feet does not count; one of both feet never does.
    """
    rows = foot.valid.copy()
    for mark in marks:
        if mark.kind is MarkKind.EXCLUDE and (mark.side is None or mark.side in sides):
            first, stop = np.searchsorted(foot.time_s, [mark.start_s, mark.stop_s])
            rows[first:stop] = False
    return rows
