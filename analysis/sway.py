"""Traces of the centre of pressure in quiet standing, and how large they are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.contacts import BRIDGED_GAP_S, bridged
from analysis.cop import least_force, path_length_mm
from analysis.filters import low_pass
from analysis.load import nearest_rows
from analysis.quality import gap_runs
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.standing import Stretch
    from analysis.walk import Walk
    from insole.typing import F64, Bool

SWAY_LOW_PASS_HZ = 10.0
"""Part of the fixed recipe: what is faster is noise of the insole, not sway (our judgement)."""

CHI_SQUARE = 5.991
"""95th percentile of the chi-square distribution with two degrees of freedom."""


@dataclass(frozen=True, eq=False)
class Trace:
    """A centre of pressure on a regular grid, without a long gap.

    Attributes
    ----------
    time_s
        ``(n,)`` session seconds.
    xy_mm
        ``(n, 2)`` x across and y along; a straight line where a short gap is crossed.
    measured
        ``(n,)`` false where a short gap is crossed.
    rate_hz
        Samples per second.
    """

    time_s: F64
    xy_mm: F64
    measured: Bool
    rate_hz: float

    @property
    def duration_s(self) -> float:
        """Time that its samples stand for."""
        return self.time_s.size / self.rate_hz


@dataclass(frozen=True)
class Sway:
    """How large a trace is: area in mm², lengths in mm, velocity in mm/s."""

    area_mm2: float
    path_mm: float
    velocity_mm_per_s: float
    rms_ml_mm: float
    rms_ap_mm: float


def longest_trace(time_s: F64, cop: F64, *, rate_hz: float, stretches: Sequence[Stretch]) -> Trace:
    """The longest part of the stretches in which the centre of pressure is known.

    One part only, because a path grows with time and joining parts would invent a step.
    Gaps up to ``BRIDGED_GAP_S`` are crossed in a straight line, which the filter and the
    path need; the crossed samples do not count in the spread.

    Parameters
    ----------
    time_s, cop
        ``(n,)`` and ``(n, 2)``; NaN where the centre is not defined.

    Returns
    -------
    The trace, empty where nothing is known. The first of several equally long ones.
    """
    best = slice(0, 0)
    filled = cop.copy()
    for stretch in stretches:
        first, stop = (int(i) for i in np.searchsorted(time_s, [stretch.start_s, stretch.stop_s]))
        most = int(BRIDGED_GAP_S * rate_hz + 1e-9)
        for axis in (0, 1):
            filled[first:stop, axis], known = bridged(cop[first:stop, axis], most=most)
            runs = gap_runs(~known)
        for a, b in zip(*(r.tolist() for r in runs), strict=True):
            if b - a > best.stop - best.start:
                best = slice(first + a, first + b)
    return Trace(time_s[best], filled[best], np.isfinite(cop[best, 0]), rate_hz)


def pair_cop_mm(walk: Walk, stance_width_mm: float) -> tuple[F64, F64, float]:
    """Centre of pressure of both feet together: that of each, weighted by its force.

    The feet are taken to stand parallel, heels level, their midlines at the stated distance.
    Each sample of the slower foot (the left, if they are alike) goes with the other's nearest
    within half a period; nothing is resampled.

    Parameters
    ----------
    walk
        Two feet whose forces are in the same unit.
    stance_width_mm
        Distance between the feet's midlines.

    Returns
    -------
    ``(n,)`` session seconds, ``(n, 2)`` mm (+x to the person's right from the middle between
    the midlines, +y to the toes; NaN where a foot is missing or the force is too small), and
    samples per second.
    """
    base = min(walk.feet.values(), key=lambda foot: foot.rate_hz)
    other = walk.feet[base.side.other]
    near, known = nearest_rows(other, base.time_s)
    force = base.force + other.force[near]
    # Both feet's x is medial: to the person's right on the left foot, to the left on the right one.
    right = {Side.LEFT: 1.0, Side.RIGHT: -1.0}
    moment = np.zeros((force.size, 2))
    for foot, rows in ((base, np.arange(force.size)), (other, near)):
        x, y = foot.moment[rows].T
        moment += np.column_stack([right[foot.side] * (x - stance_width_mm / 2 * foot.force[rows]), y])
    least = sum(least_force(foot) for foot in walk.feet.values())
    defined = known & base.valid & (force >= least) & (force > 0)
    cop = np.full(moment.shape, np.nan)
    cop[defined] = moment[defined] / force[defined, None]
    return base.time_s, cop, base.rate_hz


def sway_of(trace: Trace) -> Sway:
    """Measure a trace by the fixed recipe: low-passed at ``SWAY_LOW_PASS_HZ``, not detrended.

    The area is that of the 95 % prediction ellipse, π · 5.991 · √det(covariance), in which
    95 of 100 further samples are to be expected (Schubert & Kirchner 2014, Gait Posture
    39:518, doi:10.1016/j.gaitpost.2013.09.001). RMS is about the mean. A trace sampled too
    slowly for the filter is measured without it.

    Parameters
    ----------
    trace
        At least two samples.
    """
    xy = low_pass(trace.xy_mm, rate_hz=trace.rate_hz, cutoff_hz=SWAY_LOW_PASS_HZ) if filtered(trace) else trace.xy_mm
    path = path_length_mm(xy)
    about = xy[trace.measured] - xy[trace.measured].mean(axis=0)
    covariance = about.T @ about / (len(about) - 1)
    across, along = np.sqrt(np.mean(about**2, axis=0))
    return Sway(
        area_mm2=math.pi * CHI_SQUARE * math.sqrt(max(float(np.linalg.det(covariance)), 0.0)),
        path_mm=path,
        velocity_mm_per_s=path / float(trace.time_s[-1] - trace.time_s[0]),
        rms_ml_mm=float(across),
        rms_ap_mm=float(along),
    )


def filtered(trace: Trace) -> bool:
    """Whether the samples come fast enough for the recipe's filter."""
    return trace.rate_hz > 2 * SWAY_LOW_PASS_HZ
