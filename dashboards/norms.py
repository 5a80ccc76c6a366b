"""Published means of healthy adults, beside which a recording's numbers may stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.walk import FootWalk, Walk


@dataclass(frozen=True)
class Norm:
    """A mean and a standard deviation over people, in kPa."""

    mean_kpa: float
    sd_kpa: float


IN_SHOE_PEAK_PRESSURE = {
    "heel": Norm(264.3, 44.1),
    "mth1": Norm(248.0, 70.1),
    "mth2": Norm(246.5, 48.3),
    "mth3": Norm(224.7, 50.4),
    "hallux": Norm(280.4, 83.0),
}
"""By region, of peak pressure in a running shoe under a 99-sensor pedar insole (Putti 2007)."""

SOURCE = (
    "Putti AB et al. 2007, Gait Posture 25:401: mean and standard deviation of 53 healthy adults, 99-sensor pedar "
    "insole in a running shoe. Fewer, larger or separate sensors read lower"
)


def norm_of(region: str, walk: Walk) -> Norm | None:
    """The published peak pressure of a region; None on a plate, barefoot, and for regions of other names.

    A region that only holds part of the published one, or more than it, has another name and is not
    set beside it.
    """
    barefoot = walk.about.condition.strip().casefold() == "barefoot"
    in_shoe = not barefoot and all(_in_shoe(foot) for foot in walk.feet.values())
    return IN_SHOE_PEAK_PRESSURE.get(region) if in_shoe else None


def _in_shoe(foot: FootWalk) -> bool:
    return foot.has_pressure and not foot.layout.platform
