"""Counts to kPa.

A calibration belongs to one physical insole: per sensor an offset in counts and a slope in
kPa per count. It has an id, a date, a method and a fit error, and every pressure computed
with it names the id.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from insole.errors import CalibrationError

if TYPE_CHECKING:
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

    def to_kpa(self, counts: Samples) -> F32:
        """Pressure in kPa, ``(n, S)`` float32, of raw counts ``(n, S)``.

        Values below the offset come out negative: zeroing is a matter of preparation, and
        clipping here would hide drift. NaN stays NaN.

        Raises
        ------
        CalibrationError
            If the number of sensors differs.
        """
        if counts.ndim != 2 or counts.shape[1] != self.offset.size:
            raise CalibrationError(
                f"calibration {self.id!r} is for {self.offset.size} sensors, the samples are {counts.shape}"
            )
        kpa = counts.astype(np.float32)
        kpa -= self.offset.astype(np.float32)
        kpa *= self.kpa_per_count.astype(np.float32)
        return kpa


def calibration_to_dict(calibration: Calibration) -> dict[str, Any]:
    """The JSON form of a calibration."""
    return {
        "id": calibration.id,
        "made_on": calibration.made_on.isoformat(),
        "method": calibration.method,
        "offset": calibration.offset.tolist(),
        "kpa_per_count": calibration.kpa_per_count.tolist(),
        "fit_error_kpa": calibration.fit_error_kpa,
    }


def calibration_from_dict(data: dict[str, Any]) -> Calibration:
    """Read a calibration's JSON form.

    Raises
    ------
    CalibrationError
        If a key is missing or a value is not what it should be.
    """
    try:
        return Calibration(
            id=str(data["id"]),
            made_on=date.fromisoformat(data["made_on"]),
            method=str(data["method"]),
            offset=np.asarray(data["offset"], np.float64),
            kpa_per_count=np.asarray(data["kpa_per_count"], np.float64),
            fit_error_kpa=data["fit_error_kpa"],
        )
    except (KeyError, TypeError, ValueError) as e:
        raise CalibrationError(f"this is not a calibration: {e!r}; calibrate again or take the device's own") from e
