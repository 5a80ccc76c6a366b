"""What a format is, which there are, and which one a file is of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from insole.errors import FormatError
from insole.registry import discover

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ingest.files._source import Source
    from insole.recording import Recording


@dataclass(frozen=True)
class Format:
    """A kind of file that can be imported.

    Attributes
    ----------
    name
        Stable name, for example ``pedar``.
    title
        For people.
    suffixes
        Usual file name endings, lower case. They only decide between two claims.
    sniff
        From the text of a file's first ``HEAD_BYTES``, lines ended by line feeds: is it mine? Never raises.
    read
        From the whole file: the recording, without its source. Raises ``FormatError``.
    record
        What the first line of a page or frame looks like, where records are not lines.
    named
        File names that are of this format whatever the file holds; for tables without a header.
    one_foot
        Whether a file holds one foot, so that the other is a file like it.
    beside
        File names that belong to a file of this format, and are nothing alone.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    sniff: Callable[[str], bool]
    read: Callable[[Source], Recording]
    record: re.Pattern[str] | None = None
    named: re.Pattern[str] | None = None
    one_foot: bool = False
    beside: re.Pattern[str] | None = None


def formats() -> Mapping[str, Format]:
    """Return the formats that can be imported, by name."""
    return discover("ingest.files", "FORMAT", Format)


def is_beside(path: Path) -> bool:
    """Whether a file belongs to another one, and is nothing alone."""
    return any(f.beside is not None and f.beside.search(path.name) for f in formats().values())


def claims(source: Source) -> list[Format]:
    """Formats whose file this may be."""
    known = formats().values()
    by_name = [f for f in known if f.named is not None and f.named.search(source.path.name)]
    return by_name or [f for f in known if f.sniff(source.beginning)]


def claim(source: Source) -> Format:
    """Find the one format whose file this is.

    Raises
    ------
    FormatError
        If it is of none, or of several.
    """
    if not source.beginning.strip():
        raise FormatError("the file is empty; export the recording again", path=source.path)
    if source.mapping is not None:
        return formats()["mapped"]
    claimed = claims(source)
    named = [f for f in claimed if source.path.suffix.lower() in f.suffixes]
    if len(claimed) == 1 or len(named) == 1:
        return claimed[0] if len(claimed) == 1 else named[0]
    if claimed:
        titles = "; ".join(f"{f.title}: {', '.join(f.suffixes)}" for f in claimed)
        raise FormatError(f"could be several formats; give it the file name ending of one ({titles})", path=source.path)
    known = "; ".join(f.title for f in formats().values())
    looks = "is binary, not a text export" if "\0" in source.beginning else "is of no known format"
    raise FormatError(f"{looks}; export it as one of: {known}", path=source.path)
