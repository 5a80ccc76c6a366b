"""The force levels at which a foot is on and off the ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.load import common_rows
from analysis.zero import LEAST_RANGE_N, UNLOADED_SHARE
from insole.units import weight_n

if TYPE_CHECKING:
    from analysis.walk import FootWalk, Walk
    from insole.typing import F64, Bool

FOOT_ON_SHARE = 0.05
"""Foot-on: force above the swing level, as a part of body weight or of the force's range. About
50 N in an adult; with ``FOOT_OFF_SHARE``, each of the 28 events that a vendor marked in a public
Moticon walk is met within 9 ms."""

FOOT_OFF_SHARE = 0.10
"""Foot-off: higher than foot-on, because an insole unloads with a tail. One level of 50 N puts the
same walk's foot-off 22 to 31 ms late. 10 % of the range is also the level of pressuRe 0.2.7."""

LEAST_PEAK_SHARE = 0.30
"""A contact that never loads more than this is no stance (our judgement: a foot that brushes the floor)."""

RELOADED_SHARE = 0.60
"""A foot that falls below ``LEAST_PEAK_SHARE`` and rises above this again without a foot-off between has
shuffled (our judgement: the trough of midstance stays above 30 % of body weight)."""

SWING_PERCENTILE = 1.0
TOP_PERCENTILE = 99.0
"""The force's range goes between these percentiles: single wild samples do not move it (our judgement)."""

PLAUSIBLE_WEIGHT = (0.8, 1.25)
"""Mean force of both feet over body weight at which the stated mass is used. Over whole strides
it is 1; six walks of one public data set measure 0.81 to 1.45 of it (our judgement)."""


@dataclass(frozen=True)
class Levels:
    """Force levels of one foot, in its ``force_unit``.

    Attributes
    ----------
    swing
        Force that remains in swing.
    on, off
        Foot-on is the rising crossing of ``on``; foot-off the last falling crossing of ``off``.
    least_peak
        What a stance reaches.
    loaded
        What a foot reaches that bears weight again after it fell below ``least_peak``.
    """

    swing: float
    on: float
    off: float
    least_peak: float
    loaded: float


def levels_of(force: F64, *, in_newtons: bool, body_weight_n: float | None = None) -> Levels | None:
    """Levels of one foot from its own forces.

    Parameters
    ----------
    force
        ``(n,)`` of a time with steps; NaN is missing.
    in_newtons
        Whether it is in N; otherwise there is no least range.
    body_weight_n
        Body weight that the levels are parts of; None to take the force's own range.

    Returns
    -------
    None when the foot never left the ground or was never loaded.
    """
    known = force[np.isfinite(force)]
    if not known.size:
        return None
    swing, top = (float(p) for p in np.percentile(known, [SWING_PERCENTILE, TOP_PERCENTILE]))
    if swing > UNLOADED_SHARE * top or top - swing <= (LEAST_RANGE_N if in_newtons else 0.0):
        return None
    scale = top - swing if body_weight_n is None else body_weight_n
    return Levels(
        swing=swing,
        on=swing + FOOT_ON_SHARE * scale,
        off=swing + FOOT_OFF_SHARE * scale,
        least_peak=swing + LEAST_PEAK_SHARE * scale,
        loaded=swing + RELOADED_SHARE * scale,
    )


def measured_over_weight(walk: Walk) -> float | None:
    """Mean force of both feet while they walk over body weight; None without a mass, two feet, or newtons."""
    mass = walk.about.body_mass_kg
    if mass is None or not walk.comparable or not all(foot.in_newtons for foot in walk.feet.values()):
        return None
    means = [foot.force[rows].mean() for foot in walk.feet.values() if (rows := _walking_rows(walk, foot)).any()]
    return float(sum(means)) / weight_n(mass) if len(means) == 2 else None


def _walking_rows(walk: Walk, foot: FootWalk) -> Bool:
    """``(n,)`` rows at which both feet are known, in stretches in which the foot takes steps, if it takes any."""
    rows = common_rows(walk, foot)
    return rows if foot.baseline is None else rows & foot.baseline.walking


def plausible_weight_n(walk: Walk) -> float | None:
    """Body weight in N, if the mass is known and the measured forces agree with it."""
    ratio, mass = measured_over_weight(walk), walk.about.body_mass_kg
    if ratio is None or mass is None or not PLAUSIBLE_WEIGHT[0] <= ratio <= PLAUSIBLE_WEIGHT[1]:
        return None
    return weight_n(mass)
