"""What was deleted: kept for a while, then gone for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from insole.errors import ConflictError, NotFoundError
from insole.store import tables
from insole.store.binning import TABLES, below
from insole.store.reader import filed

if TYPE_CHECKING:
    from datetime import datetime

    from insole.store.audit import Change, Ledger

KEPT_FOR = timedelta(days=30)
"""How long what was deleted can be restored (our judgement)."""


@dataclass(frozen=True)
class Binned:
    """Something that was deleted.

    Attributes
    ----------
    kind, id
        ``subject``, ``visit``, ``recording`` or ``mark``, and its id.
    name
        What a person knows it by: a code, a day, a start.
    deleted_at, kept_until
        Since when it is in the bin, and from when on it may be purged.
    with_it
        How many visits and recordings were deleted with it.
    recording_id
        Of a mark: its recording.
    subject_code, condition
        Of a recording or a visit: whose it is, and the recording's condition; empty where that is not known.
    """

    kind: str
    id: str
    name: str
    deleted_at: datetime
    kept_until: datetime
    with_it: int
    recording_id: str | None
    subject_code: str = ""
    condition: str = ""


Found: TypeAlias = list[Binned]
Ids: TypeAlias = list[str]
# Named here because within Bin, `list` is its method.


class Bin:
    """The bin; made by ``Store.open``. Things come out by ``restore`` of their own kind."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def list(self) -> Found:
        """What was deleted by itself, the latest first; what went along with it is counted."""
        with self._ledger.read() as connection:
            along: dict[str, int] = {}
            for table in TABLES.values():
                query = sa.select(table.c.deleted_with, sa.func.count()).where(table.c.deleted_with != table.c.id)
                for top, count in connection.execute(query.group_by(table.c.deleted_with)):
                    along[top] = along.get(top, 0) + count
            found = [
                _binned(kind, row, along.get(row.id, 0))
                for kind, table in TABLES.items()
                for row in connection.execute(_with_subject(kind).where(table.c.deleted_with == table.c.id))
            ]
        return sorted(found, key=lambda b: (b.deleted_at, b.id), reverse=True)

    def purge(self, item_id: str | None = None) -> Ids:
        """Remove for good what is in the bin for ``KEPT_FOR``; or one thing at once.

        The audit keeps that and when it was, and forgets what it held.

        Parameters
        ----------
        item_id
            Of a thing that was deleted by itself.

        Returns
        -------
        Ids of what was deleted by itself and is gone; what belonged to it is gone too.

        Raises
        ------
        NotFoundError
            If there is none of that id.
        ConflictError
            If it is not in the bin, or went there with another.
        """
        if item_id is None and not self._expired():
            return []  # nothing to wait for other writers for
        with self._ledger.change() as change:
            if item_id is not None:
                _purge(change, _kind_of(change.connection, item_id), item_id)
                return [item_id]
            gone = []
            for kind, table in TABLES.items():
                expired = sa.select(table.c.id).where(self._is_expired(table)).order_by(table.c.id).with_for_update()
                for one in change.connection.scalars(expired).all():
                    _purge(change, kind, one)
                    gone.append(one)
            return gone

    def _expired(self) -> bool:
        with self._ledger.read() as connection:
            return any(
                connection.scalar(sa.select(table.c.id).where(self._is_expired(table)).limit(1)) is not None
                for table in TABLES.values()
            )

    def _is_expired(self, table: sa.Table) -> sa.ColumnElement[bool]:
        until = self._ledger.now() - KEPT_FOR
        return sa.and_(table.c.deleted_with == table.c.id, table.c.deleted_at <= until)


def _binned(kind: str, row: sa.Row[Any], along: int) -> Binned:
    return Binned(
        kind=kind,
        id=row.id,
        name=_name(kind, row),
        deleted_at=row.deleted_at,
        kept_until=row.deleted_at + KEPT_FOR,
        with_it=along,
        recording_id=row.recording_id if kind == "mark" else None,
        subject_code=row.subject_code or "" if kind in ("visit", "recording") else "",
        condition=row.about.get("condition", "") if kind == "recording" else "",
    )


def _with_subject(kind: str) -> sa.Select[Any]:
    """What there is of a kind, and the code of the subject it is filed under."""
    v, s = tables.visit, tables.subject
    if kind == "recording":
        return filed()
    if kind == "visit":
        return sa.select(v, s.c.code.label("subject_code")).select_from(sa.join(v, s, v.c.subject_id == s.c.id))
    return sa.select(TABLES[kind])


def _name(kind: str, row: sa.Row[Any]) -> str:
    if kind == "subject":
        return str(row.code)
    if kind == "mark":
        return f"{row.kind} {row.start_s:g} to {row.stop_s:g} s"
    day = row.date if kind == "visit" else row.started_at
    return "" if day is None else str(day.isoformat())


def _kind_of(connection: sa.Connection, item_id: str) -> str:
    """What kind of thing it is, kept from being restored until the transaction ends."""
    for kind, table in TABLES.items():
        row = connection.execute(sa.select(table).where(table.c.id == item_id).with_for_update()).one_or_none()
        if row is None:
            continue
        if row.deleted_with != item_id:
            where = "is not in the bin" if row.deleted_with is None else f"went into the bin with {row.deleted_with}"
            raise ConflictError(f"{kind} {item_id} {where}; only what was deleted by itself is purged")
        return kind
    raise NotFoundError(f"there is nothing {item_id!r} in the bin; list the bin to see what there is")


def _purge(change: Change, kind: str, item_id: str) -> None:
    """Remove a thing and all that belongs to it, from the bottom up."""
    a, m = tables.audit, tables.mark
    for of, ids in reversed(below(change.connection, kind, item_id)):
        marks = [*change.connection.scalars(sa.select(m.c.id).where(m.c.recording_id.in_(ids)))]
        known = a.c.item_id.in_([*ids, *marks])
        change.connection.execute(sa.update(a).where(known).values(before=None, after=None))
        change.connection.execute(sa.delete(TABLES[of]).where(TABLES[of].c.id.in_(ids)))
        for one in ids:
            change.note(of, one, "purged")
