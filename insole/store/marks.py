"""The marks of a store's recordings."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from insole.errors import NotFoundError
from insole.recording import Side
from insole.records import Mark, MarkKind
from insole.store import tables
from insole.store.binning import living, put_in_bin, take_out
from insole.store.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from insole.store.audit import Change, Ledger

Found: TypeAlias = list[Mark]
# Named here because within Marks, `list` is its method.


class Marks:
    """Marks in recordings; made by ``Store.open``. They change no sample, only what is made of them."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def add(self, recording_id: str, mark: Mark) -> Mark:
        """Mark a recording; the mark with its id.

        Raises
        ------
        NotFoundError
            If there is no such recording, or it is in the bin.
        """
        with self._ledger.change() as change:
            living(change.connection, "recording", recording_id, lock=True)
            (made,) = insert_marks(change, recording_id, [mark])
            change.note("mark", made.id, "made", after={**_facts(made), "recording_id": recording_id})
        return made

    def list(self, recording_id: str) -> Found:
        """A recording's marks, by time.

        Raises
        ------
        NotFoundError
            If there is no such recording, or it is in the bin.
        """
        m = tables.mark
        query = sa.select(m).where(m.c.recording_id == recording_id, m.c.deleted_at.is_(None))
        with self._ledger.read() as connection:
            living(connection, "recording", recording_id)
            return [_mark(row) for row in connection.execute(query.order_by(m.c.start_s, m.c.id))]

    def delete(self, recording_id: str, mark_id: str) -> None:
        """Put a mark into the bin.

        Raises
        ------
        NotFoundError
            If the recording has none of that id, or one of them is in the bin.
        """
        with self._ledger.change() as change:
            living(change.connection, "recording", recording_id, lock=True)
            _require_of(change.connection, recording_id, mark_id)
            put_in_bin(change, "mark", mark_id)

    def restore(self, recording_id: str, mark_id: str) -> Mark:
        """Bring a mark back.

        Raises
        ------
        NotFoundError
            If the recording has none of that id, or is itself in the bin.
        ConflictError
            If the mark is not in the bin.
        """
        with self._ledger.change() as change:
            living(change.connection, "recording", recording_id, lock=True)
            _require_of(change.connection, recording_id, mark_id)
            take_out(change, "mark", mark_id)
            return _mark(living(change.connection, "mark", mark_id))


def insert_marks(change: Change, recording_id: str, marks: Sequence[Mark]) -> list[Mark]:
    """Insert marks of a recording that is there; the marks with their ids."""
    made = [replace(mark, id=new_id(change.at, kind="mark")) for mark in marks]
    rows = [{**_facts(m), "id": m.id, "recording_id": recording_id, "created_at": change.at} for m in made]
    if rows:
        change.connection.execute(sa.insert(tables.mark), rows)
    return made


def _require_of(connection: sa.Connection, recording_id: str, mark_id: str) -> None:
    m = tables.mark
    if connection.scalar(sa.select(m.c.id).where(m.c.id == mark_id, m.c.recording_id == recording_id)) is None:
        raise NotFoundError(f"recording {recording_id} has no mark {mark_id!r}; list its marks to see which there are")


def _mark(row: sa.Row[Any]) -> Mark:
    side = None if row.side is None else Side(row.side)
    return Mark(MarkKind(row.kind), row.start_s, row.stop_s, side, row.id, row.text)


def _facts(mark: Mark) -> dict[str, Any]:
    side = None if mark.side is None else mark.side.value
    return {**{k: v for k, v in asdict(mark).items() if k != "id"}, "kind": mark.kind.value, "side": side}
