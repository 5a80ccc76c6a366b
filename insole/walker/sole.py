"""How a stance rolls over the sole, from heel to toe, on the sensors of any layout.

Positions are in normalised foot coordinates (``x`` from -1 lateral to +1 medial of the
insole's width, ``y`` from 0 heel to 1 toe of its length), so sensor numbers do not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from insole.layout import SensorLayout
    from insole.typing import F64


@dataclass(frozen=True)
class Landmark:
    """A place of the sole that bears load for a part of stance.

    Attributes
    ----------
    x, y
        Normalised position.
    strength
        Relative pressure when fully loaded.
    on, full, fade, off
        Fractions of stance between which its load comes, is whole, and goes.
    """

    x: float
    y: float
    strength: float
    on: float
    full: float
    fade: float
    off: float

    def course(self, u: F64) -> F64:
        """Its loading, 0 to 1, at ``u`` of stance; smooth."""
        a = np.clip((u - self.on) / (self.full - self.on), 0.0, 1.0)
        b = np.clip((self.off - u) / (self.off - self.fade), 0.0, 1.0)
        return a * a * (3 - 2 * a) * b * b * (3 - 2 * b)


HEEL = (
    Landmark(0.30, 0.09, 1.00, -0.10, 0.00, 0.28, 0.66),
    Landmark(-0.30, 0.09, 1.00, -0.10, 0.00, 0.28, 0.66),
    Landmark(0.30, 0.20, 0.85, -0.05, 0.08, 0.30, 0.68),
    Landmark(-0.30, 0.20, 0.85, -0.05, 0.08, 0.30, 0.68),
)
MIDFOOT = (
    Landmark(-0.45, 0.35, 0.40, 0.02, 0.20, 0.45, 0.75),
    Landmark(-0.52, 0.48, 0.40, 0.04, 0.25, 0.50, 0.80),
    Landmark(0.22, 0.35, 0.14, 0.05, 0.25, 0.45, 0.72),
    Landmark(0.20, 0.48, 0.14, 0.08, 0.30, 0.50, 0.76),
)
FOREFOOT = (
    Landmark(0.70, 0.706, 1.03, 0.10, 0.70, 0.84, 0.995),
    Landmark(0.30, 0.717, 0.93, 0.09, 0.70, 0.86, 1.00),
    Landmark(-0.08, 0.694, 0.85, 0.08, 0.66, 0.85, 1.00),
    Landmark(-0.44, 0.657, 0.75, 0.07, 0.60, 0.80, 0.985),
    Landmark(-0.75, 0.604, 0.60, 0.06, 0.50, 0.76, 0.97),
)
TOES = (
    Landmark(0.57, 0.887, 1.33, 0.16, 0.78, 0.84, 1.02),
    Landmark(0.10, 0.890, 0.50, 0.28, 0.78, 0.88, 1.01),
    Landmark(-0.36, 0.845, 0.42, 0.28, 0.76, 0.86, 1.00),
)
"""The sole's landmarks, from our own reference layout.

Onsets and ends follow the contact times of Putti et al. 2007 (Gait Posture 25:401, in-shoe,
n = 53): metatarsal heads 77 to 87 % of stance, hallux 75 %. Strengths were chosen so that at
70 kg and 110 steps a minute the peaks of ``open-insole-16`` come within 15 % of its means:
hallux 280, heel 264, first to third metatarsal head 248, 246.5 and 224.7 kPa. Those of the
midfoot, the other heads and the toes are our judgement.
"""

STANDING_SHARE = ((HEEL, 0.60), (MIDFOOT, 0.08), (FOREFOOT, 0.28), (TOES, 0.04))
"""Shares of load in quiet standing: Cavanagh et al. 1987 (Foot Ankle 7:262).

The bells overlap, so a layout's own zones come near these shares, not upon them.
"""

SPREAD_X = 0.24
SPREAD_Y = 0.075
"""Standard deviations of a landmark's load around it, in normalised coordinates (our judgement)."""


def normalised_xy(layout: SensorLayout) -> F64:
    """``(S, 2)`` sensor positions, x from -1 to 1 across the insole, y from 0 to 1 along it."""
    low, high = layout.outline_mm.min(axis=0), layout.outline_mm.max(axis=0)
    unit = (layout.xy_mm - low) / (high - low)
    return np.column_stack([2 * unit[:, 0] - 1, unit[:, 1]])


def nearness(layout: SensorLayout, landmarks: tuple[Landmark, ...]) -> F64:
    """``(S, K)`` how much each sensor feels of each landmark: a bell, never quite zero."""
    xy = normalised_xy(layout)
    at = np.array([(mark.x, mark.y) for mark in landmarks])
    away = (xy[:, None, :] - at) / (SPREAD_X, SPREAD_Y)
    return np.asarray(np.exp(-0.5 * np.sum(away**2, axis=2)) + 1e-9)


def weighing_area(layout: SensorLayout) -> F64:
    """``(S,)`` areas in mm²; one each where the device gives force only."""
    return np.where(np.isnan(layout.area_mm2), 1.0, layout.area_mm2)


def roll(layout: SensorLayout, u: F64) -> F64:
    """How stance loads the sensors.

    Parameters
    ----------
    layout
        Any layout of S sensors.
    u
        ``(n,)`` fractions of stance, 0 to 1.

    Returns
    -------
    ``(n, S)`` pressure over the foot's force, per mm² (share of the force where the layout
    has no areas): its product with the sensors' areas sums to 1 in each row.
    """
    marks = HEEL + MIDFOOT + FOREFOOT + TOES
    courses = np.column_stack([mark.strength * mark.course(u) for mark in marks])
    weight = courses @ nearness(layout, marks).T
    return np.asarray(weight / (weight @ weighing_area(layout))[:, None])


def standing(layout: SensorLayout) -> F64:
    """``(S,)`` like a row of ``roll``, for quiet standing."""
    area = weighing_area(layout)
    total = np.zeros(layout.n_sensors)
    for marks, share in STANDING_SHARE:
        weight = nearness(layout, marks) @ np.array([mark.strength for mark in marks])
        total += share * weight / (weight @ area)
    return total
