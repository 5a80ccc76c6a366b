"""Any CSV, with a mapping file that says which column is what (``docs/formats.md`` has an example).

Each line is a sample: of both feet (``[left]`` and ``[right]`` name their columns), or of the one
foot that a column names (``[side]``). A cell without a value is missing; a line without any value of
a foot is a gap. Numbers are converted once, as the mapping file says. Nothing is guessed but the
delimiter, and that only where the mapping file gives none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ingest.files import Format
from ingest.files._cells import Cells
from ingest.files._mapping import DELIMITERS, Mapped, Plan, about_of, plan_of
from ingest.files._table import Table, foot_of
from ingest.files._text import NO_DATE_NOTE, gathered
from insole.errors import FormatError
from insole.recording import NO_DATE, Recording, Side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ingest.files import Source
    from ingest.files._text import Array
    from insole.typing import F64

MOST_COLUMNS = 20_000
"""More columns are taken for damage (our judgement: two plates of 64 x 95 cells)."""


def read(source: Source) -> Recording:
    """Read a whole table; see ``ingest.files.read``."""
    mapped = source.mapping
    if not isinstance(mapped, Mapped):
        raise FormatError("a CSV of no maker's format needs a mapping file: --mapping", path=source.path)
    plan = plan_of(mapped)
    started_at, about = about_of(mapped)
    header = _Header(source, mapped)
    used = _Columns(header, plan)
    source.unread += [name for i, name in enumerate(header.names) if i not in used.columns]
    time_s, sides, values = gathered(_lines(source, header, used, plan), source.path)
    with np.errstate(over="ignore", invalid="ignore"):  # refused as no times
        time_s = time_s - time_s[0]
    feet = {}
    for side in plan.sensors:
        rows = np.flatnonzero(sides == list(Side).index(side)) if plan.side else np.arange(len(time_s))
        if len(rows):
            table = _foot(used, plan, side, rows=rows, time_s=time_s, values=values)
            if not np.isnan(table.values).all():
                feet[side] = foot_of(table, source)
    if not feet:
        raise FormatError("no line has a value of a foot; compare the mapping with the file", path=source.path)
    notes = (NO_DATE_NOTE,) if started_at == NO_DATE else ()
    about = type(about)(**{**vars(about), "notes": notes, "device": about.device or plan.layout.title})
    return Recording(id="", started_at=started_at, feet=feet, about=about)


class _Header:
    """Where the table begins, and what its columns are called."""

    def __init__(self, source: Source, mapped: Mapped) -> None:
        self.path = source.path
        self.mapped = mapped
        skipped = mapped.get("file", "skip_lines", int, 0)
        named = mapped.get("file", "names", bool, True)
        self.decimal = mapped.one_of("file", "decimal", {".": ".", ",": ","}, ".")
        lines = source.head.split("\n", skipped + 1)
        if skipped < 0 or len(lines) <= skipped:
            raise mapped.error(f"file.skip_lines is {skipped}; the file has {len(lines)} lines")
        first = lines[skipped]
        self.start = sum(len(line) + 1 for line in lines[: skipped + named])
        self.delimiter = mapped.one_of("file", "delimiter", DELIMITERS, _likely(first, self.decimal))
        self.missing: str = mapped.get("file", "missing", str, "")
        cells = [cell.strip().strip('"') for cell in first.split(self.delimiter)]
        if len(cells) > MOST_COLUMNS:
            raise FormatError(f"{len(cells)} columns are no recording", path=self.path, line=skipped + 1)
        self.names = cells if named else [str(i) for i in range(1, len(cells) + 1)]
        if self.decimal == self.delimiter:
            raise mapped.error("file.delimiter and file.decimal are the same")

    def column(self, wanted: str | int, key: str) -> int:
        """Where a column is: by its name, or by its number from 1.

        Raises
        ------
        FormatError
            With the names that there are.
        """
        if isinstance(wanted, int):
            if not 1 <= wanted <= len(self.names):
                raise self.mapped.error(f"{key}: there is no column {wanted}; the file has {len(self.names)}")
            return wanted - 1
        found = [i for i, name in enumerate(self.names) if name == wanted]
        if len(found) == 1:
            return found[0]
        words = f"there is no column {wanted!r}" if not found else f"{len(found)} columns are called {wanted!r}"
        known = ", ".join(self.names[:30]) + (", ..." if len(self.names) > 30 else "")
        more = "" if not found else "; give its number, from 1"
        raise self.mapped.error(f"{key}: {words} in {self.path.name}{more}; there are: {known[:600]}")


def _likely(line: str, decimal: str) -> str:
    """The delimiter that stands most often in a line."""
    return max(("\t", ";", ","), key=lambda mark: line.count(mark) if mark != decimal else -1)


class _Columns:
    """The columns that are read, each once, and where they stand among those read."""

    def __init__(self, header: _Header, plan: Plan) -> None:
        self.columns: list[int] = []
        self.time = None if plan.time is None else self._add(header.column(plan.time, "time.column"))
        self.side = None if plan.side is None else header.column(plan.side[0], "side.column")
        self.sensors: dict[Side, list[int]] = {}
        self.inertial: dict[Side, dict[str, int]] = {}
        for side, names in plan.sensors.items():
            key = "values" if plan.side else str(side)
            self.sensors[side] = [self._add(header.column(name, f"{key}.sensors")) for name in names]
            self.inertial[side] = {
                channel: self._add(header.column(name, f"{key}.inertial.{channel}"))
                for channel, name in plan.inertial[side].items()
            }
        self.numbers = len(self.columns)
        if self.side is not None:
            if self.side in self.columns:
                raise header.mapped.error("side.column is a column of numbers, too")
            self.columns.append(self.side)

    def _add(self, column: int) -> int:
        if column not in self.columns:
            self.columns.append(column)
        return self.columns.index(column)


def _lines(source: Source, header: _Header, used: _Columns, plan: Plan) -> Iterator[tuple[Array, ...]]:
    """Times in s, feet as their places in ``Side``, and all values in float64, part by part."""
    cells = Cells(columns=used.columns, width=len(header.names), delimiter=header.delimiter, missing=header.missing)
    as_numbers = _sides_as_numbers(header, used, plan)
    n = 0
    for line, text in source.body(header.start):
        numbers = as_numbers(text, line)
        if header.decimal == ",":
            numbers = numbers.replace(",", ".")
        table = cells.read(numbers, first_line=line, path=source.path)
        rows = np.arange(n, n + len(table), dtype=np.float64)
        with np.errstate(over="ignore"):  # refused as too large
            time_s = rows / (plan.rate_hz or 1.0) if used.time is None else table[:, used.time] * plan.s_per_time
        sides = np.zeros(len(table)) if used.side is None else table[:, -1]
        yield time_s, sides.astype(np.int8), table[:, : used.numbers]
        n += len(table)


def _sides_as_numbers(header: _Header, used: _Columns, plan: Plan) -> Callable[[str, int], str]:
    """Put numbers in the place of the words that name a foot, and take quotes off, so that all cells are numbers."""
    if plan.side is None or used.side is None:
        return lambda text, _: text.replace('"', "")
    words = {word: str(list(Side).index(side)) for word, side in plan.side[1].items()}
    column = used.side

    def as_numbers(text: str, line: int) -> str:
        rows = []
        for i, row in enumerate(text.replace('"', "").split("\n")):
            cells = row.split(header.delimiter)
            if len(cells) > column:
                word = cells[column].strip()
                if word not in words:
                    known = " and ".join(repr(w) for w in words)
                    raise FormatError(
                        f"column {column + 1} holds {word[:20]!r}; side.left and side.right say {known}",
                        path=header.path,
                        line=line + i,
                    )
                cells[column] = words[word]
            rows.append(header.delimiter.join(cells))
        return "\n".join(rows)

    return as_numbers


def _foot(used: _Columns, plan: Plan, side: Side, *, rows: Array, time_s: F64, values: F64) -> Table:
    inertial = used.inertial[side]
    with np.errstate(over="ignore"):  # refused as too large
        own = (values[rows][:, used.sensors[side]] * plan.per_value).astype(np.float32)
        motion = values[rows][:, list(inertial.values())].astype(np.float32)
    there = ~(np.isnan(own).all(axis=1) & np.isnan(time_s[rows]))
    return Table(
        side=side,
        layout=plan.layout,
        unit=plan.unit,
        rate_hz=plan.rate_hz,
        time_s=time_s[rows][there],
        sample=None,
        values=own[there],
        inertial=motion[there],
        channels=tuple(inertial),
        saturation=plan.saturation,
        rows=rows[there],
    )


FORMAT = Format(
    name="mapped",
    title="any CSV, with a mapping file (--mapping)",
    suffixes=(".csv", ".tsv", ".txt"),
    sniff=lambda _: False,
    read=read,
)
