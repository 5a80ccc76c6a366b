"""Transactions whose changes are written down: what, by whom, when, from what to what."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from insole.store import tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from insole.store.engine import Database


@dataclass(frozen=True)
class Entry:
    """One change.

    Attributes
    ----------
    at
        When, aware UTC.
    actor
        Who; ``local`` until there are logins.
    kind, item_id
        Of what: ``subject``, ``visit``, ``recording`` or ``mark``, and its id.
    action
        ``made``, ``changed``, ``binned``, ``restored`` or ``purged``.
    before, after
        What it was and what it became, as far as it changed; None after what it tells of was purged.
    """

    at: datetime
    actor: str
    kind: str
    item_id: str
    action: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, eq=False)
class Change:
    """A transaction that writes, and whose it is.

    Attributes
    ----------
    connection
        In the transaction.
    at
        Its time, aware UTC.
    actor
        Who changes.
    """

    connection: sa.Connection
    at: datetime
    actor: str

    def note(
        self,
        kind: str,
        item_id: str,
        action: str,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """Write down what is done to a thing."""
        row = {
            "at": self.at,
            "actor": self.actor,
            "kind": kind,
            "item_id": item_id,
            "action": action,
            "before": _plain(before),
            "after": _plain(after),
        }
        self.connection.execute(sa.insert(tables.audit), row)

    def changed(self, kind: str, item_id: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Write down what differs between before and after; nothing if nothing does."""
        keys = [key for key in after if after[key] != before.get(key)]
        if keys:
            old, new = ({key: of.get(key) for key in keys} for of in (before, after))
            self.note(kind, item_id, "changed", before=old, after=new)


class Ledger:
    """Transactions on a database: those that read, and those whose changes are written down.

    Parameters
    ----------
    now
        Aware UTC time.
    actor
        Who changes.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime], actor: str) -> None:
        self._database = database
        self._now = now
        self._actor = actor

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that sees one moment of the database."""
        with self._database.read() as connection:
            yield connection

    @contextmanager
    def change(self) -> Iterator[Change]:
        """A transaction that is on the disk when the block ends, with all that it noted, or did not happen."""
        with self._database.write() as connection:
            yield Change(connection, self._now(), self._actor)

    def now(self) -> datetime:
        """The clock's time."""
        return self._now()


class Audit:
    """Reads what was changed; made by ``Store.open``."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def of(self, item_id: str) -> list[Entry]:
        """The changes of one subject, visit, recording or mark, the first one first; also after it was purged."""
        a = tables.audit
        with self._ledger.read() as connection:
            rows = connection.execute(sa.select(a).where(a.c.item_id == item_id).order_by(a.c.id)).all()
        return [Entry(r.at, r.actor, r.kind, r.item_id, r.action, r.before, r.after) for r in rows]


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """As JSON takes it."""
    if values is None:
        return None
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}
