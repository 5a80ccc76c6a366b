"""The force of each stance over its time: its two peaks, and the trough between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.contacts import BRIDGED_GAP_S, bridged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.walk import FootWalk
    from insole.report import Step
    from insole.typing import F64, I64

PEAK_LEAST_SHARE = 0.70
"""Both peaks reach this part of body weight (of the stance's largest force where the mass is unknown): the
rule of the public loadsol_processing code; its 0.7 of body weight is not a physiological limit."""

PEAKS_APART_S = 0.15
"""And are this far apart: the same rule."""

TROUGH_LEAST_SHARE = 0.05
"""And the trough lies this part of the lower peak below it, so that noise makes no trough (our judgement)."""


@dataclass(frozen=True, eq=False)
class StanceCurves:
    """Force of K clean stances, each padded to the longest.

    Attributes
    ----------
    force_n
        ``(K, T)`` N from foot-on; NaN after foot-off. Short gaps are bridged by straight lines, to
        find the peaks only.
    time_s
        ``(K, T)`` s since the interpolated foot-on.
    """

    force_n: F64
    time_s: F64


@dataclass(frozen=True, eq=False)
class Humps:
    """The two humps of each stance, ``(K,)`` each; NaN where a stance has not two.

    Attributes
    ----------
    first_n, trough_n, second_n
        F1, the minimum between, F2, in N.
    first_s
        Time from foot-on to F1, in s.
    """

    first_n: F64
    trough_n: F64
    second_n: F64
    first_s: F64


def stance_curves(foot: FootWalk, steps: Sequence[Step]) -> StanceCurves:
    """Force over time of the clean steps of a foot; at least one is clean."""
    clean = [s for s in steps if s.clean]
    force = bridged(foot.force, most=int(BRIDGED_GAP_S * foot.rate_hz + 1e-9))[0]
    start = np.array([s.start for s in clean])
    length = np.array([s.stop for s in clean]) - start
    at = start[:, None] + np.arange(int(length.max()))
    inside = np.arange(int(length.max())) < length[:, None]
    at = np.minimum(at, force.size - 1)
    on_s = np.array([s.start_s for s in clean])[:, None]
    return StanceCurves(np.where(inside, force[at], np.nan), np.where(inside, foot.time_s[at] - on_s, np.nan))


def humps(curves: StanceCurves, *, body_weight_n: float | None = None) -> Humps:
    """Find F1, the midstance trough and F2 of each stance.

    The trough is where the force lies deepest below both the largest force before and the
    largest after it; these two are the peaks. A stance with one hump (a slow or guarded step)
    has none of the three.

    Parameters
    ----------
    body_weight_n
        Body weight that the least peak is a part of; None to take each stance's largest force.
    """
    f = np.where(np.isfinite(curves.force_n), curves.force_n, -np.inf)
    before = np.maximum.accumulate(f, axis=1)
    after = np.maximum.accumulate(f[:, ::-1], axis=1)[:, ::-1]
    with np.errstate(invalid="ignore"):
        depth = np.where(np.isfinite(f), np.minimum(before, after) - f, -np.inf)
    stance = np.arange(len(f))
    trough = depth.argmax(axis=1)
    first_n, second_n, trough_n = before[stance, trough], after[stance, trough], f[stance, trough]
    first = _first_at(f, first_n)
    second = f.shape[1] - 1 - _first_at(f[:, ::-1], second_n)
    least = f.max(axis=1) if body_weight_n is None else np.full(len(f), body_weight_n)
    time = np.where(np.isfinite(curves.time_s), curves.time_s, 0.0)
    first_s = time[stance, first]
    two = np.minimum(first_n, second_n) >= PEAK_LEAST_SHARE * least
    two &= time[stance, second] - first_s >= PEAKS_APART_S
    two &= depth[stance, trough] >= TROUGH_LEAST_SHARE * np.minimum(first_n, second_n)
    return Humps(*(np.where(two, a, np.nan) for a in (first_n, trough_n, second_n, first_s)))


def _first_at(f: F64, value: F64) -> I64:
    """``(K,)`` first column of each row that holds its value."""
    return np.asarray((f == value[:, None]).argmax(axis=1))
