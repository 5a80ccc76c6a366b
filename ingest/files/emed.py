"""novel emed ``.lst``: one barefoot step on a plate, text, pressure.

A page for each picture, ended by a form feed. Its header names the cells' size and area, the
time of a picture and the picture's number; then comes a row that numbers the matrix's columns
and ends in ``Force``, a line for each of its rows, and a last line ``Force``. Values are kPa;
each row's, column's and page's force in N is printed too, and a page whose sums disagree is
refused. Rows and columns are those that the step loaded. Pages with the largest values
(MPP, MVP) are no pictures and are left out. There is no end mark: a file cut at a page's end
cannot be told from a shorter step.

Neither foot nor direction is named; ``ingest.files._footprint`` judges them. A file of several
steps is refused: it is not one recording. The line ``File:`` may hold a person's name and is
kept only if names are asked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ingest.files import Format
from ingest.files._footprint import ever_loaded, in_foot_frame, loaded_box
from ingest.files._grid import HIGHEST_KPA, MOST_LINES, foot_of_cells
from ingest.files._text import NO_DATE_NOTE, read_table
from insole.errors import FormatError
from insole.grids import grid_layout
from insole.recording import NO_DATE, About, Recording, Unit
from insole.units import N_PER_KPA_MM2

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.files import Source
    from insole.typing import F64

FRAMES_S = (0.001, 0.1)
"""Times of a picture outside are taken for a damaged header (our judgement; plates run at 25 to 400 Hz)."""
CELLS_MM = (1.0, 20.0)
"""Cells outside are taken for a damaged header (our judgement; plates have cells of 3.5 to 7 mm)."""
AREA_TOLERANCE = 0.05
"""A cell's area may differ so much from width times length, which are printed rounded (our judgement)."""
HEAD = 2000
"""Characters of a page among which its header is looked for."""
ROUNDING_N = 0.005 + 1e-6
"""Forces are printed to 0.01 N."""

NAME = re.compile(r"File:[ \t]*([^\t\n]*)")
PICTURE = re.compile(r"Pict-No\.:[ \t]*(\d{1,7})\b")
SUMMARY = re.compile(r"\bM[PV]P\b")
AREA = re.compile(r"Sensor area:[ \t]*(\d+\.?\d*) cm(?:²|2)")
FRAME = re.compile(r"Time/picture:[ \t]*(\d+\.?\d*) ?ms")
SIZE = re.compile(r"Sensor size:[ \t]*(\d+\.?\d*)x(\d+\.?\d*) cm")
COLUMNS = re.compile(r"^[ \t]*((?:\d{1,4}[ \t]+)+)Force[ \t]*\n", re.MULTILINE)


class Sheet(NamedTuple):
    """What all pages must agree on: size of a cell (mm), its area (mm²), time of a picture, numbers of the columns."""

    size_mm: tuple[float, float]
    area_mm2: float
    frame_s: float
    columns: tuple[int, ...]


def sniff(head: str) -> bool:
    """Tell an emed list by three labels of its page header."""
    return all(label in head for label in ("Pict-No.", "Time/picture:", "Sensor size:"))


def read(source: Source) -> Recording:
    """Read a whole step; see ``ingest.files.read``."""
    source.first_row, path = 2, source.path
    text = source.text()
    sheet, kpa = _pictures(text, path)
    source.personal("file", name[1] if (name := NAME.search(text, 0, HEAD)) else "")
    kpa = loaded_box(kpa)
    if not kpa.size:
        raise FormatError("no cell is loaded in any picture; export the step again", path=path)
    kpa, side, notes = in_foot_frame(kpa)
    n, rows, columns = kpa.shape
    present = np.ones((rows, columns), bool)
    layout = grid_layout(
        name=f"emed-{rows}x{columns}",
        title=f"novel emed plate, {rows} x {columns} cells under the foot",
        source="cell size and area as the file gives them; the outline is the footprint's",
        present=present,
        pitch_mm=sheet.size_mm,
        area_mm2=sheet.area_mm2,
        footprint=ever_loaded(kpa),
        platform=True,
    )
    foot = foot_of_cells(
        side,
        kpa,
        layout=layout,
        present=present,
        time_s=np.arange(n, dtype=np.float64) * sheet.frame_s,
        sample=np.arange(n),
        unit=Unit.KPA,
        rate_hz=1 / sheet.frame_s,
    )
    about = About(condition="barefoot", task="platform step", device="novel emed plate", notes=(NO_DATE_NOTE, *notes))
    return Recording(id="", started_at=NO_DATE, feet={side: foot}, about=about)


