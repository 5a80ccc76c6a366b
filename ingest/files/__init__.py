"""Recordings that other makers' software wrote to files.

One module per format, each with a constant ``FORMAT``. ``read`` looks at what a file holds,
not at what it is called, and gives a ``Recording`` or a ``FormatError``: never half a walk,
unless half a walk was asked for (``salvage``).
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from ingest.files._event import Event
from ingest.files._format import Format, claim, formats, is_beside
from ingest.files._mapping import Mapped, load_mapping
from ingest.files._opening import recordings_in, sources
from ingest.files._pairs import grouped, together
from ingest.files._salvage import salvaged
from ingest.files._source import HEAD_BYTES, Source
from insole.errors import FormatError, LayoutError, RecordingError
from insole.recording import to_ticks_us

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from insole.recording import FootStream, Recording
    from insole.records import Mark

__all__ = [
    "HEAD_BYTES",
    "Event",
    "Format",
    "Source",
    "Understood",
    "formats",
    "grouped",
    "is_beside",
    "load_mapping",
    "read",
    "recordings_in",
    "understand",
]


@dataclass(frozen=True)
class Understood:
    """What was made of a file.

    Attributes
    ----------
    recording
        As ``read`` returns it.
    format
        What the file is.
    unread
        Columns or parts that are not imported.
    events
        What the maker's software marked; session seconds.
    given_marks
        What was marked in a recording that this program exported.
    """

    recording: Recording
    format: Format
    unread: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    given_marks: tuple[Mark, ...] = ()

    @property
    def marks(self) -> tuple[Mark, ...]:
        """All of it as a store keeps it: events as marks that change no number."""
        return (*self.given_marks, *(event.as_mark() for event in self.events))


def read(path: Path | str, *more: Path | str, name: str | Sequence[str] | None = None, **how: Any) -> Recording:
    """Read a recording from a file of any known format; see ``understand``."""
    return understand(path, *more, name=name, **how).recording


def understand(
    path: Path | str,
    *more: Path | str,
    name: str | Sequence[str] | None = None,
    salvage: bool = False,
    keep_names: bool = False,
    mapping: Mapped | None = None,
) -> Understood:
    """Read a recording from a file of any known format, and say what it was.

    A gzipped file is unpacked; of a zip, the one file or the pair of files that is a recording is
    taken.

    Parameters
    ----------
    path, more
        The file; or two, one for each foot.
    name
        What the file is called for its user, or each of two, where that is not its path (an
        upload). Only its last part is kept.
    salvage
        Take what is whole of a damaged file; what was left out is in the notes.
    keep_names
        Keep header lines that may hold a person's name, in the notes.
    mapping
        Which column is what, from ``load_mapping``: the file is then read as
        a table of no maker's format.

    Returns
    -------
    The recording, with an empty ``id``, and the file's name and SHA-256 in ``about``: of what was
    packed, so that a gzipped file is known again.

    Raises
    ------
    FormatError
        If the file cannot be read, is of no known format, or is not wholly of its format.
    """
    given = [Path(path), *(Path(one) for one in more)]
    names = [name] if isinstance(name, str) else name or [one.name for one in given]
    how = {"salvage": salvage, "keep_names": keep_names, "mapping": mapping}
    with ExitStack() as stack:
        opened: list[Source] = []
        for one, its_name in zip(given, names, strict=True):
            called = Path(PureWindowsPath(its_name).name or "file")
            opened += sources(stack, one, called, how)
        found = [_read_one(source, claim(source)) for source in opened]
    return found[0] if len(found) == 1 else _pair(found, given[0])


def _pair(found: list[Understood], path: Path) -> Understood:
    """One recording of two files, a left and a right foot's."""
    if len(found) > 2:
        raise FormatError(f"{len(found)} files are no pair; import each alone", path=path)
    both = together(found[0].recording, found[1].recording)
    unread = tuple(dict.fromkeys(part for one in found for part in one.unread))
    return Understood(_on_ticks(both), found[0].format, unread)


def _read_one(source: Source, format_: Format) -> Understood:
    try:
        if source.salvage:
            recording, source = salvaged(source, format_.read, format_.record)
        else:
            recording = format_.read(source)
    except (LayoutError, RecordingError) as e:
        raise FormatError(f"{e}; export the recording again", path=source.path) from e
    except OSError as e:
        raise FormatError(f"cannot be read ({e}); check the disk that it is on", path=source.path) from e
    notes = (*recording.about.notes, *source.notes)
    about = replace(recording.about, source_name=source.path.name, source_sha256=source.sha256, notes=notes)
    whole = _on_ticks(replace(recording, about=about))
    return Understood(whole, format_, tuple(source.unread), tuple(source.events), tuple(source.marks))


def _on_ticks(recording: Recording) -> Recording:
    """Times as a store gives them back, so that a file and its import have the same values to the last bit."""

    def on_ticks(foot: FootStream) -> FootStream:
        return replace(foot, time_s=foot.clock.to_session_s(to_ticks_us(foot.time_s)))

    return replace(recording, feet={side: on_ticks(foot) for side, foot in recording.feet.items()})
