"""What a calibration is made from: a recording's mean counts while known pressures were held."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from insole.errors import CalibrationError
from insole.recording import Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from insole.recording import FootStream
    from insole.typing import F64, Samples

LEAST_HOLD_S = 1.0
"""A hold has at least the samples of so long (our judgement: a hundred average the noise to a tenth)."""

MOVING_SHARE = 0.05
"""The means of a hold's halves differ by less than this part of the range of all holds, or the pressure was
still changing (our judgement)."""


@dataclass(frozen=True)
class Hold:
    """A stretch in which the same known pressure was on all sensors.

    Attributes
    ----------
    start_s, stop_s
        Half-open ``[start, stop)`` in session seconds, without the time in which pressure changes.
    pressure_kpa
        The known pressure.
    """

    start_s: float
    stop_s: float
    pressure_kpa: float

    def __post_init__(self) -> None:
        if not self.start_s < self.stop_s:
            raise CalibrationError(f"a load goes from {self.start_s} to {self.stop_s} s; it must end after it begins")

    def __str__(self) -> str:
        return f"{self.pressure_kpa:g} kPa from {self.start_s:g} to {self.stop_s:g} s"


def hold_means(foot: FootStream, holds: Sequence[Hold]) -> F64:
    """Mean counts of each sensor in each hold, ``(K, S)``: what ``insole.calibration.fit_line`` takes.

    Raises
    ------
    CalibrationError
        If the foot's values are not counts; if holds overlap, have less than ``LEAST_HOLD_S`` of
        samples, hold a missing value or a saturated sensor, or the pressure was still changing.
    """
    if foot.unit is not Unit.COUNTS:
        raise CalibrationError(
            f"the {foot.side} foot's values are {foot.unit}, not counts; there is nothing to calibrate"
        )
    for one, other in _neighbours(holds):
        if other.start_s < one.stop_s:
            raise CalibrationError(f"two loads overlap: {one}, and {other}; correct their times")
    halves = np.array([_halves(foot, hold) for hold in holds]).reshape(len(holds), 2, foot.layout.n_sensors)
    _refuse_moving(halves.mean(axis=2), holds)
    return np.asarray(halves.mean(axis=1))


def _neighbours(holds: Sequence[Hold]) -> list[tuple[Hold, Hold]]:
    ordered = sorted(holds, key=lambda hold: hold.start_s)
    return list(pairwise(ordered))


def _halves(foot: FootStream, hold: Hold) -> F64:
    """``(2, S)`` mean counts of the hold's first and second half of samples."""
    start, stop = np.searchsorted(foot.time_s, (hold.start_s, hold.stop_s))
    counts = foot.values[start:stop]
    if len(counts) < LEAST_HOLD_S * foot.rate_hz:
        raise CalibrationError(
            f"{hold}: {len(counts)} samples of the {foot.side} foot; at least {LEAST_HOLD_S:g} s of them are needed"
        )
    _refuse_unusable(foot, hold, counts)
    half = len(counts) // 2
    return np.stack([counts[:half].mean(axis=0, dtype=np.float64), counts[-half:].mean(axis=0, dtype=np.float64)])


def _refuse_unusable(foot: FootStream, hold: Hold, counts: Samples) -> None:
    if not np.isfinite(counts).all():
        raise CalibrationError(f"{hold}: values are missing; leave this load out, or hold it again")
    if foot.saturation is None:
        return
    full = np.flatnonzero((counts >= foot.saturation).any(axis=0))
    if full.size:
        numbers = ", ".join(str(column + 1) for column in full)
        raise CalibrationError(f"{hold}: sensor {numbers} reached the end of its range; leave this load out")


def _refuse_moving(level: F64, holds: Sequence[Hold]) -> None:
    """Refuse holds whose halves differ: ``level`` is ``(K, 2)``, the mean of all sensors in each half."""
    if not len(level):
        return
    moved = np.abs(level[:, 1] - level[:, 0]) > MOVING_SHARE * np.ptp(level.mean(axis=1))
    if len(level) > 1 and moved.any():
        raise CalibrationError(
            f"{holds[int(np.argmax(moved))]}: the pressure was still changing; narrow the times to where it is held"
        )
