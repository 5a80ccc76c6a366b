"""How unlike two sides are. Positive is always more on the right."""

from __future__ import annotations

import math


def symmetry_index_pct(left: float, right: float) -> float | None:
    """Symmetry index of Robinson: 200 (R - L)/(R + L), in %, from -200 to 200.

    Returns
    -------
    None where the sum is not above zero.

    References
    ----------
    Robinson RO, Herzog W, Nigg BM (1987). Use of force platform variables to quantify the
    effects of chiropractic manipulation on gait symmetry. J Manipulative Physiol Ther 10:172;
    as equation 1 of doi:10.1186/s13102-021-00355-4.
    """
    total = left + right
    return 200.0 * (right - left) / total if total > 0 else None


def symmetry_angle_pct(left: float, right: float) -> float | None:
    """Symmetry angle of Zifchock: 100 (45° - atan(L/R))/90°, in %, from -50 to 50 for forces.

    Needs no reference side and stays bounded near zero.

    Returns
    -------
    None where both are zero.

    References
    ----------
    Zifchock RA, Davis I, Higginson J, Royer T (2008). The symmetry angle: a novel, robust
    method of quantifying asymmetry. Gait Posture 27:622, doi:10.1016/j.gaitpost.2007.08.006.
    """
    if left == 0 and right == 0:
        return None
    return 100.0 * (45.0 - math.degrees(math.atan2(left, right))) / 90.0
