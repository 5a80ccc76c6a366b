"""XSENSOR frame-block ``.csv``: two insoles, text, pressure in the unit that the file names.

A head with ``Units`` and ``Threshold``; then a block for each frame: ``FRAME,n``, ``Date``,
``Time``, and for each foot ``SENSOR,<model>-LF <serial>`` (or ``-RF``) with its sizes, its sums
and, after ``SENSELS``, a line for each row of cells. Blocks ``GROUP`` repeat cells by region
and are skipped. Every line may be followed by one of commas only.

The first row is at the toes and insoles are seen from above, so the lateral side is left in the
left foot; settled from a published walk, where the pressure's centre runs from the last rows to
the first and hallux and arch are right in the left foot. ``FRAME`` counts samples; times are
those of the file, rounded to a millisecond, and the rate is the mean one over them.

*Areas.* Cell sizes are printed to 0.1 mm, which is not enough: a cell's area is the total area
over its number of cells, that number from the contact areas. Then the file's own loads agree
with the pressures to 0.01 N, and a frame whose load or contact area disagrees is refused.

*Cells.* A cell that the insole does not have is printed as zero. Those that exist are taken to
be all between the outermost ones ever loaded in a row, on either foot, as a pair of insoles
mirrors each other. If they are fewer than the total area tells, a note says how many more never
bore load: where they are is not known, so they are left out, and their zeros with them.

The line ``File:`` may hold a person's name and is kept only if names are asked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from ingest.files import Format
from ingest.files._grid import HIGHEST_KPA, ZONE_NOTE, foot_of_cells, heel_first
from ingest.files._text import LONGEST_GAP_S
from ingest.files._xsensor import FRAME, frames_of
from insole.errors import FormatError, UnitError
from insole.grids import grid_layout
from insole.recording import About, Recording, Side, Unit
from insole.units import N_PER_KPA_MM2, kpa_per

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.files import Source
    from ingest.files._xsensor import Frame
    from insole.typing import F64, I64, Bool

LOAD_TOLERANCE_N = 0.5
"""Loads and pressures are printed to two decimals; in a published walk they agree to 0.01 N (our judgement)."""
AREA_TOLERANCE_CM2 = 0.1
"""The same for contact areas: an eighth of a cell (our judgement)."""
SIZE_TOLERANCE = 0.03
"""A cell's area may differ so much from width times height, which are rounded (our judgement)."""
JITTER = 0.5
"""Largest departure of a frame's time from the mean rate, in frames (our judgement; times are rounded)."""
RATES_HZ = (5.0, 500.0)
"""Rates outside are taken for damaged times (our judgement)."""

NAME = re.compile(r"^File:,([^,\n]*)", re.MULTILINE)
HEAD = re.compile(r"^(Units|Threshold):,[ ]*([^,\n]+)", re.MULTILINE)


def sniff(head: str) -> bool:
    """Tell an XSENSOR export by three of its lines' beginnings."""
    return all(label in head for label in ("\nFRAME,", "\nSENSOR,", "Sensel Width (cm),"))


def read(source: Source) -> Recording:
    """Read a whole export; see ``ingest.files.read``."""
    text, path = source.text(), source.path
    source.first_row = 2
    source.personal("file", name[1] if (name := NAME.search(text)) else "")
    head, to_kpa = _head(text, path)
    frames = frames_of(text, path)
    sample, time_s, rate_hz = _times(frames, path)
    area_cm2, count = _cell(frames, path)
    cells = {side: _pressures(frames, side, to_kpa, area_cm2, path) for side in frames[0].feet}
    present = _present(list(cells.values()))
    if not present.any():
        raise FormatError("no cell is loaded in any frame; export the recording again", path=path)
    foot = next(iter(frames[0].feet.values()))
    scale = 10 * float(np.sqrt(area_cm2 / (foot.size_cm[0] * foot.size_cm[1])))
    layout = grid_layout(
        name=f"xsensor-{present.shape[0]}x{present.shape[1]}",
        title="XSENSOR insole",
        source="sizes and areas as the file gives them, of the cells that were ever loaded",
        present=present,
        pitch_mm=(foot.size_cm[0] * scale, foot.size_cm[1] * scale),
    )
    feet = {
        side: foot_of_cells(
            side, kpa, layout=layout, present=present, time_s=time_s, sample=sample, unit=Unit.KPA, rate_hz=rate_hz
        )
        for side, kpa in cells.items()
    }
    about = About(device=f"XSENSOR {foot.model}", notes=(ZONE_NOTE, *_notes(head, count - int(present.sum()))))
    return Recording(id="", started_at=frames[0].when, feet=feet, about=about)


def _head(text: str, path: Path) -> tuple[dict[str, str], float]:
    """What stands above the frames, and the kPa in one of its unit."""
    first = FRAME.search(text)
    head = dict(HEAD.findall(text[: first.start()])) if first else {}
    try:
        return head, kpa_per(head.get("Units", "missing"))
    except UnitError as e:
        raise FormatError(f"Units: {e}; export the recording again", path=path) from e


