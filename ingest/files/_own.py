"""What this program exported, read back: the sheet, and columns made a recording again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ingest.files._text import NO_DATE_NOTE
from insole.errors import FormatError, InsoleError
from insole.recording import NO_DATE, ClockFit, FootStream, Recording, Side
from insole.records import sheet_from_dict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.files import Source
    from insole.records import FootSheet, Sheet
    from insole.typing import F32, F64, I64, Bool

MOST_COUNT = 65_535
FAR_S = 4e9
"""Times beyond are damage: a store does not keep them."""


@dataclass(frozen=True, eq=False)
class Columns:
    """The rows of one foot.

    Attributes
    ----------
    sample, time_s
        ``(n,)``; numbers that are not whole are not yet refused.
    values, inertial
        ``(n, S)`` and ``(n, C)``; NaN where a cell is empty.
    rows
        ``(n,)`` where each stands in the file, for errors.
    """

    sample: F64 | I64
    time_s: F64
    values: F32
    inertial: F32
    rows: I64


def sheet_of(data: object, source: Source) -> Sheet:
    """The sheet in a file's metadata or beside it.

    Raises
    ------
    FormatError
        If it is none.
    """
    try:
        return sheet_from_dict(data)
    except InsoleError as e:
        raise FormatError(str(e), path=source.path) from e


def recording_of(sheet: Sheet, feet: Mapping[Side, Columns], source: Source) -> Recording:
    """The recording that was exported.

    Raises
    ------
    FormatError
        With the line, if a cell cannot be of that recording.
    """
    source.marks += sheet.marks
    streams = {side: _stream(foot, feet[side], source) for side, foot in sheet.feet.items()}
    if not streams:
        raise FormatError("its sheet has no foot; export the recording again", path=source.path)
    notes = sheet.about.notes
    if sheet.started_at is None and NO_DATE_NOTE not in notes:
        notes = (*notes, NO_DATE_NOTE)
    about = replace(sheet.about, notes=notes)
    return Recording(id="", started_at=sheet.started_at or NO_DATE, feet=streams, about=about)


def _stream(foot: FootSheet, found: Columns, source: Source) -> FootStream:
    meta = foot.meta
    if np.isnan(found.values).all():  # or there is no row
        raise FormatError(f"no row has a value of the {meta.side} foot; export it again", path=source.path)
    if foot.samples is not None and foot.samples != len(found.sample):
        words = f"the {meta.side} foot has {len(found.sample)} rows of {foot.samples}: the file is cut; export it again"
        source.short(FormatError(words, path=source.path))
    with np.errstate(invalid="ignore"):
        whole = (found.sample == np.rint(found.sample)) & (np.abs(found.sample) < 2.0**53)
    _refuse(found, source, ~whole, "the sample number is missing or is not a whole one")
    _refuse(found, source, ~(np.abs(found.time_s) < FAR_S), "the time is missing or is not one of a recording")
    for what, a in (("the sample number", found.sample), ("the time", found.time_s)):
        _refuse(found, source, np.diff(a, prepend=a[:1] - 1) <= 0, f"{what} does not rise")
    values = found.values
    if foot.dtype == "uint16":
        with np.errstate(invalid="ignore"):
            counts = (values >= 0) & (values <= MOST_COUNT) & (values == np.rint(values))
        _refuse(found, source, ~counts.all(axis=1), "a value is missing or is no count")
    return FootStream(
        side=meta.side,
        layout=meta.layout,
        sample=found.sample.astype(np.int64),
        time_s=found.time_s,
        values=values.astype(foot.dtype),
        unit=meta.unit,
        rate_hz=meta.rate_hz,
        calibration=meta.calibration,
        clock=ClockFit(residual_s=foot.residual_s),
        saturation=meta.saturation,
        inertial=found.inertial if meta.inertial else None,
        inertial_channels=meta.inertial,
    )


def _refuse(found: Columns, source: Source, bad: Bool, words: str) -> None:
    if bad.any():
        line = source.row_line(int(found.rows[int(np.argmax(bad))]))
        raise FormatError(f"{words}; export the recording again", path=source.path, line=line)
