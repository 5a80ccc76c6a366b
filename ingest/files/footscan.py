"""RSscan footscan ``.xls``: one barefoot step on a plate, force of each cell.

The content is an Excel sheet, or tab-separated text with Excel's ending: a title, ``Patient name:``, ``Measurement
done on dd-mm-yyyy``, the scanning speed of each foot in Hz (zero for the one that was not
measured), and for each foot ``Right foot data`` or ``Left foot data``, a rectangle (``bottom``,
``left``, ``width``, ``height``, each a line with its number on it or below) and, for each frame,
``Frame k (t ms)`` and a line for each of its rows. The first row is the lowest of the rectangle, so
rows are turned. Values are N a cell; cells are 5.08 mm across and 7.62 mm along the plate.

No published file was at hand: this is the layout that two public readers of it expect (one of them,
pressuRe, opens a binary sheet), and every count in it is checked. Direction is judged by the
pressure's path (``ingest.files._footprint``); the foot is the one that the file names, and a
footprint whose arch says otherwise is noted. A file of both feet is two steps, and refused.
``Patient name`` is kept only if names are asked for.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from ingest.files import Format
from ingest.files._footprint import bend, ever_loaded, heel_below, loaded_box
from ingest.files._grid import HIGHEST_KPA, MOST_LINES, foot_of_cells
from ingest.files._text import NO_DATE_NOTE, read_table
from insole.errors import FormatError
from insole.grids import grid_layout
from insole.recording import NO_DATE, About, Recording, Side, Unit
from insole.units import N_PER_KPA_MM2

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.files import Source
    from insole.typing import F64

PITCH_MM = (5.08, 7.62)
"""Cells across and along the plate, as another program (pressuRe) takes them; the file does not say."""
RATES_HZ = (10.0, 1000.0)
"""Rates outside are taken for a damaged header (our judgement; plates run at 100 to 500 Hz)."""
TIME_TOLERANCE = 0.5
"""A frame's time may be off its place by so much of a frame: it is printed rounded (our judgement)."""
LEAST_BEND = 1.0
"""A midfoot offset to the wrong side by more cells contradicts the foot that is named (our judgement)."""
SPEED = re.compile(r"Scanning speed;?.*?left foot:\s*([\d.,]+).*?right foot:\s*([\d.,]+)", re.IGNORECASE)
FOOT = re.compile(r"^\t?(Left|Right) foot data\b.*\n", re.IGNORECASE | re.MULTILINE)
FRAME = re.compile(r"^\t?Frame (\d{1,7})[ \t]*\(([\d.,]+)[ \t]*ms\).*\n", re.IGNORECASE | re.MULTILINE)
PLACE = re.compile(r"\b(bottom|left|width|height)\b[^\n\d]*\s+(\d{1,4})\b", re.IGNORECASE)
DATE = re.compile(r"Measurement done on[ \t]*(\d{1,2})-(\d{1,2})-(\d{4})", re.IGNORECASE)
NAME = re.compile(r"Patient name:[ \t]*([^\n]*)", re.IGNORECASE)


def sniff(head: str) -> bool:
    """Tell a footscan export by its date and a foot's name."""
    return "Measurement done on" in head and FOOT.search(head) is not None


def read(source: Source) -> Recording:
    """Read a whole step; see ``ingest.files.read``."""
    text = source.text()
    side, start, stop = _part(text, source.path)
    source.personal("patient name", name[1] if (name := NAME.search(text, 0, start)) else "")
    force_n, time_s = _frames(source, text[:stop], start)
    kpa = loaded_box(force_n / (PITCH_MM[0] * PITCH_MM[1] * N_PER_KPA_MM2))
    if not kpa.size:
        raise FormatError("no cell is loaded in any frame; export the step again", path=source.path)
    frame_s = _frame_s(source, time_s, _speed(text[:start], side))
    kpa, notes = _in_foot_frame(kpa, side)
    n, rows, columns = kpa.shape
    present = np.ones((rows, columns), bool)
    layout = grid_layout(
        name=f"footscan-{rows}x{columns}",
        title=f"RSscan footscan plate, {rows} x {columns} cells under the foot",
        source="cells of 5.08 x 7.62 mm, as other programs take them; the outline is the footprint's",
        present=present,
        pitch_mm=PITCH_MM,
        footprint=ever_loaded(kpa),
        platform=True,
    )
    foot = foot_of_cells(
        side,
        kpa,
        layout=layout,
        present=present,
        time_s=np.arange(n, dtype=np.float64) * frame_s,
        sample=np.arange(n),
        unit=Unit.KPA,
        rate_hz=1 / frame_s,
    )
    started_at, dated = _started_at(text[:start], source.path)
    about = About(condition="barefoot", task="platform step", device="RSscan footscan plate", notes=(*dated, *notes))
    return Recording(id="", started_at=started_at, feet={side: foot}, about=about)


