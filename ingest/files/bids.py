"""BIDS-Motion: one insole a tracking system, as three files that belong together.

``..._tracksys-leftinsole_motion.tsv`` has tab-separated numbers without a header, a line for each
sample, ``n/a`` where there is no value; ``..._channels.tsv`` names its columns (``name``,
``component``, ``type``, ``tracked_point``, ``units``); ``..._motion.json`` has ``TaskName`` and
``SamplingFrequency``. BIDS has no type for pressure or force, so sensors are of type ``MISC``.
``docs/formats.md`` says which channels and keys are read. The other insole is a file of its own
beside it; ``left`` and ``right`` in the names make them a pair.

(BIDS 1.9, Motion; Jeung et al. 2024, doi 10.1038/s41597-024-03559-8.)
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.files import Format
from ingest.files._cells import Cells
from ingest.files._pairs import side_of
from ingest.files._table import Table, foot_of
from ingest.files._text import NO_DATE_NOTE, gathered
from insole.calibration import calibration_from_dict
from insole.errors import CalibrationError, FormatError, LayoutError, UnitError
from insole.layout import SensorLayout, layout_from_dict, load_layout
from insole.recording import NO_DATE, About, Recording, Side, Unit
from insole.recording.channels import NAME as CHANNEL
from insole.units import dps_per, g_per

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.files import Source
    from insole.calibration import AnyCalibration
    from insole.typing import F32, F64

MOST_SIDECAR = 16 * 1024**2
"""Bytes of a file beside the samples (our judgement: a layout of 10 000 cells is 1 MB)."""
GROUP = "PlantarPressure"
"""Key of what BIDS has no key for."""
SENSOR = re.compile(r"s\d{1,5}")
REQUIRED = ("name", "component", "type", "tracked_point", "units")
INERTIAL = {"ACCEL": ("acc", "g", g_per), "GYRO": ("gyro", "dps", dps_per)}
KEPT_TYPES = ("ACCEL", "GYRO", "MAGN", "ORNT", "MISC")
UNITS = {str(unit).lower(): unit for unit in Unit}


@dataclass(frozen=True)
class Channel:
    """A column of the samples: what it is called here, and what its values are multiplied by."""

    column: int
    name: str
    factor: float = 1.0


def read(source: Source) -> Recording:
    """Read a whole insole; see ``ingest.files.read``."""
    meta, meta_name = _json(source)
    rate_hz = meta.get("SamplingFrequency")
    if not isinstance(rate_hz, int | float) or not 0 < rate_hz < 1e5:
        raise FormatError(f"SamplingFrequency is {rate_hz!r}, not a rate in Hz", path=meta_name)
    if not isinstance(own := meta.get(GROUP, {}), dict):
        raise FormatError(f"{GROUP} is not an object of keys and values", path=meta_name)
    side, layout = _side(source, own, meta_name), _layout(own, meta_name)
    names, unit = _channels(source, layout)
    time_s, sample, values, inertial = gathered(_lines(source, names, layout.n_sensors, float(rate_hz)), source.path)
    table = Table(
        side=side,
        layout=layout,
        unit=unit,
        rate_hz=float(rate_hz),
        time_s=time_s,
        sample=sample if any(c.name == "sample" for c in names) else None,
        values=values,
        inertial=inertial,
        channels=tuple(c.name for c in names if CHANNEL.fullmatch(c.name)),
        saturation=_number(own, "Saturation", meta_name),
    )
    foot = replace(foot_of(table, source), calibration=_calibration(own, layout, meta_name))
    started_at, notes = _started_at(own, meta_name)
    about = About(
        subject_code=str(own.get("SubjectCode", "")),
        condition=str(own.get("Condition", "")),
        body_mass_kg=_number(own, "BodyMassKg", meta_name),
        task=str(meta.get("TaskName", "")),
        device=str(meta.get("ManufacturersModelName", "")) or layout.title,
        notes=notes,
    )
    return Recording(id="", started_at=started_at, feet={side: foot}, about=about)


def _sidecar(source: Source, ending: str) -> Source:
    name = source.path.name.removesuffix("motion.tsv") + ending
    found = source.beside(name)
    if found is None:
        raise FormatError(f"{name} is not beside it; keep the files of a recording together", path=source.path)
    if found.size > MOST_SIDECAR:
        raise FormatError(f"{found.size / 1e6:.0f} MB are no description of channels", path=found.path)
    return found


def _json(source: Source) -> tuple[dict[str, Any], Any]:
    found = _sidecar(source, "motion.json")
    try:
        meta = json.loads(found.text())
    except (ValueError, RecursionError) as e:
        raise FormatError(f"this is not JSON: {e}", path=found.path) from e
    if not isinstance(meta, dict):
        raise FormatError("this is not a JSON object", path=found.path)
    return meta, found.path


def _number(own: dict[str, Any], key: str, path: Any) -> float | None:
    value = own.get(key)
    if value is None or (isinstance(value, int | float) and np.isfinite(value)):
        return None if value is None else float(value)
    raise FormatError(f"{GROUP}.{key} is {value!r}, not a number", path=path)


def _side(source: Source, own: dict[str, Any], path: Any) -> Side:
    said = own.get("Side")
    if said in list(Side):
        return Side(said)
    if said is not None or (found := side_of(source.path.stem)) is None:
        raise FormatError(f"{GROUP}.Side is {said!r}, and the name says no foot; give left or right", path=path)
    return found[1]


def _layout(own: dict[str, Any], path: Any) -> SensorLayout:
    said = own.get("Layout")
    try:
        if isinstance(said, str):
            return load_layout(said)
        if isinstance(said, dict):
            return layout_from_dict(said)
    except (LayoutError, AttributeError, TypeError, ValueError, OverflowError) as e:
        raise FormatError(f"{GROUP}.Layout: {e}", path=path) from e
    raise FormatError(f"{GROUP}.Layout is missing: the name of a layout, or a layout as JSON", path=path)


def _calibration(own: dict[str, Any], layout: SensorLayout, path: Any) -> AnyCalibration | None:
    said = own.get("Calibration")
    try:
        calibration = None if said is None else calibration_from_dict(said)
        if calibration is not None and calibration.n_sensors != layout.n_sensors:
            raise CalibrationError(f"it is of {calibration.n_sensors} sensors, the layout has {layout.n_sensors}")
    except CalibrationError as e:
        raise FormatError(f"{GROUP}.Calibration: {e}", path=path) from e
    return calibration


def _channels(source: Source, layout: SensorLayout) -> tuple[list[Channel], Unit]:
    """The columns that are read, sensors first, and the sensors' unit."""
    file = _sidecar(source, "channels.tsv")
    head, *lines = file.text().rstrip("\n").split("\n")
    columns = head.split("\t")
    if any(columns.count(key) != 1 for key in REQUIRED):
        raise FormatError(f"the first line does not name each of {', '.join(REQUIRED)} once", path=file.path, line=1)
    rows = [dict(zip(columns, line.split("\t"), strict=False)) for line in lines]
    if bad := [i for i, row in enumerate(rows) if len(row) != len(columns)]:
        raise FormatError("the line has too few cells", path=file.path, line=bad[0] + 2)
    sensors = {row["name"]: i for i, row in enumerate(rows) if row["type"] == "MISC" and SENSOR.fullmatch(row["name"])}
    wanted = {f"s{k}": k for k in range(1, layout.n_sensors + 1)}
    found = {wanted.get(f"s{int(name[1:])}", 0): i for name, i in sensors.items()}
    units = {rows[i]["units"].lower() for i in found.values()}
    if found.keys() != set(wanted.values()) or len(sensors) != len(found) or len(units) != 1 or not units <= set(UNITS):
        raise FormatError(
            f"MISC channels s1 to s{layout.n_sensors}, one for each sensor of {layout.name}, all in one of "
            f"{', '.join(Unit)}, are not all there",
            path=file.path,
        )
    kept = [Channel(found[k], f"s{k}") for k in sorted(found)]
    source.unread += [
        row["name"] for i, row in enumerate(rows) if i not in found.values() and not _kept(kept, i, row, file)
    ]
    kept.append(Channel(len(rows) - 1, ""))  # so that the number of columns is known
    return kept, UNITS[units.pop()]


