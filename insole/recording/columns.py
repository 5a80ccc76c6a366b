"""Names of the columns in which samples leave and come back: one row a sample and foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insole.recording.feet import Unit

if TYPE_CHECKING:
    from insole.recording.feet import FootMeta

FIXED = ("side", "sample", "time_s")
"""Foot; index on the foot's own grid, in which a jump is a gap; session seconds."""
UNIT_SUFFIX = {Unit.COUNTS: "counts", Unit.KPA: "kpa", Unit.N: "n"}
"""How a sensor's column ends."""


def sensor_columns(foot: FootMeta) -> list[str]:
    """The columns of a foot's sensors, each with its unit: ``s01_kpa``, ``s02_kpa``, ..."""
    return [f"s{i:02d}_{UNIT_SUFFIX[foot.unit]}" for i in range(1, foot.layout.n_sensors + 1)]
