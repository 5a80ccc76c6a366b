"""Columns of acceleration and rotation in text exports, to g and degrees per second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from insole.errors import FormatError, UnitError
from insole.units import dps_per, g_per

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.files import Source
    from insole.recording import Side
    from insole.typing import F32, F64, I64

HIGHEST = 1e5
"""A larger number of g or degrees per second, of either sign, is taken for damaged (our judgement)."""

TO_OURS = {"acc": ("g", g_per), "gyro": ("dps", dps_per)}
"""Unit in which a quantity is kept, and how it is got there."""


@dataclass(frozen=True, eq=False)
class Inertial:
    """A foot's channels ``acc_x_g``, ``gyro_z_dps``, ..., and ``(n, C)`` float32, a row for each line of the file."""

    channels: tuple[str, ...]
    values: F32

    def of(self, rows: I64) -> F32 | None:
        """The rows given; None where there are no channels."""
        return self.values[rows] if self.channels else None

    def unused(self, side: Side, rows: I64) -> list[str]:
        """Say how many lines hold inertial values, but none of the pressures or forces that make a sample."""
        there = np.delete(~np.isnan(self.values).all(axis=1), rows)
        n = np.count_nonzero(there) if self.channels else 0
        return [f"{n} lines of the {side} foot hold inertial values only; they are gaps"] if n else []


def inertial(columns: Mapping[str, tuple[str, F64]], *, n: int, source: Source) -> Inertial:
    """Convert a foot's columns.

    Parameters
    ----------
    columns
        By quantity and axis (``acc_x``, ``gyro_z``): the file's unit, and ``(n,)`` values with
        NaN for a blank cell.
    n
        Lines of the table.
    source
        For the error; the table's columns are named in the line before it.

    Raises
    ------
    FormatError
        If a unit is not known, or a value is beyond all that such a sensor measures.
    """
    channels = []
    values = np.empty((n, len(columns)))
    for i, (name, (unit, column)) in enumerate(columns.items()):
        ours, per = TO_OURS[name.partition("_")[0]]
        channels.append(f"{name}_{ours}")
        try:
            with np.errstate(over="ignore"):  # refused below as too high
                values[:, i] = column * per(unit)
        except UnitError as e:
            line = (source.first_row or 1) - 1
            raise FormatError(f"{e}; export accelerations in g, rotation in dps", path=source.path, line=line) from e
    wild = (np.abs(values) > HIGHEST).any(axis=1)
    if wild.any():
        raise FormatError(
            "a value is not an acceleration or a rotation rate; the line is damaged, get the file again",
            path=source.path,
            line=source.row_line(int(np.argmax(wild))),
        )
    return Inertial(tuple(channels), values.astype(np.float32))
