"""A file while it is read: its text, piece by piece, and what reading it found out.

A format reads from a ``Source``. Text comes decoded and with line feeds, whatever the file has. A
table is read in pieces of whole lines, so that only a piece of its text is in memory at a time; a
file made of pages or frames is read as one text, up to ``MOST_TEXT`` bytes.
"""

from __future__ import annotations

import hashlib
import io
from functools import cached_property
from typing import TYPE_CHECKING

from ingest.files._encoding import decoder_of, encoding_of
from insole.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from ingest.files._event import Event
    from ingest.files._mapping import Mapped
    from insole.records import Mark

HEAD_BYTES = 8192
"""How much of a file a format may look at before it claims it."""
PIECE_BYTES = 4 * 1024**2
"""Text of a table that is in memory at a time (our judgement)."""
MOST_LINE = 1024**2
"""Characters of a line; a longer one is taken for damage (our judgement: 9 kB is the longest known)."""
MOST_TEXT = 256 * 1024**2
"""Bytes of a file that is read as one text (our judgement: 12 hours of F-Scan at 30 Hz is 4 GB, a step on a
plate 1 MB; such a file is exported in parts)."""


class Source:
    """A file being read.

    Parameters
    ----------
    path
        What to call it in errors.
    file
        Its bytes, open; it can be read again from its start.
    beside
        Opens a file beside it by its name; None where there is none.
    salvage
        Take what is whole of a damaged file, and note what is left out.
    keep_names
        Keep lines that may hold a person's name, as notes.
    mapping
        Which column of a table is what, for a file of no maker's format.
    left_out, stop_line
        Lines that are passed over, and the first line that is not looked at any more; from 1.
    """

    def __init__(
        self,
        path: Path,
        file: BinaryIO,
        *,
        beside: Callable[[str], Source | None] = lambda _: None,
        salvage: bool = False,
        keep_names: bool = False,
        mapping: Mapped | None = None,
        left_out: Collection[int] = (),
        stop_line: int | None = None,
    ) -> None:
        self.path = path
        self.file = file
        self.beside = beside
        self.salvage = salvage
        self.keep_names = keep_names
        self.mapping = mapping
        self.left_out = frozenset(left_out)
        self.stop_line = stop_line
        self.first_row: int | None = None
        """Line of the first record, once a format knows it: from there on lines may be left out."""
        self.notes: list[str] = []
        """What to say of the file besides what its format says."""
        self.unread: list[str] = []
        """Columns or parts that the format does not read."""
        self.events: list[Event] = []
        """What the maker's software marked."""
        self.marks: list[Mark] = []
        """What was marked in a recording that this program exported."""

    def without(self, *, left_out: Collection[int], stop_line: int | None) -> Source:
        """The same file, to be read again without some of its lines."""
        return Source(
            self.path,
            self.file,
            beside=self.beside,
            salvage=self.salvage,
            keep_names=self.keep_names,
            mapping=self.mapping,
            left_out=left_out,
            stop_line=stop_line,
        )

    @cached_property
    def beginning(self) -> str:
        """The text of its first ``HEAD_BYTES``: what a format looks at."""
        self.file.seek(0)
        raw = self.file.read(HEAD_BYTES)
        encoding, mark = encoding_of(raw)
        return decoder_of(encoding).decode(raw[mark:])

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of its bytes, as they are before they were packed."""
        self.file.seek(0)
        digest = hashlib.sha256()
        while chunk := self.file.read(PIECE_BYTES):
            digest.update(chunk)
        return digest.hexdigest()

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.file.seek(0, io.SEEK_END)

    @cached_property
    def head(self) -> str:
        """The text of its first lines, at least all of a header: what ``body`` counts from."""
        return next(self._pieces(), (1, ""))[1]

    def text(self) -> str:
        """All of its text.

        Raises
        ------
        FormatError
            If it is too large for that.
        """
        if self.size > MOST_TEXT:
            raise FormatError(
                f"{self.size / 1e6:.0f} MB; a file of this format is read up to {MOST_TEXT / 1e6:.0f} MB: "
                "export it in parts",
                path=self.path,
            )
        return "".join(text for _, text in self._pieces())

    def body(self, start: int) -> Iterator[tuple[int, str]]:
        """The lines after a header, in pieces: the number of the first line of each, and the lines.

        Only the last piece may lack its line end. Empty lines at the file's end are passed over.

        Parameters
        ----------
        start
            Where in ``head`` the lines begin.
        """
        self.first_row = self.head.count("\n", 0, start) + 1
        for line, text in self._pieces():
            rest = text[start:]
            first = line + text.count("\n", 0, start)
            start = 0
            yield from self._kept(first, rest)

    def _kept(self, first: int, text: str) -> Iterator[tuple[int, str]]:
        """The parts of a piece between lines that are left out."""
        here = sorted(n for n in self.left_out if first <= n < first + text.count("\n") + 1)
        for n in here:
            lines = text.split("\n", n - first + 1)
            before, text = "".join(f"{line}\n" for line in lines[: n - first]), "".join(lines[n - first + 1 :])
            if before:
                yield first, before
            first = n + 1
        if text.strip("\n"):
            yield first, text

    def _pieces(self) -> Iterator[tuple[int, str]]:
        """Its text in pieces of whole lines, with the number of the first of each."""
        line = 1
        for text in self._whole_lines():
            n = text.count("\n")
            if self.stop_line is not None and line + n >= self.stop_line:
                lines = text.split("\n")[: self.stop_line - line]
                if lines:
                    yield line, "".join(f"{one}\n" for one in lines)
                return
            yield line, text
            line += n

    def _whole_lines(self) -> Iterator[str]:
        rest = ""
        for text, last in self._decoded():
            rest += text
            end = len(rest.rstrip("\n"))  # empty lines may be the file's last ones: they wait for what follows
            cut = rest.rfind("\n", 0, end) + 1
            if len(rest) - cut > MOST_LINE:
                raise FormatError(f"a line has more than {MOST_LINE} characters; export again", path=self.path)
            cut = len(rest) if last else cut
            if cut:
                yield rest[:cut]
                rest = rest[cut:]

    def _decoded(self) -> Iterator[tuple[str, bool]]:
        """Its text in pieces of bytes, and whether each is the last."""
        self.file.seek(0)
        encoding, mark = encoding_of(self.file.read(HEAD_BYTES))
        self.file.seek(mark)
        decoder = decoder_of(encoding)
        chunk = self.file.read(PIECE_BYTES)
        while chunk:
            after = self.file.read(PIECE_BYTES) if len(chunk) == PIECE_BYTES else b""
            yield decoder.decode(chunk, final=not after), not after
            chunk = after

    def row_line(self, row: int) -> int:
        """Line of a row of the table, counted from 0 without the lines that were left out."""
        line = (self.first_row or 1) + row
        for n in sorted(self.left_out):
            line += n <= line
        return line

    def short(self, error: FormatError) -> None:
        """Refuse a file that ends too early; where it is to be salvaged, note it instead."""
        if not self.salvage:
            raise error
        self.notes.append(f"salvaged: {error}")

    def personal(self, label: str, value: str) -> None:
        """Keep what may name a person, if that was asked for."""
        value = " ".join(value.split())
        if self.keep_names and value:
            self.notes.append(f"{label}: {value[:200]}")
