"""ORPHE INSOLE ``sensor-left.csv`` and ``sensor-right.csv``: six sensors, acceleration, rotation, orientation.

A row of names, then a line for each sample: ``timestamp`` (Unix seconds), ``accX`` to ``accZ`` in g,
``gyroX`` to ``gyroZ`` in degrees per second, ``quatW`` to ``quatZ``, and ``press1`` to ``press6``,
which the maker calls newtons: they come from a polynomial that is the same for every insole, so
they are nominal. Columns are found by name; those of motion may be missing. The foot is in the
file's name. All samples of a packet carry one time, and the insole runs a few percent off its
nominal rate, so samples are counted and not timed: between packets, times must rise as the mean
rate says, and a jump is a gap.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from ingest.files import Format
from ingest.files._cells import Cells
from ingest.files._pairs import side_of
from ingest.files._text import LONGEST_GAP_S, gathered
from insole.errors import FormatError
from insole.layout import load_layout
from insole.recording import About, FootStream, Recording, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.files import Source
    from insole.typing import F32, F64, I64

HIGHEST_N = 10_000.0
"""A higher force, of either sign, is taken for a damaged number (our judgement)."""
HIGHEST_MOTION = 1e5
"""A larger number of g or degrees per second is taken for damage (our judgement)."""
LATEST_S = 4_102_444_800.0
"""2100-01-01; a later time is taken for a damaged number (our judgement)."""
RATES_HZ = (20.0, 500.0)
"""Rates outside are taken for damaged times (our judgement; the insole offers 50 to 208)."""
GAP_FRAMES = 8.0
"""A step of time above so many frames is a gap: a packet has 4 samples at most (our judgement)."""
PRESSURES = tuple(f"press{i}" for i in range(1, 7))
MOTION = {
    **{f"acc{axis}": f"acc_{axis.lower()}_g" for axis in "XYZ"},
    **{f"gyro{axis}": f"gyro_{axis.lower()}_dps" for axis in "XYZ"},
    **{f"quat{axis}": f"quat_{axis.lower()}" for axis in "WXYZ"},
}
"""The file's names of inertial columns, and ours."""
NOMINAL_NOTE = "forces come from the maker's polynomial, the same for every insole: they are nominal"


def sniff(head: str) -> bool:
    """Tell the format by its first row."""
    first, end, _ = head.partition("\n")
    return bool(end) and {"timestamp", *PRESSURES} <= set(_names(first))


def read(source: Source) -> Recording:
    """Read a whole file of one foot; see ``ingest.files.read``."""
    first, _, _ = source.head.partition("\n")
    names = _names(first)
    found = side_of(source.path.stem)
    if found is None:
        raise FormatError("the file's name does not say left or right; call it sensor-left.csv", path=source.path)
    if any(names.count(name) != 1 for name in ("timestamp", *PRESSURES)) or any(names.count(n) > 1 for n in MOTION):
        raise FormatError("the first row names a column twice; export again", path=source.path, line=1)
    moving = [name for name in MOTION if name in names]
    cells = Cells(
        columns=[names.index(name) for name in ("timestamp", *PRESSURES, *moving)],
        width=len(names),
        delimiter=",",
        missing="",
    )
    unix_s, force_n, motion = gathered(_lines(source, cells, len(first) + 1), source.path)
    source.unread += [name for name in names if name not in ("timestamp", *PRESSURES, *MOTION)]
    time_s, sample, rate_hz = _times(unix_s - unix_s[0], source)
    side = found[1]
    foot = FootStream(
        side=side,
        layout=load_layout("orphe-6"),
        sample=sample,
        time_s=time_s,
        values=force_n,
        unit=Unit.N,
        rate_hz=rate_hz,
        inertial=motion if moving else None,
        inertial_channels=tuple(MOTION[name] for name in moving),
    )
    started_at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(unix_s[0]))
    notes = (NOMINAL_NOTE, f"the file's name says that it is of the {side} foot")
    return Recording(id="", started_at=started_at, feet={side: foot}, about=About(device="ORPHE INSOLE", notes=notes))


def _names(row: str) -> list[str]:
    return [name.strip() for name in row.split(",")]


def _lines(source: Source, cells: Cells, start: int) -> Iterator[tuple[F64 | F32, ...]]:
    """Times, forces and inertial values, part by part."""
    for line, table in cells.parts(source, start):
        time_s, force_n, motion = table[:, 0], table[:, 1:7], table[:, 7:]
        for bad, words in (
            (~((time_s >= 0) & (time_s <= LATEST_S)), "the time is not a Unix time in seconds"),
            (~(np.abs(force_n) <= HIGHEST_N).all(axis=1), "a value is missing or not a force"),
            ((np.abs(motion) > HIGHEST_MOTION).any(axis=1), "a value is not an acceleration or a rotation"),
        ):
            if bad.any():
                at = line + int(np.argmax(bad))
                raise FormatError(f"{words}; export again", path=source.path, line=at)
        yield time_s, force_n.astype(np.float32), motion.astype(np.float32)


def _times(printed_s: F64, source: Source) -> tuple[F64, I64, float]:
    """Times and sample indices: samples of a packet are spread over it, at the mean rate between gaps."""
    step = np.diff(printed_s)
    wrong = (step < 0) | (step > LONGEST_GAP_S)
    if len(step) < 2 or printed_s[-1] <= 0 or wrong.any():
        line = source.row_line(int(np.argmax(wrong)) + 1) if wrong.any() else None
        raise FormatError("times do not rise, or too few samples; export again", path=source.path, line=line)
    new = np.flatnonzero(np.concatenate([[True], step > 0]))  # the first sample of each packet
    size = np.diff(new)
    pace = np.diff(printed_s[new]) / size
    frame_s = float(np.median(pace))
    if not 1 / RATES_HZ[1] <= frame_s <= 1 / RATES_HZ[0]:
        raise FormatError("the times of its lines give no sample rate; get the file again", path=source.path)
    lost = np.maximum(np.rint(np.diff(printed_s[new]) / frame_s) - size, 0)
    lost[pace * size <= GAP_FRAMES * frame_s] = 0
    before = np.repeat(np.concatenate([[0], np.cumsum(lost)]), np.diff([*new, len(printed_s)]))
    sample = (np.arange(len(printed_s)) + before).astype(np.int64)
    whole = np.interp(sample, sample[new], printed_s[new])
    after = sample > sample[new[-1]]
    whole[after] = printed_s[new[-1]] + (sample[after] - sample[new[-1]]) * frame_s
    return whole, sample, round(1 / frame_s, 3)


FORMAT = Format(
    name="orphe",
    title="ORPHE INSOLE samples (sensor-left.csv)",
    suffixes=(".csv",),
    sniff=sniff,
    read=read,
    one_foot=True,
)
