"""Samples as columns: one per sensor with its unit in its name, one per inertial channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from insole.export._text import Column
from insole.recording import UNIT_SUFFIX, channel_meaning, channel_unit, sensor_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from insole.recording import FootMeta, FootStream, Side

FOOT_FRAME = "+x medial, +y to the toes, from the heel; empty is missing"


class Rows:
    """A recording as rows, one a sample and foot.

    Parameters
    ----------
    feet
        What the feet are.
    start
        Where session second zero is, in words.

    Attributes
    ----------
    columns
        ``side``, ``sample``, ``time_s``, the sensors' and the inertial channels', of both feet.
    """

    def __init__(self, feet: Mapping[Side, FootMeta], start: str = "the session's start") -> None:
        sensors, channels = _columns(feet, sensor_columns), _columns(feet, lambda foot: list(foot.inertial))
        self._values = [*sensors, *channels]
        rates = ", ".join(f"{side} {foot.rate_hz:g} Hz" for side, foot in feet.items())
        self.columns = (
            Column("side", "", "foot: left or right"),
            Column("sample", "", f"index of the sample on the foot's own grid ({rates}); a jump is a gap"),
            Column("time_s", "s", f"session time; zero is {start}"),
            *(sensor_column(name, feet) for name in sensors),
            *(channel_column(name, feet) for name in channels),
        )

    def of(self, foot: FootStream) -> dict[str, Any]:
        """A foot's rows: arrays ``(n,)`` by column, NaN where missing; the foot's name and None are for all rows.

        A column of the other foot's alone is None.
        """
        own = values_of(foot)
        fixed = {"side": str(foot.side), "sample": foot.sample, "time_s": foot.time_s}
        return {**fixed, **{name: own.get(name) for name in self._values}}


def values_of(foot: FootStream) -> dict[str, Any]:
    """The sensors' values and the inertial channels' by column, each ``(n,)`` in one piece."""
    own = dict(zip(sensor_columns(foot.meta), np.ascontiguousarray(foot.values.T), strict=True))
    if foot.inertial is not None:
        own |= zip(foot.inertial_channels, np.ascontiguousarray(foot.inertial.T), strict=True)
    return own


def sensor_column(name: str, feet: Mapping[Side, FootMeta]) -> Column:
    """A sensor's column, with its place in each foot that has it."""
    places = [f"{side}: {_sensor(foot, name)}" for side, foot in feet.items() if name in sensor_columns(foot)]
    unit = next(str(u) for u, suffix in UNIT_SUFFIX.items() if suffix == name.partition("_")[2])
    return Column(name, unit, f"{'; '.join(places)}; {FOOT_FRAME}")


def channel_column(name: str, feet: Mapping[Side, FootMeta]) -> Column:
    """An inertial channel's column, with the feet that have it."""
    sides = " and ".join(side for side, foot in feet.items() if name in foot.inertial)
    return Column(name, channel_unit(name), f"{sides}: {channel_meaning(name)}; empty was not sent")


def _sensor(foot: FootMeta, name: str) -> str:
    i = sensor_columns(foot).index(name)
    x, y = foot.layout.xy_mm[i]
    area = foot.layout.area_mm2[i]
    size = "" if np.isnan(area) else f", {area:g} mm²"
    nominal = " (nominal)" if foot.layout.schematic else ""
    return f"sensor {i + 1} at x {x:g} mm, y {y:g} mm{nominal}{size}"


def _columns(feet: Mapping[Side, FootMeta], names: Callable[[FootMeta], list[str]]) -> list[str]:
    """Columns of all feet; those of a foot that lacks one stay empty."""
    return list(dict.fromkeys(name for foot in feet.values() for name in names(foot)))
