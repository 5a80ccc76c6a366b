"""The blocks of an XSENSOR export, taken apart: text to frames of two feet, nothing judged yet."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from ingest.files._grid import MOST_LINES, date_of
from ingest.files._text import read_table
from insole.errors import FormatError
from insole.recording import Side

if TYPE_CHECKING:
    from pathlib import Path

    from insole.typing import F64

FRAME = re.compile(r"^FRAME,", re.MULTILINE)
MOMENT = re.compile(
    r"(\d{1,9}),*\n(?:,*\n){0,9}Date,[ ]*(\d{4}) ([A-Za-z]{3,9}) (\d{1,2}),*\n(?:,*\n){0,9}"
    r"Time,[ ]*(\d{1,2}):(\d{2}):(\d{2}(?:\.\d{1,6})?),*\n"
)
SENSOR = re.compile(r"^SENSOR,([^,\n]*).*\n", re.MULTILINE)
GROUP = re.compile(r"^GROUP,", re.MULTILINE)
MODEL = re.compile(r"(.*)-([LR])F\b.*")
FIELD = re.compile(r"^([A-Z][A-Za-z. ]*?)(?: \([^)\n]*\))?,[ ]*(\d+\.?\d*)(?=[,\n])", re.MULTILINE)
SENSELS = re.compile(r"^SENSELS,*\n(,*\n)?", re.MULTILINE)
FIELDS = ("Rows", "Columns", "Sensel Width", "Sensel Height", "Total Area", "Contact Area", "Est. Load")


class Foot(NamedTuple):
    """One foot in one frame: its ``(R, C)`` cells in the file's unit, toes first, and what the file says of them."""

    model: str
    size_cm: tuple[float, float]
    total_cm2: float
    contact_cm2: float
    load_n: float
    cells: F64


class Frame(NamedTuple):
    """One frame: its number, its moment (UTC), its feet and its line in the file."""

    number: int
    when: datetime
    feet: dict[Side, Foot]
    line: int


def frames_of(text: str, path: Path) -> list[Frame]:
    """All frames of an export.

    Raises
    ------
    FormatError
        If there is none; if one cannot be read; if frames are of different lengths (the last
        one cut) or feet.
    """
    starts = [match.start() for match in FRAME.finditer(text)]
    if not starts:
        raise FormatError("there is no frame in it; export the recording again", path=path)
    frames: list[Frame] = []
    line, lines = text.count("\n", 0, starts[0]) + 1, 0
    for start, stop in zip(starts, [*starts[1:], len(text)], strict=True):
        block = text[start:stop]
        filled = sum(1 for row in block.split("\n") if row.strip(","))
        lines = lines or filled
        frame = _frame(block, frames[-1].when if frames else None, line, path)
        shapes = _shapes(frame)
        if filled != lines or len(set(shapes.values())) > 1 or (frames and shapes != _shapes(frames[0])):
            raise FormatError("the frame has other parts than the first: it is cut or damaged", path=path, line=line)
        frames.append(frame)
        line += block.count("\n")
    _check_end(text, starts[0], path)
    return frames


def _shapes(frame: Frame) -> dict[Side, tuple[int, ...]]:
    return {side: foot.cells.shape for side, foot in frame.feet.items()}


def _check_end(text: str, first: int, path: Path) -> None:
    """Every line ends in the same number of commas, so a cut last line shows."""
    usual = text[first : text.find("\n", first)].count(",")
    last = text.rstrip("\n").rpartition("\n")[2]
    if last.count(",") != usual:
        line = text.rstrip("\n").count("\n") + 1
        raise FormatError("the last line is cut; export the recording again", path=path, line=line)


def _frame(block: str, before: datetime | None, line: int, path: Path) -> Frame:
    moment = MOMENT.match(block, len("FRAME,"))
    if moment is None:
        raise FormatError("the frame has no number, date or time; export the recording again", path=path, line=line)
    number, *date, hour, minute, second = moment.groups()
    try:
        when = date_of(*date) + timedelta(hours=int(hour), minutes=int(minute), seconds=float(second))
    except ValueError as e:
        raise FormatError(f"the frame's date is none: {e}; export again", path=path, line=line) from e
    if before is not None and timedelta(hours=12) < before - when < timedelta(hours=24):
        when += timedelta(days=1)  # past midnight under the date of the start
    groups = GROUP.search(block)
    _, *parts = SENSOR.split(block[: groups.start() if groups else None])
    feet = {}
    position = moment.end()
    for name, part in zip(parts[::2], parts[1::2], strict=True):
        position = block.index(part, position)
        side, foot = _foot(name, part, line + block.count("\n", 0, position), path)
        feet[side] = foot
    if not feet or 2 * len(feet) != len(parts):
        raise FormatError("the frame is not of one insole a foot; export the insoles alone", path=path, line=line)
    return Frame(int(number), when, feet, line)


def _foot(name: str, part: str, line: int, path: Path) -> tuple[Side, Foot]:
    model, sensels = MODEL.fullmatch(name), SENSELS.search(part)
    field = dict(FIELD.findall(part[: sensels.start()] if sensels else ""))
    if model is None or sensels is None or any(key not in field for key in FIELDS):
        raise FormatError("the sensor is no insole (-LF or -RF) with sizes, sums and cells", path=path, line=line)
    rows, columns, width, height, total, contact, load = (float(field[key]) for key in FIELDS)
    if (
        not (1 <= rows <= MOST_LINES and 1 <= columns <= MOST_LINES and 0 < width < 10 and 0 < height < 10)
        or columns % 1
    ):
        raise FormatError(
            f"{rows:g} x {columns:g} cells of {height:g} x {width:g} cm are no insole; export again",
            path=path,
            line=line,
        )
    apart = 2 if sensels.group(1) else 1
    listed = part[sensels.end() :].split("\n")[: int(rows) * apart : apart]
    cells = "\n".join("\t".join(row.split(",", int(columns))[: int(columns)]) for row in listed) + "\n"
    first = line + part.count("\n", 0, sensels.end())
    table = read_table(cells, columns=int(columns), first_line=first, path=path, line_step=apart)
    if len(table) != rows or (table < 0).any():
        raise FormatError(
            f"{len(table)} rows, not {rows:g}, or a negative pressure; export again", path=path, line=first
        )
    side = Side.LEFT if model.group(2) == "L" else Side.RIGHT
    return side, Foot(model.group(1), (width, height), total, contact, load, table)
