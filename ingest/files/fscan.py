"""Tekscan F-Scan ``.asf``: one insole of 60 by 21 cells a file, text.

Lines ``KEY value`` up to ``ASCII_DATA @@``; then for each frame a line ``Frame n``, a line of
comma-separated values for each row, and an empty line; at the end ``@@``. ``B`` stands where
the sheet has no cell. The first row is at the toes, and the sheet is seen from above: so the
lateral side is left in a left foot's file. Both were settled from a published walk: the
pressure's centre runs from the last rows to the first, and the arch and the hallux are on the
side named. Mirrored exports are refused.

The foot is not named in the file but in its name, whose last letter is L or R. An F-Scan sheet
is cut to the shoe, and the file does not say where: the insole's length is taken from the first
to the last row in which several cells were ever loaded. ``FILENAME`` and ``COMMENTS`` may hold
a person's name: the first is kept only if names are asked for, the second never.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING

import numpy as np

from ingest.files import Format
from ingest.files._grid import HIGHEST_KPA, ZONE_NOTE, date_of, foot_of_cells, heel_first
from ingest.files._tekscan import MM_PER_UNIT, Header
from ingest.files._text import NO_DATE_NOTE, read_table
from insole.errors import FormatError, UnitError
from insole.grids import grid_layout
from insole.recording import NO_DATE, About, Recording, Side, Unit
from insole.units import kpa_per

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ingest.files import Source
    from insole.layout import SensorLayout
    from insole.typing import F64, Bool

ROWS, COLUMNS = 60, 21
HIGHEST_RAW = 255.0
"""Raw values are of 8 bits; the highest is the end of the range."""
FRAMES_S = (0.001, 0.2)
"""Times of a frame outside are taken for a damaged header (our judgement; sheets run at 30 to 750 Hz)."""
CELLS_IN_USE = 3
"""A row is in use if so many of its cells were ever loaded; a crosstalk line loads one or two (our judgement)."""
LEAST_IN_USE = 0.6
"""Fewer rows in use, of all, do not tell where the sheet was cut (our judgement)."""

DATA = re.compile(r"^ASCII_DATA @@[ ]*\n", re.MULTILINE)
FRAME = re.compile(r"^Frame (\d{1,9})\b.*\n", re.MULTILINE)
TIME = re.compile(r"(\d{1,2}) ([A-Za-z]{3,9}) (\d{4}) (\d{1,2}):(\d{2}):(\d{2})(?: ([ap])\.?m)?", re.IGNORECASE)
SIDES = (
    re.compile(r"(?:^|[^A-Z])([LR])$"),
    re.compile(r"(?:^|[^A-Za-z])(l|r|left|right)$", re.IGNORECASE),
)
"""A foot at the end of a file's name: a capital of its own, or a letter or word set off."""


def sniff(head: str) -> bool:
    """Tell a Tekscan movie by three of its header's keys."""
    return head.startswith("DATA_TYPE ") and all(key in head for key in ("\nROW_SPACING ", "\nSECONDS_PER_FRAME "))


def read(source: Source) -> Recording:
    """Read a whole movie of one foot; see ``ingest.files.read``."""
    text, path = source.text(), source.path
    data = DATA.search(text)
    if data is None:
        raise FormatError("the header does not end in ASCII_DATA @@; export the recording again", path=path)
    header = Header(text[: data.start()], path)
    _check_sheet(header)
    side = _side(header, path)
    frame_s, (unit, factor, saturation) = _frame_s(header), _unit(header)
    source.first_row = text.count("\n", 0, data.end()) + 1
    cells, absent = _frames(header, text[data.end() :], source)
    source.personal("file name", header.value.get("FILENAME", ""))
    if (cells > (HIGHEST_RAW if unit is Unit.COUNTS else HIGHEST_KPA / factor)).any():
        raise FormatError(f"{cells.max():g} {header.value['UNITS']} is not a pressure; export again", path=path)
    cells = heel_first(cells * factor, lateral_right=side is Side.RIGHT)
    present = heel_first(np.where(absent, 0.0, 1.0)[None], lateral_right=side is Side.RIGHT)[0] > 0
    layout, cut = _layout(header, cells, present)
    n = len(cells)
    foot = foot_of_cells(
        side,
        cells,
        layout=layout,
        present=present,
        time_s=np.arange(n, dtype=np.float64) * frame_s,
        sample=np.arange(n),
        unit=unit,
        rate_hz=1 / frame_s,
        saturation=saturation,
    )
    started_at, dated = _started_at(header)
    about = About(device="Tekscan F-Scan", notes=(dated, f"the file's name says that it is of the {side} foot", cut))
    return Recording(id="", started_at=started_at, feet={side: foot}, about=about)


def _check_sheet(header: Header) -> None:
    if (header.whole("ROWS"), header.whole("COLS")) != (ROWS, COLUMNS):
        raise header.error(f"the matrix is not that of an F-Scan insole, {ROWS} rows by {COLUMNS} columns", "ROWS")
    for key in ("MIRROR_ROW", "MIRROR_COL"):
        if header.value.get(key, "0") != "0":
            raise header.error("the export is mirrored, so the medial side is not known; export without", key)


def _side(header: Header, path: Path) -> Side:
    """From the file's name; else from the movie's name in the header. They must not contradict each other."""
    stems = (path.stem, PureWindowsPath(header.value.get("FILENAME", "")).stem)
    found = [Side.LEFT if m.group(1)[0] in "lL" else Side.RIGHT for s in stems for p in SIDES if (m := p.search(s))]
    if len(set(found)) != 1:
        raise FormatError(
            "the file's name and the name in its header do not both end in the foot's letter L or R "
            "(for example walk1L.asf); call it so",
            path=path,
        )
    return found[0]


