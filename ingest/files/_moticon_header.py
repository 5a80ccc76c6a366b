"""The ``#`` lines of a Moticon text export."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ingest.files._text import NO_DATE_NOTE, ZONE_NOTE
from insole.errors import FormatError
from insole.recording import NO_DATE

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.files import Source

DURATION_TOLERANCE_S = 0.1
"""Between the header's duration and the lines' (our judgement; 0.004 s in a recorded walk)."""

COLUMN = re.compile(
    r"(left|right) (pressure \d+|(?:acceleration|angular) [xyz]|total force|steps)[ ]?\[([^\]]*)\]", re.IGNORECASE
)
START = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}) (\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?", re.ASCII)
DURATION = re.compile(r"(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)", re.ASCII)


class Header:
    """The ``#`` lines: fields, columns, and where each stands."""

    def __init__(self, text: str, path: Path) -> None:
        self.path = path
        lines = text.rstrip("\n").split("\n")
        self.first_line = len(lines) + 1
        self.end = len(text)
        self.columns = [c.strip() for c in lines[-1].lstrip("#").split("\t")]
        self.at: dict[str, int] = {}
        self.fields: dict[str, str] = {}
        for number, line in enumerate(lines[:-1], 1):
            label, colon, value = line.lstrip("# \t").partition(":")
            if line.startswith("#") and colon and label.lower() not in self.at:
                self.at[label.lower()], self.fields[label.lower()] = number, value.strip()

    def error(self, message: str, label: str = "") -> FormatError:
        """Make an error that points at a field's line, or at the row of columns."""
        return FormatError(message, path=self.path, line=self.at.get(label, self.first_line - 1))

    def named(self) -> dict[str, tuple[int, str]]:
        """Column and unit by name: ``left pressure 1``, ``right total force``, ``left angular x``, ``left steps``."""
        found: dict[str, tuple[int, str]] = {}
        for i, column in enumerate(self.columns):
            if match := COLUMN.fullmatch(column):
                name = f"{match[1]} {match[2]}".lower()
                if name in found:
                    raise self.error(f"the column {name!r} stands there twice; export again")
                found[name] = (i, match[3])
        return found

    def check_end(self, source: Source, lasted_s: float) -> list[str]:
        """Compare how long the lines last with the header's duration; notes."""
        match = DURATION.fullmatch(self.fields.get("duration", ""))
        if match is None:
            return ["the header gives no duration, so a cut file would not be noticed"]
        hours, minutes, seconds = (float(part or 0) for part in match.groups())
        duration_s = 3600 * hours + 60 * minutes + seconds
        if abs(lasted_s - duration_s) > DURATION_TOLERANCE_S:
            error = self.error(
                f"the header announces {duration_s:g} s, the lines last {lasted_s:g} s: "
                "the file is cut or was changed, export again",
                "duration",
            )
            source.short(error)
        return []

    def started_at(self) -> tuple[datetime, str]:
        """Return the start and how it is to be taken."""
        match = START.fullmatch(self.fields.get("start time", ""))
        if match is None:
            return NO_DATE, NO_DATE_NOTE
        day, month, year, hour, minute, second = (int(part) for part in match.groups()[:6])
        microsecond = int((match[7] or "0").ljust(6, "0"))
        try:
            return datetime(year, month, day, hour, minute, second, microsecond, tzinfo=UTC), ZONE_NOTE
        except ValueError as e:
            raise self.error(f"the start time is not a date: {e}; export again", "start time") from e
