"""Wide CSV: one row an instant, the columns of the left foot beside those of the right.

A row is an instant at which either foot has a sample; a foot without one at that very microsecond has
empty cells. Files from one clock are so laid side by side; two insoles with two clocks are
interleaved, row by row. Nothing is resampled, so nothing is invented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from insole.export._beside import dictionary, marks
from insole.export._exporter import Choice, Exporter, OutFile
from insole.export._samples import channel_column, sensor_column, values_of
from insole.export._text import Column, large_table
from insole.recording import sensor_columns, to_ticks_us

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from insole.export._outgoing import Outgoing
    from insole.recording import FootMeta, FootStream, Side
    from insole.typing import I64


def files(outgoing: Outgoing, choice: Choice) -> Iterator[OutFile]:
    """The table, its dictionary, and the marks if there are any."""
    columns = columns_of(outgoing.metas, outgoing.start)

    def table() -> Iterator[bytes]:
        batches = (joined(feet, columns) for feet in outgoing.both())
        return large_table(columns, batches, choice)

    yield OutFile(f"{outgoing.label}.csv", table, may_be_large=outgoing.may_be_large)
    yield dictionary(outgoing.label, columns)
    yield from marks(outgoing, choice)


def columns_of(feet: Mapping[Side, FootMeta], start: str) -> list[Column]:
    """``time_s``, then of each foot ``left_sample``, ``left_s01_kpa``, ..."""
    found = [Column("time_s", "s", f"session time of the row; zero is {start}")]
    for side, foot in feet.items():
        only = {side: foot}
        own = [Column("sample", "", f"index of the sample on the foot's own grid ({foot.rate_hz:g} Hz)")]
        own += [sensor_column(name, only) for name in sensor_columns(foot)]
        own += [channel_column(name, only) for name in foot.inertial]
        found += [Column(f"{side}_{c.name}", c.unit, c.meaning) for c in own]
    return found


def joined(feet: Mapping[Side, FootStream], columns: list[Column]) -> dict[str, Any]:
    """Rows of both feet by time: arrays ``(n,)`` by column, masked where a foot has no sample."""
    ticks = {side: to_ticks_us(foot.time_s) for side, foot in feet.items()}
    every: I64 = np.unique(np.concatenate(list(ticks.values())))
    time_s = np.empty(every.size)
    out: dict[str, Any] = {"time_s": time_s}
    for side, foot in feet.items():
        at = np.searchsorted(every, ticks[side])
        time_s[at] = foot.time_s
        own = {"sample": foot.sample, **values_of(foot)}
        out |= {f"{side}_{name}": _spread(values, at, every.size) for name, values in own.items()}
    return {column.name: out.get(column.name) for column in columns}


def _spread(values: Any, at: I64, n: int) -> Any:
    if len(values) == n:
        return values
    missing = np.ones(n, np.bool_)
    missing[at] = False
    whole = np.zeros(n, values.dtype)
    whole[at] = values
    return np.ma.MaskedArray(whole, missing)


EXPORTER = Exporter(name="csv-wide", title="Samples, both feet side by side (CSV)", suffix=".csv", files=files)
