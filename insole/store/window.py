"""Samples out of the tables: a window of a recording, from no more rows than it overlaps."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from insole.errors import StoreError
from insole.recording import FootStream, Recording
from insole.store import tables
from insole.store.binning import require_living
from insole.store.damage import DamagedRowError
from insole.store.feet import about_of, clock_of, foot_meta
from insole.store.pieces import block_piece, empty, in_order, joined, second_piece
from insole.store.reader import filed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from insole.recording import ClockFit, Side
    from insole.store.damage import Damage
    from insole.store.pieces import Piece

FAR_US = 2**62
"""A device time beyond all others."""


def read(
    connection: sa.Connection,
    recording_id: str,
    start_s: float | None,
    stop_s: float | None,
    side: Side | None = None,
    *,
    salvage: bool = False,
) -> Recording:
    """The samples with ``start_s <= time_s < stop_s``; see ``Store.read``."""
    if any(t is not None and math.isnan(t) for t in (start_s, stop_s)):
        raise StoreError("the window's start or stop is not a number; give seconds")
    if start_s is not None and stop_s is not None and start_s > stop_s:
        raise StoreError(f"the window starts at {start_s} s, after its stop at {stop_s} s; swap them")
    r, f = tables.recording, tables.foot
    found = connection.execute(filed().where(r.c.id == recording_id)).one_or_none()
    row = require_living("recording", recording_id, found)
    wanted = (f.c.side == side.value) if side else sa.true()
    feet = connection.execute(sa.select(f).where(f.c.recording_id == recording_id, f.c.samples > 0, wanted)).all()
    if not feet and side:
        raise StoreError(f"recording {recording_id}: nothing was received from the {side} insole")
    if not feet:
        raise StoreError(f"recording {recording_id}: nothing was received from either insole")
    lost: list[Damage] = []
    is_sealed = row.state == "sealed"
    streams = [_stream(connection, foot, is_sealed, start_s, stop_s, lost=lost, salvage=salvage) for foot in feet]
    about = about_of(row.about, row.subject_code)
    about = replace(about, notes=(*about.notes, *(damage.note for damage in lost))) if lost else about
    return Recording(recording_id, row.started_at, {s.side: s for s in streams}, about)


def _stream(
    connection: sa.Connection,
    foot: sa.Row[Any],
    is_sealed: bool,
    start_s: float | None,
    stop_s: float | None,
    *,
    lost: list[Damage],
    salvage: bool,
) -> FootStream:
    clock, meta = clock_of(foot), foot_meta(foot)
    b, s = tables.block, tables.second
    table, order, unpack = (b, (b.c.seq,), block_piece) if is_sealed else (s, (s.c.first_sample, s.c.seq), second_piece)
    pieces: list[Piece] = []
    for row in _rows(connection, table, foot, start_s, stop_s, order=order):
        try:
            pieces.append(unpack(row, foot, lost))
        except DamagedRowError as e:
            if not salvage:
                raise
            lost.append(e.damage)
    piece = (joined if is_sealed else in_order)(pieces or [empty(foot)])
    time_s = clock.to_session_s(piece.device_us)
    start = 0 if start_s is None else int(np.searchsorted(time_s, start_s))
    stop = len(time_s) if stop_s is None else int(np.searchsorted(time_s, stop_s))
    piece = piece.rows(slice(start, stop))
    inertial = None if piece.inertial is None else piece.inertial.T
    if inertial is None and meta.inertial:
        inertial = np.full((len(piece), len(meta.inertial)), np.float32(np.nan))
    return FootStream(
        side=meta.side,
        layout=meta.layout,
        sample=piece.sample,
        time_s=time_s[start:stop],
        values=piece.values.T,
        unit=meta.unit,
        rate_hz=meta.rate_hz,
        calibration=meta.calibration,
        clock=clock,
        saturation=meta.saturation,
        inertial=inertial,
        inertial_channels=meta.inertial,
    )


def _rows(
    connection: sa.Connection,
    table: sa.Table,
    foot: sa.Row[Any],
    start_s: float | None,
    stop_s: float | None,
    *,
    order: Sequence[sa.Column[Any]],
) -> Iterator[sa.Row[Any]]:
    """The rows that overlap the window: found by device time, roughly, then cut by session time, exactly."""
    clock = clock_of(foot)
    spread_us = 4  # more than rounding can do
    window = {
        "recording_id": foot.recording_id,
        "side": foot.side,
        "start_us": _device_us(clock, start_s, -FAR_US) - spread_us,
        "stop_us": _device_us(clock, stop_s, FAR_US) + spread_us,
    }
    for row in connection.execute(_overlapping(table, tuple(order)), window):
        first_s, last_s = clock.to_session_s(np.array([row.first_us, row.last_us]))
        if (stop_s is None or first_s < stop_s) and (start_s is None or last_s >= start_s):
            yield row


@cache
def _overlapping(table: sa.Table, order: tuple[sa.Column[Any], ...]) -> sa.Select[Any]:
    """Put together once: that costs as much as reading a window's rows."""
    given = sa.bindparam
    found = sa.select(table).where(
        table.c.recording_id == given("recording_id"),
        table.c.side == given("side"),
        table.c.last_us >= given("start_us"),
        table.c.first_us <= given("stop_us"),
    )
    return found.order_by(*order)


def _device_us(clock: ClockFit, time_s: float | None, otherwise: int) -> int:
    """Device time of a session time, to the microsecond or so."""
    if time_s is None:
        return otherwise
    return int(np.clip((time_s - clock.offset_s) / clock.rate * 1e6, -FAR_US, FAR_US))
