"""Where a user's data lives, and files that are there whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def data_folder(given: Path | str | None = None) -> Path:
    """``given``, or the folder in the environment's INSOLE_DATA, or else the user's data folder; absolute."""
    chosen = given or os.environ.get("INSOLE_DATA")
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("insole", appauthor=False)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file for its owner only, text as UTF-8; one of that name is replaced, whole or not at all.

    Raises
    ------
    OSError
        If it cannot be written; what was there before is still there.
    """
    write_parts(path, [content.encode() if isinstance(content, str) else content])


def write_parts(path: Path, parts: Iterable[bytes]) -> int:
    """As ``write_whole``, of bytes that are made while they are written; how many there were.

    Raises
    ------
    OSError
        As ``write_whole``. What making the parts raises passes through; nothing is written then either.
    """
    with NamedTemporaryFile("wb", dir=path.parent, delete=False) as file:
        beside = Path(file.name)
        try:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
            file.close()
            beside.replace(path)
        except BaseException:
            with suppress(OSError):  # what is left to write does not fit either
                file.close()
            beside.unlink(missing_ok=True)
            raise
    return size
