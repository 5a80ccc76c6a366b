"""Samples of one foot: a chunk from the radio, or all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from insole.errors import RecordingError
from insole.recording.channels import check_channels
from insole.recording.feet import FootMeta

if TYPE_CHECKING:
    from insole.calibration import AnyCalibration
    from insole.layout import SensorLayout
    from insole.recording.feet import Unit
    from insole.side import Side
    from insole.typing import F32, F64, I64, Samples


def to_ticks_us(time_s: F64) -> I64:
    """Session seconds as whole microseconds: the resolution in which times are stored."""
    return np.rint(time_s * 1e6).astype(np.int64)


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
    inertial
        ``(n, C)`` float32 of the foot's inertial channels; NaN was not sent. None where none was.
    """

    side: Side
    first_sample: int
    samples: Samples
    device_us: I64
    arrival_s: float
    inertial: F32 | None = None

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
    inertial
        ``(n, C)`` float32, a row beside each sample; NaN was not sent. None where there are no channels.
    inertial_channels
        Names of the C channels with their units, such as ``acc_x_g``. Axes are the device's own.
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
    inertial: F32 | None = None
    inertial_channels: tuple[str, ...] = ()

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
        self._check_inertial()
        for key in ("sample", "time_s", "values", "inertial"):
            if (own := getattr(self, key)) is None:
                continue
            view = own.view()
            view.flags.writeable = False
            object.__setattr__(self, key, view)

    def _check_inertial(self) -> None:
        check_channels(self.inertial_channels)
        shape = None if self.inertial is None else self.inertial.shape
        wanted = (len(self.values), len(self.inertial_channels)) if self.inertial_channels else None
        if shape != wanted:
            raise RecordingError(
                f"{self.side} foot: inertial values are {shape}, "
                f"{len(self.values)} rows of {len(self.inertial_channels)} channels are {wanted}"
            )
        if self.inertial is not None and self.inertial.dtype != np.float32:
            raise RecordingError(f"{self.side} foot: inertial values are {self.inertial.dtype}; give float32")

    @property
    def meta(self) -> FootMeta:
        """The stream without its samples."""
        return FootMeta(
            self.side,
            self.layout,
            self.unit,
            self.rate_hz,
            self.calibration,
            self.saturation,
            self.inertial_channels,
        )

    @property
    def missing_samples(self) -> int:
        """How many samples are missing between the first and the last."""
        return 0 if not len(self.sample) else int(self.sample[-1] - self.sample[0]) + 1 - len(self.sample)
