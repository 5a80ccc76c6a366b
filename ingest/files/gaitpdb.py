"""PhysioNet "Gait in Parkinson's Disease" (gaitpdb 1.0.0): 8 force sensors a foot, text, N.

No header; 19 tab-separated columns: time in s, left 1 to 8, right 1 to 8, total left, total
right; 100 Hz. The totals let us see a damaged line. There is no body mass, no date and no
end mark: a file cut at a line's end cannot be told from a shorter walk.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from ingest.files import Format
from ingest.files._text import NO_DATE_NOTE, NUMBER, frame_indices, gathered, left_and_right, read_table, two_feet
from insole.errors import FormatError
from insole.layout import load_layout
from insole.recording import NO_DATE, About, Recording, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ingest.files import Source
    from insole.typing import F32, F64

SENSORS = 8
COLUMNS = 1 + 2 * SENSORS + 2
RATE_HZ = 100.0
TOTAL_TOLERANCE_N = 0.005
"""Totals are printed to 0.01 N; in six published files they equal the sums to 1e-12 N."""
HIGHEST_N = 10_000.0
"""A higher force on one sensor is taken for a damaged number (our judgement)."""
NAME = re.compile(r"((?:Ga|Ju|Si)(?:Co|Pt)\d{2})_(\d{2})")
"""Study, control or patient, subject, walk: for example ``GaCo02_01``."""


def sniff(head: str) -> bool:
    """Tell the format by 19 numbers in the first line."""
    first, end, _ = head.partition("\n")
    cells = first.split("\t")
    return bool(end) and len(cells) == COLUMNS and all(NUMBER.fullmatch(c) for c in cells)


def read(source: Source) -> Recording:
    """Read a whole walk; see ``ingest.files.read``."""
    time_s, *newtons = gathered(_lines(source), source.path)
    sample = frame_indices(time_s, frame_s=1 / RATE_HZ, source=source)
    layout = load_layout("gaitpdb-8")
    feet = two_feet(newtons, time_s=time_s, sample=sample, layout=layout, unit=Unit.N, rate_hz=RATE_HZ)
    return Recording(id="", started_at=NO_DATE, feet=feet, about=_about(source.path))


def _lines(source: Source) -> Iterator[tuple[F64 | F32, ...]]:
    """Times, and the forces of each foot, part by part."""
    for line, text in source.body(0):
        # A cut last number shows in the totals, so the last line may lack its end.
        table = read_table(text + "\n", columns=COLUMNS, first_line=line, path=source.path)
        newtons, totals = table[:, 1 : 1 + 2 * SENSORS], table[:, 1 + 2 * SENSORS :]
        _check_forces(newtons, totals, source.path, line)
        yield table[:, 0], *left_and_right(newtons)


def _about(path: Path) -> About:
    match = NAME.fullmatch(path.stem)
    subject, walk = match.groups() if match else ("", "")
    dual = subject.startswith("Ga") and walk == "10"
    return About(
        subject_code=subject,
        condition="dual task (serial sevens)" if dual else "",
        task="walking",
        device="Ultraflex, 8 force sensors a foot",
        notes=(NO_DATE_NOTE,),
    )


def _check_forces(newtons: F64, totals: F64, path: Path, line: int) -> None:
    bad = np.flatnonzero(((newtons < 0) | (newtons > HIGHEST_N)).any(axis=1))
    if bad.size:
        row = int(bad[0])
        worst = newtons[row][(newtons[row] < 0) | (newtons[row] > HIGHEST_N)][0]
        raise FormatError(f"{worst:g} N on one sensor is not a force; download again", path=path, line=line + row)
    sums = newtons.reshape(-1, 2, SENSORS).sum(axis=2)
    bad = np.flatnonzero((np.abs(sums - totals) > TOTAL_TOLERANCE_N).any(axis=1))
    if bad.size:
        row = int(bad[0])
        raise FormatError(
            f"columns 18 and 19 give {totals[row, 0]:g} and {totals[row, 1]:g} N, the sensors sum to "
            f"{sums[row, 0]:g} and {sums[row, 1]:g} N; the line is damaged, download again",
            path=path,
            line=line + row,
        )


FORMAT = Format(
    name="gaitpdb",
    title="PhysioNet gaitpdb walk (19 columns, .txt)",
    suffixes=(".txt",),
    sniff=sniff,
    read=read,
)
