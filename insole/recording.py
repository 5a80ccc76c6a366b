"""What a pair of insoles recorded, raw: as the device sent it or the file gave it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from insole.errors import RecordingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insole.calibration import AnyCalibration
    from insole.layout import SensorLayout
    from insole.typing import F64, I64, Samples


NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)
"""Start of a recording whose source gives no date; to be shown as such."""


def to_ticks_us(time_s: F64) -> I64:
    """Session seconds as whole microseconds: the resolution in which times are stored."""
    return np.rint(time_s * 1e6).astype(np.int64)


class Side(StrEnum):
    """A foot. Signed asymmetries are always right minus left."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        """The opposite foot."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


class Unit(StrEnum):
    """What a foot's values are."""

    COUNTS = "counts"
    KPA = "kPa"
    N = "N"


@dataclass(frozen=True)
class ClockFit:
    """Device time to session time: ``time_s = offset_s + rate * device_us * 1e-6``.

    Attributes
    ----------
    offset_s
        Session time at device time zero, in seconds.
    rate
        Session seconds per device second; 1.00005 means that the device runs 50 ppm slow.
    residual_s
        Spread of the fit: how well session time is known. None where time came from a file.
    """

    offset_s: float = 0.0
    rate: float = 1.0
    residual_s: float | None = None

    def to_session_s(self, device_us: I64) -> F64:
        """Session time in seconds of device times in microseconds."""
        return np.asarray(self.offset_s + self.rate * (device_us * 1e-6), np.float64)


@dataclass(frozen=True, eq=False)
class FootMeta:
    """What is known of a foot before its first sample.

    Attributes
    ----------
    side, layout, unit, rate_hz, calibration, saturation
        As in ``FootStream``.
    """

    side: Side
    layout: SensorLayout
    unit: Unit
    rate_hz: float
    calibration: AnyCalibration | None = None
    saturation: float | None = None


@dataclass(frozen=True, eq=False)
class Chunk:
    """Consecutive samples of one foot, straight from the radio.

    Attributes
    ----------
    side
        Which foot.
    first_sample
        Unwrapped index of the first sample; the rest follow without a hole.
    samples
        ``(n, S)`` uint16 counts (or float32 for devices that send kPa or N).
    device_us
        ``(n,)`` int64 device time in microseconds, unwrapped, strictly rising.
    arrival_s
        Session time at which the last of them arrived.
    """

    side: Side
    first_sample: int
    samples: Samples
    device_us: I64
    arrival_s: float

    @property
    def stop_sample(self) -> int:
        """Index after the last sample."""
        return self.first_sample + len(self.samples)


