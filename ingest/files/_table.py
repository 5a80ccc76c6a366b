"""A foot's columns, wherever they came from, checked and made a stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ingest.files._grid import HIGHEST_KPA
from insole.errors import FormatError
from insole.recording import FootStream, Unit

if TYPE_CHECKING:
    from ingest.files import Source
    from insole.layout import SensorLayout
    from insole.recording import Side
    from insole.typing import F32, F64, I64, Bool, Samples

MOST = {Unit.KPA: HIGHEST_KPA, Unit.N: 10_000.0, Unit.COUNTS: 2.0**24}
"""A larger value, of either sign, is taken for a damaged number (our judgement; float32 counts whole up to 2**24)."""
MOST_MOTION = 1e6
"""A larger inertial value, of either sign, is taken for damage (our judgement)."""
MOST_MOTION_COUNTS = 2.0**31
"""In channels of counts, whose scale nobody gives: a published stappone walk exceeds a million."""
SESSION_S = 1e7
"""Times beyond are taken for damage (our judgement: 115 days)."""
LONGEST_GAP_S = 24 * 3600.0
"""A longer jump of time is taken for a damaged number (our judgement)."""
RATES_HZ = (1.0, 10_000.0)
"""Rates outside are taken for damaged times (our judgement)."""


@dataclass(frozen=True, eq=False)
class Table:
    """What a table says of one foot.

    Attributes
    ----------
    side, layout, unit, rate_hz, saturation
        As in ``FootStream``; the rate is None where the times are to tell it.
    time_s
        ``(n,)`` session seconds.
    sample
        ``(n,)`` sample numbers; None where the times are to tell them.
    values
        ``(n, S)``; NaN is missing. A row of which all are missing is no sample, unless samples are numbered.
    inertial, channels
        ``(n, C)`` and their names.
    rows
        ``(n,)`` where each row stands in the file's table, for errors; None: row after row.
    """

    side: Side
    layout: SensorLayout
    unit: Unit
    rate_hz: float | None
    time_s: F64
    sample: F64 | None
    values: F32
    inertial: F32
    channels: tuple[str, ...]
    saturation: float | None = None
    rows: I64 | None = None


def foot_of(table: Table, source: Source) -> FootStream:
    """A foot's stream.

    Raises
    ------
    FormatError
        If a value is none of its unit, times do not rise or give no rate, or no row has a value.
    """
    _refuse(table, source, ~(np.abs(table.time_s) < SESSION_S), "the time is missing or is not one of a recording")
    _refuse(table, source, _beyond(table.values, MOST[table.unit]), f"a value is not in {table.unit}")
    _refuse(table, source, _beyond(table.inertial, _most_motion(table)), "a value is no acceleration or rotation")
    step = np.diff(table.time_s, prepend=table.time_s[0] - 1)
    _refuse(table, source, ~((step > 0) & (step <= LONGEST_GAP_S)), "the time does not follow the one before")
    valued: Bool = np.asarray(~np.isnan(table.values).all(axis=1), np.bool_)
    there = valued if table.sample is None else np.ones(len(valued), np.bool_)
    if not valued.any():
        raise FormatError(f"no row has a value of the {table.side} foot; export again", path=source.path)
    rate_hz = table.rate_hz or _rate_hz(table.time_s, source)
    sample = _samples(table, rate_hz, source)[there]
    missing = len(there) - np.count_nonzero(there)
    if missing:
        source.notes.append(f"{missing} lines hold no values of the {table.side} foot; they are gaps")
    return FootStream(
        side=table.side,
        layout=table.layout,
        sample=sample - sample[0] if table.sample is None else sample,
        time_s=table.time_s[there],
        values=_typed(table.values[there], table.unit),
        unit=table.unit,
        rate_hz=rate_hz,
        saturation=table.saturation,
        inertial=table.inertial[there] if table.channels else None,
        inertial_channels=table.channels,
    )


def _most_motion(table: Table) -> F64:
    """``(C,)`` the largest value that each inertial channel may have."""
    return np.array([MOST_MOTION_COUNTS if c.endswith("_counts") else MOST_MOTION for c in table.channels])


def _beyond(values: F32, most: float | F64) -> Bool:
    return np.asarray((np.abs(values) > most).any(axis=1), np.bool_)


def _refuse(table: Table, source: Source, bad: Bool, words: str) -> None:
    if bad.any():
        row = int(np.argmax(bad))
        line = source.row_line(row if table.rows is None else int(table.rows[row]))
        raise FormatError(
            f"{table.side} foot: {words}; correct the line or get the file again", path=source.path, line=line
        )


def _rate_hz(time_s: F64, source: Source) -> float:
    """The usual rate from row to row."""
    frame_s = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0
    if not (frame_s > 0 and RATES_HZ[0] <= 1 / frame_s <= RATES_HZ[1]):
        raise FormatError("the times give no sample rate; check their unit, or give the rate", path=source.path)
    return round(1 / frame_s, 6)


def _samples(table: Table, rate_hz: float, source: Source) -> I64:
    """Sample numbers: those given, or counted from row to row, so that a clock a little off does not add up."""
    if table.sample is None:
        steps = np.maximum(np.rint(np.diff(table.time_s) * rate_hz), 1)
        return np.concatenate([[0], np.cumsum(steps)]).astype(np.int64)
    given = table.sample
    good = (given >= 0) & (given < 2.0**53) & (given == np.rint(given))
    good[1:] &= np.diff(given) > 0
    _refuse(table, source, ~good, "the sample number is not a whole one that rises")
    return given.astype(np.int64)


def _typed(values: F32, unit: Unit) -> Samples:
    """Counts as uint16 where they are such."""
    whole = unit is Unit.COUNTS and bool(((values >= 0) & (values <= 65535) & (values == np.rint(values))).all())
    return values.astype(np.uint16) if whole else values
