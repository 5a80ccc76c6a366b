"""The container of old Office files: streams in sectors (MS-CFB, published by Microsoft).

Each number that points somewhere is checked, so that a damaged file is refused and never followed.
"""

from __future__ import annotations

import struct

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a container begins."""
LAST_SECTOR = 0xFFFFFFFA
"""Sector numbers from here on mean that there is none."""
DAMAGED = (struct.error, LookupError, UnicodeDecodeError, OverflowError)
"""What reading beyond the end of something raises."""


class DamagedError(Exception):
    """Numbers of the file that contradict each other."""


def workbook(content: bytes) -> bytes:
    """Take the stream of records out of an Excel file.

    Parameters
    ----------
    content
        All of the file.

    Raises
    ------
    DamagedError
        If it is no such file, or its numbers contradict each other; besides one of ``DAMAGED``.
    """
    if not content.startswith(SIGNATURE):
        raise DamagedError("it does not begin as such a file does")
    shift, small_shift = struct.unpack_from("<HH", content, 30)
    if shift not in (9, 12) or small_shift != 6:
        raise DamagedError("its sectors are of no known size")
    first_directory, cutoff, first_small = (struct.unpack_from("<I", content, at)[0] for at in (48, 56, 60))
    fat = _fat(content, 1 << shift)
    directory = _chain(content, fat, first_directory, 1 << shift, offset=1 << shift)
    entries = {
        directory[at : at + max(directory[at + 64] - 2, 0)].decode("utf-16-le"): directory[at : at + 128]
        for at in range(0, len(directory) - 127, 128)
        if directory[at + 66] in (2, 5) and directory[at + 64] <= 64
    }
    book = entries.get("Workbook") or entries.get("Book")
    if book is None:
        raise DamagedError("there is no workbook in it")
    first, size = struct.unpack_from("<II", book, 116)
    if size >= cutoff:
        return _chain(content, fat, first, 1 << shift, offset=1 << shift)[:size]
    (first_part,) = struct.unpack_from("<I", entries["Root Entry"], 116)
    small = _chain(content, fat, first_part, 1 << shift, offset=1 << shift)
    small_fat = _numbers(_chain(content, fat, first_small, 1 << shift, offset=1 << shift))
    return _chain(small, small_fat, first, 1 << small_shift, offset=0)[:size]


def _numbers(content: bytes) -> list[int]:
    return [n for (n,) in struct.iter_unpack("<I", content[: len(content) // 4 * 4])]


def _fat(content: bytes, sector: int) -> list[int]:
    """For each sector, the one that follows it."""
    listed = list(struct.unpack_from("<109I", content, 76))
    more, count = struct.unpack_from("<II", content, 68)
    for _ in range(min(count, len(content) // sector)):
        if more >= LAST_SECTOR:
            break
        *numbers, more = struct.unpack_from(f"<{sector // 4}I", content, (more + 1) * sector)
        listed += numbers
    fat: list[int] = []
    for number in listed[: len(content) // sector]:
        if number < LAST_SECTOR:
            fat += struct.unpack_from(f"<{sector // 4}I", content, (number + 1) * sector)
    return fat


def _chain(content: bytes, fat: list[int], number: int, sector: int, *, offset: int) -> bytes:
    """The sectors of a stream, one after the other."""
    parts: list[bytes] = []
    while number < LAST_SECTOR:
        start = number * sector + offset
        if len(parts) * sector > len(content) or start >= len(content):
            raise DamagedError("its sectors do not follow each other")
        parts.append(content[start : start + sector])
        number = fat[number]
    return b"".join(parts)
