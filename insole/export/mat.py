"""MATLAB: a version 5 file with one structure a foot, through SciPy (extra ``matlab``)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from insole.errors import ExportError
from insole.export._beside import DICTIONARY
from insole.export._exporter import Choice, Exporter, OutFile, needed
from insole.export._text import Column, small_table
from insole.records import mark_to_dict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from insole.export._outgoing import Outgoing
    from insole.recording import Side

MOST_BYTES = 2**31
"""Of a variable: the end of version 5."""
HEADER = b"MATLAB 5.0 MAT-file, written by insole".ljust(116)
"""Instead of SciPy's, which tells the date: the same recording gives the same bytes."""
VARIABLES = (
    Column("left, right", "", "a structure for each foot, with the fields below"),
    Column("sample", "", "(n, 1) index on the foot's own grid; a jump is a gap"),
    Column("time_s", "s", "(n, 1) session time"),
    Column("values", "", "(n, S) a column a sensor, in the unit that the field unit names; NaN is missing"),
    Column("unit", "", "unit of values: counts, kPa or N"),
    Column("rate_hz", "Hz", "nominal sample rate"),
    Column("xy_mm", "mm", "(S, 2) places of the sensors, from the heel; x medial on both feet, y to the toes"),
    Column("area_mm2", "mm²", "(S, 1) areas of the sensors; NaN where the device gives force only"),
    Column("inertial", "", "(n, C) inertial channels, on the device's own axes"),
    Column("inertial_channels", "", "names of the C channels with their units"),
    Column("marks", "", "structures with kind, start_s, stop_s, side and text"),
    Column("about", "", "subject_code, condition, task, body_mass_kg, device, day and started_at; empty is not known"),
)


def files(outgoing: Outgoing, _choice: Choice) -> Iterator[OutFile]:
    """The file, and what its variables hold."""
    yield OutFile(f"{outgoing.label}.mat", lambda: _written(outgoing), packed=True)
    rows = [(column.name, column.unit, column.meaning) for column in VARIABLES]
    yield OutFile(f"{outgoing.label}.dictionary.csv", lambda: small_table(DICTIONARY, rows, Choice()))


def _written(outgoing: Outgoing) -> Iterator[bytes]:
    try:
        from scipy.io import savemat
    except ImportError as e:
        raise needed("SciPy", extra="matlab") from e
    content = {str(side): _foot(outgoing, side) for side in outgoing.metas}
    content |= {"marks": _marks(outgoing), "about": _about(outgoing)}
    out = io.BytesIO()
    savemat(out, content, do_compression=True, long_field_names=True, oned_as="column")
    yield HEADER
    yield out.getbuffer()[len(HEADER) :].tobytes()


def _foot(outgoing: Outgoing, side: Side) -> dict[str, Any]:
    meta = outgoing.metas[side]
    if outgoing.numbers_of(side) * np.dtype(np.float32).itemsize > MOST_BYTES:
        raise ExportError(
            f"the {side} foot has more than {MOST_BYTES / 1e9:.1f} GB, which a .mat file does not hold; "
            "export it as parquet, which MATLAB reads too"
        )
    blocks = list(outgoing.blocks(side))
    if not blocks:
        blocks = [outgoing.window(None, None, side)[side]]
    found = {
        "sample": np.concatenate([foot.sample for foot in blocks]),
        "time_s": np.concatenate([foot.time_s for foot in blocks]),
        "values": np.concatenate([foot.values for foot in blocks]),
        "unit": str(meta.unit),
        "rate_hz": meta.rate_hz,
        "xy_mm": meta.layout.xy_mm,
        "area_mm2": meta.layout.area_mm2,
    }
    if meta.inertial:
        found["inertial"] = np.concatenate([foot.inertial for foot in blocks if foot.inertial is not None])
        found["inertial_channels"] = np.array(meta.inertial, dtype=object)
    return found


def _marks(outgoing: Outgoing) -> Any:
    marks = [mark_to_dict(mark) for mark in outgoing.sheet.marks]
    names = ("kind", "start_s", "stop_s", "side", "text")
    made = np.zeros((len(marks), 1), dtype=[(name, object) for name in names])
    for i, mark in enumerate(marks):
        made[i, 0] = tuple(mark[name] if mark[name] is not None else "" for name in names)
    return made


def _about(outgoing: Outgoing) -> dict[str, Any]:
    about, sheet = outgoing.sheet.about, outgoing.sheet
    said = {name: getattr(about, name) for name in ("subject_code", "condition", "task", "body_mass_kg", "device")}
    said |= {"day": sheet.day, "started_at": "" if sheet.started_at is None else sheet.started_at.isoformat()}
    return {name: np.empty((0, 0)) if value is None else value for name, value in said.items()}


EXPORTER = Exporter(name="mat", title="Samples (MATLAB)", suffix=".mat", files=files, needs="scipy")
