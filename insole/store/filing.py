"""Where a recording belongs: the subject of its code and the day's visit, made if they are not there."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from insole.recording import NO_DATE
from insole.records import clean_code
from insole.store import tables
from insole.store.ids import new_id

if TYPE_CHECKING:
    from datetime import date, datetime

    from insole.store.audit import Change


def visit_for(change: Change, code: str, started_at: datetime) -> str | None:
    """The id of the visit that a recording of a subject's code belongs to.

    Parameters
    ----------
    code
        Empty for no subject.
    started_at
        The recording's start; its UTC day is the visit's.

    Returns
    -------
    None without a subject.

    Raises
    ------
    RecordsError
        If the code is no code.
    """
    if not code.strip():
        return None
    return _visit_of(change, _subject_of(change, clean_code(code)), day_of(started_at))


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
    if _insert_unless_there(change.connection, {"id": new, "code": code, "notes": "", "created_at": change.at}):
        change.note("subject", new, "made", after={"code": code})
    return str(change.connection.execute(query).scalar_one())


def _insert_unless_there(connection: sa.Connection, row: dict[str, Any]) -> bool:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    new = insert(tables.subject).values(row).on_conflict_do_nothing().returning(tables.subject.c.id)
    return connection.scalar(new) is not None


def _visit_of(change: Change, subject_id: str, day: date | None) -> str:
    v = tables.visit
    same_day = v.c.date.is_(None) if day is None else v.c.date == day
    query = sa.select(v.c.id).where(v.c.subject_id == subject_id, same_day, v.c.deleted_at.is_(None))
    found = change.connection.scalar(query.order_by(v.c.created_at, v.c.id).limit(1))
    if found is not None:
        return str(found)
    new = new_id(change.at, kind="visit")
    row = {"id": new, "subject_id": subject_id, "date": day, "notes": "", "created_at": change.at}
    change.connection.execute(sa.insert(v), row)
    change.note("visit", new, "made", after={"subject_id": subject_id, "date": day})
    return new