def _notes(head: dict[str, str], never_loaded: int) -> list[str]:
    notes = []
    if never_loaded > 0:
        notes.append(f"{never_loaded} of the insole's cells never bore load and are left out")
    if "Threshold" in head:
        notes.append(f"pressures below {head['Threshold'].strip()} {head['Units'].strip()} are zero in the file")
    return notes


def _times(frames: list[Frame], path: Path) -> tuple[I64, F64, float]:
    """Sample indices and times of the frames, and their mean rate."""
    sample = np.array([f.number for f in frames]) - frames[0].number
    time_s = np.array([(f.when - frames[0].when).total_seconds() for f in frames])
    if len(frames) < 2 or time_s[-1] <= 0 or sample[-1] <= 0:
        raise FormatError("a single frame, or frames out of order; export the recording again", path=path)
    rate_hz = float(sample[-1] / time_s[-1])
    step, frame_s = np.diff(sample), np.diff(time_s)
    good = (step >= 1) & (frame_s > 0) & (np.abs(frame_s * rate_hz - step) <= JITTER) & (frame_s <= LONGEST_GAP_S)
    if not (good.all() and RATES_HZ[0] <= rate_hz <= RATES_HZ[1]):
        wrong = frames[int(np.argmin(good)) + 1]
        raise FormatError(
            f"frame {wrong.number} at {wrong.when:%H:%M:%S.%f} does not follow the one before at {rate_hz:.4g} Hz; "
            "frames are damaged or out of order, export again",
            path=path,
            line=wrong.line,
        )
    return sample, time_s, rate_hz


def _cell(frames: list[Frame], path: Path) -> tuple[float, int]:
    """A cell's area in cm², and the number of cells of an insole."""
    feet = [foot for frame in frames for foot in frame.feet.values()]
    model, size_cm, total_cm2 = feet[0].model, feet[0].size_cm, feet[0].total_cm2
    if any((f.model, f.size_cm, f.total_cm2) != (model, size_cm, total_cm2) for f in feet):
        raise FormatError("model, cell size or total area change within the file; export again", path=path)
    loaded = [(f.contact_cm2 / n, n) for f in feet if (n := np.count_nonzero(f.cells))]
    nominal = size_cm[0] * size_cm[1]
    area = float(np.median([a for a, n in loaded if 2 * n >= max(n for _, n in loaded)])) if loaded else nominal
    count = round(total_cm2 / area) if area > 0 else 0
    if abs(area / nominal - 1) > SIZE_TOLERANCE or not 0 < count <= feet[0].cells.size:
        raise FormatError(
            f"cells of {size_cm[0]:g} x {size_cm[1]:g} cm do not fit a contact area of {area:.4f} cm² a loaded cell "
            f"and a total area of {total_cm2:g} cm²; export again",
            path=path,
        )
    return total_cm2 / count, count


def _pressures(frames: list[Frame], side: Side, to_kpa: float, area_cm2: float, path: Path) -> F64:
    """``(n, R, C)`` kPa in the foot frame, after comparing them with the file's own load and contact area."""
    feet = [frame.feet[side] for frame in frames]
    with np.errstate(over="ignore"):  # refused below as too high
        kpa = np.array([f.cells for f in feet]) * to_kpa
        load_n = kpa.sum(axis=(1, 2)) * (100 * area_cm2 * N_PER_KPA_MM2)
    contact_cm2 = np.count_nonzero(kpa, axis=(1, 2)) * area_cm2
    wrong = np.abs(load_n - [f.load_n for f in feet]) > LOAD_TOLERANCE_N
    wrong |= np.abs(contact_cm2 - [f.contact_cm2 for f in feet]) > AREA_TOLERANCE_CM2
    wrong |= (kpa > HIGHEST_KPA).any(axis=(1, 2))
    if wrong.any():
        i = int(np.argmax(wrong))
        raise FormatError(
            f"frame {frames[i].number}, {side}: the file gives {feet[i].load_n:g} N on {feet[i].contact_cm2:g} cm², "
            f"its cells {load_n[i]:.2f} N on {contact_cm2[i]:.2f} cm²; the frame is damaged, export again",
            path=path,
            line=frames[i].line,
        )
    return heel_first(kpa, lateral_right=side is Side.RIGHT)


def _present(feet: list[F64]) -> Bool:
    """``(R, C)`` cells between the outermost ever loaded in a row, of either foot."""
    loaded = np.any([(kpa > 0).any(axis=0) for kpa in feet], axis=0)
    from_lateral = np.logical_or.accumulate(loaded, axis=1)
    from_medial = np.logical_or.accumulate(loaded[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(from_lateral & from_medial, np.bool_)


FORMAT = Format(
    name="xsensor",
    title="XSENSOR frame export (.csv)",
    suffixes=(".csv",),
    sniff=sniff,
    read=read,
    record=FRAME,
)
