"""From counts under known pressures to a calibration.

The reference is a bladder that presses on all sensors alike, in steps from 50 to 600 kPa: the
protocol of Price, Parker & Nester 2016, Gait Posture 46:69. What such a fit cannot show is how a
sensor behaves when bent in a shoe, or hours later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from insole.calibration.form import AnyCalibration, named
from insole.calibration.line import Calibration
from insole.calibration.table import TableCalibration
from insole.errors import CalibrationError

if TYPE_CHECKING:
    from datetime import date

    from insole.typing import F64, Bool

LEAST_LOADS = 3
"""Different pressures that a fit needs: a line through two has no error."""

LEAST_RISE_COUNTS = 10.0
"""A sensor rises by at least so much from the lowest to the highest load, or a count would be a tenth of
all that was measured (our judgement)."""

MOST_KPA = 2000.0
"""Pressures above are taken for another unit; the bladder of Price et al. 2016 goes to 600 kPa (our judgement)."""

WIDE_KPA = 100.0
"""Fits that end below it are said to be narrow: mean in-shoe peaks of healthy feet lie from 225 to 280 kPa
(Putti et al. 2007, Gait Posture 25:401); the limit is our judgement."""

BENT_SHARE = 0.05
"""A sensor further from its line than this part of the highest load is said to bend (our judgement)."""


@dataclass(frozen=True, eq=False)
class Fit:
    """A calibration and how well it meets what it was made from.

    Attributes
    ----------
    calibration
        The fit; its id begins with the foot.
    load_kpa
        ``(K,)`` the known pressures, as given.
    residual_kpa
        ``(K, S)`` pressure by the calibration minus the known one.
    notes
        What its user should know, in words.
    """

    calibration: AnyCalibration
    load_kpa: F64
    residual_kpa: F64
    notes: tuple[str, ...]

    @property
    def worst_kpa(self) -> F64:
        """``(S,)`` largest distance of each sensor from a known pressure."""
        return np.asarray(np.abs(self.residual_kpa).max(axis=0))


def fit_line(counts: F64, load_kpa: F64, *, foot: str, made_on: date, method: str) -> Fit:
    """A straight line per sensor by least squares.

    The pressures are known and the counts are not sure, so counts are regressed on pressures
    and the line is then turned round (the classical of the two ways that Parker et al. 2010, NASA
    NTRS 20110016499, compare). The error is the root of the sum of squared residuals
    in kPa over S (K - 2): each sensor's line takes two degrees of freedom.

    Parameters
    ----------
    counts
        ``(K, S)`` mean counts of each sensor in each hold.
    load_kpa
        ``(K,)`` pressure of each hold, the same on all sensors.
    foot
        Begins the id: ``left`` or ``right``.
    made_on, method
        Of the calibration.

    Raises
    ------
    CalibrationError
        If there are fewer than three different loads, a load is not between 0 and 2000 kPa, a
        count is missing, or a sensor does not rise with the load.
    """
    _check(counts, load_kpa)
    design = np.column_stack([np.ones(load_kpa.size), load_kpa])
    offset, counts_per_kpa = np.linalg.lstsq(design, counts, rcond=None)[0]
    _refuse_flat(counts_per_kpa * np.ptp(load_kpa) < LEAST_RISE_COUNTS)
    residual = (counts - design @ (offset, counts_per_kpa)) / counts_per_kpa
    calibration = Calibration("", made_on, method, offset, 1 / counts_per_kpa, _rms(residual, load_kpa.size - 2))
    bent = np.flatnonzero(np.abs(residual).max(axis=0) > BENT_SHARE * load_kpa.max())
    notes = _notes(load_kpa)
    if bent.size:
        notes.append(f"not on a line within {BENT_SHARE:.0%} of the highest load: {sensors(bent)}; consider a table")
    return Fit(named(calibration, foot), load_kpa, residual, tuple(notes))


def fit_table(counts: F64, load_kpa: F64, *, foot: str, made_on: date, method: str) -> Fit:
    """A table per sensor, with a point for each different load: the mean of its holds.

    A load that was held once is met exactly, which says nothing of the error. So the error is
    known only where loads were held again, best once going up and once going down: the root of
    the sum of squared residuals over S (holds - loads), and None otherwise.

    Parameters, errors
        As for ``fit_line``; every sensor must rise from each load to the next.
    """
    _check(counts, load_kpa)
    loads, which = np.unique(load_kpa, return_inverse=True)
    points = np.stack([counts[which == i].mean(axis=0) for i in range(loads.size)], axis=1)
    _refuse_flat(points[:, -1] - points[:, 0] < LEAST_RISE_COUNTS)
    _refuse_falling(points, loads)
    again = load_kpa.size - loads.size
    table = TableCalibration("", made_on, method, points, loads, None)
    residual = table.to_kpa(counts).astype(np.float64) - load_kpa[:, None]
    calibration = TableCalibration("", made_on, method, points, loads, _rms(residual, again) if again else None)
    notes = _notes(load_kpa)
    if not again:
        notes.append("no load was held twice, so the table's error is not known; consider holding each up and down")
    return Fit(named(calibration, foot), load_kpa, residual, tuple(notes))


def sensors(columns: np.ndarray) -> str:
    """``sensor 3`` or ``sensors 3, 7``: numbers from 1, as layouts count."""
    return f"sensor{'s' if len(columns) > 1 else ''} {', '.join(str(c + 1) for c in columns)}"


def _check(counts: F64, load_kpa: F64) -> None:
    if counts.ndim != 2 or load_kpa.shape != (len(counts),):
        raise CalibrationError(f"counts are {counts.shape} and loads {load_kpa.shape}; give one load for each hold")
    if not np.isfinite(counts).all():
        raise CalibrationError(f"{sensors(_any_column(~np.isfinite(counts)))}: a hold has no counts; record it again")
    if not ((load_kpa >= 0) & (load_kpa <= MOST_KPA)).all():
        raise CalibrationError(f"loads go from 0 to {MOST_KPA:g} kPa; got {load_kpa.tolist()}: are they in kPa?")
    found = np.unique(load_kpa).size
    if found < LEAST_LOADS:
        raise CalibrationError(
            f"{found} different load{'s' if found != 1 else ''}; a calibration needs at least {LEAST_LOADS}, "
            "because a line through two has no error: hold more"
        )


def _refuse_flat(flat: Bool) -> None:
    if flat.any():
        raise CalibrationError(
            f"{sensors(np.flatnonzero(flat))}: the counts do not rise with the load "
            f"(by {LEAST_RISE_COUNTS:g} at least); check the sensor, its side and the times of the loads"
        )


def _refuse_falling(points: F64, loads: F64) -> None:
    falls = np.diff(points, axis=1) <= 0
    if falls.any():
        at = int(np.flatnonzero(falls.any(axis=0))[0])
        raise CalibrationError(
            f"{sensors(np.flatnonzero(falls[:, at]))}: no more counts at {loads[at + 1]:g} than at {loads[at]:g} kPa; "
            "leave one of these loads out, or fit a line"
        )


def _any_column(bad: Bool) -> np.ndarray:
    return np.flatnonzero(bad.any(axis=0))


def _rms(residual: F64, freedom: int) -> float:
    return float(np.sqrt(np.sum(residual**2) / (residual.shape[1] * freedom)))


def _notes(load_kpa: F64) -> list[str]:
    notes = []
    if load_kpa.max() < WIDE_KPA:
        notes.append(
            f"the highest load is {load_kpa.max():g} kPa; feet press harder, and what is above is extrapolated"
        )
    if load_kpa.min() > 0:
        notes.append(f"the lowest load is {load_kpa.min():g} kPa; zero is extrapolated: consider an unloaded hold")
    return notes
