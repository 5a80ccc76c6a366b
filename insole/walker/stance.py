"""The vertical force of one stance of walking: two humps, known in closed form.

Its numbers are chosen, not measured; each says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from insole.typing import F64

FIRST_PEAK_AT = 0.24
TROUGH_AT = 0.50
SECOND_PEAK_AT = 0.77
"""Fractions of stance at which the vertical force of walking peaks, dips and peaks again (our judgement)."""

TROUGH_OF_PEAK = 0.70
"""Force in the trough as a fraction of the peaks (our judgement): 0.76 of body weight at 62 % stance."""

STEEP_PART = 0.3
STEEP_POWER = 10
"""Of each peak, the part that rises at contact at once, and how fast (our judgement).

They make the instant of contact sharp: at 110 steps a minute the force passes 5 % of body
weight within 4 ms of it.
"""


def rise(s: F64) -> F64:
    """Fraction of a peak reached at ``s`` of the way from contact to the peak: 0 at 0, 1 from 1 on."""
    s = np.clip(s, 0.0, 1.0)
    return STEEP_PART * (1 - (1 - s) ** STEEP_POWER) + (1 - STEEP_PART) * s * s * (3 - 2 * s)


RISE_MEAN = STEEP_PART * STEEP_POWER / (STEEP_POWER + 1) + (1 - STEEP_PART) / 2
"""Mean of ``rise`` over its way, by integration."""

SHAPE_MEAN = (FIRST_PEAK_AT + 1 - SECOND_PEAK_AT) * RISE_MEAN + (SECOND_PEAK_AT - FIRST_PEAK_AT) * (
    1 + TROUGH_OF_PEAK
) / 2
"""Mean of ``force_shape`` over stance, by integration."""


def force_shape(u: F64) -> F64:
    """Vertical force at ``u`` of stance (0 foot-on, 1 foot-off) over its peak; zero outside.

    Rise, half a cosine down to the trough, half a cosine up, fall: the two humps of walking.
    """
    depth = (1 - TROUGH_OF_PEAK) / 2
    down = 1 - depth * (1 - np.cos(np.pi * (u - FIRST_PEAK_AT) / (TROUGH_AT - FIRST_PEAK_AT)))
    up = 1 - depth * (1 + np.cos(np.pi * (u - TROUGH_AT) / (SECOND_PEAK_AT - TROUGH_AT)))
    ends = rise(np.minimum(u / FIRST_PEAK_AT, (1 - u) / (1 - SECOND_PEAK_AT)))
    middle = np.where(u < TROUGH_AT, down, up)
    inside = (u > FIRST_PEAK_AT) & (u < SECOND_PEAK_AT)
    return np.asarray(np.where(inside, middle, ends))


def peak_force_bw(stance_fraction: float) -> float:
    """Both peaks in body weights, so that two such feet carry one body weight on average.

    Over a whole stride the mean vertical force equals body weight (momentum), hence
    ``2 * stance_fraction * SHAPE_MEAN * peak = 1``.
    """
    return 1 / (2 * stance_fraction * SHAPE_MEAN)
