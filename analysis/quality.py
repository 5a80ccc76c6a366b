"""What is wrong with a foot's samples: dead and saturated sensors, gaps, readings below zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from insole.recording import Unit
from insole.report import Caveat

if TYPE_CHECKING:
    from analysis.walk import FootWalk
    from insole.layout import SensorLayout
    from insole.recording import FootStream, Side
    from insole.typing import F32, F64, I64, Bool, Samples

DEAD_NEIGHBOURS = 2
"""A sensor that always reads zero is judged by this many nearest sensors (our judgement)."""

DEAD_NEIGHBOUR_SHARE = 0.35
"""It is dead, not just never trodden on, if all of them range over this part of the foot's widest
range (our judgement: in a public pedar walk 7 good sensors stay at zero, beside ones of up to 0.28)."""

BELOW_ZERO_KPA = -10.0
"""Mean of a sensor's lowest readings from which its zero has moved (our judgement; 10 kPa is the
least pressure that pressuRe 0.2.7 counts as contact in an insole)."""

LOW_PERCENTILE = 5.0
"""Which readings count as a sensor's lowest: they lie in swing in any walk (our judgement)."""

MOST_ROWS = 20_000
"""Rows looked at for percentiles; longer recordings are thinned evenly."""


def extremes(values: F32) -> tuple[F32, F32]:
    """``(S,)`` each sensor's smallest and largest value; NaN for a sensor without."""
    return np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)


def dead_sensors(low: F32, high: F32, layout: SensorLayout) -> Bool:
    """``(S,)`` true for sensors without signal, by their smallest and largest value.

    A sensor is dead if it never has a value; or if its value never changes while others
    do, and either that value is not zero, or the sensors around it are loaded.
    """
    empty = ~np.isfinite(low)
    spread = np.where(empty, 0.0, high - low).astype(np.float64)
    widest = float(spread.max(initial=0.0))
    if widest <= 0:
        return np.asarray(empty)
    still = ~empty & (spread == 0)
    trodden = _neighbours_range(spread, layout) >= DEAD_NEIGHBOUR_SHARE * widest
    return np.asarray(empty | (still & ((low != 0) | trodden)))


def _neighbours_range(spread: F64, layout: SensorLayout) -> F64:
    """``(S,)`` smallest range of the nearest sensors that are not still themselves."""
    gap = np.linalg.norm(layout.xy_mm[:, None] - layout.xy_mm[None], axis=2)
    gap[:, spread == 0] = np.inf
    nearest = np.argsort(gap, axis=1, kind="stable")[:, :DEAD_NEIGHBOURS]
    return np.asarray(spread[nearest].min(axis=1))


def saturated_sensors(stream: FootStream) -> I64:
    """Columns that reached the end of their range at least once."""
    if stream.saturation is None or not len(stream.values):
        return np.empty(0, np.int64)
    return np.flatnonzero(np.fmax.reduce(stream.values, axis=0) >= stream.saturation)


def low_readings(values: Samples) -> F64:
    """``(S,)`` each sensor's low percentile over the rows that have values; NaN for a sensor without."""
    step = max(1, len(values) // MOST_ROWS)
    rows = np.asarray(values[::step], np.float64)
    rows = rows[np.isfinite(rows).any(axis=1)]
    low = np.full(values.shape[1], np.nan)
    full = np.isfinite(rows).any(axis=0)
    if full.any():
        low[full] = np.nanpercentile(rows[:, full], LOW_PERCENTILE, axis=0)
    return low


def gap_runs(valid: Bool) -> tuple[I64, I64]:
    """Half-open ``[start, stop)`` rows of each stretch that is not valid."""
    edges = np.diff(np.concatenate(([True], valid, [True])).astype(np.int8))
    return np.flatnonzero(edges == -1), np.flatnonzero(edges == 1)


def caveats_of(stream: FootStream, foot: FootWalk) -> list[Caveat]:
    """What a reader of the numbers must know about this foot."""
    side = foot.side
    found = [_gap_caveat(foot), _dead_caveat(foot), _saturated_caveat(side, saturated_sensors(stream))]
    found += [_unit_caveat(foot), _zero_caveat(foot)]
    return [c for c in found if c is not None]


def _gap_caveat(foot: FootWalk) -> Caveat | None:
    starts, stops = gap_runs(foot.valid)
    if not starts.size:
        return None
    lost_s, all_s = float((stops - starts).sum()) * foot.period_s, foot.valid.size * foot.period_s
    gaps = "1 gap" if starts.size == 1 else f"{starts.size} gaps"
    text = f"{foot.side} foot: {gaps}, {lost_s:.2f} s of {all_s:.1f} s; nothing was filled in"
    return Caveat("gaps", text, foot.side)


def _dead_caveat(foot: FootWalk) -> Caveat | None:
    if not foot.dead.any():
        return None
    text = (
        f"{foot.side} foot: {_numbers(np.flatnonzero(foot.dead))} without signal; this foot's forces are too low, "
        "and shares, symmetry and centre of pressure lean away from there"
    )
    return Caveat("dead_sensors", text, foot.side)


def _saturated_caveat(side: Side, columns: I64) -> Caveat | None:
    if not columns.size:
        return None
    text = f"{side} foot: {_numbers(columns)} reached the end of the range; true pressures there were higher"
    return Caveat("saturated", text, side)


def _unit_caveat(foot: FootWalk) -> Caveat | None:
    if foot.unit is Unit.COUNTS:
        text = f"{foot.side} foot: not calibrated, so there is no pressure or force; shares and timing are from counts"
        return Caveat("uncalibrated", text, foot.side)
    if not foot.in_newtons:
        text = f"{foot.side} foot: sensor areas are not known, so there is no force in N; shares take them as equal"
        return Caveat("no_areas", text, foot.side)
    return None


def _zero_caveat(foot: FootWalk) -> Caveat | None:
    if foot.unit is not Unit.KPA:
        return None
    low = np.flatnonzero(low_readings(foot.values) < BELOW_ZERO_KPA)
    if not low.size:
        return None
    text = f"{foot.side} foot: {_numbers(low)} read below {BELOW_ZERO_KPA:g} kPa when unloaded; zero the insole"
    return Caveat("below_zero", text, foot.side)


def _numbers(columns: I64) -> str:
    """Sensor numbers from 1, as layouts count them."""
    listed = ", ".join(str(int(c) + 1) for c in columns[:8])
    more = f" and {columns.size - 8} more" if columns.size > 8 else ""
    return f"sensor {listed}" if columns.size == 1 else f"sensors {listed}{more}"
