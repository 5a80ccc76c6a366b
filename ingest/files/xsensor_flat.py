"""XSENSOR flat ``.csv``: a line for each frame, with the sums and cells of each insole side by side.

A row of names (below a line about the session, in some exports), then for each frame ``Frame``,
``Date``, ``Time``, ``Units`` and for each insole ``Insole`` (or ``Insole Side``; ``Left`` or
``Right``), its sums (``Total Area (cm²)``, ``Est. Load (lbf)`` or ``(N)``), some inertial columns and
a column ``S_row_column`` for each of its cells. The second insole's names are those of the first
again, so an insole is what stands from its ``Insole`` to the next. Rows are counted from the toes,
as in the frame export. What is no insole (a pad on the instep) is not read.

No published file was at hand: this is the layout that public readers of it expect. A line's load is
compared with its pressures, as in the frame export. Cells are taken to be square and of one size,
the total area over their number. The line about the session may name a person and is not kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from ingest.files import Format
from ingest.files._cells import Cells
from ingest.files._grid import HIGHEST_KPA, MOST_LINES, ZONE_NOTE, foot_of_cells, heel_first
from ingest.files._text import LONGEST_GAP_S, NO_DATE_NOTE, gathered
from insole.errors import FormatError, UnitError
from insole.grids import grid_layout
from insole.recording import NO_DATE, About, Recording, Side, Unit
from insole.units import N_PER_KPA_MM2, kpa_per, n_per

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.files import Source
    from ingest.files._text import Array
    from insole.recording import FootStream
    from insole.typing import F32, F64

LOAD_TOLERANCE_N, LOAD_TOLERANCE = 3.0, 0.02
"""Between a line's load and its pressures, and as a fraction of it (our judgement: loads in lbf and pressures in
psi are printed to two decimals)."""
CELL_CM2 = (0.1, 4.0)
"""Cells outside are taken for damage (our judgement; known ones have 0.7 cm²)."""
RATES_HZ = (5.0, 500.0)
"""Rates outside are taken for damaged times (our judgement)."""
JITTER = 0.5
"""Largest departure of a line's time from the mean rate, in frames (our judgement; times are rounded)."""
DAY_S = 86_400.0

CELL = re.compile(r"S_(\d{1,3})_(\d{1,3})(?:\.\d)?")
SIDE_COLUMN = re.compile(r"Insole(?: Side)?(?:\.\d)?")
LOAD = re.compile(r"Est\. Load \((lbf|N|kgf)\)(?:\.\d)?")
CLOCK = re.compile(r"[ ]*(\d{1,2}):(\d{2}):(\d{2}(?:\.\d{1,6})?)[ ]*")
DATES = ("%Y %b %d", "%Y-%m-%d", "%d-%b-%y", "%m/%d/%Y")
HEAD = re.compile(r"^(?:[^\n]*\n)?(?P<names>(?=[^\n]*\bInsole)(?=[^\n]*\bS_\d+_\d+)[^\n]*\bTime\b[^\n]*)\n")


@dataclass
class Group:
    """One insole's columns."""

    side: int
    load: int | None = None
    newtons: float = 1.0
    area: int | None = None
    cells: dict[tuple[int, int], int] = field(default_factory=dict)


def sniff(head: str) -> bool:
    """Tell a flat export by the names before its cells; its row of names may be longer than what is seen."""
    return "Insole" in head and "Est. Load (" in head and ",S_1_" in head.replace(" ", "")


def read(source: Source) -> Recording:
    """Read a whole export; see ``ingest.files.read``."""
    head = HEAD.match(source.head)
    if head is None:
        raise FormatError("there is no row of names with Time, Insole and cells S_1_1; export again", path=source.path)
    names = [name.strip() for name in head["names"].split(",")]
    line = source.head.count("\n", 0, head.start("names")) + 1
    first = source.head[head.end() :].partition("\n")[0].split(",")
    groups = _groups(names, first, source, line)
    to_kpa, started_at, dated = _of_first(names, first, source, line)
    clock_s, *columns = gathered(_lines(source, head.end(), names, list(groups.values())), source.path)
    time_s, sample, rate_hz = _times(clock_s, source)
    feet, values = {}, iter(columns)
    for side, group in groups.items():
        with np.errstate(over="ignore"):  # refused as too high
            kpa = next(values) * to_kpa
        feet[side] = _foot(source, side, group, kpa=kpa, sums=next(values), clock=(time_s, sample, rate_hz))
    notes = (dated, "cells are taken to be square; the file does not say")
    source.unread += [name for name in names if name.startswith("IMU ")]
    return Recording(id="", started_at=started_at, feet=feet, about=About(device="XSENSOR insole", notes=notes))


