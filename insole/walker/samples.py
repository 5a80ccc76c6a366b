"""The walker's samples: a gait, on the sensors of a layout, at any time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import numpy as np

from insole.calibration import Calibration
from insole.errors import CalibrationError, RecordingError, UnitError
from insole.recording import About, FootStream, Recording, Side, Unit
from insole.units import N_PER_KPA_MM2
from insole.walker import sole, stance
from insole.walker.gait import force_at_start_n, force_n, peak_n, resting_n, stance_fraction, stillness
from insole.walker.noise import white_noise
from insole.walker.truth import truth_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from insole.layout import SensorLayout
    from insole.typing import F32, F64, Samples
    from insole.walker.gait import Gait

MAX_COUNT = 4095
"""Largest count of the 12-bit converter that the walker imitates."""

FULL_SCALE_KPA = 600.0
"""Pressure at ``MAX_COUNT`` of a ``nominal_calibration``; more than twice the mean in-shoe peaks (our judgement)."""

STARTED_AT = datetime(2025, 1, 1, tzinfo=UTC)
"""Wall time of second zero of every synthetic recording, so that it is the same each time."""

SWAY_HZ = (0.23, 0.61)
SWAY_DEPTH = (0.15, 0.08)
"""Frequencies and relative depths of quiet-standing sway: below 1 Hz, millimetres wide (our judgement)."""

TABLE_ROWS = 1024
"""Steps of the table of one stance; between them the samples are interpolated, within 0.1 N."""

BLOCK = 2048
"""Samples worked on at a time, to bound the memory of a long replay."""


class Walker:
    """A gait on a pair of insoles: the same arguments give the same samples, asked in any order.

    Parameters
    ----------
    gait
        What the person does.
    layout
        Geometry of either insole. Where it has no areas, values are N, not kPa.

    Attributes
    ----------
    gait, layout
        As given.
    unit
        ``Unit.KPA``, or ``Unit.N`` for a layout without areas.
    truth
        What a faultless analysis would find.

    Raises
    ------
    RecordingError
        If a dead sensor is not a column of the layout.
    """

    def __init__(self, gait: Gait, layout: SensorLayout) -> None:
        for side, columns in gait.dead_sensors.items():
            if any(not 0 <= column < layout.n_sensors for column in columns):
                raise RecordingError(
                    f"{side} foot: dead sensors {columns}; columns go from 0 to {layout.n_sensors - 1}"
                )
        self.gait = gait
        self.layout = layout
        self.unit = Unit.N if np.isnan(layout.area_mm2).any() else Unit.KPA
        self._per_newton = 1.0 if self.unit is Unit.N else 1 / N_PER_KPA_MM2
        self._area = sole.weighing_area(layout)
        u = np.linspace(0, 1, TABLE_ROWS + 1)
        rolled = sole.roll(layout, u) * (stance.force_shape(u)[:, None] * self._per_newton)
        self._table = np.asarray(rolled, np.float32)
        self._standing = sole.standing(layout)
        self.truth = truth_of(gait, layout)

    @property
    def rate_hz(self) -> float:
        """Samples per second."""
        return self.gait.rate_hz

    def force_n(self, side: Side, time_s: F64) -> F64:
        """The foot's true force in N at any times, ``(n,)``, by the model itself."""
        return force_n(self.gait, side, time_s)

    def pressure_kpa(self, side: Side, first_sample: int, n: int) -> F32:
        """Samples ``first_sample`` to ``first_sample + n``, as if nothing were ever lost.

        Parameters
        ----------
        side
            Which foot.
        first_sample
            Index of the first sample, from 0; sample i is at i / rate_hz seconds. Steps go
            on for ever, past ``duration_s``.
        n
            How many samples.

        Returns
        -------
        ``(n, S)`` float32 in kPa (N where the layout has no areas).

        Raises
        ------
        ValueError
            If the first sample or the number is negative.
        """
        if first_sample < 0 or n < 0:
            raise ValueError(f"samples count from 0; got {n} samples from {first_sample}")
        out = np.empty((n, self.layout.n_sensors), np.float32)
        for start in range(0, n, BLOCK):
            part = out[start : start + BLOCK]
            self._fill(side, first_sample + start, part)
        return out

    def counts(self, side: Side, first_sample: int, n: int, calibration: Calibration) -> NDArray[np.uint16]:
        """Like ``pressure_kpa``, as a 12-bit converter would send it: ``(n, S)`` uint16, rounded and clipped.

        Raises
        ------
        CalibrationError
            If the layout has no areas (counts stand for kPa), or the calibration is for
            another number of sensors.
        """
        _check_calibration(calibration, self.layout)
        counts = self.pressure_kpa(side, first_sample, n)
        counts /= calibration.kpa_per_count.astype(np.float32)
        counts += calibration.offset.astype(np.float32)
        return np.clip(np.rint(counts, out=counts), 0, MAX_COUNT, out=counts).astype(np.uint16)

    def recording(self, *, unit: Unit | None = None, calibration: Calibration | None = None) -> Recording:
        """A recording of ``duration_s``; samples in a gap are missing rows.

        Parameters
        ----------
        unit
            ``Unit.COUNTS``, or what the layout gives (kPa; N without areas), the default.
        calibration
            For counts; ``nominal_calibration`` when None.

        Raises
        ------
        UnitError
            If kPa are asked of a layout without areas, or N of one with areas.
        CalibrationError
            As for ``counts``.
        """
        unit = unit or self.unit
        if unit is Unit.COUNTS:
            used = calibration or nominal_calibration(self.layout)
            feet = {side: self._stream(side, used) for side in Side}
        elif unit is self.unit:
            feet = {side: self._stream(side, None) for side in Side}
        else:
            raise UnitError(f"layout {self.layout.name!r} gives {self.unit}, not {unit}; ask for {self.unit}")
        notes = ("made by a model, not measured on a person",)
        about = About(body_mass_kg=self.gait.body_mass_kg, task="walking", device="synthetic walker", notes=notes)
        return Recording(id="", started_at=STARTED_AT, feet=feet, about=about)

    def _stream(self, side: Side, calibration: Calibration | None) -> FootStream:
        n = round(self.gait.duration_s * self.gait.rate_hz)
        values: Samples = self.counts(side, 0, n, calibration) if calibration else self.pressure_kpa(side, 0, n)
        time_s = np.arange(n) / self.gait.rate_hz
        kept = np.ones(n, bool)
        for start_s, stop_s in self.gait.gaps.get(side, ()):
            kept &= (time_s < start_s) | (time_s >= stop_s)
        return FootStream(
            side=side,
            layout=self.layout,
            sample=np.flatnonzero(kept),
            time_s=time_s[kept],
            values=values[kept],
            unit=Unit.COUNTS if calibration else self.unit,
            rate_hz=self.gait.rate_hz,
            calibration=calibration,
            saturation=float(MAX_COUNT) if calibration else None,
        )

    def _fill(self, side: Side, first: int, out: F32) -> None:
        time_s = np.arange(first, first + len(out)) / self.gait.rate_hz
        self._fill_load(side, first, time_s, out)
        if self.gait.noise_kpa:
            out += np.float32(self.gait.noise_kpa) * white_noise(self.gait.seed, side, first, out.shape)
        if self.gait.drift_kpa_per_h:
            out += (self.gait.drift_kpa_per_h / 3600 * time_s[:, None]).astype(np.float32)
        out[:, list(self.gait.dead_sensors.get(side, ()))] = 0.0

    def _fill_load(self, side: Side, _first: int, time_s: F64, out: F32) -> None:
        """What the foot bears, before anything is wrong with its sensors."""
        still = int(np.searchsorted(time_s, self.gait.stand_s))
        self._fill_standing(side, time_s[:still], out[:still])
        self._fill_walking(side, time_s[still:], out[still:])

    def _fill_walking(self, side: Side, time_s: F64, out: F32) -> None:
        at = stance_fraction(self.gait, side, time_s) * TABLE_ROWS
        row = at.astype(np.intp)
        swings = row >= TABLE_ROWS
        row[swings] = TABLE_ROWS - 1
        part = (at - row).astype(np.float32)
        part[swings] = 1.0
        low = self._table[row]
        np.subtract(self._table[row + 1], low, out=out)
        out *= part[:, None]
        out += low
        out *= np.float32(peak_n(self.gait, side))

    def _fill_standing(self, side: Side, time_s: F64, out: F32) -> None:
        if not len(out):
            return
        still = stillness(self.gait, time_s)[:, None]
        resting = resting_n(self.gait, side) * self._per_newton
        start = stance_fraction(self.gait, side, np.array([self.gait.stand_s]))
        leaving = sole.roll(self.layout, np.minimum(start, 1.0)) * (
            force_at_start_n(self.gait, side) * self._per_newton
        )
        out[:] = leaving + (self._swaying(side, time_s) * resting - leaving) * still

    def _swaying(self, side: Side, time_s: F64) -> F64:
        """Standing pressure over force, ``(n, S)``; sway moves it about but keeps its sum."""
        xy = sole.normalised_xy(self.layout)
        xy = xy - (self._standing * self._area) @ xy
        slow, quick = (np.sin(2 * np.pi * hz * time_s[:, None]) for hz in SWAY_HZ)
        leaning = 1 if side is self.gait.first_step else -1
        forward = SWAY_DEPTH[0] * slow + SWAY_DEPTH[1] * quick
        across = leaning * (SWAY_DEPTH[1] * slow - SWAY_DEPTH[0] * quick)
        return np.asarray(self._standing * (1 + across * xy[:, 0] + forward * xy[:, 1]))


def nominal_calibration(layout: SensorLayout) -> Calibration:
    """A straight line through zero whose last 12-bit count stands for ``FULL_SCALE_KPA``."""
    return Calibration(
        id="virtual-nominal",
        made_on=date(2025, 1, 1),
        method="by definition of the synthetic walker",
        offset=np.zeros(layout.n_sensors),
        kpa_per_count=np.full(layout.n_sensors, FULL_SCALE_KPA / MAX_COUNT),
        fit_error_kpa=None,
    )


def _check_calibration(calibration: Calibration, layout: SensorLayout) -> None:
    if np.isnan(layout.area_mm2).any():
        raise CalibrationError(f"layout {layout.name!r} has no areas: its values are N, counts stand for kPa; take N")
    if calibration.offset.size != layout.n_sensors:
        raise CalibrationError(
            f"calibration {calibration.id!r} is for {calibration.offset.size} sensors, "
            f"layout {layout.name!r} has {layout.n_sensors}"
        )
