"""What an exporter is, which there are, and what one may choose."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from insole.errors import ExportError
from insole.registry import discover

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from insole.export._outgoing import Outgoing, Summary


@dataclass(frozen=True)
class Choice:
    """What whoever exports may choose.

    Attributes
    ----------
    dated
        Dates, notes and the names of source files leave too. Otherwise nothing does that tells when or who:
        a subject is its code, a day a number of days since its first recording.
    units_row
        A second line of units, in tables as text.
    """

    dated: bool = False
    units_row: bool = False


@dataclass(frozen=True)
class OutFile:
    """A file to be written.

    Attributes
    ----------
    name
        With folders, ``/`` between them.
    chunks
        Makes its bytes, part by part; nothing is worked out before it is called.
    packed
        Compressed already.
    may_be_large
        May exceed 4 GB, which a zip must know beforehand.
    """

    name: str
    chunks: Callable[[], Iterator[bytes]]
    packed: bool = False
    may_be_large: bool = False


@dataclass(frozen=True)
class Exporter:
    """A form in which recordings leave.

    Attributes
    ----------
    name
        Stable name, for example ``parquet``.
    title
        For people.
    suffix
        How its main file ends; empty where it is a folder of files with names of their own.
    files
        Files of a recording; each begins with ``Outgoing.label``, where their names are free.
    index
        Files of all recordings that leave together, made last; None: a table of them.
    needs
        A library that not everybody has, as it is imported.
    """

    name: str
    title: str
    suffix: str
    files: Callable[[Outgoing, Choice], Iterable[OutFile]]
    index: Callable[[Sequence[Summary], Choice], Iterable[OutFile]] | None = None
    needs: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether what it needs is installed."""
        return not self.needs or find_spec(self.needs) is not None


def exporters() -> Mapping[str, Exporter]:
    """The forms in which recordings leave, by name."""
    return discover("insole.export", "EXPORTER", Exporter)


def exporter(name: str) -> Exporter:
    """The exporter of that name.

    Raises
    ------
    ExportError
        If there is none, with those that there are.
    """
    found = exporters().get(name)
    if found is None:
        raise ExportError(f"there is no format {name!r}; there are: {', '.join(exporters())}")
    return found


def needed(module: str, *, extra: str) -> ExportError:
    """The error where a library is not installed that a format needs."""
    return ExportError(f"this format needs {module}, which is not installed: pip install 'insole[{extra}]'")