def _groups(names: list[str], first: list[str], source: Source, line: int) -> dict[Side, Group]:
    """Columns of each insole, by what the first line says of its side."""
    starts = [i for i, name in enumerate(names) if SIDE_COLUMN.fullmatch(name)]
    found: dict[Side, Group] = {}
    for start, stop in zip(starts, [*starts[1:], len(names)], strict=True):
        word = first[start].strip().lower() if start < len(first) else ""
        if word not in list(Side):
            source.unread.append(f"{names[start]} {word!r}")
            continue
        group = Group(start)
        for i in range(start + 1, stop):
            if match := CELL.fullmatch(names[i]):
                group.cells[int(match[1]), int(match[2])] = i
            elif match := LOAD.fullmatch(names[i]):
                group.load, group.newtons = i, n_per(match[1])
            elif names[i].startswith("Total Area (cm"):
                group.area = i
        rows_columns = np.array(list(group.cells) or [(0, 0)])
        if Side(word) in found or rows_columns.min() < 1 or rows_columns.max() > MOST_LINES or group.area is None:
            raise FormatError(
                f"the {word} insole stands there twice, or lacks cells or area", path=source.path, line=line
            )
        found[Side(word)] = group
    if not found:
        raise FormatError("no insole is Left or Right; export the insoles", path=source.path, line=line)
    return found


