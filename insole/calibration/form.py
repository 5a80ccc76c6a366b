"""A calibration as JSON, under a name made of what it holds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from insole.calibration.line import Calibration
from insole.calibration.table import TableCalibration
from insole.errors import CalibrationError

if TYPE_CHECKING:
    from insole.typing import F64

AnyCalibration: TypeAlias = Calibration | TableCalibration
"""Either kind; both have ``id``, ``made_on``, ``method``, ``fit_error_kpa``, ``n_sensors`` and ``to_kpa``."""

HASH_CHARS = 6
"""Hexadecimal digits of the content's hash in an id: tells apart those that one insole got in one day."""


def calibration_to_dict(calibration: AnyCalibration) -> dict[str, Any]:
    """The JSON form of a calibration: a line has ``offset`` and ``kpa_per_count``, a table ``counts`` and ``kpa``."""
    head = {
        "id": calibration.id,
        "made_on": calibration.made_on.isoformat(),
        "method": calibration.method,
    }
    numbers: dict[str, Any]
    if isinstance(calibration, TableCalibration):
        numbers = {"counts": calibration.counts.tolist(), "kpa": calibration.kpa.tolist()}
    else:
        numbers = {"offset": calibration.offset.tolist(), "kpa_per_count": calibration.kpa_per_count.tolist()}
    return {**head, **numbers, "fit_error_kpa": calibration.fit_error_kpa}


def calibration_from_dict(data: dict[str, Any]) -> AnyCalibration:
    """Read a calibration's JSON form.

    Raises
    ------
    CalibrationError
        If a key is missing or a value is not what it should be.
    """
    try:
        head: dict[str, Any] = {
            "id": str(data["id"]),
            "made_on": date.fromisoformat(data["made_on"]),
            "method": str(data["method"]),
            "fit_error_kpa": _error(data["fit_error_kpa"]),
        }
        if "counts" in data:
            return TableCalibration(**head, counts=_numbers(data["counts"]), kpa=_numbers(data["kpa"]))
        return Calibration(**head, offset=_numbers(data["offset"]), kpa_per_count=_numbers(data["kpa_per_count"]))
    except (KeyError, TypeError, ValueError) as e:
        raise CalibrationError(f"this is not a calibration: {e!r}; calibrate again or take the device's own") from e


def named(calibration: AnyCalibration, foot: str) -> AnyCalibration:
    """The same under an id made of the foot, the day and a hash of its content: ``left-2026-11-25-1a2b3c``."""
    content = {key: value for key, value in calibration_to_dict(calibration).items() if key != "id"}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return replace(calibration, id=f"{foot}-{calibration.made_on.isoformat()}-{digest[:HASH_CHARS]}")


def scaled(calibration: AnyCalibration, factor: float, *, foot: str, made_on: date, method: str) -> AnyCalibration:
    """All pressures, and the error, times one factor; what a sensor reads at zero pressure stays.

    Parameters
    ----------
    factor
        Above zero.
    foot
        Begins the new id, see ``named``.
    made_on, method
        Of the new calibration; the method should name the one that it comes from.

    Raises
    ------
    CalibrationError
        If the factor is not a number above zero.
    """
    if not (np.isfinite(factor) and factor > 0):
        raise CalibrationError(f"a calibration cannot be scaled by {factor}; check the force it was held against")
    error = calibration.fit_error_kpa
    changed: dict[str, Any] = {
        "made_on": made_on,
        "method": method,
        "fit_error_kpa": None if error is None else error * factor,
    }
    if isinstance(calibration, TableCalibration):
        return named(replace(calibration, **changed, kpa=calibration.kpa * factor), foot)
    return named(replace(calibration, **changed, kpa_per_count=calibration.kpa_per_count * factor), foot)


def _numbers(data: object) -> F64:
    return np.asarray(data, np.float64)


def _error(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not (np.isfinite(value) and value >= 0):
        raise ValueError(f"fit_error_kpa is {value!r}, not a number of kPa")
    return float(value)
