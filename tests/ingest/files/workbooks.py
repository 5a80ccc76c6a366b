"""Small binary Excel files, written record by record."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR, SMALL, CUTOFF = 512, 64, 4096
BOF_GLOBALS = struct.pack("<HHIII", 0x600, 5, 0, 0, 0)
BOF_SHEET = struct.pack("<HHIII", 0x600, 0x10, 0, 0, 0)


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def text_of(text: str) -> bytes:
    """A string with its length: one byte a letter where that is enough."""
    try:
        return struct.pack("<HB", len(text), 0) + text.encode("latin-1")
    except UnicodeEncodeError:
        return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def number(row: int, column: int, value: float) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, 0, value))


def label(row: int, column: int, text: str) -> bytes:
    return record(0x204, struct.pack("<HHH", row, column, 0) + text_of(text))


def shared(strings: bytes, count: int, *more: bytes) -> bytes:
    """The shared strings, which go on in as many records as are given."""
    first = record(0xFC, struct.pack("<II", count, count) + strings)
    return first + b"".join(record(0x3C, part) for part in more)


def workbook(cells: bytes, *, before: bytes = b"") -> bytes:
    """A workbook's records: of the whole, and of one sheet."""
    bound_length = 4 + 4 + 2 + 3
    start = len(record(0x809, BOF_GLOBALS)) + bound_length + len(before) + 4
    bound = record(0x85, struct.pack("<IBB", start, 0, 0) + b"\1\0a")
    whole = record(0x809, BOF_GLOBALS) + bound + before + record(0x0A)
    return whole + record(0x809, BOF_SHEET) + cells + record(0x0A)


def excel(rows: Sequence[Sequence[str]]) -> bytes:
    """A file with these cells; those that are numbers as such, empty ones left out."""
    cells = []
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            try:
                cells.append(number(i, j, float(cell)))
            except ValueError:
                cells += [label(i, j, cell)] * bool(cell)
    return container(workbook(b"".join(cells)))


def container(stream: bytes) -> bytes:
    """A file that holds one stream, in large sectors or, below 4096 bytes, in small ones."""
    small = len(stream) < CUTOFF
    step = SMALL if small else SECTOR
    small_fat = _sectors(struct.pack(f"<{-(-len(stream) // SMALL)}I", *_chain(0, -(-len(stream) // SMALL)))) * small
    body = _sectors(stream.ljust(-(-len(stream) // step) * step, b"\0"))
    n_body, n_small = len(body) // SECTOR, len(small_fat) // SECTOR
    n_fat = 1
    while n_fat * SECTOR // 4 < n_fat + 1 + n_small + n_body:
        n_fat += 1
    at_body = n_fat + 1 + n_small
    fat = [FAT] * n_fat + [END] + _chain(n_fat + 1, n_small) + _chain(at_body, n_body)
    fat += [FREE] * (n_fat * SECTOR // 4 - len(fat))
    root = _entry("Root Entry", 5, at_body if small else END, n_body * SECTOR if small else 0)
    directory = root + _entry("Workbook", 2, 0 if small else at_body, len(stream))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head = head.ljust(44, b"\0") + struct.pack("<IIII", n_fat, n_fat, 0, CUTOFF)
    head += struct.pack("<IIII", n_fat + 1 if small else END, n_small, END, 0)
    head += struct.pack("<109I", *range(n_fat), *[FREE] * (109 - n_fat))
    return head + struct.pack(f"<{len(fat)}I", *fat) + _sectors(directory) + small_fat + body


def _sectors(content: bytes) -> bytes:
    return content.ljust(-(-len(content) // SECTOR) * SECTOR, b"\0")


def _chain(first: int, n: int) -> list[int]:
    return [*range(first + 1, first + n), END] if n else []


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    coded = name.encode("utf-16-le") + b"\0\0"
    entry = coded.ljust(64, b"\0") + struct.pack("<HBB", len(coded), kind, 1) + struct.pack("<III", *[FREE] * 3)
    return entry.ljust(116, b"\0") + struct.pack("<IQ", start, size)
