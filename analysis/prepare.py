"""From a recording to a walk: one regular grid per foot, calibrated, with gaps as NaN."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from analysis.load import weighted_sums
from analysis.quality import caveats_of, dead_sensors, extremes, low_readings
from analysis.walk import FootWalk, Walk, force_unit
from insole.errors import AnalysisError
from insole.recording import Side, Unit
from insole.report import Caveat
from insole.units import N_PER_KPA_MM2

if TYPE_CHECKING:
    from insole.layout import SensorLayout
    from insole.recording import FootStream, Recording
    from insole.typing import F32, F64, Samples

__all__ = ["FootWalk", "Walk", "force_unit", "newton_per_value", "prepare"]

LONGEST_S = 7 * 24 * 3600.0
"""Span of sample indices, a week, beyond which a counter is taken to be broken (our judgement)."""


def prepare(recording: Recording) -> Walk:
    """Bring a recording into the form that every measurement works on.

    Each foot keeps its own samples: missing ones become NaN rows, nothing is interpolated
    but the times of those rows. Counts become kPa by their calibration and nothing else is
    subtracted; negative pressures stay, a negative total force is zero. Counts without a
    calibration are counted from each sensor's low percentile over the recording.

    Raises
    ------
    CalibrationError
        If a calibration does not fit its foot.
    AnalysisError
        If a foot's sample counter spans more than a week.
    """
    feet: dict[Side, FootWalk] = {}
    caveats: list[Caveat] = []
    for side, stream in recording.feet.items():
        foot = _foot(stream)
        if foot is None:
            caveats.append(Caveat("empty_foot", f"{side} foot: there are no samples", side))
            continue
        feet[side] = foot
        caveats += caveats_of(stream, foot)
    return Walk(
        feet=MappingProxyType(feet),
        started_at=recording.started_at,
        about=recording.about,
        calibration_ids={s: f.calibration.id if f.calibration else None for s, f in recording.feet.items()},
        caveats=(*caveats, *_caveats_of_both(recording, feet)),
    )


def newton_per_value(layout: SensorLayout, unit: Unit) -> F64 | None:
    """``(S,)`` newtons in one unit of each sensor; None where that is not known."""
    if unit is Unit.N:
        return np.ones(layout.n_sensors)
    if unit is Unit.COUNTS or np.isnan(layout.area_mm2).any():
        return None
    return layout.area_mm2 * N_PER_KPA_MM2


def _foot(stream: FootStream) -> FootWalk | None:
    if not stream.sample.size:
        return None
    values, unit = _in_kpa(stream)
    values, time_s = _on_grid(stream, values)
    low, high = extremes(values)
    if np.isinf(low).any() or np.isinf(high).any():
        values = np.where(np.isinf(values), np.float32(np.nan), values)
        low, high = extremes(values)
    dead = dead_sensors(low, high, stream.layout)
    if dead.all():
        return None
    if dead.any():
        values = np.where(dead, np.float32(np.nan), values)
    newtons = newton_per_value(stream.layout, unit)
    weight = np.ones(stream.layout.n_sensors) if newtons is None else newtons
    sums = weighted_sums(values, weight[:, None] * _with_one(stream.layout.xy_mm), dead=dead)
    valid = np.isfinite(sums[:, 0])
    if not valid.any():
        return None
    force = np.where(valid, np.maximum(sums[:, 0], 0.0), np.nan)
    for a in (values, time_s, valid, force):
        a.flags.writeable = False
    return FootWalk(
        side=stream.side,
        layout=stream.layout,
        rate_hz=stream.rate_hz,
        time_s=time_s,
        values=values,
        unit=unit,
        newton_per_value=newtons,
        valid=valid,
        dead=dead,
        force=force,
        moment=sums[:, 1:],
        lost_samples=stream.missing_samples,
    )


def _with_one(xy_mm: F64) -> F64:
    """``(S, 3)``: 1, x, y, so that one product gives force and both moments."""
    return np.column_stack([np.ones(len(xy_mm)), xy_mm])


def _in_kpa(stream: FootStream) -> tuple[F32, Unit]:
    raw = stream.values
    if stream.unit is not Unit.COUNTS:
        return np.asarray(raw, np.float32), stream.unit
    if stream.calibration is not None:
        return stream.calibration.to_kpa(raw), Unit.KPA
    return _above_rest(raw), Unit.COUNTS


def _above_rest(counts: Samples) -> F32:
    """Counts above each sensor's resting level, not below zero: raw counts rest anywhere."""
    above = counts.astype(np.float32)
    above -= low_readings(counts).astype(np.float32)
    return np.maximum(above, np.float32(0), out=above)


def _on_grid(stream: FootStream, values: F32) -> tuple[F32, F64]:
    row = stream.sample - stream.sample[0]
    n = int(row[-1]) + 1
    if n > LONGEST_S * stream.rate_hz:
        raise AnalysisError(
            f"{stream.side} foot: sample numbers span {n / stream.rate_hz / 3600:.0f} h; "
            "the counter is broken, or two recordings were joined: import them apart"
        )
    if n == len(row):
        return values.view(), stream.time_s.view()
    out = np.full((n, values.shape[1]), np.nan, np.float32)
    out[row] = values
    return out, np.interp(np.arange(n), row, stream.time_s)


def _caveats_of_both(recording: Recording, feet: dict[Side, FootWalk]) -> list[Caveat]:
    missing = [side for side in Side if side not in recording.feet]
    found = [Caveat("missing_foot", f"there is no {side} foot, so nothing is compared", side) for side in missing]
    if len({foot.force_unit for foot in feet.values()}) > 1:
        found.append(Caveat("unlike_units", "the feet are in different units, so their loads are not compared"))
    if any(foot.layout.schematic for foot in feet.values()):
        text = "sensor positions are nominal: lengths in mm compare only between recordings of the same layout"
        found.append(Caveat("schematic", text))
    return found
