"""A recording made ready to be measured: both feet in kPa or N where that is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from insole.recording import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from analysis.zero import Baseline
    from insole.layout import SensorLayout
    from insole.recording import About, Side
    from insole.report import Caveat
    from insole.typing import F32, F64, Bool


@dataclass(frozen=True, eq=False)
class FootWalk:
    """One foot on its own regular grid: row i is sample ``first + i`` of the stream.

    Attributes
    ----------
    side, layout, rate_hz
        As in the stream.
    time_s
        ``(n,)`` session seconds; those of missing rows lie on the line between their neighbours.
    values
        ``(n, S)`` float32 in ``unit``. Missing rows and dead sensors are NaN. Values below
        zero (noise, drift) stay as measured. Uncalibrated counts are counted from the
        sensor's resting level.
    unit
        kPa, N, or counts where there is no calibration.
    newton_per_value
        ``(S,)`` force of one unit of each sensor; None when force in N is not known
        (counts, or kPa on a layout without areas).
    valid
        ``(n,)`` true where the row was measured by every sensor that is not dead.
    dead
        ``(S,)`` true for sensors without signal; they are left out of every sum.
    force
        ``(n,)`` total force, never below zero, NaN where not valid; in ``force_unit``.
    moment
        ``(n, 2)`` sum over sensors of force times position, in ``force_unit`` times mm.
    lost_samples
        How many samples are missing between the first and the last.
    baseline
        What the sensors read in swing, in ``unit``, before it was taken off; None where the
        foot never left the ground, and for platforms.
    saturated
        Columns of the sensors that reached the end of their range at least once; true pressures
        there were higher.
    """

    side: Side
    layout: SensorLayout
    rate_hz: float
    time_s: F64
    values: F32
    unit: Unit
    newton_per_value: F64 | None
    valid: Bool
    dead: Bool
    force: F64
    moment: F64
    lost_samples: int
    baseline: Baseline | None = None
    saturated: tuple[int, ...] = ()

    @property
    def period_s(self) -> float:
        """Nominal time between samples."""
        return 1.0 / self.rate_hz

    @property
    def in_newtons(self) -> bool:
        """Whether ``force`` is in N."""
        return self.newton_per_value is not None

    @property
    def force_unit(self) -> str:
        """``N``; where force in N is not known, ``counts`` or ``kPa``, summed over sensors."""
        return "N" if self.in_newtons else str(self.unit)

    @property
    def has_pressure(self) -> bool:
        """Whether ``values`` are pressures in kPa."""
        return self.unit is Unit.KPA


@dataclass(frozen=True, eq=False)
class Walk:
    """What an analysis works on.

    Attributes
    ----------
    feet
        The feet that have at least one valid sample, left first.
    started_at
        Wall time of session second zero.
    about
        What is known besides the samples.
    calibration_ids
        By side; None where there is no calibration.
    caveats
        What preparation found: gaps, dead sensors, missing calibrations.
    """

    feet: Mapping[Side, FootWalk]
    started_at: datetime
    about: About
    calibration_ids: Mapping[Side, str | None]
    caveats: tuple[Caveat, ...] = field(default=())

    @property
    def comparable(self) -> bool:
        """Whether there are two feet whose forces are in the same unit."""
        return len(self.feet) == 2 and len({foot.force_unit for foot in self.feet.values()}) == 1


def force_unit(walk: Walk) -> str:
    """Unit of the feet's ``force``: ``N``, ``counts`` or ``kPa``; both, joined, where they differ."""
    return " / ".join(dict.fromkeys(foot.force_unit for foot in walk.feet.values())) or "N"