def _kept(kept: list[Channel], column: int, row: dict[str, str], file: Source) -> bool:
    """Add a channel that is no sensor, if it is one that we read."""
    kind, name = row["type"], row["name"]
    channel = None
    if kind == "LATENCY":
        channel = Channel(column, "time_s")
    elif name == "sample":
        channel = Channel(column, "sample")
    elif kind in KEPT_TYPES and CHANNEL.fullmatch(name):
        channel = Channel(column, name)
    elif kind in INERTIAL and row["component"] in ("x", "y", "z"):
        quantity, ours, per = INERTIAL[kind]
        try:
            channel = Channel(column, f"{quantity}_{row['component']}_{ours}", per(row["units"].replace("^", "")))
        except UnitError as e:
            raise FormatError(f"channel {name}: {e}", path=file.path, line=column + 2) from e
    if channel is not None and any(c.name == channel.name for c in kept):
        raise FormatError(f"there are two channels for {channel.name}", path=file.path, line=column + 2)
    if channel is not None:
        kept.append(channel)
    return channel is not None


def _lines(source: Source, names: list[Channel], sensors: int, rate_hz: float) -> Iterator[tuple[F64 | F32, ...]]:
    """Times, sample numbers, sensors and inertial values, part by part."""
    *kept, last = names
    at = {c.name: i for i, c in enumerate(kept)}
    moving = [i for i, c in enumerate(kept) if CHANNEL.fullmatch(c.name)]
    cells = Cells(columns=[c.column for c in kept], width=last.column + 1, missing="n/a")
    factor = np.array([c.factor for c in kept])
    n = 0
    for _, part in cells.parts(source, 0):
        rows = np.arange(n, n + len(part), dtype=np.float64)
        with np.errstate(over="ignore", invalid="ignore"):  # refused as too high
            table = part * factor
            values, inertial = table[:, :sensors].astype(np.float32), table[:, moving].astype(np.float32)
        time_s = table[:, at["time_s"]] if "time_s" in at else rows / rate_hz
        yield time_s, table[:, at["sample"]] if "sample" in at else rows, values, inertial
        n += len(table)


def _started_at(own: dict[str, Any], path: Any) -> tuple[datetime, tuple[str, ...]]:
    said = own.get("StartTime")
    if said is None:
        return NO_DATE, (NO_DATE_NOTE,)
    try:
        when = datetime.fromisoformat(said)
    except (TypeError, ValueError) as e:
        raise FormatError(f"{GROUP}.StartTime is {said!r}, not a date and time (ISO 8601)", path=path) from e
    return (when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)), ()


FORMAT = Format(
    name="bids",
    title="BIDS-Motion (_motion.tsv with its _channels.tsv and _motion.json)",
    suffixes=(".tsv",),
    sniff=lambda _: False,
    one_foot=True,
    read=read,
    named=re.compile(r"_motion\.tsv$"),
    beside=re.compile(
        r"_(channels|scans|events)\.(tsv|json)$|_motion\.json$|^participants\.(tsv|json)$|^dataset_description\.json$"
    ),
)
