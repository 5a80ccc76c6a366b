"""From a recording to a walk: one regular grid per foot, calibrated, zeroed in swing, with gaps as NaN."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from analysis.caveats import caveats_of, caveats_of_both
from analysis.load import weighted_sums
from analysis.quality import low_readings
from analysis.sensors import dead_sensors, extremes, saturated_sensors
from analysis.walk import FootWalk, Walk, force_unit
from analysis.zero import swing_baseline, zeroed
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


SPARSE = 100
LONGEST_GAP_S = 3600.0
"""And more than an hour of which less than a hundredth was received (our judgement)."""


def prepare(recording: Recording, *, zero: bool = True) -> Walk:
    """Bring a recording into the form that every measurement works on.

    Each foot keeps its own samples: missing ones become NaN rows, nothing is interpolated
    but the times of those rows. Counts become kPa by their calibration; what each sensor
    reads in swing is taken off. Pressures below zero stay, a negative total force is zero.
    Counts without a calibration are counted from where each sensor rests.

    Parameters
    ----------
    zero
        Take off what the sensors read in swing; False leaves calibrated values as measured.

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
        foot = _foot(stream, zero=zero)
        if foot is None:
            caveats.append(Caveat("empty_foot", f"{side} foot: there are no samples", side))
            continue
        feet[side] = foot
        caveats += caveats_of(foot, zeroed=zero)
    return Walk(
        feet=MappingProxyType(feet),
        started_at=recording.started_at,
        about=recording.about,
        calibration_ids={s: f.calibration.id if f.calibration else None for s, f in recording.feet.items()},
        caveats=(*caveats, *caveats_of_both(recording, feet)),
    )


def newton_per_value(layout: SensorLayout, unit: Unit) -> F64 | None:
    """``(S,)`` newtons in one unit of each sensor; None where that is not known."""
    if unit is Unit.N:
        return np.ones(layout.n_sensors)
    if unit is Unit.COUNTS or np.isnan(layout.area_mm2).any():
        return None
    return layout.area_mm2 * N_PER_KPA_MM2


def _foot(stream: FootStream, *, zero: bool) -> FootWalk | None:
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
    weights = (np.ones(stream.layout.n_sensors) if newtons is None else newtons)[:, None] * _with_one(stream.layout)
    sums = weighted_sums(values, weights, dead=dead)
    baseline = None
    if not stream.layout.platform:
        baseline = swing_baseline(values, sums[:, 0], rate_hz=stream.rate_hz, in_newtons=newtons is not None)
    if baseline is not None and (zero or unit is Unit.COUNTS):
        above = zeroed(values, baseline)
        sums = sums if above is values else weighted_sums(above, weights, dead=dead)
        values = above
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
        baseline=baseline,
        saturated=tuple(saturated_sensors(stream).tolist()),
    )


def _with_one(layout: SensorLayout) -> F64:
    """``(S, 3)``: 1, x, y, so that one product gives force and both moments."""
    return np.column_stack([np.ones(layout.n_sensors), layout.xy_mm])


def _in_kpa(stream: FootStream) -> tuple[F32, Unit]:
    raw = stream.values
    if stream.unit is not Unit.COUNTS:
        return np.asarray(raw, np.float32), stream.unit
    if stream.calibration is not None:
        return stream.calibration.to_kpa(raw), Unit.KPA
    return _above_rest(raw), Unit.COUNTS


def _above_rest(counts: Samples) -> F32:
    """Counts above each sensor's low readings, a first guess of where it rests: raw counts rest anywhere."""
    above = counts.astype(np.float32)
    above -= low_readings(counts).astype(np.float32)
    return above


def _on_grid(stream: FootStream, values: F32) -> tuple[F32, F64]:
    row = stream.sample - stream.sample[0]
    n = int(row[-1]) + 1
    sparse = n > SPARSE * len(row) and n > LONGEST_GAP_S * stream.rate_hz
    if n > LONGEST_S * stream.rate_hz or sparse:
        raise AnalysisError(
            f"{stream.side} foot: sample numbers span {n / stream.rate_hz / 3600:.0f} h; "
            "the counter is broken, or two recordings were joined: import them apart"
        )
    if n == len(row):
        return values.view(), stream.time_s.view()
    out = np.full((n, values.shape[1]), np.nan, np.float32)
    out[row] = values
    return out, np.interp(np.arange(n), row, stream.time_s)
