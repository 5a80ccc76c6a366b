"""Recordings that other makers' software wrote to files.

One module per format, each with a constant ``FORMAT``. ``read`` looks at what a file holds,
not at what it is called, and gives a ``Recording`` or a ``FormatError``: never half a walk.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from insole.errors import FormatError, LayoutError, RecordingError
from insole.recording import to_ticks_us
from insole.registry import discover

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from insole.recording import FootStream, Recording

HEAD_BYTES = 8192
"""How much of a file a format may look at before it claims it."""


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
        From the first ``HEAD_BYTES`` of a file: is it mine? Never raises.
    read
        From the whole content and the name to call it by in errors: the recording, without
        its source. Raises ``FormatError``.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], bool]
    read: Callable[[bytes, Path], Recording]


def formats() -> Mapping[str, Format]:
    """Return the formats that can be imported, by name."""
    return discover("ingest.files", "FORMAT", Format)


def read(path: Path | str, *, name: str | None = None) -> Recording:
    """Read a recording from a file of any known format.

    Parameters
    ----------
    path
        The file.
    name
        What the file is called for its user, where that is not its path (an upload). Only
        its last part is kept.

    Returns
    -------
    The recording, with an empty ``id``, and the file's name and SHA-256 in ``about``.

    Raises
    ------
    FormatError
        If the file cannot be read, is of no known format, or is not wholly of its format.
    """
    path = Path(path)
    called = Path(PureWindowsPath(name or path.name).name or "file")
    content, format_ = _open(path, called)
    try:
        recording = format_.read(content, called)
    except (LayoutError, RecordingError) as e:
        raise FormatError(f"{e}; export the recording again", path=called) from e
    about = replace(recording.about, source_name=called.name, source_sha256=hashlib.sha256(content).hexdigest())
    feet = {side: _on_ticks(foot) for side, foot in recording.feet.items()}
    return replace(recording, about=about, feet=feet)


def _on_ticks(foot: FootStream) -> FootStream:
    """Times as a store gives them back, so that a file and its import have the same values to the last bit."""
    return replace(foot, time_s=foot.clock.to_session_s(to_ticks_us(foot.time_s)))


def _open(path: Path, called: Path) -> tuple[bytes, Format]:
    if path.is_dir():
        raise FormatError("this is a folder; give the file in it", path=called)
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
            format_ = _claim(head, called)
            return head + file.read(), format_
    except FileNotFoundError as e:
        raise FormatError("there is no such file; check the path", path=called) from e
    except (OSError, ValueError) as e:  # ValueError: a path with a NUL in it
        raise FormatError(f"cannot be read ({e}); check the path and its permissions", path=called) from e


def _claim(head: bytes, called: Path) -> Format:
    """Find the one format whose file this is."""
    if not head.strip():
        raise FormatError("the file is empty; export the recording again", path=called)
    claims = [f for f in formats().values() if f.sniff(head)]
    named = [f for f in claims if called.suffix.lower() in f.suffixes]
    if len(claims) == 1 or len(named) == 1:
        return claims[0] if len(claims) == 1 else named[0]
    if claims:
        titles = "; ".join(f"{f.title}: {', '.join(f.suffixes)}" for f in claims)
        raise FormatError(f"could be several formats; give it the file name ending of one ({titles})", path=called)
    known = "; ".join(f.title for f in formats().values())
    looks = "is binary or UTF-16, not a text export" if b"\0" in head else "is of no known format"
    raise FormatError(f"{looks}; export it as one of: {known}", path=called)
