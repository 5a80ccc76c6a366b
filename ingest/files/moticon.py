"""Moticon OpenGo text export: two insoles of 16 sensors, pressure, on one time axis.

``# label: value`` lines, of which the last names the tab-separated columns; then a line per
instant. Columns differ between exports and are found by name. The insoles have two clocks, so
that a line may have values of one foot only: the other foot has no sample there. The file's
own total force shows damaged lines, and whether the layout's areas are those of this insole.

What the maker's software marked (``left steps``, and columns of events) is kept beside the recording.
``# Name:`` and ``# Notes:`` may hold a person's name: they are kept only if names are asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ingest.files import Format
from ingest.files._cells import Cells
from ingest.files._event import Event
from ingest.files._inertial import Inertial, inertial
from ingest.files._moticon_header import Header
from ingest.files._text import frame_indices, gathered
from insole.errors import FormatError, LayoutError, UnitError
from insole.layout import load_layout
from insole.recording import About, FootStream, Recording, Side, Unit
from insole.units import N_PER_KPA_MM2, kpa_per, n_per

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.files import Source
    from insole.layout import SensorLayout
    from insole.typing import F32, F64, I64

SENSORS = 16
HIGHEST_KPA = 5000.0
"""A higher pressure is taken for a damaged number (our judgement)."""
RATES_HZ = (5.0, 1000.0)
"""Rates outside are taken for damaged times (our judgement; a recorded walk has 100)."""
FORCE_TOLERANCE_N, FORCE_TOLERANCE = 5.0, 0.02
"""Between the file's total force and pressures times areas, and as a fraction of it (our
judgement). In a recorded walk of size 7 the difference is below 1.5 N and its rms below 0.5 N."""
BLOCK = 65536
"""Rows that are in memory as float64 at a time."""
MANY = 0.1
"""If more of the lines disagree on force, it is the areas that are wrong, not the lines (our judgement)."""
IGNORED_NOTE = "the file's own centre of pressure is not imported"
INERTIAL = {
    f"{theirs} {axis}": f"{ours}_{axis}"
    for theirs, ours in (("acceleration", "acc"), ("angular", "gyro"))
    for axis in "xyz"
}
"""The file's names of inertial columns, and ours."""
MARKS = {11: "heel strike", 21: "heel strike", 15: "toe-off", 25: "toe-off"}

