"""Two files of one walk, one for each foot: which belong together, and both as one recording."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from insole.errors import FormatError
from insole.recording import NO_DATE, About, Recording, Side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

LARGEST_SHIFT_S = 60.0
"""Two files that start further apart are not taken for one walk (our judgement)."""
SIDE_WORDS = (
    (re.compile(r"(?:left|right)", re.IGNORECASE), True),
    (re.compile(r"(?<![A-Z])[LR]$"), False),
    (re.compile(r"(?<![A-Za-z])[lr](?![A-Za-z])", re.IGNORECASE), False),
)
"""What names a foot in a file's name: the word, a capital of its own at the end, or a letter set off."""
NO_CLOCK_NOTE = "neither file gives its start: both feet are taken to have started together"


def side_of(stem: str) -> tuple[str, Side] | None:
    """Take a file's name apart: what is left without the foot, and the foot. None where it names none or both."""
    for pattern, _ in SIDE_WORDS:
        words = pattern.findall(stem)
        sides = {Side.LEFT if word[0] in "lL" else Side.RIGHT for word in words}
        if len(sides) == 1:
            return pattern.sub("*", stem), sides.pop()
    return None


def grouped(paths: Iterable[Path], is_one_foot: Callable[[Path], bool]) -> list[tuple[Path, ...]]:
    """Put files of one foot each that differ only by the foot in their name together, in the order they came in.

    Parameters
    ----------
    paths
        Files.
    is_one_foot
        Whether a file is of a format that holds one foot; asked only where names make a pair.

    Returns
    -------
    A pair (left, right), or a file alone.
    """
    groups: dict[tuple[Path, str, str], dict[Side | Path, Path]] = {}
    for path in paths:
        found = side_of(path.name.partition(".")[0])
        rest, side = found or (path.name, None)
        key = (path.parent, rest, path.name.partition(".")[2].lower())
        groups.setdefault(key, {})[side or path] = path
    made: list[tuple[Path, ...]] = []
    for files in groups.values():
        if files.keys() == set(Side) and all(is_one_foot(path) for path in files.values()):
            made.append(tuple(files[side] for side in Side))
        else:
            made += [(path,) for path in files.values()]
    return made


def together(left: Recording, right: Recording) -> Recording:
    """One recording of two, each of one foot, on the clock of the earlier one.

    Raises
    ------
    FormatError
        If they are of the same foot, of both feet, or do not start within ``LARGEST_SHIFT_S``.
    """
    both = (left, right)
    name = Path(" + ".join(r.about.source_name for r in both))
    if len(left.feet) != 1 or len(right.feet) != 1 or left.feet.keys() == right.feet.keys():
        raise FormatError("the two files are not of a left and a right foot; import each alone", path=name)
    start = _start(both, name)
    feet = {}
    for recording in both:
        shift_s = (recording.started_at - start).total_seconds() if recording.started_at != NO_DATE else 0.0
        for side, foot in recording.feet.items():
            feet[side] = replace(foot, time_s=foot.time_s + shift_s)
    return Recording(id="", started_at=start, feet=feet, about=_about(both, name))


def _start(both: tuple[Recording, Recording], name: Path) -> datetime:
    dates = [r.started_at for r in both]
    if (dates[0] == NO_DATE) != (dates[1] == NO_DATE) or abs((dates[1] - dates[0]).total_seconds()) > LARGEST_SHIFT_S:
        raise FormatError(
            f"the two files start at {dates[0]:%Y-%m-%d %H:%M:%S} and {dates[1]:%Y-%m-%d %H:%M:%S}: not one walk; "
            "import each alone",
            path=name,
        )
    return min(dates)


def _about(both: tuple[Recording, Recording], name: Path) -> About:
    notes = list(dict.fromkeys(note for r in both for note in r.about.notes))
    if both[0].started_at == NO_DATE:
        notes.append(NO_CLOCK_NOTE)
    devices = dict.fromkeys(r.about.device for r in both)
    hashes = "\n".join(sorted(r.about.source_sha256 for r in both))
    return replace(
        both[0].about,
        device=" / ".join(devices),
        notes=tuple(notes),
        source_name=str(name),
        source_sha256=hashlib.sha256(hashes.encode()).hexdigest(),
    )
