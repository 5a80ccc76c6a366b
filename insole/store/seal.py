"""Turn what was appended into ordered, compressed blocks: in bounded memory, and never long in others' way.

A long recording takes its time, and on SQLite whoever writes keeps all others from writing. So blocks are
compressed between transactions and written a few at a time. Until the last step the recording is what it was:
nobody reads its blocks. Whoever begins anew after a crash begins with removing what is there of them.

Who seals holds the recording's lease and renews it at each step.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from insole.errors import StoreError
from insole.recording import Side
from insole.store import tables
from insole.store.binning import not_found
from insole.store.blocks import Facts, block_rows
from insole.store.commits import LEASE
from insole.store.pieces import second_piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from insole.store.damage import Damage
    from insole.store.engine import Database
    from insole.store.pieces import Piece

FETCH = 64
"""Rows of seconds that are read at once (our judgement: about a block)."""

STEP_BLOCKS = 8
"""Blocks that are written at once (our judgement: some megabytes, a few hundredths of a second)."""

STEP_SECONDS = 1000
"""Rows of seconds that are removed at once (our judgement)."""


class Sealing:
    """The way of one recording from open to sealed.

    Parameters
    ----------
    now
        Aware UTC time.
    """

    def __init__(self, database: Database, recording_id: str, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._id = recording_id
        self._now = now
        self._lost: list[Damage] = []
        self._read = 0

    def seal(self, *, left_only: bool = False) -> bool:
        """Seal it; whether this did so, and not another before.

        A recording without samples is sealed as well: that it was tried is worth knowing, and
        whoever wants it gone deletes it. Inertial values that are damaged become missing, and the
        recording's notes say which.

        Parameters
        ----------
        left_only
            Only if the lease of whoever recorded it, or began to seal it, ran out.

        Raises
        ------
        NotFoundError
            If there is no such recording any more.
        DamagedError
            If a row does not match its checksum; the recording stays open.
        StoreError
            If it is being recorded again, so that it stays open; or as of ``Database.write``.
        """
        feet = self._begin(left_only=left_only)
        if feet is None:
            return False
        try:
            facts = {foot.side: self._write(foot) for foot in feet}
            self._finish(facts)
        except StoreError:
            with suppress(StoreError):  # whoever tries again begins with this too
                self._drop_blocks()
            raise
        self.tidy()
        return True

    def tidy(self) -> None:
        """Remove the seconds of a recording that is sealed, and give up its lease."""
        s = tables.second
        feet = sa.select(s.c.side, sa.func.max(s.c.seq)).where(s.c.recording_id == self._id).group_by(s.c.side)
        with self._database.read() as connection:
            found = connection.execute(feet).all()
        for side, last in found:
            for start in range(0, last + 1, STEP_SECONDS):
                these = s.c.seq.between(start, start + STEP_SECONDS - 1)
                with self._database.write() as connection:
                    connection.execute(sa.delete(s).where(s.c.recording_id == self._id, s.c.side == side, these))
        with self._database.write() as connection:
            self._set(connection, lease_until=None)

    def _begin(self, *, left_only: bool) -> Sequence[sa.Row[Any]] | None:
        """Take the lease; the feet, or None if there is nothing to do."""
        with self._database.write() as connection:
            row = self._locked(connection)
            if row is None and not left_only:
                raise not_found("recording", self._id)
            if row is None or row.state == "sealed" or (left_only and row.lease_until >= self._now()):
                return None
            self._set(connection, lease_until=self._now() + LEASE)
            self._drop(connection)
            f = tables.foot
            return connection.execute(sa.select(f).where(f.c.recording_id == self._id)).all()

    def _write(self, foot: sa.Row[Any]) -> Facts:
        """Write a foot's blocks, a few at a time; what they add up to."""
        facts = Facts()
        rows = block_rows(self._id, Side(foot.side), foot.rate_hz, self._seconds(foot), facts)
        while step := list(islice(rows, STEP_BLOCKS)):
            with self._database.write() as connection:
                self._require_open(connection)
                self._set(connection, lease_until=self._now() + LEASE)
                connection.execute(sa.insert(tables.block), step)
        return facts

    def _finish(self, facts: Mapping[str, Facts]) -> None:
        """From one moment to the next the recording is its blocks. Its lease stays until its seconds are gone."""
        f, s = tables.foot, tables.second
        with self._database.write() as connection:
            row = self._require_open(connection)
            there = sa.select(sa.func.count()).select_from(s).where(s.c.recording_id == self._id)
            if connection.scalar(there) != self._read:
                raise StoreError(f"recording {self._id} is being recorded again, so it stays open")
            for side, columns in facts.items():
                here = (f.c.recording_id == self._id, f.c.side == side)
                connection.execute(sa.update(f).where(*here).values(asdict(columns)))
            notes = [*row.about.get("notes", ()), *(damage.note for damage in self._lost)]
            about = {**row.about, "notes": notes} if self._lost else row.about
            self._set(connection, state="sealed", about=about, lease_until=self._now() + LEASE)

    def _seconds(self, foot: sa.Row[Any]) -> Iterator[Piece]:
        """The rows that were appended, by first sample, a few in memory at a time."""
        t = tables.second
        mine = (t.c.recording_id == foot.recording_id, t.c.side == foot.side)
        by_sample = (t.c.first_sample, t.c.seq)
        with self._database.read() as connection:
            order = connection.scalars(sa.select(t.c.seq).where(*mine).order_by(*by_sample)).all()
        self._read += len(order)
        for start in range(0, len(order), FETCH):
            some = sa.select(t).where(*mine, t.c.seq.in_(order[start : start + FETCH])).order_by(*by_sample)
            with self._database.read() as connection:
                rows = connection.execute(some).all()
            yield from (second_piece(row, foot, self._lost) for row in rows)

    def _locked(self, connection: sa.Connection) -> sa.Row[Any] | None:
        r = tables.recording
        return connection.execute(sa.select(r).where(r.c.id == self._id).with_for_update()).one_or_none()

    def _require_open(self, connection: sa.Connection) -> sa.Row[Any]:
        row = self._locked(connection)
        if row is None:
            raise not_found("recording", self._id)
        if row.state == "sealed":
            raise StoreError(f"recording {self._id} was sealed by another program meanwhile")
        return row

    def _set(self, connection: sa.Connection, **columns: Any) -> None:
        connection.execute(sa.update(tables.recording).where(tables.recording.c.id == self._id).values(columns))

    def _drop_blocks(self) -> None:
        with self._database.write() as connection:
            row = self._locked(connection)
            if row is not None and row.state != "sealed":
                self._drop(connection)

    def _drop(self, connection: sa.Connection) -> None:
        connection.execute(sa.delete(tables.block).where(tables.block.c.recording_id == self._id))
