"""Into the bin and out again: a subject with its visits, a visit with its recordings, exactly those."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from insole.errors import ConflictError, NotFoundError
from insole.store import tables

if TYPE_CHECKING:
    from insole.store.audit import Change

TABLES = {"subject": tables.subject, "visit": tables.visit, "recording": tables.recording, "mark": tables.mark}
"""What can be deleted, by kind: those that others belong to come first."""

BELOW = {"subject": ("visit", "subject_id"), "visit": ("recording", "visit_id")}
"""What goes into the bin with a thing of a kind, and by which column it belongs to it. Marks need not:
nobody sees them without their recording."""

ANY = "*"
"""Deleted with whatever, or not at all."""

ABOVE = {"visit": ("subject", "subject_id"), "recording": ("visit", "visit_id"), "mark": ("recording", "recording_id")}
"""What a thing of a kind belongs to, and by which of its columns."""


def not_found(kind: str, item_id: str) -> NotFoundError:
    """The error for an id that is not in the store."""
    return NotFoundError(f"there is no {kind} {item_id!r} in this store; list the {kind}s to see which there are")


def require_living(kind: str, item_id: str, row: sa.Row[Any] | None) -> sa.Row[Any]:
    """The row that was found, if it is there and not in the bin.

    Raises
    ------
    NotFoundError
        If not.
    """
    if row is None:
        raise not_found(kind, item_id)
    if row.deleted_at is not None:
        raise NotFoundError(f"{kind} {item_id} is in the bin; restore it first")
    return row


def living(connection: sa.Connection, kind: str, item_id: str, *, lock: bool = False) -> sa.Row[Any]:
    """The row of a thing that is not in the bin.

    Parameters
    ----------
    lock
        Keep others from changing it until the transaction ends.

    Raises
    ------
    NotFoundError
        If there is none of that id, or it is in the bin.
    """
    return require_living(kind, item_id, _row(connection, kind, item_id, lock=lock))


def put_in_bin(change: Change, kind: str, item_id: str) -> None:
    """Delete a thing and what belongs to it, so that ``take_out`` brings back exactly that.

    Raises
    ------
    NotFoundError
        If there is none of that id, or it is in the bin already.
    """
    living(change.connection, kind, item_id, lock=True)
    for of, ids in below(change.connection, kind, item_id, deleted_with=None):
        _set(change.connection, of, ids, deleted_at=change.at, deleted_with=item_id)
        for one in ids:
            change.note(of, one, "binned", after={"deleted_with": item_id})


def take_out(change: Change, kind: str, item_id: str) -> None:
    """Bring back a thing and what was deleted with it.

    Raises
    ------
    NotFoundError
        If there is none of that id.
    ConflictError
        If it is not in the bin, went there with another, or belongs to one that is there.
    """
    row = _row(change.connection, kind, item_id)
    if row is None:
        raise not_found(kind, item_id)
    _require_parent(change.connection, kind, row)
    row = _row(change.connection, kind, item_id, lock=True)
    if row is None or row.deleted_at is None:
        raise ConflictError(f"{kind} {item_id} is not in the bin, so there is nothing to restore")
    if row.deleted_with != item_id:
        raise ConflictError(f"{kind} {item_id} went into the bin with {row.deleted_with}; restore that")
    for of, ids in below(change.connection, kind, item_id, deleted_with=item_id):
        _set(change.connection, of, ids, deleted_at=None, deleted_with=None)
        for one in ids:
            change.note(of, one, "restored", before={"deleted_with": item_id})


def below(
    connection: sa.Connection, kind: str, item_id: str, *, deleted_with: str | None = ANY
) -> list[tuple[str, list[str]]]:
    """A thing and, kind by kind, what belongs to it.

    Parameters
    ----------
    deleted_with
        Only what was deleted with this thing; None: only what is not in the bin.
    """
    found = [(kind, [item_id])]
    while kind in BELOW:
        parents = found[-1][1]
        kind, column = BELOW[kind]
        table = TABLES[kind]
        query = sa.select(table.c.id).where(table.c[column].in_(parents)).order_by(table.c.id).with_for_update()
        if deleted_with != ANY:
            query = query.where(table.c.deleted_with == deleted_with)
        found.append((kind, [*connection.scalars(query)]))
    return found


def _require_parent(connection: sa.Connection, kind: str, row: sa.Row[Any]) -> None:
    of, column = ABOVE.get(kind, ("", ""))
    parent_id = getattr(row, column) if column else None
    if parent_id is None:
        return
    parent = _row(connection, of, parent_id, lock=True)
    if parent is not None and parent.deleted_at is not None and row.deleted_with != parent.deleted_with:
        raise ConflictError(f"{kind} {row.id} belongs to {of} {parent_id}, which is in the bin; restore that first")


def _row(connection: sa.Connection, kind: str, item_id: str, *, lock: bool = False) -> sa.Row[Any] | None:
    table = TABLES[kind]
    query = sa.select(table).where(table.c.id == item_id)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def _set(connection: sa.Connection, kind: str, ids: list[str], **columns: Any) -> None:
    table = TABLES[kind]
    connection.execute(sa.update(table).where(table.c.id.in_(ids)).values(columns))
