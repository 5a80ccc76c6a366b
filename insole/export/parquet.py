"""Parquet: the rows of the tidy CSV as typed columns, in one file. ``insole import`` reads it back, bit for bit.

Each column's unit and meaning stand in its metadata, all else that is known of the recording in
the file's, under ``insole``. Row groups are written as they are read.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from insole.export._beside import dictionary, marks
from insole.export._exporter import Choice, Exporter, OutFile
from insole.export._samples import Rows
from insole.export._sink import CountingSink
from insole.export._text import record_batch
from insole.recording import sensor_columns
from insole.records import sheet_to_dict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from insole.export._outgoing import Outgoing


def files(outgoing: Outgoing, choice: Choice) -> Iterator[OutFile]:
    """The table, its dictionary, and the marks if there are any."""
    rows = Rows(outgoing.metas, outgoing.start)
    yield OutFile(
        f"{outgoing.label}.parquet", lambda: _table(outgoing, rows), packed=True, may_be_large=outgoing.may_be_large
    )
    yield dictionary(outgoing.label, rows.columns)
    yield from marks(outgoing, choice)


def _table(outgoing: Outgoing, rows: Rows) -> Iterator[bytes]:
    import pyarrow as pa
    from pyarrow import parquet

    schema = _schema(outgoing, rows, pa)
    out = CountingSink()
    numbers = [name for name in schema.names if pa.types.is_floating(schema.field(name).type)]
    with parquet.ParquetWriter(
        out, schema, compression="zstd", compression_level=1, use_dictionary=["side"], use_byte_stream_split=numbers
    ) as writer:
        for side in outgoing.metas:
            for foot in outgoing.blocks(side):
                batch = record_batch(rows.columns, rows.of(foot), slice(0, len(foot.sample)), schema=schema)
                writer.write_batch(batch, row_group_size=len(foot.sample))
                yield out.taken()
    yield out.taken()


def _schema(outgoing: Outgoing, rows: Rows, pa: Any) -> Any:
    sheet = json.dumps(sheet_to_dict(outgoing.sheet), ensure_ascii=False, allow_nan=False)
    types = {"side": pa.string(), "sample": pa.int64(), "time_s": pa.float64()}
    for side, meta in outgoing.metas.items():
        kind = pa.from_numpy_dtype(np.dtype(outgoing.sheet.feet[side].dtype))
        for name in sensor_columns(meta):
            types[name] = kind if types.get(name, kind) == kind else pa.float32()
    fields = [
        pa.field(c.name, types.get(c.name, pa.float32()), metadata={"unit": c.unit, "meaning": c.meaning})
        for c in rows.columns
    ]
    return pa.schema(fields, metadata={"insole": sheet})


EXPORTER = Exporter(name="parquet", title="Samples (Parquet)", suffix=".parquet", files=files)
