"""Text exports of two feet: tables that are read fast or refused with a line number."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from insole.errors import FormatError
from insole.recording import FootStream, Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

    from ingest.files._source import Source
    from insole.layout import SensorLayout
    from insole.recording import Unit
    from insole.typing import F32, F64, I64

    Array = NDArray[Any]

NUMBER = re.compile(r" *[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)? *", re.ASCII)
"""A finite decimal number, alone in its cell."""
NO_DATE_NOTE = "the file gives no date; 1970-01-01 stands for it"
"""Goes with ``insole.recording.NO_DATE``."""
ZONE_NOTE = "the file's clock time names no zone; it is taken as UTC"
JITTER = 0.25
"""Largest departure of a frame's time from the grid, in frames (our judgement; times are rounded)."""
LONGEST_GAP_S = 60.0
"""A longer jump of time is taken for a damaged number (our judgement)."""


def read_table(text: str, *, columns: int, first_line: int, path: Path, line_step: int = 1) -> F64:
    """Read tab-separated finite numbers.

    Every line has the same number of tabs: one fewer than columns, or as many where lines end
    in a tab. The last number must be followed by a tab or a line end: else it may be cut.

    Parameters
    ----------
    text
        The table alone, lines separated by a line feed. Empty lines at its end are ignored.
    columns
        Numbers in a line.
    first_line
        Number of its first line in the file, from 1.
    path
        For the error.
    line_step
        How many lines of the file there are for each line of the text.

    Returns
    -------
    ``(n, columns)``.

    Raises
    ------
    FormatError
        If a cell is empty or not a finite number, or a line has too few or too many cells.
    """
    lines = text.rstrip("\n").split("\n") if text.strip("\n") else []
    if not lines:
        raise FormatError("there are no samples in it; export the recording again", path=path)
    tabs = lines[0].count("\t")
    if any(line.count("\t") != tabs for line in lines) or tabs not in (columns - 1, columns):
        raise _guilty(lines, columns, range(first_line, 2**62, line_step), path)
    if not text.endswith(("\t", "\n")):
        raise _guilty(lines, columns, range(first_line, 2**62, line_step), path)
    try:
        table = np.loadtxt(lines, delimiter="\t", usecols=range(columns), comments=None, ndmin=2)
    except ValueError:
        raise _guilty(lines, columns, range(first_line, 2**62, line_step), path) from None
    extra = "".join(line[line.rindex("\t") :] for line in lines) if tabs == columns else ""
    if table.shape != (len(lines), columns) or not np.isfinite(table).all() or extra.strip():
        raise _guilty(lines, columns, range(first_line, 2**62, line_step), path)
    return table


def _guilty(lines: list[str], columns: int, numbers: range, path: Path) -> FormatError:
    """Find the line and cell that made the fast way fail."""
    usual_tabs = Counter(line.count("\t") for line in lines).most_common(1)[0][0]
    for number, line in zip(numbers, lines, strict=False):
        fault = _fault(line, columns, usual_tabs)
        if not fault and number == numbers[len(lines) - 1] and not line.endswith("\t"):
            fault = "the last line has no end, so it may be cut"
        if fault:
            return FormatError(f"{fault}; get the file again", path=path, line=number)
    return FormatError("the table of samples is damaged; get the file again", path=path)


def _fault(line: str, columns: int, usual_tabs: int) -> str:
    """Say what is wrong with one line; empty where nothing is."""
    cells = line.split("\t")
    if len(cells) == columns + 1 and not cells[-1].strip():
        cells.pop()
    if len(cells) != columns:
        return f"the line has {len(cells)} columns, not {columns}: it is cut or damaged"
    for column, cell in enumerate(cells, 1):
        if not NUMBER.fullmatch(cell) or not np.isfinite(float(cell)):
            return f"column {column} holds {cell.strip()[:20]!r}, not a number"
    return "" if line.count("\t") == usual_tabs else "the line ends unlike the others: it is cut or damaged"


