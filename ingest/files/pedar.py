"""novel pedar ``.asc``: two insoles of 99 sensors, text, pressure.

A header of a few ``label: value`` lines, a row that begins ``time[secs]`` and numbers the
sensors, then a line per frame: time, left 1 to 99, right 1 to 99, each followed by a tab.
The first frame is at one frame time, not at zero. The insole's size, and with it the
sensors' areas, is the leading letters of ``sensor type``.

The line ``file name:`` may hold a person's name: it is kept only if names are asked for.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from ingest.files import Format
from ingest.files._text import (
    NO_DATE_NOTE,
    ZONE_NOTE,
    frame_indices,
    gathered,
    left_and_right,
    table_parts,
    two_feet,
)
from insole.errors import FormatError, LayoutError, UnitError
from insole.layout import load_layout
from insole.recording import NO_DATE, About, Recording, Side, Unit
from insole.units import kpa_per

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ingest.files import Source
    from insole.layout import SensorLayout
    from insole.typing import F32, F64

SENSORS = 99
HIGHEST_KPA = 5000.0
"""A higher pressure is taken for a damaged number (our judgement)."""
RATES_HZ = (10.0, 1000.0)
"""Rates outside are taken for a damaged header (our judgement; the system offers 50 and 100)."""

FIELDS = {
    "file name": re.compile(r"file name:[ \t]*([^\t\n]*)", re.IGNORECASE),
    "date": re.compile(r"date/time[ \t]*(\d{1,2})\.(\d{1,2})\.(\d{2}|\d{4})[ \t]+(\d{1,2})[.:](\d{2})", re.IGNORECASE),
    "size": re.compile(r"sensor type:[ \t]*([A-Za-z]+)", re.IGNORECASE),
    "total time": re.compile(r"total time \[secs\]:[ \t]*(\S+)", re.IGNORECASE),
    "time per frame": re.compile(r"time per frame \[secs\]:[ \t]*(\S+)", re.IGNORECASE),
    "scanning rate": re.compile(r"scanning rate \[Hz\]:[ \t]*(\S+)", re.IGNORECASE),
    "unit": re.compile(r"pressure values in[ \t]+(\S+)", re.IGNORECASE),
}
COLUMNS = re.compile(r"^[ \t]*time\[secs\](.*)\n", re.IGNORECASE | re.MULTILINE)


class Header:
    """The lines above the frames, and where each of their values stands."""

    def __init__(self, text: str, path: Path) -> None:
        self.path = path
        self.text = text
        self.found = {name: m for name, pattern in FIELDS.items() if (m := pattern.search(text))}

    def error(self, message: str, name: str) -> FormatError:
        """Make an error that points at a field's line."""
        match = self.found.get(name)
        line = None if match is None else self.text.count("\n", 0, match.start()) + 1
        return FormatError(message, path=self.path, line=line)

    def get(self, name: str) -> str:
        """Return the text of a field that must be there."""
        if name not in self.found:
            raise self.error(f"the header has no {name!r}; export the recording again", name)
        return self.found[name].group(1)

    def number(self, name: str) -> float | None:
        """Return a positive number, or None where the header has no such field."""
        if name not in self.found:
            return None
        try:
            value = float(self.get(name).replace(",", "."))
        except ValueError:
            value = np.nan
        if not 0 < value < np.inf:
            raise self.error(f"{name!r} is {self.get(name)[:20]!r}, not a number above zero; export again", name)
        return value


def sniff(head: str) -> bool:
    """Tell a pedar export by three of its header's labels."""
    text = head.lower()
    return all(label in text for label in ("sensor type:", "pressure values in", "scanning rate"))


def read(source: Source) -> Recording:
    """Read a whole export; see ``ingest.files.read``."""
    text, path = source.head, source.path
    row = COLUMNS.search(text)
    if row is None:
        raise FormatError("the header ends before the row 'time[secs]'; export the recording again", path=path)
    header = Header(text[: row.start()], path)
    row_line = header.text.count("\n") + 1
    _check_columns(row.group(1), path, row_line)
    layout, frame_s, to_kpa = _layout(header), _frame_s(header), _kpa_per_value(header)
    time_s, *kpa = gathered(_frames(source, row.end(), to_kpa), source.path)
    sample = frame_indices(time_s, frame_s=frame_s, source=source)
    notes = _check_end(source, header, float(time_s[-1]), frame_s)
    source.personal("file name", header.get("file name") if "file name" in header.found else "")
    feet = two_feet(kpa, time_s=time_s, sample=sample, layout=layout, unit=Unit.KPA, rate_hz=1 / frame_s)
    started_at, dated = _started_at(header)
    about = About(device=f"novel pedar, size {layout.name.partition(':')[2]}", notes=(dated, *notes, *_wide(layout)))
    return Recording(id="", started_at=started_at, feet=feet, about=about)


