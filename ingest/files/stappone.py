"""stappone ``.csv``: soles of 12 sensors, raw counts, comma-separated.

A row of names, then a line per sample of a sole: its number, Unix time in ms, inertial values,
``pressure_01`` to ``pressure_12`` and a mark ``corrupt``. There is no calibration of either, so
counts stay counts. Columns are found by name; inertial ones may be missing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from ingest.files import Format
from ingest.files._cells import Cells
from ingest.files._text import frame_indices, gathered
from insole.errors import FormatError
from insole.layout import load_layout
from insole.recording import About, FootStream, Recording, Side, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ingest.files import Source
    from ingest.files._text import Array
    from insole.typing import F64

RATE_HZ = 62.5
SOLES = {1: Side.LEFT, 2: Side.RIGHT}
"""Which number is which foot is not published (our judgement)."""
LATEST_MS = 4_102_444_800_000.0
"""2100-01-01; a later time is taken for a damaged number (our judgement)."""
HIGHEST = 65535
HIGHEST_INERTIAL = 2**31
"""A larger number, of either sign, is taken for damaged (our judgement). Above 2**24 float32 rounds to even counts."""
PRESSURES = tuple(f"pressure_{i:02}" for i in range(1, 13))
WANTED = ("sole_id", "timestamp", *PRESSURES, "corrupt")
SIDE_NOTE = "sole 1 is taken for the left foot and sole 2 for the right (our judgement: the maker does not say)"
INERTIAL = {
    f"{theirs}_{axis}": f"{ours}_{axis}_counts"
    for theirs, ours in (("accel", "acc"), ("gyro", "gyro"), ("magn", "mag"))
    for axis in "xyz"
}
"""The file's names of inertial columns, and ours."""
SCALE_NOTE = "inertial values are counts: the maker gives no scale"


def sniff(head: str) -> bool:
    """Tell the format by its first row."""
    first, end, _ = head.partition("\n")
    return bool(end) and set(WANTED) <= set(_names(first))


def read(source: Source) -> Recording:
    """Read a whole file; see ``ingest.files.read``."""
    first, _, _ = source.head.partition("\n")
    names, path = _names(first), source.path
    if any(names.count(name) != 1 for name in WANTED) or any(names.count(name) > 1 for name in INERTIAL):
        raise FormatError("the first row names a column twice; export again", path=path, line=1)
    moving = [name for name in INERTIAL if name in names]
    columns = [names.index(name) for name in (*WANTED, *moving)]
    cells = Cells(columns=columns, width=len(names), delimiter=",", missing="")
    soles, time_ms, corrupt, counts, inertial = gathered(_lines(source, cells, len(first) + 1), source.path)
    source.unread += [name for name in names if name not in (*WANTED, *INERTIAL)]
    start_ms = float(time_ms.min())
    feet, notes = {}, [SIDE_NOTE, *([SCALE_NOTE] if moving else [])]
    for sole, side in SOLES.items():
        lines = np.flatnonzero(soles == sole)
        if not len(lines):
            continue
        time_s = (time_ms[lines] - start_ms) / 1000
        sample = frame_indices(time_s, frame_s=1 / RATE_HZ, source=source, lines=lines)
        good = ~corrupt[lines]
        if not good.all():
            notes.append(f"{np.sum(~good)} of {len(lines)} lines of the {side} foot are marked corrupt; they are gaps")
        if good.any():
            feet[side] = FootStream(
                side=side,
                layout=load_layout("stappone-12"),
                sample=sample[good],
                time_s=time_s[good],
                values=counts[lines[good]],
                unit=Unit.COUNTS,
                rate_hz=RATE_HZ,
                inertial=inertial[lines[good]] if moving else None,
                inertial_channels=tuple(INERTIAL[name] for name in moving),
            )
    if not feet:
        raise FormatError("every line is marked corrupt; record again", path=path)
    started_at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=start_ms)
    return Recording(id="", started_at=started_at, feet=feet, about=About(device="stappone", notes=tuple(notes)))


def _lines(source: Source, cells: Cells, start: int) -> Iterator[tuple[Array, ...]]:
    """Soles, times, marks, counts and inertial values, part by part."""
    for line, part in cells.parts(source, start):
        table, inertial = np.hsplit(part, [len(WANTED)])
        _check(table, inertial, source.path, line)
        corrupt = table[:, -1] != 0
        counts = np.where(corrupt[:, None], 0, table[:, 2:-1])  # those of corrupt lines may be anything
        yield table[:, 0].astype(np.uint8), table[:, 1], corrupt, counts.astype(np.uint16), inertial.astype(np.float32)


def _names(row: str) -> list[str]:
    return [name.strip().lower() for name in row.split(",")]


def _check(table: F64, inertial: F64, path: Path, line: int) -> None:
    """Refuse numbers that no sole gives."""
    sole, time_ms, counts, corrupt = table[:, 0], table[:, 1], table[:, 2:-1], table[:, -1]
    for bad, words in (
        (~np.isin(sole, list(SOLES)), "the sole's number is neither 1 nor 2"),
        (~((time_ms >= 0) & (time_ms <= LATEST_MS)), "the time is not a Unix time in ms"),
        (~np.isin(corrupt, (0, 1)), "the mark 'corrupt' is neither 0 nor 1"),
        (
            (corrupt == 0) & ((counts < 0) | (counts > HIGHEST) | (counts != np.rint(counts))).any(axis=1),
            f"a count is not a whole number from 0 to {HIGHEST}",
        ),
        (
            (corrupt == 0)
            & ((np.abs(inertial) > HIGHEST_INERTIAL) | (np.abs(np.rint(inertial) - inertial) > 0)).any(axis=1),
            "an inertial value is not a whole number",
        ),
    ):
        if bad.any():
            raise FormatError(f"{words}; export again", path=path, line=line + int(np.argmax(bad)))


FORMAT = Format(name="stappone", title="stappone counts (.csv)", suffixes=(".csv",), sniff=sniff, read=read)
