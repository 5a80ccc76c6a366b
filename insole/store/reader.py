"""Recordings out of the tables: a window of one, or what is known of all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from insole.recording import About, Side, Unit
from insole.store import tables
from insole.store.binning import living
from insole.store.feet import about_of, clock_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime


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
    spans_s
        By foot that sent a sample: session seconds of the first sample, and of the end of the last.
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
    spans_s: Mapping[Side, tuple[float, float]]
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


@cache
def filed() -> sa.Select[Any]:
    """Recordings, in the bin or not, each with the subject and the day it is filed under."""
    r, v, s = tables.recording, tables.visit, tables.subject
    columns = (r, s.c.id.label("subject_id"), s.c.code.label("subject_code"), v.c.date.label("visit_date"))
    joined_to = sa.outerjoin(sa.outerjoin(r, v, r.c.visit_id == v.c.id), s, v.c.subject_id == s.c.id)
    return sa.select(*columns).select_from(joined_to)


def _info(row: sa.Row[Any], feet: Sequence[sa.Row[Any]]) -> Info:
    by_side = {Side(f.side): f for f in sorted(feet, key=lambda f: list(Side).index(Side(f.side)))}
    by_foot = {side: _span_s(f) for side, f in by_side.items() if f.samples}
    spans = by_foot.values()
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
        spans_s=MappingProxyType(by_foot),
        subject_id=row.subject_id,
        visit_id=row.visit_id,
        visit_date=row.visit_date,
    )


def _span_s(foot: sa.Row[Any]) -> tuple[float, float]:
    first_s, last_s = clock_of(foot).to_session_s(np.array([foot.first_us, foot.last_us]))
    return float(first_s), float(last_s) + 1 / foot.rate_hz
