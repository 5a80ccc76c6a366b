"""Where a recording belongs: the subject of its code and the day's visit, made if they are not there."""

from __future__ import annotations

from datetime import UTC, date
from typing import TYPE_CHECKING, Literal, TypeAlias

import sqlalchemy as sa

from insole.errors import ConflictError
from insole.recording import NO_DATE
from insole.records import clean_code
from insole.store import tables
from insole.store.dialects import dialect_of
from insole.store.ids import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from insole.store.audit import Change

AS_RECORDED: Literal["as recorded"] = "as recorded"

VisitDay: TypeAlias = date | Literal["as recorded"] | None
"""The day of the visit that a recording is filed under; None for the visit without one."""


def visit_for(change: Change, code: str, started_at: datetime, day: VisitDay = AS_RECORDED) -> str | None:
    """The id of the visit that a recording of a subject's code belongs to.

    Parameters
    ----------
    code
        Empty for no subject.
    started_at
        The recording's start; its UTC day is the visit's.
    day
        Another day for the visit; None for the visit without one.

    Returns
    -------
    None without a subject.

    Raises
    ------
    RecordsError
        If the code is no code.
    ConflictError
        If there is a day and no subject.
    """
    if not code.strip():
        if isinstance(day, date):
            raise ConflictError("a visit's day goes with a subject; give the subject's code too")
        return None
    return _visit_of(change, _subject_of(change, clean_code(code)), day_of(started_at) if day == AS_RECORDED else day)


def day_of(started_at: datetime) -> date | None:
    """The UTC day of a start; None where the source gave no date."""
    return None if started_at == NO_DATE else started_at.astimezone(UTC).date()


def _subject_of(change: Change, code: str) -> str:
    """The living subject's id, kept from others until the transaction ends; two who make one at once make one."""
    s = tables.subject
    query = sa.select(s.c.id).where(s.c.code == code, s.c.deleted_at.is_(None)).with_for_update()
    found = change.connection.scalar(query)
    if found is not None:
        return str(found)
    new = new_id(change.at, kind="subject")
    row = {"id": new, "code": code, "notes": "", "created_at": change.at}
    insert = dialect_of(change.connection).insert_unless_there(s, row)
    if change.connection.scalar(insert) is not None:
        change.note("subject", new, "made", after={"code": code})
    return str(change.connection.execute(query).scalar_one())


def _visit_of(change: Change, subject_id: str, day: date | None) -> str:
    """The living visit's id, kept from being deleted until the transaction ends."""
    v = tables.visit
    same_day = v.c.date.is_(None) if day is None else v.c.date == day
    query = sa.select(v.c.id).where(v.c.subject_id == subject_id, same_day, v.c.deleted_at.is_(None))
    found = change.connection.scalar(query.order_by(v.c.created_at, v.c.id).limit(1).with_for_update())
    if found is not None:
        return str(found)
    new = new_id(change.at, kind="visit")
    row = {"id": new, "subject_id": subject_id, "date": day, "notes": "", "created_at": change.at}
    change.connection.execute(sa.insert(v), row)
    change.note("visit", new, "made", after={"subject_id": subject_id, "date": day})
    return new
