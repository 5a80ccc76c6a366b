"""Files as they come: plain, gzipped, several in a zip, or in Excel. Unpacked with limits, so that no bomb goes off."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, BinaryIO, cast

from ingest.files._cfb import SIGNATURE
from ingest.files._source import PIECE_BYTES
from ingest.files._xls import MOST_BYTES, sheet_text
from insole.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_UNPACKED = 4 * 1024**3
"""Bytes of a file once unpacked (our judgement: twice the largest export that we know of)."""
MOST_RATIO = 250
"""How many times larger than packed it may be, beyond ``FREE_BYTES`` (our judgement: exports reach 20, a standing
walker's 80; the format's own end is 1032)."""
FREE_BYTES = 64 * 1024**2
"""So much may come out of any archive, however small (our judgement)."""
MOST_MEMBERS = 100
"""Files in a zip (our judgement)."""
IN_MEMORY = 32 * 1024**2
"""An unpacked file up to this size stays in memory; a larger one is put on the disk."""

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, gzip.BadGzipFile)
"""What the standard library raises of archives that are damaged, encrypted or packed in another way."""


@dataclass(frozen=True)
class Member:
    """A file that was found: what it is called, and its bytes."""

    path: Path
    file: BinaryIO


@contextmanager
def members(path: Path, called: Path) -> Iterator[list[Member]]:
    """Open a file, and what is packed in it.

    Parameters
    ----------
    path
        The file.
    called
        Its name for errors.

    Raises
    ------
    FormatError
        If it is an archive that is damaged, encrypted, empty or too large once unpacked.
    OSError, ValueError
        If it cannot be read.
    """
    with ExitStack() as stack:
        file: BinaryIO = stack.enter_context(path.open("rb"))
        if not file.seekable():
            file = _copied(stack, file, MOST_UNPACKED, called)
        try:
            found = _found(stack, file, path, called)
        except BROKEN as e:
            raise FormatError(f"the archive cannot be unpacked ({e}); pack or get it again", path=called) from e
        yield [_as_text(stack, member) for member in found]


def _as_text(stack: ExitStack, member: Member) -> Member:
    """A binary Excel file's sheet, tabs between its cells; any other file as it is."""
    member.file.seek(0)
    if member.file.read(len(SIGNATURE)) != SIGNATURE:
        return member
    member.file.seek(0)
    text = sheet_text(member.file.read(MOST_BYTES + 1), member.path)
    return Member(member.path, stack.enter_context(io.BytesIO(text.encode())))


def _found(stack: ExitStack, file: BinaryIO, path: Path, called: Path) -> list[Member]:
    file.seek(0)
    magic = file.read(4)
    file.seek(0)
    if magic[:2] == b"\x1f\x8b":
        return [_gunzipped(stack, file, path.stat().st_size, called)]
    if magic == b"PK\x03\x04":
        return _unzipped(stack, file, called)
    return [Member(called, file)]


def _gunzipped(stack: ExitStack, file: BinaryIO, packed: int, called: Path) -> Member:
    inside = called.with_suffix("") if called.suffix.lower() in {".gz", ".gzip"} else called
    unpacked = stack.enter_context(gzip.GzipFile(fileobj=file))
    return Member(inside, _copied(stack, cast("BinaryIO", unpacked), max(FREE_BYTES, MOST_RATIO * packed), called))


def _unzipped(stack: ExitStack, file: BinaryIO, called: Path) -> list[Member]:
    archive = stack.enter_context(zipfile.ZipFile(file))
    names = archive.namelist()
    if "[Content_Types].xml" in names:
        raise FormatError("this is an Office document; save its sheet as CSV, and import that", path=called)
    infos = [info for info in archive.infolist() if not info.is_dir() and not _hidden(info.filename)]
    if not 1 <= len(infos) <= MOST_MEMBERS:
        raise FormatError(f"{len(infos)} files are in it; give 1 to {MOST_MEMBERS} of one recording", path=called)
    paths = [Path(PurePosixPath(info.filename.replace("\\", "/")).name) for info in infos]
    if again := [path for k, path in enumerate(paths) if path in paths[:k]]:
        raise FormatError(f"two files in it are called {again[0]}; unpack it and import its files", path=called)
    left, found = MOST_UNPACKED, []
    for inside, info in zip(paths, infos, strict=True):
        most = min(left, max(FREE_BYTES, MOST_RATIO * info.compress_size))
        unpacked = stack.enter_context(archive.open(info))
        copied = _copied(stack, cast("BinaryIO", unpacked), most, called)
        left -= copied.tell()
        copied.seek(0)
        found.append(Member(inside, copied))
    return found


def _hidden(name: str) -> bool:
    """Whether an operating system put it there."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or not parts or parts[-1].startswith(".")


def _copied(stack: ExitStack, file: BinaryIO, most: int, called: Path) -> BinaryIO:
    """All of a stream, in memory or on the disk; its position is its end."""
    out = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by the stack
    stack.callback(out.close)
    left = most
    while chunk := file.read(PIECE_BYTES):
        left -= len(chunk)
        if left < 0:
            raise FormatError(
                f"more than {most / 1e6:.0f} MB come out of it: that is no recording; unpack it yourself and import "
                "the file",
                path=called,
            )
        out.write(chunk)
    return cast("BinaryIO", out)
