"""The first sheet of a binary Excel file (``.xls``, BIFF5 and BIFF8) as tab-separated text.

An ``.xls`` is a container (``_cfb``), in which one stream holds records: the strings that cells
share, then each sheet's cells (MS-XLS, published by Microsoft). Only what a cell shows is read;
formulas, dates and formats are not.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from ingest.files._cfb import DAMAGED, DamagedError, workbook
from insole.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_BYTES = 32 * 1024**2
"""Of a file (our judgement: a sheet of this kind has 65536 rows at most)."""
MOST_COLUMNS = 256
"""Of a sheet, in this kind of file."""
BOF, EOF, BOUNDSHEET, SST, CONTINUE, FILEPASS = 0x809, 0x0A, 0x85, 0xFC, 0x3C, 0x2F
NUMBER, RK, MULRK, LABELSST, LABEL, RSTRING, FORMULA, STRING = 0x203, 0x27E, 0xBD, 0xFD, 0x204, 0xD6, 0x06, 0x207
BIFF8 = 0x600


def sheet_text(content: bytes, path: Path) -> str:
    """Read the cells of the first sheet.

    Parameters
    ----------
    content
        All of the file.
    path
        For the error.

    Returns
    -------
    A line for each row up to the last with a cell, cells separated by tabs, numbers as Python
    writes them, to the last bit.

    Raises
    ------
    FormatError
        If it is no such file, is damaged or is encrypted.
    """
    if len(content) > MOST_BYTES:
        raise FormatError(f"more than {MOST_BYTES / 1e6:.0f} MB of Excel; save it as text, import that", path=path)
    try:
        return _text(workbook(content))
    except (*DAMAGED, DamagedError) as e:
        raise FormatError(f"the Excel file is damaged or of an unknown kind ({e}); export it again", path=path) from e


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Records up to the end of their part."""
    while True:
        kind, length = struct.unpack_from("<HH", book, at)
        if at + 4 + length > len(book):
            raise DamagedError("a record is cut")
        yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == EOF:
            return


def _text(book: bytes) -> str:
    sheets: list[int] = []
    shared: list[bytes] = []
    version = last = 0
    for kind, body in _records(book, 0):
        if kind == FILEPASS:
            raise DamagedError("it is encrypted")
        if kind == BOF:
            (version,) = struct.unpack_from("<H", body)
        elif kind == BOUNDSHEET and body[5] == 0:
            sheets += struct.unpack_from("<I", body)
        elif kind == SST or (kind == CONTINUE and last == SST):
            shared.append(body)
        last = last if kind == CONTINUE else kind
    if not sheets:
        raise DamagedError("there is no sheet in it")
    strings = _shared_strings(shared) if shared else []
    rows: dict[int, dict[int, str]] = {}
    for row, column, value in _cells(book, sheets[0], strings, wide=version >= BIFF8):
        if column >= MOST_COLUMNS:
            raise DamagedError(f"a cell is in column {column + 1}")
        rows.setdefault(row, {})[column] = value
    return "".join(_line(rows.get(row, {})) for row in range(max(rows, default=-1) + 1))


def _line(row: dict[int, str]) -> str:
    return "\t".join(row.get(column, "") for column in range(max(row, default=-1) + 1)) + "\n"


def _cells(book: bytes, start: int, strings: list[str], *, wide: bool) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of each cell that has a value."""
    at = (0, 0)
    for kind, body in _records(book, start):
        if kind == MULRK:
            row, first = struct.unpack_from("<HH", body)
            for i, (_, rk) in enumerate(struct.iter_unpack("<HI", body[4:-2])):
                yield row, first + i, _number(_rk(rk))
        elif kind == STRING:
            yield *at, _string(body, wide=wide)
        elif kind in (NUMBER, RK, LABELSST, LABEL, RSTRING, FORMULA):
            at = struct.unpack_from("<HH", body)
            value = _cell(kind, body[6:], strings, wide=wide)
            if value is not None:
                yield *at, value


def _cell(kind: int, body: bytes, strings: list[str], *, wide: bool) -> str | None:
    if kind == RK:
        return _number(_rk(*struct.unpack_from("<I", body)))
    if kind == LABELSST:
        return _one_line(strings[struct.unpack_from("<I", body)[0]])
    if kind in (LABEL, RSTRING):
        return _string(body, wide=wide)
    if kind == FORMULA and body[6:8] == b"\xff\xff":  # a text, which follows, or no number
        return None
    return _number(*struct.unpack_from("<d", body))


def _rk(coded: int) -> float:
    """A number in 30 bits: whole, or the first bits of a double; and perhaps a hundredth of it."""
    if coded & 2:
        whole = coded >> 2
        value = float(whole - (1 << 30) if whole >= 1 << 29 else whole)
    else:
        (value,) = struct.unpack("<d", struct.pack("<Q", (coded & 0xFFFFFFFC) << 32))
    return value / 100 if coded & 1 else value


def _number(value: float) -> str:
    return repr(value).removesuffix(".0")


def _one_line(text: str) -> str:
    """A text as a cell of a table."""
    return " ".join(text.replace("\0", " ").split())


def _string(body: bytes, *, wide: bool) -> str:
    (n,) = struct.unpack_from("<H", body)
    if not wide:
        return _one_line(body[2 : 2 + n].decode("cp1252", "replace"))
    if body[2] & 1:
        return _one_line(body[3 : 3 + 2 * n].decode("utf-16-le", "replace"))
    return _one_line(body[3 : 3 + n].decode("latin-1"))


def _shared_strings(parts: list[bytes]) -> list[str]:
    """The strings that cells share. One may go on in the next record, which then says anew how wide its letters are."""
    (count,) = struct.unpack_from("<I", parts[0], 4)
    reader = _Parts(parts, 8)
    strings = []
    for _ in range(count):
        n, flags = struct.unpack("<HB", reader.take(3))
        runs = struct.unpack("<H", reader.take(2))[0] if flags & 8 else 0
        extra = struct.unpack("<I", reader.take(4))[0] if flags & 4 else 0
        strings.append(reader.letters(n, wide=bool(flags & 1)))
        reader.take(4 * runs + extra)
    return strings


class _Parts:
    """Records that are one."""

    def __init__(self, parts: list[bytes], at: int) -> None:
        self.parts = parts
        self.part = 0
        self.at = at

    def _left(self) -> int:
        """Bytes left in this part; a part that is used up gives way to the next."""
        if self.at >= len(self.parts[self.part]):
            self.part, self.at = self.part + 1, 0
        return len(self.parts[self.part]) - self.at

    def take(self, n: int) -> bytes:
        """The next bytes."""
        taken = b""
        while len(taken) < n:
            some = min(n - len(taken), self._left())
            taken += self.parts[self.part][self.at : self.at + some]
            self.at += some
        return taken

    def letters(self, n: int, *, wide: bool) -> str:
        """The next letters."""
        text = ""
        while n:
            before = self.part
            left = self._left()
            if self.part != before:  # the first byte of the next record
                wide, left = bool(self.take(1)[0] & 1), left - 1
            some = min(n, left // (2 if wide else 1))
            if not some:
                raise DamagedError("a text is cut")
            text += self.take(some * (2 if wide else 1)).decode("utf-16-le" if wide else "latin-1", "replace")
            n -= some
        return text
