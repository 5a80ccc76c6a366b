"""CSV that ``insole export`` wrote: a row for each foot and sample, and beside it the recording's sheet.

``walk.csv`` has the samples (``side``, ``sample``, ``time_s``, a column a sensor, inertial channels),
``walk.recording.json`` all that is in no column. Both are needed. A second line of units is passed over.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.files import Format
from ingest.files._cells import Cells
from ingest.files._own import Columns, recording_of, sheet_of
from ingest.files._text import gathered
from insole.errors import FormatError
from insole.recording import FIXED, Recording, Side, sensor_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.files import Source
    from insole.records import Sheet
    from insole.typing import F32, F64

HEAD = re.compile(r"\A\ufeff?side,sample,time_s,s01_(?:counts|kpa|n)\b")
UNITS_ROW = ",,s,"
"""How a line of units begins."""
MOST_SHEET = 16 * 1024**2
"""Bytes of a sheet (our judgement: that of 10 000 cells a foot is 2 MB)."""


def read(source: Source) -> Recording:
    """Read a whole table and its sheet; see ``ingest.files.read``."""
    sheet = _sheet(source)
    first, _, rest = source.head.partition("\n")
    names = first.split(",")
    second = rest.partition("\n")[0]
    start = len(first) + 1 + (len(second) + 1 if second.startswith(UNITS_ROW) else 0)
    wanted = {side: [*sensor_columns(foot.meta), *foot.meta.inertial] for side, foot in sheet.feet.items()}
    every = {*FIXED, *(name for of_foot in wanted.values() for name in of_foot)}
    if every != set(names) or len(names) != len(every):
        odd = ", ".join(sorted(every ^ set(names))[:5]) or "one twice"
        raise FormatError(f"the columns are not those of its sheet ({odd}); export it again", path=source.path, line=1)
    sides, fixed, numbers = gathered(_parts(source, start, names), source.path)
    feet = {}
    for side, of_foot in wanted.items():
        rows = np.flatnonzero(sides == list(Side).index(side))
        own = numbers[rows][:, [names.index(name) - len(FIXED) for name in of_foot]]
        n = sheet.feet[side].meta.layout.n_sensors
        feet[side] = Columns(fixed[rows, 0], fixed[rows, 1], own[:, :n], own[:, n:], rows)
    if sum(len(foot.rows) for foot in feet.values()) != len(sides):
        raise FormatError("it has rows of a foot that its sheet does not have; export it again", path=source.path)
    return recording_of(sheet, feet, source)


def _sheet(source: Source) -> Sheet:
    name = f"{source.path.stem}.recording.json"
    found = source.beside(name)
    if found is None:
        raise FormatError(f"{name} is not beside it; keep the files of an export together", path=source.path)
    if found.size > MOST_SHEET:
        raise FormatError(f"{found.size / 1e6:.0f} MB are no sheet of a recording", path=found.path)
    try:
        data = json.loads(found.text())
    except (ValueError, RecursionError) as e:
        raise FormatError(f"this is not JSON: {e}", path=found.path) from e
    return sheet_of(data, found)


def _parts(source: Source, start: int, names: list[str]) -> Iterator[tuple[Any, F64, F32]]:
    """Which foot, its sample numbers and times, and all other numbers, part by part."""
    cells = Cells(columns=range(1, len(names)), width=len(names), delimiter=",", missing="")
    for line, text in source.body(start):
        table = cells.read(text, first_line=line, path=source.path)
        with np.errstate(over="ignore"):
            numbers = table[:, 2:].astype(np.float32)
        _refuse_infinite(numbers, line, source)
        yield _sides(text, line, source), table[:, :2], numbers


def _sides(text: str, line: int, source: Source) -> Any:
    codes = {f"{side},": i for i, side in enumerate(Side)}
    lines = text.rstrip("\n").split("\n")
    found = np.array([codes.get(one[: one.find(",") + 1], -1) for one in lines], np.int8)
    if (found < 0).any():
        raise FormatError("the line begins with no foot", path=source.path, line=line + int(np.argmax(found < 0)))
    return found


def _refuse_infinite(numbers: F32, line: int, source: Source) -> None:
    bad = np.isinf(numbers).any(axis=1)
    if bad.any():
        raise FormatError("a number is too large", path=source.path, line=line + int(np.argmax(bad)))


FORMAT = Format(
    name="insole_csv",
    title="CSV that insole exported (with its .recording.json)",
    suffixes=(".csv",),
    sniff=lambda text: HEAD.match(text) is not None,
    read=read,
    beside=re.compile(r"\.(?:dictionary|marks)\.csv$|\.recording\.json$|^recordings\.csv$"),
)
