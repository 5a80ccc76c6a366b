"""From paths to what is read of them: a file, the one in an archive, or a pair."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.files._format import claims, is_beside
from ingest.files._pairs import grouped
from ingest.files._source import Source
from ingest.files._unpack import Member, members
from insole.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any


def sources(stack: ExitStack, path: Path, called: Path, how: dict[str, Any]) -> list[Source]:
    """Open a file: what is read of it, one source or a left and a right one.

    Parameters
    ----------
    stack
        Closes what is opened.
    path, called
        The file, and its name for errors.
    how
        What each source is told: ``salvage``, ``keep_names``, ``mapping``.

    Raises
    ------
    FormatError
        If it cannot be read or unpacked, or an archive holds no recording or several.
    """
    if path.is_dir():
        raise FormatError("this is a folder; give the file in it", path=called)
    try:
        packed = stack.enter_context(members(path, called))
    except FileNotFoundError as e:
        raise FormatError("there is no such file; check the path", path=called) from e
    except (OSError, ValueError) as e:  # ValueError: a path with a NUL in it
        raise FormatError(f"cannot be read ({e}); check the path and its permissions", path=called) from e
    if len(packed) == 1:
        return [Source(packed[0].path, packed[0].file, beside=_neighbour(stack, path), **how)]
    return _of_archive(packed, called, how)


def recordings_in(paths: Iterable[Path]) -> list[tuple[Path, ...]]:
    """Which of several files are a recording together: a file alone, or a left and a right one.

    Parameters
    ----------
    paths
        Files, in any order; those that only belong to another (BIDS) are recordings of none.
    """

    def is_one_foot(path: Path) -> bool:
        try:
            with ExitStack() as stack:
                (source,) = sources(stack, path, Path(path.name), {})
                return any(f.one_foot for f in claims(source))
        except (FormatError, ValueError, OSError):
            return False  # to be told when it is read

    return grouped(paths, is_one_foot)


def _neighbour(stack: ExitStack, path: Path) -> Callable[[str], Source | None]:
    def beside(name: str) -> Source | None:
        try:
            return Source(Path(name), stack.enter_context(path.with_name(name).open("rb")))
        except (OSError, ValueError):
            return None

    return beside


def _of_archive(packed: Sequence[Member], called: Path, how: dict[str, Any]) -> list[Source]:
    """Of the files of a zip, those that are one recording: a file, or one for each foot."""
    by_name = {member.path.name: member for member in packed}

    def beside(name: str) -> Source | None:
        return Source(Path(name), by_name[name].file) if name in by_name else None

    found = {path: Source(path, m.file, beside=beside, **how) for path, m in _known(packed, how)}
    groups = grouped(found, lambda path: any(f.one_foot for f in claims(found[path])))
    if len(groups) != 1:
        words = "none of its files is of a known format" if not groups else f"it holds {len(groups)} recordings"
        names = ", ".join(str(p) for p in list(by_name)[:5])
        raise FormatError(f"{words} ({names}, ...); unpack it and import its files", path=called)
    return [found[path] for path in groups[0]]


def _known(packed: Sequence[Member], how: dict[str, Any]) -> Iterator[tuple[Path, Member]]:
    for member in packed:
        claimed = how.get("mapping") is not None or claims(Source(member.path, member.file))
        if claimed and not is_beside(member.path):
            yield member.path, member
