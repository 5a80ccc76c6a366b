"""Appends of all writers of a process, those that wait at the same time in one transaction.

Waiting for the disk is what an append costs. While one group is being written others ask, and make the next
group: so one insole waits for nobody, and two hundred pairs wait for the disk a few times a second and not
four hundred times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from threading import Condition
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from insole.errors import StoreError
from insole.store import tables

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from insole.store.engine import Database

LEASE = timedelta(seconds=30)
"""How long after its last append a writer is held to be alive. Longer than a short loss of the radio,
short enough that a killed collector's recording is sealed when somebody looks (our judgement)."""


@dataclass(eq=False)
class Append:
    """What one writer has to store at once.

    Attributes
    ----------
    recording_id
        Whose it is.
    rows
        Of the table ``second``; none only renews the lease.
    sums
        By foot, what its row says of all that was received so far.
    is_done
        It is on the disk, or was refused.
    error
        Why it was refused.
    """

    recording_id: str
    rows: Sequence[dict[str, Any]]
    sums: Sequence[dict[str, Any]]
    is_done: bool = False
    error: StoreError | None = None


class Commits:
    """Puts appends on the disk: one writer of those that wait does so for all of them."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._ready = Condition()
        self._is_writing = False
        self._waiting: list[Append] = []

    def commit(self, append: Append) -> None:
        """Return once it is on the disk.

        Raises
        ------
        StoreError
            If it is refused; those that it was together with are stored all the same.
        """
        with self._ready:
            self._waiting.append(append)
            self._ready.wait_for(lambda: append.is_done or not self._is_writing)
            together, self._waiting = ([], self._waiting) if append.is_done else (self._waiting, [])
            self._is_writing = self._is_writing or bool(together)
        if together:
            self._store_and_tell(together, append)
        if append.error is not None:
            raise append.error

    def _store_and_tell(self, together: Sequence[Append], own: Append) -> None:
        try:
            self._store(together)
        finally:
            with self._ready:
                # Where Ctrl-C struck halfway, the others are still to be stored.
                self._waiting[:0] = [append for append in together if not (append.is_done or append is own)]
                self._is_writing = False
                self._ready.notify_all()

    def _store(self, together: Sequence[Append]) -> None:
        try:
            with self._database.write() as connection:
                refused = self._write(connection, together)
        except StoreError as e:
            if len(together) == 1:
                together[0].error, together[0].is_done = e, True
                return
            for append in together:  # each by itself: what one of them cannot do the others may
                self._store([append])
            return
        for append in together:
            append.error, append.is_done = refused.get(append.recording_id), True

    def _write(self, connection: sa.Connection, together: Sequence[Append]) -> dict[str, StoreError]:
        ids = [append.recording_id for append in together]
        open_still = claim(connection, ids, until=self._now() + LEASE)
        taken = [append for append in together if append.recording_id in open_still]
        rows = [row for append in taken for row in append.rows]
        sums = [row for append in taken for row in append.sums]
        if rows:
            connection.execute(sa.insert(tables.second), rows)
            connection.execute(_SUM_UP, sums)
        return {recording_id: not_open(recording_id) for recording_id in ids if recording_id not in open_still}


def claim(connection: sa.Connection, ids: Sequence[str], *, until: datetime) -> set[str]:
    """Renew the leases of recordings, in the transaction that writes, so that nobody seals in between.

    Returns
    -------
    Those that are open still. They are locked in the order in which deleting a subject locks its recordings.
    """
    r = tables.recording
    open_still = sa.select(r.c.id).where(r.c.id.in_(ids), r.c.state == "recording", r.c.deleted_at.is_(None))
    found = connection.scalars(open_still.order_by(r.c.id).with_for_update()).all()
    if found:
        connection.execute(sa.update(r).where(r.c.id.in_(found)).values(lease_until=until))
    return set(found)


def not_open(recording_id: str) -> StoreError:
    """The error for a recording that takes no samples."""
    return StoreError(
        f"recording {recording_id} is no longer open: it was sealed or deleted meanwhile; begin a new one"
    )


def sum_row(recording_id: str, side: str, *, samples: int, first_us: int, last_us: int) -> dict[str, Any]:
    """What was received of a foot so far, for ``Append.sums``."""
    return {
        "of_recording": recording_id,
        "of_side": side,
        "samples": samples,
        "first_us": first_us,
        "last_us": last_us,
    }


_SUM_UP = sa.update(tables.foot).where(
    tables.foot.c.recording_id == sa.bindparam("of_recording"), tables.foot.c.side == sa.bindparam("of_side")
)