def _pictures(text: str, path: Path) -> tuple[Sheet, F64]:
    """The sheet, and ``(n, R, C)`` pressures in kPa as the file lists them."""
    tables: list[F64] = []
    lines: list[int] = []
    first: Sheet | None = None
    line = 1
    for page in text.split("\f"):
        if page.strip() and not SUMMARY.search(page, 0, HEAD):
            row = COLUMNS.search(page, 0, HEAD)
            if row is None:
                raise FormatError("the page has no row of column numbers; export the step again", path=path, line=line)
            sheet = _sheet(page[: row.start()], row.group(1), len(tables) + 1, path, line)
            lines.append(line + page.count("\n", 0, row.end()))
            table = _table(page[row.end() :], sheet, path, lines[-1])
            first = first or sheet
            if sheet != first or (tables and not np.array_equal(table[:, 0], tables[0][:, 0])):
                raise FormatError("the page is of another matrix than the first; export again", path=path, line=line)
            tables.append(table)
        line += page.count("\n")
    if first is None:
        raise FormatError("there is no picture in it; export the step again", path=path)
    pages = np.array(tables)
    _check_pages(pages, first, lines, path)
    return first, pages[:, :-1, 1:-1]


def _sheet(head: str, columns: str, picture: int, path: Path, line: int) -> Sheet:
    """What a page's header says, checked."""

    def numbers(pattern: re.Pattern[str], what: str) -> list[float]:
        match = pattern.search(head)
        if match is None:
            raise FormatError(f"the page's header has no {what}; export the step again", path=path, line=line)
        return [float(v) for v in match.groups()]

    if numbers(PICTURE, "picture number")[0] != picture:
        raise FormatError(
            f"a page follows {picture - 1} pictures and is not number {picture}: pages are missing, or the file "
            "holds several steps; export each step whole and alone",
            path=path,
            line=line,
        )
    frame_s, area_mm2 = numbers(FRAME, "time of a picture")[0] / 1000, numbers(AREA, "sensor area")[0] * 100
    size_mm = tuple(10 * v for v in numbers(SIZE, "sensor size"))
    named = tuple(int(v) for v in columns.split())
    steady = len(named) <= MOST_LINES and named == tuple(range(named[0], named[0] + len(named)))
    in_range = FRAMES_S[0] <= frame_s <= FRAMES_S[1] and all(CELLS_MM[0] <= v <= CELLS_MM[1] for v in size_mm)
    if not (steady and in_range and abs(area_mm2 / (size_mm[0] * size_mm[1]) - 1) < AREA_TOLERANCE):
        raise FormatError(
            f"columns {columns[:20].split()}..., {frame_s:g} s a picture, cells of {size_mm[0]:g} x {size_mm[1]:g} mm "
            f"with {area_mm2:g} mm²: not the header of a plate; export the step again",
            path=path,
            line=line,
        )
    return Sheet((size_mm[0], size_mm[1]), area_mm2, round(frame_s, 9), named)


def _table(body: str, sheet: Sheet, path: Path, line: int) -> F64:
    """``(R + 1, C + 2)``: row number, pressures, force; the last row holds the columns' forces."""
    rows, mark, totals = body.partition("\nForce\t")
    if not mark or rows.count("\n") >= MOST_LINES:
        raise FormatError("the page does not end in its row 'Force': it is cut; export again", path=path, line=line)
    table = read_table(f"{rows}\n0\t{totals}", columns=len(sheet.columns) + 2, first_line=line, path=path)
    if (bad := np.flatnonzero(np.diff(table[:-1, 0]) != 1)).size:
        raise FormatError("not the next row; export again", path=path, line=line + 1 + int(bad[0]))
    return table


def _check_pages(pages: F64, sheet: Sheet, lines: list[int], path: Path) -> None:
    """Refuse what is no pressure, and sums that the pressures deny.

    Parameters
    ----------
    pages
        ``(n, R + 1, C + 2)`` as ``_table`` gives them.
    lines
        Line of each page's first row.
    """
    kpa = pages[:, :-1, 1:-1]
    if (bad := np.argwhere(((kpa < 0) | (kpa > HIGHEST_KPA)).any(axis=2))).size:
        page, row = (int(i) for i in bad[0])
        raise FormatError("a value is not a pressure; export again", path=path, line=lines[page] + row)
    newton = sheet.area_mm2 * N_PER_KPA_MM2
    columns = np.concatenate([kpa.sum(axis=1), kpa.sum(axis=(1, 2))[:, None]], axis=1) * newton
    summed = np.concatenate([kpa.sum(axis=2) * newton, columns[:, -1:]], axis=1)
    wrong = np.abs(summed - pages[:, :, -1]) > ROUNDING_N
    wrong[:, -1] |= (np.abs(columns - pages[:, -1, 1:]) > ROUNDING_N).any(axis=1)
    if wrong.any():
        page, row = (int(i) for i in np.argwhere(wrong)[0])
        raise FormatError(
            f"the file gives {pages[page, row, -1]:g} N where its pressures sum to {summed[page, row]:.3f} N; "
            "the page is damaged or its unit is not kPa, export again",
            path=path,
            line=lines[page] + row,
        )


FORMAT = Format(
    name="emed",
    title="novel emed step (.lst)",
    suffixes=(".lst",),
    sniff=sniff,
    read=read,
    record=re.compile(r".*\f"),
)