SNIFF = re.compile(r"^#[ \t]*time\b[^\n]*\b(?:left|right) pressure 1[ ]?\[", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Foot:
    """One foot's part of the table: ``(n,)`` its rows, ``(n, 16)`` kPa, ``(n,)`` N (NaN: none given).

    Inertial values are those of all lines.
    """

    rows: I64
    kpa: F32
    total_n: F32
    inertial: Inertial


def sniff(head: str) -> bool:
    """Tell the format by the row of columns."""
    return SNIFF.search(head) is not None


def read(source: Source) -> Recording:
    """Read a whole export; see ``ingest.files.read``."""
    text = source.head
    start = text.rfind("\n#") + 1
    end = text.find("\n", start) + 1
    if not end:
        raise FormatError("the file ends in its header; export the recording again", path=source.path)
    header = Header(text[:end], source.path)
    layout = _layout(header)
    time_s, feet, notes = _table(source, header)
    frame_s = _frame_s(header, time_s)
    sample = frame_indices(time_s, frame_s=frame_s, source=source)
    notes += header.check_end(source, float(time_s[-1] - time_s[0]))
    for label in ("name", "notes"):
        source.personal(label, header.fields.get(label, ""))
    layout, doubts = _check_force(source, layout, feet)
    started_at, dated = header.started_at()
    streams = {
        side: FootStream(
            side=side,
            layout=layout,
            sample=sample[foot.rows],
            time_s=time_s[foot.rows],
            values=foot.kpa,
            unit=Unit.KPA,
            rate_hz=round(1 / frame_s, 6),
            inertial=foot.inertial.of(foot.rows),
            inertial_channels=foot.inertial.channels,
        )
        for side, foot in feet.items()
    }
    about = About(device=f"Moticon OpenGo, size {header.fields['size']}", notes=(dated, *notes, *doubts, IGNORED_NOTE))
    return Recording(id="", started_at=started_at, feet=streams, about=about)


def _layout(header: Header) -> SensorLayout:
    size = header.fields.get("size", "")
    try:
        return load_layout(f"moticon-16:{size}")
    except LayoutError as e:
        raise header.error(f"the sensors of this insole are not known: {e}", "size") from e


def _table(source: Source, header: Header) -> tuple[F64, dict[Side, Foot], list[str]]:
    """Times, the feet that have samples, and what the file holds besides."""
    named = header.named()
    sides = [side for side in Side if f"{side} pressure 1" in named]
    pressures = [f"{side} pressure {i}" for side in sides for i in range(1, SENSORS + 1)]
    if header.columns[0].lower() != "time" or not set(pressures) <= named.keys():
        raise header.error(f"the row of columns lacks the time or some of {SENSORS} pressures a foot; export them all")
    others = ("total force", "steps", *INERTIAL)
    kept = pressures + [f"{s} {c}" for s in sides for c in others if f"{s} {c}" in named]
    columns = {name: named[name][0] for name in kept}
    source.unread += [c for i, c in enumerate(header.columns[1:], 1) if i not in columns.values()]
    per = [_per_unit(header, *named[name], name) for name in kept]
    time_s, rest, *kpa = gathered(_lines(source, header, columns, per, len(sides)), source.path)
    by_name = dict(zip(kept[len(pressures) :], rest.T, strict=True))
    feet = {side: _foot(source, named, side, own, by_name) for side, own in zip(sides, kpa, strict=True)}
    notes = [f"the file has no samples of the {side} foot" for side in sides if not len(feet[side].rows)]
    stepped = [side for side in sides if f"{side} steps" in by_name]
    notes += [_marks(source, side, time_s, by_name[f"{side} steps"]) for side in stepped]
    notes += [note for side in sides for note in feet[side].inertial.unused(side, feet[side].rows)]
    feet = {side: foot for side, foot in feet.items() if len(foot.rows)}
    if not feet:
        raise FormatError("there are no samples in it; export the recording again", path=header.path)
    return time_s, feet, notes


def _per_unit(header: Header, _: int, unit: str, name: str) -> float:
    """What a column's values are multiplied by; inertial ones are converted later."""
    try:
        if "pressure" in name:
            return kpa_per(unit)
        return n_per(unit) if "total force" in name else 1.0
    except UnitError as e:
        raise header.error(f"{e}; export pressures in N/cm² and forces in N") from e


def _lines(
    source: Source, header: Header, columns: dict[str, int], per: list[float], feet: int
) -> Iterator[tuple[F64 | F32, ...]]:
    """Times, what is no pressure, and each foot's pressures in kPa, part by part."""
    cells = Cells(columns=[0, *columns.values()], width=len(header.columns), missing="")
    for _, table in cells.parts(source, header.end):
        with np.errstate(over="ignore"):  # refused as too high
            values = (table[:, 1:] * per).astype(np.float32)
        *kpa, others = np.split(values, [SENSORS * k for k in range(1, feet + 1)], axis=1)
        yield table[:, 0], others, *kpa


def _foot(source: Source, named: dict[str, tuple[int, str]], side: Side, kpa: F32, by_name: dict[str, F32]) -> Foot:
    """Rows with a foot's values; a row that has only some of them is damaged."""
    total_n = by_name.get(f"{side} total force", np.full(len(kpa), np.nan, np.float32))
    blank = np.isnan(kpa)
    rows = np.flatnonzero(~blank.any(axis=1))
    bad = np.flatnonzero((blank.any(axis=1) != blank.all(axis=1)) | (blank.all(axis=1) & ~np.isnan(total_n)))
    wild = np.flatnonzero(((kpa < 0) | (kpa > HIGHEST_KPA)).any(axis=1))
    for found, words in ((bad, "has some of its values, but not all"), (wild, "has a value that is not a pressure")):
        if found.size:
            line = source.row_line(int(found[0]))
            raise FormatError(f"the {side} foot {words}; get the file again", path=source.path, line=line)
    moving = {
        ours: (named[f"{side} {theirs}"][1], by_name[f"{side} {theirs}"].astype(np.float64))
        for theirs, ours in INERTIAL.items()
        if f"{side} {theirs}" in named
    }
    own = kpa if len(rows) == len(kpa) else kpa[rows]  # a walk may be large: no copy where all is there
    return Foot(rows, own, total_n[rows], inertial(moving, n=len(kpa), source=source))


def _marks(source: Source, side: Side, time_s: F64, steps: F32) -> str:
    """Keep what the maker's software found; how much that is."""
    at = np.flatnonzero(~np.isnan(steps))
    names = [MARKS.get(int(code), f"mark {code:g}") for code in steps[at]]
    source.events += [Event(float(time_s[i]), side, name) for i, name in zip(at, names, strict=True)]
    counts = {name: names.count(name) for name in ("heel strike", "toe-off")}
    others = len(names) - sum(counts.values())
    words = [f"{n} {name}{'s' * (n != 1)}" for name, n in (counts | ({"other mark": others} if others else {})).items()]
    return f"the file marks {', '.join(words)} of the {side} foot"


def _frame_s(header: Header, time_s: F64) -> float:
    """Time of a frame: the usual step from line to line."""
    with np.errstate(over="ignore", invalid="ignore"):  # absurd times are refused, here or at their line
        steps = np.diff(time_s)
    steps = steps[~np.isnan(steps)]
    frame_s = float(np.median(steps)) if len(steps) else 0.0
    if not 1 / RATES_HZ[1] <= frame_s <= 1 / RATES_HZ[0]:
        raise FormatError("the times of its lines give no sample rate; get the file again", path=header.path)
    return round(frame_s, 6)


def _check_force(source: Source, layout: SensorLayout, feet: dict[Side, Foot]) -> tuple[SensorLayout, list[str]]:
    """Compare the file's total force with pressures times areas.

    A line that disagrees is damaged. If many do, the areas are not those of this insole: they
    are taken from the layout, so that nobody computes a wrong force.
    """
    rows = np.concatenate([foot.rows for foot in feet.values()])
    given_n = np.concatenate([foot.total_n for foot in feet.values()])
    blocks = [foot.kpa[i : i + BLOCK] for foot in feet.values() for i in range(0, len(foot.kpa), BLOCK)]
    ours_n = np.concatenate([block @ layout.area_mm2 * N_PER_KPA_MM2 for block in blocks])
    if np.isnan(given_n).all():
        return layout, ["the file has no total force to check the sensors' areas by"]
    off = np.abs(given_n - ours_n) > np.maximum(FORCE_TOLERANCE_N, FORCE_TOLERANCE * ours_n)
    if np.mean(off[~np.isnan(given_n)]) > MANY:
        ratio = float(np.nanmedian(given_n[off] / np.maximum(ours_n[off], 1e-9)))
        note = f"the file's total force is {ratio:.3g} times pressures times areas: the areas are taken as not known"
        return replace(layout, area_mm2=np.full(SENSORS, np.nan)), [note]
    if off.any():
        i = int(np.flatnonzero(off)[np.argmin(rows[off])])
        message = f"the total force is {given_n[i]:g} N, the pressures give {ours_n[i]:.1f} N; the line is damaged"
        raise FormatError(f"{message}, get the file again", path=source.path, line=source.row_line(int(rows[i])))
    return layout, []


FORMAT = Format(name="moticon", title="Moticon OpenGo text export (.txt)", suffixes=(".txt",), sniff=sniff, read=read)
