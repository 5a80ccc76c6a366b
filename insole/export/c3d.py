"""C3D: force and centre of pressure of a foot as analog channels, through ezc3d (extra ``c3d``).

A C3D file has one regular grid of frames, and the feet have two clocks: so each foot is a file of its
own, at its own rate, and nothing is resampled. A missing sample is NaN. The format counts frames in
16 bits: a longer recording is several files. Foot-on and foot-off of its steps are the events
``Foot Strike`` and ``Foot Off``; marks stand beside them. (C3D.org, The C3D File Format User Guide, 2008.)
"""

from __future__ import annotations

import tempfile
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from insole.export._beside import DICTIONARY, marks
from insole.export._exporter import Choice, Exporter, OutFile, needed
from insole.export._text import Column, small_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from insole.export._outgoing import Outgoing
    from insole.recording import Side

MOST_FRAMES = 65_535
"""Frames of a file."""
MOST_EVENTS = 255
"""Events of a file: a parameter's dimension is a byte."""
LONGEST_LABEL = 32
"""Characters of an event's label."""
CHANNELS = (
    Column("FORCE", "N", "force of the foot; counts or kPa, summed, where N are not known: see ANALOG:UNITS"),
    Column("COPX", "mm", "centre of pressure, + medial on both feet; NaN where the force is too small"),
    Column("COPY", "mm", "centre of pressure from the heel to the toes"),
    Column("EVENT", "s", "Foot Strike, Foot Off, and what was marked; seconds since the file's first frame"),
    Column("INSOLE:START_S", "s", "session time of the file's first frame"),
    Column("INSOLE:SIDE", "", "left or right"),
    Column("INSOLE:SUBJECT", "", "the subject's code"),
)


def files(outgoing: Outgoing, choice: Choice) -> Iterator[OutFile]:
    """A file a foot, several of a long one; what their channels hold; the marks if there are any."""
    for side, foot in outgoing.study.walk.feet.items():
        firsts = range(0, len(foot.force), MOST_FRAMES)
        for number, first in enumerate(firsts, 1):
            end = f".{number}" if len(firsts) > 1 else ""
            yield OutFile(f"{outgoing.label}.{side}{end}.c3d", _writer(outgoing, side, first), packed=True)
    rows = [(column.name, column.unit, column.meaning) for column in CHANNELS]
    yield OutFile(f"{outgoing.label}.dictionary.csv", lambda: small_table(DICTIONARY, rows, Choice()))
    yield from marks(outgoing, choice)


def _writer(outgoing: Outgoing, side: Side, first: int) -> Callable[[], Iterator[bytes]]:
    """Writes the frames of a foot from one on."""

    def chunks() -> Iterator[bytes]:
        try:
            import ezc3d
        except ImportError as e:
            raise needed("ezc3d", extra="c3d") from e
        made = _filled(ezc3d.c3d(), outgoing, side, first)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "made.c3d"
            made.write(str(path))
            yield path.read_bytes()

    return chunks


def _filled(made: Any, outgoing: Outgoing, side: Side, first: int) -> Any:
    study = outgoing.study
    foot, rows = study.walk.feet[side], slice(first, first + MOST_FRAMES)
    channels = np.column_stack([foot.force[rows], study.cop[side][rows]]).T
    start_s = float(foot.time_s[first])
    stop_s = float(foot.time_s[rows][-1]) + foot.period_s
    made["parameters"]["POINT"]["RATE"]["value"] = [foot.rate_hz]
    made["parameters"]["ANALOG"]["RATE"]["value"] = [foot.rate_hz]
    made["parameters"]["ANALOG"]["LABELS"]["value"] = ["FORCE", "COPX", "COPY"]
    made["parameters"]["ANALOG"]["UNITS"]["value"] = [foot.force_unit, "mm", "mm"]
    made["data"]["points"] = np.zeros((4, 0, channels.shape[1]))
    made["data"]["analogs"] = channels[None]
    made.add_parameter("INSOLE", "START_S", [start_s])
    made.add_parameter("INSOLE", "SIDE", [str(side)])
    made.add_parameter("INSOLE", "SUBJECT", [outgoing.sheet.about.subject_code])
    events = [e for e in _events(outgoing, side) if start_s <= e[0] < stop_s][:MOST_EVENTS]
    made.add_parameter("EVENT", "USED", [len(events)])
    if events:
        after_s = np.array([time_s - start_s for time_s, _ in events])
        made.add_parameter("EVENT", "CONTEXTS", [str(side).capitalize()] * len(events))
        made.add_parameter("EVENT", "LABELS", [label for _, label in events])
        made.add_parameter("EVENT", "TIMES", np.vstack([after_s // 60, after_s % 60]))
    return made


def _events(outgoing: Outgoing, side: Side) -> list[tuple[float, str]]:
    """Steps and marks of a foot, by time."""
    steps = chain.from_iterable(
        ((step.start_s, "Foot Strike"), (step.stop_s, "Foot Off")) for step in outgoing.study.steps[side]
    )
    own = [m for m in outgoing.sheet.marks if m.side in {None, side}]
    return sorted([*steps, *((m.start_s, (m.text or str(m.kind))[:LONGEST_LABEL]) for m in own)])


EXPORTER = Exporter(name="c3d", title="Force and centre of pressure (C3D)", suffix=".c3d", files=files, needs="ezc3d")
