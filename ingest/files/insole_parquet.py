"""Parquet that ``insole export`` wrote: typed columns, and the recording's sheet in the file's metadata."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.files import Format
from ingest.files._own import Columns, recording_of, sheet_of
from ingest.files._unpack import FREE_BYTES, MOST_RATIO
from insole.errors import FormatError
from insole.recording import FIXED, Recording, Side, sensor_columns

if TYPE_CHECKING:
    from ingest.files import Source
    from insole.records import Sheet

MAGIC = "PAR1"
KEY = b"insole"


def read(source: Source) -> Recording:
    """Read a whole table; see ``ingest.files.read``."""
    import pyarrow as pa
    from pyarrow import parquet

    source.file.seek(0)
    try:
        file = parquet.ParquetFile(source.file)
        sheet = _sheet(file.schema_arrow.metadata or {}, source)
        _check(file, sheet, source)
        feet = {side: _columns(file, sheet, side) for side in sheet.feet}
    except (pa.ArrowException, OSError, ValueError, TypeError, OverflowError, MemoryError) as e:
        said = " ".join(str(e).split())[:200]
        raise FormatError(f"the Parquet file is damaged ({said}); export it again", path=source.path) from e
    return recording_of(sheet, feet, source)


def _sheet(metadata: dict[bytes, bytes], source: Source) -> Sheet:
    if KEY not in metadata:
        raise FormatError("this Parquet file is not one that insole exported; give it as CSV", path=source.path)
    try:
        data = json.loads(metadata[KEY])
    except (ValueError, RecursionError) as e:
        raise FormatError(f"its sheet is not JSON: {e}; export it again", path=source.path) from e
    return sheet_of(data, source)


def _check(file: Any, sheet: Sheet, source: Source) -> None:
    """Refuse another table than that of the sheet, and one that would fill the memory."""
    names = file.schema_arrow.names
    wanted = {*FIXED, *(n for f in sheet.feet.values() for n in (*sensor_columns(f.meta), *f.meta.inertial))}
    if set(names) != wanted or len(names) != len(wanted):
        raise FormatError("the columns are not those of its sheet; export it again", path=source.path)
    size = file.metadata.num_rows * len(names) * np.dtype(np.float32).itemsize
    most = max(FREE_BYTES, MOST_RATIO * source.size)
    if size > most:
        raise FormatError(f"{size / 1e6:.0f} MB would come out of it: that is no recording", path=source.path)


def _columns(file: Any, sheet: Sheet, side: Side) -> Columns:
    """The rows of a foot, row group by row group."""
    meta = sheet.feet[side].meta
    names = [*sensor_columns(meta), *meta.inertial]
    parts: list[tuple[Any, ...]] = []
    first = 0
    for group in range(file.num_row_groups):
        table = file.read_row_group(group, columns=[*FIXED, *names])
        rows = np.flatnonzero(np.asarray(table["side"].to_numpy(zero_copy_only=False) == str(side), np.bool_))
        numbers = np.empty((len(rows), len(names)), np.float32)
        for i, name in enumerate(names):
            numbers[:, i] = table[name].to_numpy(zero_copy_only=False)[rows]
        fixed = [table[name].to_numpy(zero_copy_only=False)[rows] for name in FIXED[1:]]
        parts.append((*fixed, numbers, rows + first))
        first += table.num_rows
    sample, time_s, numbers, rows = (np.concatenate(column) for column in zip(*parts, strict=True))
    n = meta.layout.n_sensors
    sample = sample if sample.dtype.kind == "i" else sample.astype(np.float64)
    return Columns(sample, time_s.astype(np.float64), numbers[:, :n], numbers[:, n:], rows)


FORMAT = Format(
    name="insole_parquet",
    title="Parquet that insole exported",
    suffixes=(".parquet",),
    sniff=lambda text: text.startswith(MAGIC),
    read=read,
)