def _frame_s(header: Header) -> float:
    frame_s = header.number("SECONDS_PER_FRAME")
    if not FRAMES_S[0] <= frame_s <= FRAMES_S[1]:
        raise header.error(f"{frame_s:g} s a frame is not an F-Scan rate", "SECONDS_PER_FRAME")
    return frame_s


def _unit(header: Header) -> tuple[Unit, float, float | None]:
    """The unit of values, their factor to it, and the value at the end of the range."""
    name = header.value.get("UNITS", "missing")
    if name.lower() == "raw":
        return Unit.COUNTS, 1.0, HIGHEST_RAW
    try:
        factor = kpa_per(name)
        if "SATURATION_PRESSURE" not in header.value:
            return Unit.KPA, factor, None
        _, unit = header.value["SATURATION_PRESSURE"].split()
        return Unit.KPA, factor, header.number("SATURATION_PRESSURE", {unit.lower(): kpa_per(unit)})
    except (UnitError, ValueError) as e:
        raise header.error(f"{e}; give pressures in kPa, PSI or raw", "UNITS") from e


def _frames(header: Header, body: str, source: Source) -> tuple[F64, Bool]:
    """``(n, R, C)`` values as the file lists them, zero where no cell is; and ``(R, C)`` where none is."""
    first, last, path = header.whole("START_FRAME"), header.whole("END_FRAME"), source.path
    body, mark, rest = body.partition("@@")
    if not mark or rest.strip():
        source.short(FormatError("the file does not end in @@: it is cut; get it again", path=path))
    before, *parts = FRAME.split(body)
    numbers, sheets = parts[::2], parts[1::2]
    if (
        before.strip()
        or [int(n) for n in numbers] != list(range(first, first + len(numbers)))
        or len(numbers) != last + 1 - first
    ):
        error = FormatError(
            f"frames {first} to {last} are announced; {len(numbers)} are in it, or out of order; get it again",
            path=path,
        )
        if not numbers or before.strip() or [int(n) for n in numbers] != list(range(first, first + len(numbers))):
            raise error
        source.short(error)
    line = (source.first_row or 1) + before.count("\n")
    frames = []
    for sheet in sheets:
        frames.append(_sheet(sheet, line + 1, path))
        line += 1 + sheet.count("\n")
    cells = np.array(frames)
    absent = cells < 0
    if (absent != absent[0]).any() or absent[0].all():
        raise FormatError("the cells that do not exist (B) change from frame to frame; get it again", path=path)
    return np.where(absent, 0.0, cells), absent[0]


def _sheet(sheet: str, line: int, path: Path) -> F64:
    """``(R, C)`` values of a frame; -1 where there is no cell."""
    if "-" in sheet or "\t" in sheet:
        raise FormatError("a negative number or a tab in this frame; get the file again", path=path, line=line)
    table = read_table(sheet.replace(",", "\t").replace("B", "-1"), columns=COLUMNS, first_line=line, path=path)
    if len(table) != ROWS:
        raise FormatError(f"the frame has {len(table)} rows, not {ROWS}; get the file again", path=path, line=line)
    return table


def _layout(header: Header, cells: F64, present: Bool) -> tuple[SensorLayout, str]:
    """The sheet's layout, and a note on where the shoe is taken to have cut it."""
    rows = np.flatnonzero(((cells > 0).any(axis=0) & present).sum(axis=1) >= CELLS_IN_USE)
    used = np.zeros_like(present)
    if rows.size and np.ptp(rows) + 1 >= LEAST_IN_USE * ROWS:
        used[rows[0] : rows[-1] + 1] = True
        note = f"the sheet is taken to be cut to its {np.ptp(rows) + 1} rows in use; the file does not say"
    else:
        used[:] = True
        note = "too few rows are loaded to tell where the sheet was cut: lengths are of the whole sheet"
    across_mm, along_mm = header.number("COL_SPACING", MM_PER_UNIT), header.number("ROW_SPACING", MM_PER_UNIT)
    area_mm2 = header.number("SENSEL_AREA", {f"{u}2": f**2 for u, f in MM_PER_UNIT.items()})
    if not (1 <= across_mm <= 20 and 1 <= along_mm <= 20 and area_mm2 <= 1.01 * across_mm * along_mm):
        raise header.error(f"cells of {area_mm2:g} mm² at {across_mm:g} x {along_mm:g} mm are none", "SENSEL_AREA")
    layout = grid_layout(
        name="fscan-60x21",
        title="Tekscan F-Scan insole",
        source="cells, their spacing and area as the file gives them",
        present=present,
        pitch_mm=(across_mm, along_mm),
        area_mm2=area_mm2,
        footprint=used,
    )
    return layout, note


def _started_at(header: Header) -> tuple[datetime, str]:
    match = TIME.search(header.value.get("TIME", ""))
    if match is None:
        return NO_DATE, NO_DATE_NOTE
    day, month, year, *clock, half = match.groups()
    hour, minute, second = map(int, clock)
    if half:
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    try:
        return date_of(year, month, day) + timedelta(hours=hour, minutes=minute, seconds=second), ZONE_NOTE
    except ValueError as e:
        raise header.error(f"{match.group(0)!r} is not a date", "TIME") from e


FORMAT = Format(
    name="fscan",
    title="Tekscan F-Scan movie (.asf, .csv)",
    suffixes=(".asf", ".csv"),
    sniff=sniff,
    read=read,
    record=re.compile(r"Frame \d"),
    one_foot=True,
)
