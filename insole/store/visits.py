"""The visits of a store's subjects."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict, Unpack

import sqlalchemy as sa

from insole.records import Visit
from insole.store import tables
from insole.store.binning import living, put_in_bin, take_out
from insole.store.ids import new_id

if TYPE_CHECKING:
    import datetime as dt

    from insole.store.audit import Ledger

Found: TypeAlias = list[Visit]
# Named here because within Visits, `list` is its method.


class VisitFacts(TypedDict, total=False):
    """What may be given of a visit; what is left out stays as it is."""

    subject_id: str
    date: dt.date | None
    notes: str


class Visits:
    """Visits; made by ``Store.open``."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def add(self, subject_id: str, *, date: dt.date | None = None, notes: str = "") -> Visit:
        """Make a visit of a subject, with its id.

        Raises
        ------
        NotFoundError
            If there is no such subject, or it is in the bin.
        RecordsError
            If the note is too long.
        """
        with self._ledger.change() as change:
            living(change.connection, "subject", subject_id, lock=True)
            made = Visit(subject_id, date, new_id(change.at, kind="visit"), notes)
            change.connection.execute(sa.insert(tables.visit), {**asdict(made), "created_at": change.at})
            change.note("visit", made.id, "made", after=_facts(made))
        return made

    def get(self, visit_id: str) -> Visit:
        """One visit.

        Raises
        ------
        NotFoundError
            If there is none of that id, or it is in the bin.
        """
        with self._ledger.read() as connection:
            return _visit(living(connection, "visit", visit_id))

    def list(self, subject_id: str | None = None) -> Found:
        """All visits, or those of a subject: the latest first, those without a date last."""
        v = tables.visit
        query = sa.select(v).where(v.c.deleted_at.is_(None)).order_by(v.c.date.desc().nulls_last(), v.c.id.desc())
        if subject_id is not None:
            query = query.where(v.c.subject_id == subject_id)
        with self._ledger.read() as connection:
            return [_visit(row) for row in connection.execute(query)]

    def edit(self, visit_id: str, **facts: Unpack[VisitFacts]) -> Visit:
        """Change what is given; with another subject, the visit's recordings go along.

        Raises
        ------
        NotFoundError
            If there is no such visit or subject, or it is in the bin.
        RecordsError
            If the note is too long.
        """
        v = tables.visit
        with self._ledger.change() as change:
            if "subject_id" in facts:
                living(change.connection, "subject", facts["subject_id"], lock=True)
            before = _visit(living(change.connection, "visit", visit_id, lock=True))
            after = replace(before, **facts)
            change.connection.execute(sa.update(v).where(v.c.id == visit_id).values(_facts(after)))
            change.changed("visit", visit_id, _facts(before), _facts(after))
        return after

    def delete(self, visit_id: str) -> None:
        """Put a visit and its recordings into the bin.

        Raises
        ------
        NotFoundError
            If there is none of that id, or it is in the bin already.
        """
        with self._ledger.change() as change:
            put_in_bin(change, "visit", visit_id)

    def restore(self, visit_id: str) -> Visit:
        """Bring a visit back, with exactly the recordings that were deleted with it.

        Raises
        ------
        NotFoundError
            If there is none of that id.
        ConflictError
            If it is not in the bin, or its subject is.
        """
        with self._ledger.change() as change:
            take_out(change, "visit", visit_id)
            return _visit(living(change.connection, "visit", visit_id))


def _visit(row: sa.Row[Any]) -> Visit:
    return Visit(row.subject_id, row.date, row.id, row.notes)


def _facts(visit: Visit) -> dict[str, Any]:
    return {key: value for key, value in asdict(visit).items() if key != "id"}
