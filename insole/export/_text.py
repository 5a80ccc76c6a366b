"""Tables as text: cells that no spreadsheet runs, numbers that come back bit for bit."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from insole.export._exporter import Choice

ROWS_PER_BATCH = 4096
"""Rows that are held as text at once."""
RUN = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell of text that begins so is a formula to a spreadsheet, or may become one (OWASP, CSV Injection)."""
SMALL_ROWS = 1000
"""Rows of a small table that are handed on at once."""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name
        With its unit in it.
    unit
        As printed; empty where there is none.
    meaning
        One line for people.
    """

    name: str
    unit: str
    meaning: str


def safe(text: str) -> str:
    """Text as a cell that no spreadsheet takes for a formula: with a ``'`` before what could be one."""
    return f"'{text}" if text.startswith(RUN) else text


def cell(value: Any) -> str:
    """A value as a cell: nothing where it is missing, a number so that it comes back bit for bit."""
    if value is None:
        return ""
    if isinstance(value, str):
        return safe(value)
    number = float(value)
    if np.isnan(number):
        return ""
    return str(int(number)) if isinstance(value, bool | int | np.integer) else repr(number)


def small_table(columns: Sequence[Column], rows: Iterable[Sequence[Any]], choice: Choice) -> Iterator[bytes]:
    """A table of any values, row by row."""
    yield _line([column.name for column in columns])
    if choice.units_row:
        yield _line([column.unit for column in columns])
    for some in _batched(rows):
        yield b"".join(_line(row) for row in some)


def _batched(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    """Some rows at a time."""
    left = iter(rows)
    while some := list(islice(left, SMALL_ROWS)):
        yield some


def _line(values: Sequence[Any]) -> bytes:
    return (",".join(_quoted(cell(value)) for value in values) + "\n").encode()


def _quoted(text: str) -> str:
    """A cell as RFC 4180 has it."""
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\r\n') else text


def large_table(
    columns: Sequence[Column],
    batches: Iterable[Mapping[str, Any]],
    choice: Choice,
    *,
    header: bool = True,
    delimiter: str = ",",
    missing: str = "",
) -> Iterator[bytes]:
    """A table of numbers, fast.

    Parameters
    ----------
    batches
        Arrays ``(n,)`` by column, NaN where missing; a word without a comma or a mark is for all rows, and None
        is missing in all.
    header
        Whether a first line names the columns.
    delimiter, missing
        What stands between cells, and where there is no value.
    """
    from pyarrow import csv as arrow_csv

    if header:
        yield (delimiter.join(column.name for column in columns) + "\n").encode()
    if choice.units_row:
        yield (delimiter.join(column.unit for column in columns) + "\n").encode()
    options = arrow_csv.WriteOptions(include_header=False, quoting_style="none", delimiter=delimiter)
    for batch in batches:
        n = max(len(values) for values in batch.values() if isinstance(values, np.ndarray))
        for start in range(0, n, ROWS_PER_BATCH):
            rows = slice(start, min(start + ROWS_PER_BATCH, n))
            out = io.BytesIO()
            arrow_csv.write_csv(record_batch(columns, batch, rows), out, options)
            yield _with_missing(out.getvalue(), delimiter, missing) if missing else out.getvalue()


def _with_missing(text: bytes, delimiter: str, missing: str) -> bytes:
    """Fill the empty cells; most parts have none, and looking is quick."""
    mark, word = delimiter.encode(), missing.encode()
    whole = b"\n" + text
    if not any(a + b in whole for a in (mark, b"\n") for b in (mark, b"\n")):
        return text
    edge = re.escape(mark)
    return re.sub(rb"(?m)(?:^|(?<=%b))(?=%b|$)(?!\Z)" % (edge, edge), word, text)


def record_batch(columns: Sequence[Column], batch: Mapping[str, Any], rows: slice, *, schema: Any = None) -> Any:
    """Some rows of a batch as Arrow has them, of the types of a schema or of their own."""
    import pyarrow as pa

    n = rows.stop - rows.start
    names = [column.name for column in columns]
    types = [None if schema is None else schema.field(name).type for name in names]
    arrays = [_arrow(batch[name], rows, n, kind, pa) for name, kind in zip(names, types, strict=True)]
    return pa.record_batch(arrays, names=names) if schema is None else pa.record_batch(arrays, schema=schema)


def _arrow(values: Any, rows: slice, n: int, kind: Any, pa: Any) -> Any:
    if values is None:
        return pa.nulls(n, kind)
    if isinstance(values, str):
        return pa.repeat(values, n)
    some = values[rows]
    if kind is not None and kind != pa.from_numpy_dtype(some.dtype):
        some = some.astype(kind.to_pandas_dtype())
    return pa.array(some, from_pandas=True)  # NaN becomes a missing value and so an empty cell
