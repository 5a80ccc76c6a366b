"""One recording while it is being recorded."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from insole.errors import StoreError
from insole.store import tables
from insole.store.commits import LEASE, Append, claim, not_open, sum_row
from insole.store.feet import clock_columns, foot_row
from insole.store.pieces import Piece, joined, second_row
from insole.store.received import Received, check
from insole.store.seal import Sealing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from insole.recording import About, Chunk, ClockFit, FootMeta, Side
    from insole.store.commits import Commits
    from insole.store.engine import Database


class Writer:
    """Appends what the radio sends; made by ``Store.begin``. Its methods may be called from any thread."""

    def __init__(
        self,
        database: Database,
        recording_id: str,
        feet: Mapping[Side, FootMeta],
        *,
        commits: Commits,
        now: Callable[[], datetime],
    ) -> None:
        self.id = recording_id
        self._database = database
        self._commits = commits
        self._now = now
        self._lock = Lock()
        self._received = {side: Received.nothing(meta) for side, meta in feet.items()}

    def append(self, chunks: Sequence[Chunk]) -> None:
        """Store chunks of either foot; they are on the disk when this returns.

        They may come in any order and overlap what came before, as a device that kept samples
        while out of reach sends them. Reading and sealing put them in order and keep each
        sample index once. All chunks of a call are stored, or none. An empty call only renews
        the lease by which ``Store.recover`` knows a live writer: make one every few seconds
        while the radio is silent. Appends of several writers of a store that wait at the same time,
        each in a thread of its own, share a transaction: one wait for the disk for all.

        Parameters
        ----------
        chunks
            Of the feet this recording has. Samples are uint16 counts or float32 kPa or N,
            inertial values float32 of the foot's channels; a chunk without them leaves them NaN.

        Raises
        ------
        StoreError
            If a chunk contradicts its foot or itself, or the recording is no longer open.
        StoreFullError
            If the disk is full; what earlier calls stored is safe, and this one may be tried again.
        """
        with self._lock:
            received = dict(self._received)
            rows = [self._row(run, received) for run in _runs(chunks)]
            sides = dict.fromkeys(row["side"] for row in rows)
            self._commits.commit(Append(self.id, rows, [self._sum(side, received[side]) for side in sides]))
            self._received = received

    def add_foot(self, meta: FootMeta, about: About | None = None) -> None:
        """Take samples of one more foot from now on: one that came after the recording had begun.

        Parameters
        ----------
        meta
            What its insole is.
        about
            Its firmware and the notes that are new are taken over; what else is known may have been
            edited since the recording began, and stays.

        Raises
        ------
        StoreError
            If the recording has that foot already, or is no longer open.
        StoreFullError
            If the disk is full; the recording goes on without the foot, and this may be tried again.
        """
        side = meta.side
        with self._lock:
            if side in self._received:
                raise StoreError(f"recording {self.id} has a {side} foot already; it takes one of each")
            with self._database.write() as connection:
                self._claim(connection)
                connection.execute(sa.insert(tables.foot), foot_row(self.id, meta))
                if about is not None:
                    r, here = tables.recording, tables.recording.c.id == self.id
                    known = connection.execute(sa.select(r.c.about).where(here)).scalar_one()
                    notes = list(dict.fromkeys([*known.get("notes", ()), *about.notes]))
                    told = {**known, "firmware": about.firmware, "notes": notes}
                    connection.execute(sa.update(r).where(here).values(about=told))
            self._received = {**self._received, side: Received.nothing(meta)}

    def set_clock(self, side: Side, fit: ClockFit) -> None:
        """Replace the fit by which a foot's device time becomes session time, for all of its samples.

        Raises
        ------
        StoreError
            If there is no such foot, time would not run forward, or the recording is no longer open.
        """
        self._known(side)
        with self._database.write() as connection:
            self._claim(connection)
            connection.execute(_update_foot(self.id, side).values(clock_columns(fit)))

    def seal(self) -> None:
        """Put everything in order, compress it, and end the recording. A sealed one is left as it is.

        Raises
        ------
        NotFoundError
            If the recording was removed for good.
        StoreFullError
            If there is no room for the compressed form; the recording stays open and readable,
            and ``Store.recover`` seals it later.
        """
        with self._lock:
            Sealing(self._database, self.id, now=self._now).seal()

    def _row(self, run: Sequence[Chunk], received: dict[Side, Received]) -> dict[str, Any]:
        """The row of chunks that follow one another, noted as received."""
        side = run[0].side
        self._known(side)
        place = (self.id, side, received[side].rows)
        for chunk in run:
            check(chunk, received[side])
            received[side] = received[side].after(chunk)
        received[side] = replace(received[side], rows=received[side].rows + 1)
        piece = joined([_piece(chunk) for chunk in run])
        return second_row(place, piece, arrival_s=float(run[-1].arrival_s))

    def _known(self, side: Side) -> None:
        if side not in self._received:
            raise StoreError(f"recording {self.id} has no {side} foot; begin it with both feet, or add one")

    def _claim(self, connection: sa.Connection) -> None:
        if not claim(connection, [self.id], until=self._now() + LEASE):
            raise not_open(self.id)

    def _sum(self, side: Side, now: Received) -> dict[str, Any]:
        return sum_row(self.id, side, samples=now.samples, first_us=now.first_us, last_us=now.last_us)


def _update_foot(recording_id: str, side: Side) -> sa.Update:
    f = tables.foot
    return sa.update(f).where(f.c.recording_id == recording_id, f.c.side == str(side))


def _runs(chunks: Iterable[Chunk]) -> list[list[Chunk]]:
    """The chunks that hold samples, those of one foot that follow one another together: a radio sends many a second."""
    runs: list[list[Chunk]] = []
    latest: dict[Side, list[Chunk]] = {}
    for chunk in chunks:
        if not len(chunk.samples):
            continue
        run = latest.get(chunk.side)
        if run is not None and run[-1].stop_sample == chunk.first_sample:
            run.append(chunk)
        else:
            latest[chunk.side] = [chunk]
            runs.append(latest[chunk.side])
    return runs


def _piece(chunk: Chunk) -> Piece:
    sample = np.arange(chunk.first_sample, chunk.stop_sample, dtype=np.int64)
    inertial = None if chunk.inertial is None or not chunk.inertial.size else chunk.inertial.T
    return Piece(sample, chunk.device_us, chunk.samples.T, inertial)
