"""Counts to kPa.

A calibration belongs to one physical insole. It has an id, a date, a method and a fit error,
and every pressure computed with it names the id. Two kinds: a straight line per sensor
(``Calibration``), and a table per sensor (``TableCalibration``) for sensors that bend, such as
force-sensing resistors.
"""

from __future__ import annotations

from insole.calibration.fit import Fit, fit_line, fit_table
from insole.calibration.form import AnyCalibration, calibration_from_dict, calibration_to_dict, named, scaled
from insole.calibration.line import Calibration
from insole.calibration.table import TableCalibration

__all__ = [
    "AnyCalibration",
    "Calibration",
    "Fit",
    "TableCalibration",
    "calibration_from_dict",
    "calibration_to_dict",
    "fit_line",
    "fit_table",
    "named",
    "scaled",
]
