"""A straight line per sensor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from insole.errors import CalibrationError

if TYPE_CHECKING:
    from datetime import date

    from insole.typing import F32, F64, Samples


@dataclass(frozen=True, eq=False)
class Calibration:
    """A linear calibration of S sensors.

    Attributes
    ----------
    id
        Stable identifier, printed beside every pressure.
    made_on
        Day it was made.
    method
        How: ``factory``, ``bladder``, ``body weight``, ...
    offset
        ``(S,)`` counts at zero pressure.
    kpa_per_count
        ``(S,)`` slope.
    fit_error_kpa
        Root mean square of the fit's residuals; None when it was not reported.
    """

    id: str
    made_on: date
    method: str
    offset: F64
    kpa_per_count: F64
    fit_error_kpa: float | None

    def __post_init__(self) -> None:
        if self.offset.shape != self.kpa_per_count.shape or self.offset.ndim != 1:
            raise CalibrationError(
                f"calibration {self.id!r}: {self.offset.shape} offsets and {self.kpa_per_count.shape} slopes; "
                "each sensor needs one of both"
            )
        if not (np.isfinite(self.offset).all() and np.isfinite(self.kpa_per_count).all()):
            raise CalibrationError(f"calibration {self.id!r} holds a value that is not a number; calibrate again")
        if np.any(self.kpa_per_count <= 0):
            raise CalibrationError(f"calibration {self.id!r}: a slope is not positive; calibrate again")

    @property
    def n_sensors(self) -> int:
        """Number of sensors, S."""
        return self.offset.size

    def to_kpa(self, counts: Samples) -> F32:
        """Pressure in kPa, ``(n, S)`` float32, of raw counts ``(n, S)``.

        Values below the offset come out negative: zeroing is a matter of preparation, and
        clipping here would hide drift. NaN stays NaN.

        Raises
        ------
        CalibrationError
            If the number of sensors differs.
        """
        check_samples(self.id, self.n_sensors, counts)
        kpa = counts.astype(np.float32)
        kpa -= self.offset.astype(np.float32)
        kpa *= self.kpa_per_count.astype(np.float32)
        return kpa


def check_samples(calibration_id: str, n_sensors: int, counts: Samples) -> None:
    """Refuse samples of another insole.

    Raises
    ------
    CalibrationError
        If they are not ``(n, n_sensors)``.
    """
    if counts.ndim != 2 or counts.shape[1] != n_sensors:
        raise CalibrationError(
            f"calibration {calibration_id!r} is for {n_sensors} sensors, the samples are {counts.shape}"
        )
