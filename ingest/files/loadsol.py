"""novel loadsol text export: the force under a foot, whole or of three zones, with its own time.

A row of labels (``PGV247-L::heel``: device, side, zone), a row of quantities (``Time[secs]``,
``Force[N]``), then a line per frame. Columns are found by their labels: the right foot's zones
stand in reverse order, a foot may be missing, and inertial columns may follow, at the times of
the forces: acceleration in g, rotation in rad/s.

Two habits of these files are undone. A packet lost on the way is printed as -1 N in every zone
beside a total of 0 (and ``-`` in the inertial columns): those lines are no samples. And now and
then a line carries the time of the next one, so that a step of two frames and one of none
follow each other: it gets its own time back.

The ``comment`` line and the mark ``End measurement`` may hold a person's name: nothing of
them is kept, except the comment where names are asked for.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from ingest.files import Format
from ingest.files._cells import Cells
from ingest.files._inertial import Inertial, inertial
from ingest.files._text import NO_DATE_NOTE, ZONE_NOTE, frame_indices, gathered
from insole.errors import FormatError
from insole.layout import load_layout
from insole.recording import NO_DATE, About, FootStream, Recording, Side, Unit

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.files import Source
    from insole.typing import F64

ZONES = ("heel", "medial", "lateral")
"""In the order of the layout ``loadsol-3``."""
LOST_N = -1.0
"""Printed in every zone where a packet was lost."""
HIGHEST_N = 10_000.0
"""A higher force, of either sign, is taken for a damaged number (our judgement)."""
RATES_HZ = (10.0, 1000.0)
"""Rates outside are taken for damaged times (our judgement; the system offers 100 and 200)."""
TOTAL_TOLERANCE_N = 0.1
"""Between the total and the sum of the zones (our judgement; below 1e-12 N in two recorded files)."""
CUT_NOTE = "the file gives no length, so a cut at a line's end would not be noticed"

HEADER = re.compile(r"^(\t[^\n]*-[LR]\b[^\n]*)\n(Time\[secs\]\tForce\[N\][^\n]*)\n", re.MULTILINE)
COMMENT = re.compile(r"^comment[ \t]*(.*)$", re.MULTILINE)
LABEL = re.compile(r"\S.*-([LR])(?:::(heel|medial|lateral))?")
INERTIAL_LABEL = re.compile(r"\S.*-([LR])::([xyz])(Acc|Gyro)")
STARTED = re.compile(r"loadapp_(\d{4})_(\d\d)_(\d\d)_(\d\d)_(\d\d)_(\d\d)_(\d{3})\.loadflux", re.ASCII)


def sniff(head: str) -> bool:
    """Tell the format by its two rows of labels."""
    return HEADER.search(head) is not None


def read(source: Source) -> Recording:
    """Read a whole export; see ``ingest.files.read``."""
    text, path = source.head, source.path
    header = HEADER.search(text)
    if header is None:
        raise FormatError("the row of labels is not followed by its quantities; export again", path=path)
    first_line = text.count("\n", 0, header.end()) + 1
    columns = _columns(header, path, first_line - 2)
    moving = {side: _inertial_columns(header, side, path, first_line - 2) for side in columns}
    used = [*columns.values(), *({name: i for name, (i, _) in foot.items()} for foot in moving.values())]
    wanted = sorted({column for foot in used for column in foot.values()})
    width = text[header.end() :].partition("\n")[0].count("\t") + 1
    if width <= wanted[-1]:
        raise FormatError("the first line of values is shorter than its labels", path=path, line=first_line)
    cells = Cells(columns=wanted, width=width, missing="-")
    (table,) = gathered(((part,) for _, part in cells.parts(source, header.end())), source.path)
    started_at, dated = _started_at(text[: header.start()], path)
    source.personal("comment", comment[1] if (comment := COMMENT.search(text, 0, header.start())) else "")
    notes: list[str] = [dated]
    feet = {}
    for side, names in columns.items():
        values = {name: table[:, wanted.index(column)] for name, column in names.items()}
        moves = {name: (unit, table[:, wanted.index(column)]) for name, (column, unit) in moving[side].items()}
        foot, said = _foot(side, values, inertial(moves, n=len(table), source=source), source)
        notes += said
        if len(foot.sample):
            feet[side] = foot
    if not feet:
        raise FormatError("there are no samples in it; export the recording again", path=path)
    zones = max(foot.layout.n_sensors for foot in feet.values())
    about = About(device=f"novel loadsol, {zones} zone{'s' * (zones > 1)} a foot", notes=(*notes, CUT_NOTE))
    return Recording(id="", started_at=started_at, feet=feet, about=about)


def _columns(header: re.Match[str], path: Path, line: int) -> dict[Side, dict[str, int]]:
    """Columns of each foot: ``time``, ``total`` and its zones."""
    labels, quantities = (row.split("\t") for row in header.groups())
    found: dict[Side, dict[str, int]] = {}
    time = 0
    for i, (label, quantity) in enumerate(zip(labels, quantities, strict=False)):
        time = i if quantity == "Time[secs]" else time
        match = LABEL.fullmatch(label.strip()) if quantity == "Force[N]" else None
        if match:
            foot = found.setdefault(Side.LEFT if match[1] == "L" else Side.RIGHT, {"time": time})
            name = match[2] or "total"
            if name in foot:
                raise FormatError(f"there are two columns {label.strip()!r}; export again", path=path, line=line)
            foot[name] = i
    for side, foot in found.items():
        if foot.keys() - {"time", "total"} not in (set(), set(ZONES)):
            raise FormatError(f"the {side} foot lacks some of its zones {', '.join(ZONES)}", path=path, line=line)
    if not found:
        raise FormatError("no column holds a foot's force in N; export again", path=path, line=line)
    return found


def _inertial_columns(header: re.Match[str], side: Side, path: Path, line: int) -> dict[str, tuple[int, str]]:
    """Columns and units of a foot's inertial values, by quantity and axis: ``acc_x``, ``gyro_z``."""
    labels, quantities = (row.split("\t") for row in header.groups())
    found: dict[str, tuple[int, str]] = {}
    for i, (label, quantity) in enumerate(zip(labels, quantities, strict=False)):
        match = INERTIAL_LABEL.fullmatch(label.strip())
        if match is None or (match[1] == "L") != (side is Side.LEFT):
            continue
        name = f"{match[3].lower()}_{match[2]}"
        if name in found:
            raise FormatError(f"there are two columns {label.strip()!r}; export again", path=path, line=line)
        found[name] = (i, quantity.strip("[] "))
    return found