def _frames(source: Source, start: int, to_kpa: float) -> Iterator[tuple[F64 | F32, ...]]:
    """Times, and the pressures of each foot, part by part."""
    first = source.head[start:].partition("\n")[0]
    comma = "," in first and "." not in first
    for line, table in table_parts(source, start, columns=1 + 2 * SENSORS, decimal_comma=comma):
        with np.errstate(over="ignore"):  # refused as too high
            kpa = table[:, 1:] * to_kpa
        _check_pressures(kpa, source.path, line)
        yield table[:, 0], *left_and_right(kpa)


def _check_columns(numbers: str, path: Path, line: int) -> None:
    """Refuse other sensors than the 99 of each insole, for example those of a mat."""
    expected = [str(i) for i in range(1, SENSORS + 1)]
    found = numbers.split()
    if found != expected * 2:
        raise FormatError(
            f"the row names {len(found)} sensors, not 1 to {SENSORS} twice, left and right; "
            "export both insoles with all their sensors",
            path=path,
            line=line,
        )


def _layout(header: Header) -> SensorLayout:
    try:
        return load_layout(f"pedar-99:{header.get('size').lower()}")
    except LayoutError as e:
        raise header.error(f"the sensors' areas of this insole are not known: {e}", "size") from e


def _kpa_per_value(header: Header) -> float:
    try:
        return kpa_per(header.get("unit"))
    except UnitError as e:
        raise header.error(f"{e}; export pressures in kPa", "unit") from e


def _frame_s(header: Header) -> float:
    """Time of a frame; where the header gives it twice, both must agree."""
    frame_s, rate_hz = header.number("time per frame"), header.number("scanning rate")
    if frame_s is None:
        if rate_hz is None:
            raise header.error("the header gives neither time per frame nor scanning rate; export again", "total time")
        frame_s = 1 / rate_hz
    if rate_hz is not None and abs(frame_s * rate_hz - 1) > 0.02:
        raise header.error(f"{frame_s:g} s a frame and {rate_hz:g} Hz contradict each other", "scanning rate")
    if not RATES_HZ[0] <= 1 / frame_s <= RATES_HZ[1]:
        raise header.error(f"a rate of {1 / frame_s:g} Hz is not a pedar rate; export again", "time per frame")
    return round(frame_s, 9)


def _started_at(header: Header) -> tuple[datetime, str]:
    match = header.found.get("date")
    if match is None:
        return NO_DATE, NO_DATE_NOTE
    day, month, year, hour, minute = map(int, match.groups())
    if year < 100:  # the POSIX rule for two digits
        year += 1900 if year >= 69 else 2000
    try:
        when = datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError as e:
        raise header.error(f"{match.group(0)[:40]!r} is not a date: {e}; export again", "date") from e
    return when, ZONE_NOTE


def _check_pressures(kpa: F64, path: Path, first_line: int) -> None:
    bad = np.argwhere((kpa < 0) | (kpa > HIGHEST_KPA))
    if bad.size:
        row, column = (int(i) for i in bad[0])
        side, sensor = list(Side)[column // SENSORS], column % SENSORS + 1
        raise FormatError(
            f"{kpa[row, column]:g} kPa at {side} sensor {sensor} is not a pressure; export again",
            path=path,
            line=first_line + row,
        )


def _check_end(source: Source, header: Header, last_s: float, frame_s: float) -> tuple[str, ...]:
    """Compare the last frame with the total time of the header."""
    total_s = header.number("total time")
    if total_s is None:
        return ("the header gives no total time, so a cut file would not be noticed",)
    if abs(last_s - total_s) > frame_s / 2:
        error = header.error(
            f"the header announces {total_s:g} s, the last frame is at {last_s:g} s: "
            "the file is cut or was changed, export again",
            "total time",
        )
        source.short(error)
    return ()


def _wide(layout: SensorLayout) -> tuple[str, ...]:
    wide = len(layout.name.partition(":")[2]) > 1
    return ("wide insole: its sensors' positions are nominal (see the layout's source)",) if wide else ()


FORMAT = Format(name="pedar", title="novel pedar text export (.asc)", suffixes=(".asc",), sniff=sniff, read=read)
