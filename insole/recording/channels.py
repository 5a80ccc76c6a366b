"""Names of inertial channels: what is measured, along which axis, in which unit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from insole.errors import RecordingError

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = re.compile(r"(?!time_)[a-z]+_[a-z]+(_[a-z0-9]+)?")
"""Such as ``acc_x_g``, ``gyro_z_dps``, ``quat_w``: safe as a column of any file."""

UNITS = {"g": "g", "dps": "°/s", "ut": "µT", "counts": "counts"}
"""How a name's unit is printed. A channel without one, as of a quaternion, is a ratio."""

QUANTITIES = {
    "acc": "acceleration, gravity included",
    "linacc": "acceleration, gravity taken off by the device",
    "grav": "gravity as the device makes it out",
    "gyro": "rotation rate",
    "mag": "magnetic field",
    "quat": "orientation as a unit quaternion",
}
"""What a name's first part means."""


def check_channels(channels: Sequence[str]) -> None:
    """Refuse names that are not of the form ``quantity_axis`` or ``quantity_axis_unit``, or stand twice.

    Raises
    ------
    RecordingError
        Naming the channel.
    """
    for i, name in enumerate(channels):
        if not NAME.fullmatch(name):
            raise RecordingError(f"an inertial channel is named {name!r}; write quantity, axis and unit, as in acc_x_g")
        if name in channels[:i]:
            raise RecordingError(f"there are two inertial channels {name!r}; name each once")


def channel_unit(name: str) -> str:
    """Unit of a channel, as printed; empty for a ratio."""
    return UNITS.get(name.rpartition("_")[2], "") if name.count("_") > 1 else ""


def channel_meaning(name: str) -> str:
    """What a channel holds, in words."""
    quantity, axis, *_ = name.split("_")
    return f"{QUANTITIES.get(quantity, quantity)}, {axis} as the device gives it, not turned into the foot frame"