def _foot(side: Side, values: dict[str, F64], moves: Inertial, source: Source) -> tuple[FootStream, list[str]]:
    """A foot's samples, and what was undone."""
    names = ZONES if ZONES[0] in values else ("total",)
    force_n = np.column_stack([values[name] for name in names])
    total_n = values.get("total", np.full(len(force_n), np.nan))
    lost = (force_n == LOST_N).all(axis=1) & ~(np.abs(total_n) > -LOST_N)
    _check_forces(side, force_n, np.where(lost, np.nan, total_n), source)
    frame_s = _frame_s(values["time"], source.path)
    time_s, moved = _own_times(values["time"], frame_s)
    sample = frame_indices(time_s, frame_s=frame_s, source=source)
    there = ~lost & ~np.isnan(force_n).all(axis=1)
    foot = FootStream(
        side=side,
        layout=load_layout(f"loadsol-{len(names)}"),
        sample=sample[there],
        time_s=time_s[there],
        values=force_n[there].astype(np.float32),
        unit=Unit.N,
        rate_hz=round(1 / frame_s, 6),
        inertial=moves.of(np.flatnonzero(there)),
        inertial_channels=moves.channels,
    )
    said = moves.unused(side, np.flatnonzero(there))
    if not there.all():
        said.append(f"{np.sum(~there)} of {len(there)} lines hold no values of the {side} foot; they are gaps")
    if moved:
        said.append(
            f"{moved} lines of the {side} foot carry the time of the next line; they got their own, a frame before"
        )
    return foot, said


def _check_forces(side: Side, force_n: F64, total_n: F64, source: Source) -> None:
    """Refuse what is no force, and zones that their total denies."""
    with np.errstate(over="ignore", invalid="ignore"):  # absurd forces are refused as such
        sums_n = force_n.sum(axis=1)
    wild = np.asarray((np.abs(force_n) > HIGHEST_N).any(axis=1))
    bad = np.flatnonzero(wild | (np.abs(sums_n - total_n) > TOTAL_TOLERANCE_N))
    if bad.size:
        i = int(bad[0])
        fault = (
            "a value is not a force" if wild[i] else f"zones sum to {sums_n[i]:g} N, their total is {total_n[i]:g} N"
        )
        line = source.row_line(i)
        raise FormatError(f"{side} foot: {fault}; the line is damaged, export again", path=source.path, line=line)


def _frame_s(time_s: F64, path: Path) -> float:
    """Time of a frame: the usual step from line to line."""
    with np.errstate(over="ignore", invalid="ignore"):  # absurd times are refused, here or at their line
        steps = np.diff(time_s)
    steps = steps[~np.isnan(steps)]
    frame_s = float(np.median(steps)) if len(steps) else 0.0
    if not 1 / RATES_HZ[1] <= frame_s <= 1 / RATES_HZ[0]:
        raise FormatError("the times of its lines give no sample rate; get the file again", path=path)
    return round(frame_s, 6)


def _own_times(time_s: F64, frame_s: float) -> tuple[F64, int]:
    """Give lines that carry the next line's time their own; how many. Anything else is left to be refused."""
    with np.errstate(over="ignore", invalid="ignore"):
        frame = np.rint((time_s - time_s[0]) / frame_s) - np.arange(len(time_s))
    if not np.isfinite(frame).all():
        return time_s, 0
    late = frame - np.minimum.accumulate(frame[::-1])[::-1]
    if late[0] or late.max() > 1:
        return time_s, 0
    return time_s - late * frame_s, int(late.sum())


def _started_at(head: str, path: Path) -> tuple[datetime, str]:
    match = STARTED.search(head)
    if match is None:
        return NO_DATE, NO_DATE_NOTE
    year, month, day, hour, minute, second, ms = (int(part) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute, second, 1000 * ms, tzinfo=UTC), ZONE_NOTE
    except ValueError as e:
        line = head.count("\n", 0, match.start()) + 1
        raise FormatError(f"{match[0]} is not named by a date: {e}; export again", path=path, line=line) from e


FORMAT = Format(name="loadsol", title="novel loadsol text export (.txt)", suffixes=(".txt",), sniff=sniff, read=read)
