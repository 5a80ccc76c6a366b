"""A table per sensor, for sensors that are not linear."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from insole.calibration.line import check_samples
from insole.errors import CalibrationError

if TYPE_CHECKING:
    from datetime import date

    from insole.typing import F32, F64, Samples

FAR_COUNTS = 1e6
"""Where the end segments are drawn to: beyond any count of a 16-bit converter."""


@dataclass(frozen=True, eq=False)
class TableCalibration:
    """A calibration of S sensors at K pressures: straight lines between its points.

    Beyond the table the first and the last segment go on. Stopping at the last point would
    hide every pressure above it. A sensor that flattens towards its end reads too low there.

    Attributes
    ----------
    id, made_on, method
        As for ``Calibration``.
    counts
        ``(S, K)`` what each sensor reads at the K pressures, strictly rising.
    kpa
        ``(K,)`` the pressures, strictly rising, at least two.
    fit_error_kpa
        Root mean square of the fit's residuals; None when it is not known.
    """

    id: str
    made_on: date
    method: str
    counts: F64
    kpa: F64
    fit_error_kpa: float | None

    def __post_init__(self) -> None:
        if self.kpa.ndim != 1 or self.kpa.size < 2 or self.counts.ndim != 2 or self.counts.shape[1] != self.kpa.size:
            raise CalibrationError(
                f"calibration {self.id!r}: counts are {self.counts.shape}, pressures {self.kpa.shape}; "
                "each sensor needs one count for each of two or more pressures"
            )
        if not (np.isfinite(self.counts).all() and np.isfinite(self.kpa).all()):
            raise CalibrationError(f"calibration {self.id!r} holds a value that is not a number; calibrate again")
        if not ((np.diff(self.kpa) > 0).all() and (np.diff(self.counts, axis=1) > 0).all()):
            raise CalibrationError(
                f"calibration {self.id!r}: a table does not rise from point to point; calibrate again"
            )

    @property
    def n_sensors(self) -> int:
        """Number of sensors, S."""
        return int(self.counts.shape[0])

    def to_kpa(self, counts: Samples) -> F32:
        """Pressure in kPa, ``(n, S)`` float32, of raw counts ``(n, S)``.

        As in ``Calibration``, values below zero stay, and NaN stays NaN.

        Raises
        ------
        CalibrationError
            If the number of sensors differs.
        """
        check_samples(self.id, self.n_sensors, counts)
        points, pressures = self._drawn_out
        kpa = np.empty_like(counts, dtype=np.float32)
        every = _every_count(counts)
        for s in range(self.n_sensors):
            if every is None:
                kpa[:, s] = np.interp(counts[:, s], points[s], pressures[s])
            else:
                kpa[:, s] = np.interp(every, points[s], pressures[s]).astype(np.float32)[counts[:, s]]
        return kpa

    @cached_property
    def _drawn_out(self) -> tuple[F64, F64]:
        """``(S, K + 2)`` counts and kPa, with a far point on the line of each end segment."""
        steepness = np.diff(self.kpa) / np.diff(self.counts, axis=1)
        first, last = self.counts[:, :1] - FAR_COUNTS, self.counts[:, -1:] + FAR_COUNTS
        below = self.kpa[0] - FAR_COUNTS * steepness[:, :1]
        above = self.kpa[-1] + FAR_COUNTS * steepness[:, -1:]
        inside = np.broadcast_to(self.kpa, self.counts.shape)
        return np.hstack([first, self.counts, last]), np.hstack([below, inside, above])


def _every_count(counts: Samples) -> F64 | None:
    """All counts from zero to the largest, where they are fewer than the samples: looking up beats searching."""
    if counts.dtype.kind != "u" or not counts.size:
        return None
    largest = int(counts.max())
    return np.arange(largest + 1.0) if largest < len(counts) else None
