"""Recordings out of the tables: a window of one, or what is known of all."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from insole.errors import StoreError
from insole.recording import About, FootStream, Recording, Side, Unit
from insole.store import tables
from insole.store.binning import living, require_living
from insole.store.damage import DamagedRowError
from insole.store.feet import about_of, clock_of, foot_meta
from insole.store.pieces import block_piece, empty, in_order, joined, second_piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from insole.recording import ClockFit
    from insole.store.damage import Damage
    from insole.store.pieces import Piece

FAR_US = 2**62
"""A device time beyond all others."""


@dataclass(frozen=True, eq=False)
class Info:
    """What is known of a recording without reading its samples.

    Attributes
    ----------
    id
        Its identifier in this store.
    started_at
        Aware UTC wall time of session second zero.
    duration_s
        From the first sample of either foot to the last, plus one sample period; so far, while recording.
    state
        ``recording`` or ``sealed``.
    sides
        Feet that sent a sample: those that ``Store.read`` gives.
    sensors, units
        By foot, also for one that has sent nothing yet.
    calibration_ids
        By foot; None where there is no calibration.
    samples
        By foot: samples received; while recording, one that was sent twice counts twice.
    about
        Everything else known.
    subject_id, visit_id, visit_date
        Where it is filed; None where it is not, or where the visit has no date.
    """

    id: str
    started_at: datetime
    duration_s: float
    state: str
    sides: tuple[Side, ...]
    sensors: Mapping[Side, int]
    units: Mapping[Side, Unit]
    calibration_ids: Mapping[Side, str | None]
    samples: Mapping[Side, int]
    about: About
    subject_id: str | None = None
    visit_id: str | None = None
    visit_date: date | None = None


def infos(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Info]:
    """All recordings for which the conditions hold, the latest started first; no samples are read."""
    r, f = tables.recording, tables.foot
    recordings = filed().where(r.c.deleted_at.is_(None), *where).order_by(r.c.started_at.desc(), r.c.id.desc())
    rows = connection.execute(recordings).all()
    calibration_id = f.c.calibration["id"].as_string().label("calibration_id")
    feet = sa.select(*(c for c in f.c if c.name not in ("layout", "calibration")), calibration_id)
    if where:
        feet = feet.where(f.c.recording_id.in_([row.id for row in rows]))
    by_id: dict[str, list[Any]] = {}
    for foot in connection.execute(feet):
        by_id.setdefault(foot.recording_id, []).append(foot)
    return [_info(row, by_id.get(row.id, [])) for row in rows]


def info(connection: sa.Connection, recording_id: str) -> Info:
    """What is known of one recording.

    Raises
    ------
    NotFoundError
        If there is none of that id, or it is in the bin.
    """
    living(connection, "recording", recording_id)
    return infos(connection, tables.recording.c.id == recording_id)[0]


def newest_of(connection: sa.Connection, sha256: str) -> str | None:
    """The id of the recording that was stored last from the file with that hash; None if there is none."""
    r = tables.recording
    newest = sa.select(r.c.id).where(r.c.source_sha256 == sha256, r.c.deleted_at.is_(None))
    return connection.scalar(newest.order_by(r.c.created_at.desc(), r.c.id.desc()).limit(1))


def filed() -> sa.Select[Any]:
    """Recordings, in the bin or not, each with the subject and the day it is filed under."""
    r, v, s = tables.recording, tables.visit, tables.subject
    columns = (r, s.c.id.label("subject_id"), s.c.code.label("subject_code"), v.c.date.label("visit_date"))
    joined_to = sa.outerjoin(sa.outerjoin(r, v, r.c.visit_id == v.c.id), s, v.c.subject_id == s.c.id)
    return sa.select(*columns).select_from(joined_to)


def read(
    connection: sa.Connection,
    recording_id: str,
    start_s: float | None,
    stop_s: float | None,
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
    feet = connection.execute(sa.select(f).where(f.c.recording_id == recording_id, f.c.samples > 0)).all()
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
    found = sa.select(table).where(
        table.c.recording_id == foot.recording_id,
        table.c.side == foot.side,
        table.c.last_us >= _device_us(clock, start_s, -FAR_US) - spread_us,
        table.c.first_us <= _device_us(clock, stop_s, FAR_US) + spread_us,
    )
    for row in connection.execute(found.order_by(*order)):
        first_s, last_s = clock.to_session_s(np.array([row.first_us, row.last_us]))
        if (stop_s is None or first_s < stop_s) and (start_s is None or last_s >= start_s):
            yield row


def _device_us(clock: ClockFit, time_s: float | None, otherwise: int) -> int:
    """Device time of a session time, to the microsecond or so."""
    if time_s is None:
        return otherwise
    return int(np.clip((time_s - clock.offset_s) / clock.rate * 1e6, -FAR_US, FAR_US))


def _info(row: sa.Row[Any], feet: Sequence[sa.Row[Any]]) -> Info:
    by_side = {Side(f.side): f for f in sorted(feet, key=lambda f: list(Side).index(Side(f.side)))}
    spans = [_span_s(f) for f in feet if f.samples]
    return Info(
        id=row.id,
        started_at=row.started_at,
        duration_s=max(stop for _, stop in spans) - min(start for start, _ in spans) if spans else 0.0,
        state=row.state,
        sides=tuple(side for side, f in by_side.items() if f.samples),
        sensors=MappingProxyType({side: f.sensors for side, f in by_side.items()}),
        units=MappingProxyType({side: Unit(f.unit) for side, f in by_side.items()}),
        calibration_ids=MappingProxyType({side: f.calibration_id for side, f in by_side.items()}),
        samples=MappingProxyType({side: f.samples for side, f in by_side.items()}),
        about=about_of(row.about, row.subject_code),
        subject_id=row.subject_id,
        visit_id=row.visit_id,
        visit_date=row.visit_date,
    )


def _span_s(foot: sa.Row[Any]) -> tuple[float, float]:
    first_s, last_s = clock_of(foot).to_session_s(np.array([foot.first_us, foot.last_us]))
    return float(first_s), float(last_s) + 1 / foot.rate_hz