@dataclass(frozen=True, eq=False)
class FootStream:
    """All samples of one foot. A lost packet is a jump in ``sample``; nothing is invented.

    Attributes
    ----------
    side
        Which foot.
    layout
        Geometry of its S sensors.
    sample
        ``(n,)`` int64 sample indices, strictly rising; a jump is a gap.
    time_s
        ``(n,)`` float64 session seconds, strictly rising.
    values
        ``(n, S)`` in ``unit``; NaN (float values only) is missing.
    unit
        Counts, kPa or N.
    rate_hz
        Nominal sample rate.
    calibration
        Needed to turn counts into kPa; None where there is none.
    clock
        The fit by which ``time_s`` was made.
    saturation
        Value at and above which a sensor is at the end of its range; None if unknown.
    """

    side: Side
    layout: SensorLayout
    sample: I64
    time_s: F64
    values: Samples
    unit: Unit
    rate_hz: float
    calibration: AnyCalibration | None = None
    clock: ClockFit = ClockFit()
    saturation: float | None = None

    def __post_init__(self) -> None:
        n = len(self.values)
        if self.values.ndim != 2 or self.values.shape[1] != self.layout.n_sensors:
            raise RecordingError(
                f"{self.side} foot: values are {self.values.shape}, layout {self.layout.name!r} "
                f"has {self.layout.n_sensors} sensors"
            )
        if self.sample.shape != (n,) or self.time_s.shape != (n,):
            raise RecordingError(
                f"{self.side} foot: {n} rows of values, {self.sample.size} samples, {self.time_s.size} times"
            )
        if not self.rate_hz > 0:
            raise RecordingError(f"{self.side} foot: a rate of {self.rate_hz} Hz; it must be above zero")
        for name, a in (("sample", self.sample), ("time_s", self.time_s)):
            bad = np.flatnonzero(~(np.diff(a) > 0))
            if bad.size:
                i = int(bad[0]) + 1
                raise RecordingError(f"{self.side} foot: {name} does not rise at row {i} ({a[i - 1]} then {a[i]})")
        for key in ("sample", "time_s", "values"):
            view = getattr(self, key).view()
            view.flags.writeable = False
            object.__setattr__(self, key, view)

    @property
    def meta(self) -> FootMeta:
        """The stream without its samples."""
        return FootMeta(self.side, self.layout, self.unit, self.rate_hz, self.calibration, self.saturation)

    @property
    def missing_samples(self) -> int:
        """How many samples are missing between the first and the last."""
        return 0 if not len(self.sample) else int(self.sample[-1] - self.sample[0]) + 1 - len(self.sample)


@dataclass(frozen=True)
class About:
    """What is known about a recording besides its samples. Nothing here names a person.

    Attributes
    ----------
    subject_code
        Pseudonym.
    condition
        ``barefoot``, ``shoe``, ``orthosis A``, ...
    body_mass_kg
        None when unknown.
    task
        ``walking``, ``standing``, ...
    device, firmware
        Model and firmware of the insoles, or the format of the file.
    source_name, source_sha256
        Name and hash of the imported file; empty for a live recording.
    notes
        Free lines that the importer or the user wrote.
    """

    subject_code: str = ""
    condition: str = ""
    body_mass_kg: float | None = None
    task: str = ""
    device: str = ""
    firmware: str = ""
    source_name: str = ""
    source_sha256: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        m = self.body_mass_kg
        if m is not None and not MASS_RANGE_KG[0] <= m <= MASS_RANGE_KG[1]:
            raise RecordingError(
                f"a body mass of {m} kg is outside {MASS_RANGE_KG[0]:g} to {MASS_RANGE_KG[1]:g} kg; "
                "give it in kilograms, or leave it out"
            )


MASS_RANGE_KG = (5.0, 400.0)
"""Masses that we take to be a typing error outside of (our judgement)."""


@dataclass(frozen=True, eq=False)
class Recording:
    """A left and a right stream (or one of them) on one session clock.

    Attributes
    ----------
    id
        Stable identifier; empty until a store gives one.
    started_at
        Aware UTC wall time of session second zero.
    feet
        One or two streams, by side.
    about
        Everything else known.
    """

    id: str
    started_at: datetime
    feet: Mapping[Side, FootStream]
    about: About = field(default_factory=About)

    def __post_init__(self) -> None:
        if self.started_at.tzinfo is None:
            raise RecordingError("a recording's start needs a time zone (UTC); give an aware datetime")
        if not self.feet:
            raise RecordingError("a recording needs at least one foot")
        for side, foot in self.feet.items():
            if foot.side is not side:
                raise RecordingError(f"the stream given as {side} says that it is {foot.side}")
        ordered = {s: self.feet[s] for s in Side if s in self.feet}
        object.__setattr__(self, "feet", MappingProxyType(ordered))

    @property
    def duration_s(self) -> float:
        """From the first sample of either foot to the last, plus one sample period."""
        spans = [(f.time_s[0], f.time_s[-1] + 1 / f.rate_hz) for f in self.feet.values() if f.time_s.size]
        return float(max(b for _, b in spans) - min(a for a, _ in spans)) if spans else 0.0