def table_parts(source: Source, start: int, *, columns: int, decimal_comma: bool = False) -> Iterator[tuple[int, F64]]:
    """Read the table after a header in parts: the line of each part's first row, and its numbers.

    Parameters
    ----------
    source, start
        The file, and where in its ``head`` the table begins.
    columns
        Numbers in a line.
    decimal_comma
        Whether numbers are written with a comma.

    Raises
    ------
    FormatError
        As ``read_table``.
    """
    for line, piece in source.body(start):
        text = piece.replace(",", ".") if decimal_comma else piece
        yield line, read_table(text, columns=columns, first_line=line, path=source.path)


def gathered(parts: Iterable[tuple[Array, ...]], path: Path) -> list[Array]:
    """Join parts of tables row by row, so that they are in memory once.

    Parameters
    ----------
    parts
        Of each the same arrays, which have the same number of rows.
    path
        For the error.

    Raises
    ------
    FormatError
        If there is no part.
    """
    whole: list[Array] = []
    n = room = 0
    for part in parts:
        more = len(part[0])
        if not whole:
            whole, room = [np.array(one, order="C") for one in part], more
        else:
            if n + more > room:
                room = n + max(more, n // 8)  # what is new is touched at once, so little of it
                for one in whole:
                    one.resize((room, *one.shape[1:]), refcheck=False)
            for one, new in zip(whole, part, strict=True):
                one[n : n + more] = new
        n += more
    if not whole:
        raise FormatError("there are no samples in it; export the recording again", path=path)
    for one in whole:
        one.resize((n, *one.shape[1:]), refcheck=False)
    return whole


def frame_indices(time_s: F64, *, frame_s: float, source: Source, lines: I64 | None = None) -> I64:
    """Sample indices of frames from their times; a frame that the file leaves out is a jump.

    Counted from line to line: a device whose clock is a little off its nominal rate drifts
    away from ``time / frame_s`` over a long walk.

    Parameters
    ----------
    time_s
        ``(n,)`` times of the frames, seconds.
    frame_s
        Nominal time of a frame, seconds.
    source
        For the error.
    lines
        ``(n,)`` for the error, where the frames are not row after row: their rows in the table.

    Returns
    -------
    ``(n,)``, beginning with 0, strictly rising.

    Raises
    ------
    FormatError
        If a time is negative, does not follow the one before at the rate, or jumps by more
        than ``LONGEST_GAP_S``.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # absurd times compare as not good
        frames = np.diff(time_s, prepend=time_s[0] - frame_s) / frame_s
        whole = np.rint(frames)
        good = (whole >= 1) & (np.abs(frames - whole) <= JITTER) & (whole * frame_s <= LONGEST_GAP_S) & (time_s >= 0)
    if not good.all():
        i = int(np.argmin(good))
        after = f" after {time_s[i - 1]:g} s" if i else ""
        raise FormatError(
            f"time {time_s[i]:g} s{after} is not a frame time at {frame_s:g} s a frame; "
            "lines are damaged or out of order, get the file again",
            path=source.path,
            line=source.row_line(i if lines is None else int(lines[i])),
        )
    return np.cumsum(whole).astype(np.int64) - 1


def two_feet(
    feet: Sequence[F32], *, time_s: F64, sample: I64, layout: SensorLayout, unit: Unit, rate_hz: float
) -> dict[Side, FootStream]:
    """Streams of both feet from ``(n, S)`` values each, left and right."""
    return {
        side: FootStream(
            side=side, layout=layout, sample=sample, time_s=time_s, values=values, unit=unit, rate_hz=rate_hz
        )
        for side, values in zip(Side, feet, strict=True)
    }


def left_and_right(values: F64) -> list[F32]:
    """Take ``(n, 2 S)`` values apart: the left sensors' columns, then the right ones'."""
    return [np.ascontiguousarray(half, np.float32) for half in np.hsplit(values, 2)]