def _of_first(names: list[str], first: list[str], source: Source, line: int) -> tuple[float, datetime, str]:
    """What the first line says of all: kPa in one of the file's unit, and the start."""
    said = dict(zip(names, (cell.strip() for cell in first), strict=False))
    in_name = re.search(r"Average Pressure \((\w+)\)", ",".join(names))
    try:
        to_kpa = kpa_per(said.get("Units") or (in_name[1] if in_name else "missing"))
    except UnitError as e:
        raise FormatError(f"Units: {e}; export the recording again", path=source.path, line=line + 1) from e
    clock = CLOCK.fullmatch(said.get("Time", ""))
    for pattern in DATES:
        try:
            day = datetime.strptime(said.get("Date", ""), pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
        if clock and int(clock[1]) < 24 and int(clock[2]) < 60 and float(clock[3]) < 60:
            second = float(clock[3])
            whole = day.replace(hour=int(clock[1]), minute=int(clock[2]), second=int(second))
            return to_kpa, whole.replace(microsecond=round(second % 1 * 1e6) % 1_000_000), ZONE_NOTE
    return to_kpa, NO_DATE, NO_DATE_NOTE


def _lines(source: Source, start: int, names: list[str], groups: list[Group]) -> Iterator[tuple[Array, ...]]:
    """Clock times in s; for each insole its cells, and its load in N and area, part by part."""
    wanted: list[int] = []
    for group in groups:
        wanted += [*group.cells.values(), *(i for i in (group.load, group.area) if i is not None)]
    cells = Cells(columns=wanted, width=len(names), delimiter=",")
    clock = names.index("Time") if "Time" in names else 0
    for line, text in source.body(start):
        table = cells.read(text, first_line=line, path=source.path)
        times = [CLOCK.fullmatch(row.split(",", clock + 1)[clock]) for row in text.rstrip("\n").split("\n")]
        if None in times:
            raise FormatError("the time is none", path=source.path, line=line + times.index(None))
        clock_s = np.array([3600 * int(m[1]) + 60 * int(m[2]) + float(m[3]) for m in times if m])
        parts: list[Array] = [clock_s]
        for group in groups:
            width = len(group.cells) + (group.load is not None) + 1
            own, table = table[:, :width], table[:, width:]
            load_n = np.full(len(own), np.nan)
            if group.load is not None:
                load_n = np.minimum(own[:, -2], 1e6) * group.newtons
            parts += [own[:, : len(group.cells)], np.column_stack([load_n, own[:, -1]])]
        yield tuple(parts)


def _times(clock_s: F64, source: Source) -> tuple[F64, Array, float]:
    """Times from the first line on, sample indices and the usual rate; past midnight the clock begins again."""
    step = np.diff(clock_s)
    time_s = np.concatenate([[0.0], np.cumsum(np.where(step < -DAY_S / 2, step + DAY_S, step))])
    step = np.diff(time_s)
    middle_s = float(np.median(step)) if len(step) else 0.0
    usual = step[np.abs(step - middle_s) < JITTER * middle_s]  # none where two kinds of step are equally many
    if not (1 / RATES_HZ[1] <= middle_s <= 1 / RATES_HZ[0] and len(usual)):
        raise FormatError("the times of its lines give no sample rate; get the file again", path=source.path)
    frame_s = float(np.mean(usual))
    bad = (step <= 0) | (step > LONGEST_GAP_S)
    if bad.any():
        line = source.row_line(int(np.argmax(bad)) + 1)
        raise FormatError("the time does not follow the one before", path=source.path, line=line)
    sample = np.concatenate([[0], np.cumsum(np.maximum(np.rint(step / frame_s), 1))]).astype(np.int64)
    return time_s, sample, round(1 / frame_s, 6)


def _foot(
    source: Source, side: Side, group: Group, *, kpa: F64, sums: F64, clock: tuple[F64, Array, float]
) -> FootStream:
    """A foot's stream, after comparing its pressures with the file's own loads."""
    area_cm2 = float(sums[0, 1]) / len(group.cells)
    with np.errstate(over="ignore", invalid="ignore"):  # refused below as too high
        load_n = kpa.sum(axis=1) * (100 * area_cm2 * N_PER_KPA_MM2)
    off = np.abs(sums[:, 0] - load_n) > np.maximum(LOAD_TOLERANCE_N, LOAD_TOLERANCE * load_n)
    wrong = off | ((kpa < 0) | (kpa > HIGHEST_KPA)).any(axis=1) | (sums[:, 1] != sums[0, 1])
    if wrong.any() or not CELL_CM2[0] <= area_cm2 <= CELL_CM2[1]:
        i = int(np.argmax(wrong))
        raise FormatError(
            f"{side} foot: the file gives {sums[i, 0]:.1f} N on cells of {area_cm2:.3f} cm², its cells "
            f"{load_n[i]:.1f} N; the line is damaged, or its unit is not what it says",
            path=source.path,
            line=source.row_line(i),
        )
    at = np.array(list(group.cells)) - 1
    matrix = np.zeros((len(kpa), *(at.max(axis=0) + 1)), np.float32)
    matrix[:, at[:, 0], at[:, 1]] = kpa
    present = np.zeros((1, *matrix.shape[1:]))
    present[0, at[:, 0], at[:, 1]] = 1
    right = side is Side.RIGHT
    there = heel_first(present, lateral_right=right)[0] > 0
    pitch_mm = 10 * float(np.sqrt(area_cm2))
    layout = grid_layout(
        name=f"xsensor-{there.shape[0]}x{there.shape[1]}",
        title="XSENSOR insole",
        source="cells and total area as the file gives them, taken to be square",
        present=there,
        pitch_mm=(pitch_mm, pitch_mm),
    )
    time_s, sample, rate_hz = clock
    turned: F32 = heel_first(matrix, lateral_right=right)
    return foot_of_cells(
        side, turned, layout=layout, present=there, time_s=time_s, sample=sample, unit=Unit.KPA, rate_hz=rate_hz
    )


FORMAT = Format(name="xsensor_flat", title="XSENSOR flat export (.csv)", suffixes=(".csv",), sniff=sniff, read=read)
