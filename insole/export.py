"""A recording as CSV, for people who go on in R, Python, MATLAB or a spreadsheet.

One row per sample and foot: each foot has its own clock and its own gaps, so the feet are
not laid side by side and nothing is resampled. The values are written so that reading them
back gives the same bits.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from insole.recording import Unit, channel_meaning, channel_unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from insole.recording import FootStream, Recording

ROWS_PER_BATCH = 4096
"""Rows that are held as text at once."""
UNIT_SUFFIX = {Unit.COUNTS: "counts", Unit.KPA: "kpa", Unit.N: "n"}
FIXED = ("side", "sample", "time_s")


def write_csv(recording: Recording, out: Path | str | BinaryIO) -> list[Path]:
    """Write every sample of a recording, and beside a file its data dictionary.

    The columns are ``side``, ``sample`` (index on the foot's own grid; a jump is a gap),
    ``time_s`` (session seconds), one per sensor, its unit in the name: ``s01_kpa``, and one per
    inertial channel: ``acc_x_g``. A missing value is an empty cell. Left rows come first, then
    right rows.

    Parameters
    ----------
    recording
        What to write.
    out
        A path: ``walk.csv`` gets ``walk.dictionary.csv`` beside it. Or a file open for
        writing bytes: only the rows are written, and it stays open.

    Returns
    -------
    The files written; none where a file was given open.

    Raises
    ------
    OSError
        If the files cannot be written.
    """
    if not isinstance(out, Path | str):
        _write_rows(recording, out)
        return []
    path = Path(out)
    with path.open("wb") as file:
        _write_rows(recording, file)
    beside = path.with_suffix(".dictionary.csv")
    with beside.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, ("name", "unit", "meaning"))
        writer.writeheader()
        writer.writerows(dictionary(recording))
    return [path, beside]


def dictionary(recording: Recording) -> list[dict[str, str]]:
    """Describe each column of ``write_csv``: ``name``, ``unit``, ``meaning``.

    No cell holds text of the recording's maker, so none can be a spreadsheet formula.

    Returns
    -------
    One mapping per column, in the order of the columns.
    """
    start = recording.started_at.isoformat()
    rates = ", ".join(f"{side} {foot.rate_hz:g} Hz" for side, foot in recording.feet.items())
    meanings = (
        ("side", "", "foot: left or right"),
        ("sample", "", f"index of the sample on the foot's own grid ({rates}); a jump is a gap"),
        ("time_s", "s", f"session time; zero is {start}"),
    )
    rows = [{"name": name, "unit": unit, "meaning": meaning} for name, unit, meaning in meanings]
    for name in _columns(recording, _names):
        feet = [f"{side}: {_sensor(foot, name)}" for side, foot in recording.feet.items() if name in _names(foot)]
        meaning = "; ".join(feet) + "; +x medial, +y to the toes, from the heel; empty is missing"
        unit = name.partition("_")[2]
        rows.append(
            {"name": name, "unit": str(next(u for u, s in UNIT_SUFFIX.items() if s == unit)), "meaning": meaning}
        )
    for name in _columns(recording, _channels):
        sides = " and ".join(side for side, foot in recording.feet.items() if name in _channels(foot))
        meaning = f"{sides}: {channel_meaning(name)}; empty was not sent"
        rows.append({"name": name, "unit": channel_unit(name), "meaning": meaning})
    return rows


def _sensor(foot: FootStream, name: str) -> str:
    i = _names(foot).index(name)
    x, y = foot.layout.xy_mm[i]
    area = foot.layout.area_mm2[i]
    size = "" if np.isnan(area) else f", {area:g} mm²"
    nominal = " (nominal)" if foot.layout.schematic else ""
    return f"sensor {i + 1} at x {x:g} mm, y {y:g} mm{nominal}{size}"


def _names(foot: FootStream) -> list[str]:
    return [f"s{i:02d}_{UNIT_SUFFIX[foot.unit]}" for i in range(1, foot.layout.n_sensors + 1)]


def _channels(foot: FootStream) -> list[str]:
    return list(foot.inertial_channels)


def _columns(recording: Recording, names: Callable[[FootStream], list[str]]) -> list[str]:
    """Columns of all feet; those of a foot that lacks one stay empty."""
    return list(dict.fromkeys(name for foot in recording.feet.values() for name in names(foot)))


class Rows:
    """A recording as rows, one a sample and foot.

    Attributes
    ----------
    columns
        ``side``, ``sample``, ``time_s``, the sensors' and the inertial channels', of both feet.
    """

    def __init__(self, recording: Recording) -> None:
        self._values = [*_columns(recording, _names), *_columns(recording, _channels)]
        self.columns = (*FIXED, *self._values)

    def of(self, foot: FootStream, rows: slice = slice(None)) -> dict[str, Any]:
        """Some rows of a foot: arrays ``(n,)`` by column, NaN where missing; the foot's name and None are for all rows.

        A column of the other foot's alone is None.
        """
        own = dict(zip(_names(foot), np.ascontiguousarray(foot.values[rows].T), strict=True))
        if foot.inertial is not None:
            own |= zip(_channels(foot), np.ascontiguousarray(foot.inertial[rows].T), strict=True)
        fixed = {"side": str(foot.side), "sample": foot.sample[rows], "time_s": foot.time_s[rows]}
        return {**fixed, **{name: own.get(name) for name in self._values}}


def _write_rows(recording: Recording, file: BinaryIO) -> None:
    from pyarrow import csv as arrow_csv

    rows = Rows(recording)
    file.write((",".join(rows.columns) + "\n").encode())
    options = arrow_csv.WriteOptions(include_header=False, quoting_style="none")
    for foot in recording.feet.values():
        for start in range(0, len(foot.sample), ROWS_PER_BATCH):
            arrow_csv.write_csv(_batch(rows.of(foot, slice(start, start + ROWS_PER_BATCH))), file, options)


def _batch(rows: dict[str, Any]) -> object:
    import pyarrow as pa

    n = len(rows["sample"])
    cells = [_cells(column, n, pa) for column in rows.values()]
    return pa.record_batch(cells, names=list(rows))


def _cells(column: Any, n: int, pa: Any) -> object:
    if column is None:
        return pa.nulls(n)
    if isinstance(column, str):
        return pa.array([column] * n)
    return pa.array(column, from_pandas=True)  # NaN becomes a missing value and so an empty cell
