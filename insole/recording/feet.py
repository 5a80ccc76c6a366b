"""What is known of a foot before its first sample."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from insole.recording.channels import check_channels

if TYPE_CHECKING:
    from insole.calibration import AnyCalibration
    from insole.layout import SensorLayout
    from insole.side import Side


class Unit(StrEnum):
    """What a foot's values are."""

    COUNTS = "counts"
    KPA = "kPa"
    N = "N"


@dataclass(frozen=True, eq=False)
class FootMeta:
    """What is known of a foot before its first sample.

    Attributes
    ----------
    side, layout, unit, rate_hz, calibration, saturation
        As in ``FootStream``.
    inertial
        Names of the C inertial channels that it sends beside its sensors: ``acc_x_g``,
        ``gyro_z_dps``, ``quat_w``, ... Empty where there are none.
    """

    side: Side
    layout: SensorLayout
    unit: Unit
    rate_hz: float
    calibration: AnyCalibration | None = None
    saturation: float | None = None
    inertial: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_channels(self.inertial)
