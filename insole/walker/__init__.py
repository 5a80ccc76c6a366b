"""A synthetic walker: samples of two insoles, and the answers they should lead to.

For demonstrations, for the emulated insoles and for tests: the true steps, forces and shares
are known beforehand, because nothing here is measured.

The sum of pressure times area over a foot's sensors equals its force at every instant: all
weight goes through the sensors, as it would if their areas covered the sole. So areas decide
the pressures: those of ``open-insole-16`` were chosen so that its regional peaks come within
15 % of published in-shoe means (``insole.walker.sole``); fewer or smaller sensors read higher.
"""

from __future__ import annotations

from insole.walker.actor import Activity, Actor
from insole.walker.gait import Gait, mirrored
from insole.walker.samples import FULL_SCALE_KPA, MAX_COUNT, Walker, nominal_calibration
from insole.walker.truth import Truth

__all__ = [
    "FULL_SCALE_KPA",
    "MAX_COUNT",
    "Activity",
    "Actor",
    "Gait",
    "Truth",
    "Walker",
    "mirrored",
    "nominal_calibration",
]
