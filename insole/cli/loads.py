"""The loads of a calibration, from a small CSV file."""

from __future__ import annotations

import csv
import math
from typing import TYPE_CHECKING

from analysis.calibrating import Hold
from insole.errors import CalibrationError, FormatError

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("start_s", "stop_s", "pressure_kpa")
"""One row for each stretch, in session seconds, in which a known pressure was on all sensors."""


def read_loads(path: Path) -> list[Hold]:
    """Read the holds, in the file's order.

    Raises
    ------
    FormatError
        If it cannot be read, has other columns, or a row is not three numbers of a hold.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as e:
        raise FormatError(f"cannot be read ({e.strerror}); check the path", path=path) from e
    except UnicodeDecodeError as e:
        raise FormatError("this is not a CSV file, it is not text", path=path) from e
    rows = csv.reader(text.splitlines())
    head = tuple(cell.strip() for cell in next(rows, []))
    if sorted(head) != sorted(COLUMNS):
        raise FormatError(f"the columns are {','.join(head)!r}; give {','.join(COLUMNS)!r}", path=path, line=1)
    try:
        return [_hold(head, row, path, rows.line_num) for row in rows if any(cell.strip() for cell in row)]
    except (csv.Error, ValueError) as e:
        raise FormatError(f"the row is not {','.join(head)}: {e}", path=path, line=rows.line_num) from e


def _hold(head: tuple[str, ...], row: list[str], path: Path, line: int) -> Hold:
    if len(row) != len(head):
        raise ValueError(f"it has {len(row)} cells")
    numbers = {name: float(cell) for name, cell in zip(head, row, strict=True)}
    for name, number in numbers.items():
        if not math.isfinite(number):
            raise ValueError(f"{name} is {number}")
    try:
        return Hold(**numbers)
    except CalibrationError as e:
        raise FormatError(str(e), path=path, line=line) from e