def _part(text: str, path: Path) -> tuple[Side, int, int]:
    """The foot that has frames, and where in the text its part begins and ends."""
    feet = list(FOOT.finditer(text))
    ends = [*(foot.start() for foot in feet[1:]), len(text)]
    found = [(f, end) for f, end in zip(feet, ends, strict=True) if FRAME.search(text, f.end(), end)]
    if len(found) != 1:
        words = "no foot has frames" if not found else "frames of both feet are in it: two steps"
        raise FormatError(f"{words}; export each step alone", path=path)
    ((foot, end),) = found
    return Side(foot[1].lower()), foot.end(), end


def _frames(source: Source, text: str, start: int) -> tuple[F64, F64]:
    """``(n, R, C)`` forces in N, the topmost row first, and ``(n,)`` times in s as printed."""
    marks = list(FRAME.finditer(text, start))
    source.first_row = text.count("\n", 0, marks[0].start()) + 1
    rows, columns = _size(source, text[start : marks[0].start()])
    line = source.first_row
    frames, times = [], []
    for k, (mark, end) in enumerate(zip(marks, [*(m.start() for m in marks[1:]), len(text)], strict=True)):
        body = text[mark.end() : end]
        if int(mark[1]) != int(marks[0][1]) + k:
            raise FormatError(f"frame {mark[1]} is out of order; export again", path=source.path, line=line)
        frames.append(_cells(body, rows, columns, source.path, line + 1))
        times.append(float(mark[2].replace(",", ".")) / 1000 if mark[2].strip(".,") else np.nan)
        line += 1 + body.count("\n")
    return np.array(frames)[:, ::-1], np.array(times)


def _size(source: Source, head: str) -> tuple[int, int]:
    place = {key.lower(): int(number) for key, number in PLACE.findall(head)}
    rows, columns = place.get("height", 0), place.get("width", 0)
    if not (1 <= rows <= MOST_LINES and 1 <= columns <= MOST_LINES):
        raise FormatError(
            f"a rectangle of {rows} x {columns} cells is none; export the step again",
            path=source.path,
            line=(source.first_row or 2) - 1,
        )
    return rows, columns


def _cells(body: str, rows: int, columns: int, path: Path, line: int) -> F64:
    """``(R, C)`` forces of a frame as the file lists them."""
    if "," in body and "." not in body:
        body = body.replace(",", ".")
    kept = [row.removeprefix("\t").removesuffix("\t") for row in body.rstrip("\n\t ").split("\n")]
    table = read_table("\n".join(kept) + "\n", columns=columns, first_line=line, path=path)
    most_n = HIGHEST_KPA * PITCH_MM[0] * PITCH_MM[1] * N_PER_KPA_MM2
    if len(table) != rows or (table < 0).any() or (table > most_n).any():
        raise FormatError(f"the frame is not {rows} rows of forces: it is cut or damaged", path=path, line=line)
    return table


def _speed(head: str, side: Side) -> float | None:
    """Scanning speed of the foot in Hz; None where the header has none."""
    match = SPEED.search(head)
    try:
        return float(match[1 if side is Side.LEFT else 2].replace(",", ".")) if match else None
    except ValueError:
        return None


def _frame_s(source: Source, time_s: F64, rate_hz: float | None) -> float:
    """Time of a frame; the frames' own times and the header must agree."""
    steps = np.diff(time_s)
    frame_s = 1 / rate_hz if rate_hz else float(np.median(steps)) if len(steps) else 0.0
    good = 1 / RATES_HZ[1] <= frame_s <= 1 / RATES_HZ[0]
    if not good or not (np.abs(steps - frame_s) <= TIME_TOLERANCE * frame_s).all():
        raise FormatError(
            f"the frames' times do not fit {frame_s:g} s a frame; export the step again",
            path=source.path,
        )
    return round(frame_s, 9)


def _in_foot_frame(kpa: F64, side: Side) -> tuple[F64, list[str]]:
    """Turn ``(n, R, C)`` pressures, topmost row first, so that row 0 is the heel's and column 0 the lateral one."""
    below = heel_below(kpa)
    toes_up = kpa if below is not False else kpa[:, ::-1, ::-1]
    lateral_right = bend(ever_loaded(toes_up)) * (1 if side is Side.RIGHT else -1)
    notes = []
    if lateral_right < -LEAST_BEND:
        notes.append(f"the file says that it is of the {side} foot; the arch of the footprint says the other")
    if below is None:
        notes.append("the pressure does not move from heel to toes; the toes are taken to be at the picture's top")
    heel_first = toes_up[:, ::-1]
    return (heel_first[..., ::-1] if side is Side.RIGHT else heel_first), notes


def _started_at(head: str, path: Path) -> tuple[datetime, list[str]]:
    match = DATE.search(head)
    if match is None:
        return NO_DATE, [NO_DATE_NOTE]
    day, month, year = (int(part) for part in match.groups())
    try:
        return datetime(year, month, day, tzinfo=UTC), ["the file gives a date without a time; midnight stands for it"]
    except ValueError as e:
        line = head.count("\n", 0, match.start()) + 1
        raise FormatError(f"{match[0]!r} is not a date: {e}; export again", path=path, line=line) from e


FORMAT = Format(
    name="footscan",
    title="RSscan footscan step (.xls)",
    suffixes=(".xls", ".txt"),
    sniff=sniff,
    read=read,
    record=re.compile(r"\t?Frame \d"),
)
