"""Text tables whose columns are found by name and whose cells may hold no value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ingest.files._text import NUMBER
from insole.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ingest.files._source import Source
    from insole.typing import F64


@dataclass(frozen=True)
class Cells:
    """How the lines of a table are made.

    Attributes
    ----------
    columns
        Which columns are read, from 0. Of the others nothing is looked at.
    width
        Cells in a line.
    delimiter
        What stands between cells.
    missing
        What a cell without a value holds; None where each must have one.
    """

    columns: Sequence[int]
    width: int
    delimiter: str = "\t"
    missing: str | None = None

    def read(self, text: str, *, first_line: int, path: Path) -> F64:
        """Read a table of finite numbers.

        Parameters
        ----------
        text
            The table alone. Each line has an end, the last too: else it may be cut. Empty
            lines at its end are ignored.
        first_line
            Number of its first line in the file, from 1.
        path
            For the error.

        Returns
        -------
        ``(n, len(columns))``; NaN where there is no value.

        Raises
        ------
        FormatError
            If a line has too few or too many cells, or a cell read is neither missing nor a
            finite number.
        """
        lines = text.rstrip("\n").split("\n")
        if lines == [""]:
            raise FormatError("there are no samples in it; export the recording again", path=path)
        # "nan" would pass for a missing value: where the letters stand, each cell is looked at.
        suspect = not text.endswith("\n") or "nan" in text.lower()
        table = None if suspect and self._fault(lines, text) else self._table(lines)
        if table is None:
            row, fault = self._fault(lines, text) or (None, "the table of samples is damaged")
            line = None if row is None else first_line + row
            raise FormatError(f"{fault}; get the file again", path=path, line=line)
        return table

    def parts(self, source: Source, start: int) -> Iterator[tuple[int, F64]]:
        """Read the table after a header in parts: the line of each part's first row, and its numbers.

        Parameters
        ----------
        source, start
            The file, and where in its ``head`` the table begins.

        Raises
        ------
        FormatError
            As ``read``.
        """
        for line, text in source.body(start):
            yield line, self.read(text, first_line=line, path=source.path)

    def _table(self, lines: list[str]) -> F64 | None:
        """Read fast; None where anything is wrong."""
        if any(line.count(self.delimiter) != self.width - 1 for line in lines):
            return None
        if self.missing is not None and self._any_missing(lines):
            alone = rf"(?m)(?:^|(?<={self.delimiter})){re.escape(self.missing)}(?={self.delimiter}|$)"
            lines = re.sub(alone, "nan", "\n".join(lines)).split("\n")
        try:
            table = np.loadtxt(lines, delimiter=self.delimiter, usecols=self.columns, comments=None, ndmin=2)
        except ValueError:
            return None
        return None if len(table) != len(lines) or np.isinf(table).any() else table

    def _any_missing(self, lines: list[str]) -> bool:
        """Whether any cell may be without a value; most files have none, and looking is quick."""
        text = "\n".join(["", *lines, ""])
        return any(f"{a}{self.missing}{b}" in text for a in (self.delimiter, "\n") for b in (self.delimiter, "\n"))

    def _fault(self, lines: list[str], text: str) -> tuple[int, str] | None:
        """Find the first line at fault and say what is wrong with it; None where nothing is."""
        for row, line in enumerate(lines):
            cells = line.split(self.delimiter)
            if len(cells) != self.width:
                return row, f"the line has {len(cells)} columns, not {self.width}: it is cut or damaged"
            for column in self.columns:
                cell = cells[column]
                if cell != self.missing and not (NUMBER.fullmatch(cell) and np.isfinite(float(cell))):
                    return row, f"column {column + 1} holds {cell.strip()[:20]!r}, not a number"
        return None if text.endswith("\n") else (len(lines) - 1, "the last line has no end, so it may be cut")
