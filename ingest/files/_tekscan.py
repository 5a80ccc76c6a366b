"""The header of a Tekscan movie: lines ``KEY value``, and free lines after ``COMMENTS:``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from insole.errors import FormatError

if TYPE_CHECKING:
    from pathlib import Path

MM_PER_UNIT = {"mm": 1.0, "cm": 10.0, "centimeters": 10.0, "inches": 25.4, "meters": 1000.0}


class Header:
    """The lines above the frames, by key, and where each stands."""

    def __init__(self, text: str, path: Path) -> None:
        self.path = path
        lines = text.split("\n")
        comment = lines.index("COMMENTS:") if "COMMENTS:" in lines else len(lines)
        ends = [i for i, line in enumerate(lines) if i > comment and line.startswith("START_FRAME ")]
        known = [i for i in range(len(lines)) if i < comment or (ends and i >= ends[-1])]
        parts = {i: lines[i].partition(" ") for i in known}
        self.value = {key: value.strip() for key, _, value in parts.values()}
        self.line = {key: i + 1 for i, (key, _, _) in parts.items()}

    def error(self, message: str, key: str) -> FormatError:
        """Make an error that points at a key's line."""
        return FormatError(f"{message}; export the recording again", path=self.path, line=self.line.get(key))

    def number(self, key: str, units: dict[str, float] | None = None) -> float:
        """Return a number above zero, converted where it is followed by a unit."""
        words = self.value.get(key, "").split()
        try:
            value = float(words[0]) * (1.0 if units is None else units[words[1].lower()])
        except (IndexError, KeyError, ValueError):
            value = np.nan
        if not 0 < value < np.inf:
            raise self.error(f"{key} is {self.value.get(key, 'missing')[:20]!r}, not a number above zero", key)
        return value

    def whole(self, key: str) -> int:
        """Return a whole number above zero."""
        value = self.number(key)
        if value != int(value):
            raise self.error(f"{key} is {value:g}, not a whole number", key)
        return int(value)
