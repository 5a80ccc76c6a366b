"""Reading what is whole of a damaged file, and saying what was left."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from insole.errors import FormatError

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from ingest.files._source import Source
    from insole.recording import Recording

MOST_LEFT_OUT = 20
"""Damaged lines that are passed over one by one; a file with more is read up to the next (our judgement)."""
MOST_TRIES = 50
"""Readings of a file (our judgement)."""


def salvaged(
    source: Source, read: Callable[[Source], Recording], record: re.Pattern[str] | None
) -> tuple[Recording, Source]:
    """Read a file without its damaged lines.

    A damaged line of a table is passed over: its sample is a gap. Of pages or frames, those before the
    first damaged one are read. The strict reader judges what is left: it is as sure as a whole file.

    Parameters
    ----------
    source
        The file, to be salvaged.
    read
        The format's reader.
    record
        What the first line of a page or frame looks like; None for a table.

    Returns
    -------
    The recording, with a note for each part that was left, and the source it was read from.

    Raises
    ------
    FormatError
        If what is damaged is not a record, or no record is whole.
    """
    left_out: dict[int, str] = {}
    stop: int | None = None
    reason = ""
    for _ in range(MOST_TRIES):
        source = source.without(left_out=left_out, stop_line=stop)
        try:
            recording = read(source)
        except FormatError as e:
            if e.line is None or source.first_row is None or e.line < source.first_row or e.line in left_out:
                raise
            if record is None and len(left_out) < MOST_LEFT_OUT and stop is None:
                left_out[e.line] = str(e)
                continue
            start = e.line if record is None else _start(source, record, e.line)
            if start is None or start <= source.first_row or (stop is not None and start >= stop):
                raise
            stop, reason = start, str(e)
        else:
            notes = [f"salvaged: a line was left out ({message})" for message in left_out.values()]
            if stop is not None:
                notes.append(f"salvaged: all from line {stop} on was left out ({reason})")
            about = replace(recording.about, notes=(*recording.about.notes, *notes))
            return replace(recording, about=about), source
    raise FormatError("too much of it is damaged to take the rest; get the file again", path=source.path)


def _start(source: Source, record: re.Pattern[str], line: int) -> int | None:
    """The first line of the page or frame that a line is in."""
    lines = source.text().split("\n", line)[:line]
    return next((i + 1 for i in range(len(lines) - 1, -1, -1) if record.match(lines[i])), None)
