"""The store: recordings that survive a pulled plug."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self, TypeAlias

import sqlalchemy as sa

from insole.errors import StoreError
from insole.store import reader, tables
from insole.store.adding import insert, insert_whole
from insole.store.amend import set_calibration
from insole.store.engine import Database, locate
from insole.store.feet import foot_row
from insole.store.migrate import ensure_schema
from insole.store.seal import seal
from insole.store.writer import LEASE, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from insole.calibration import AnyCalibration
    from insole.recording import About, FootMeta, Recording, Side
    from insole.store.reader import Info

log = logging.getLogger(__name__)

Ids: TypeAlias = list[str]
Infos: TypeAlias = list["Info"]
# Named here because within Store, `list` is its method.


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Store:
    """Recordings in an SQLite file or a PostgreSQL database; made by ``Store.open``.

    Methods may be called from any thread; several processes may use one store.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    @classmethod
    def open(cls, where: Path | str | None = None, *, now: Callable[[], datetime] = _utc_now) -> Self:
        """Open a store; a new one is created, an old one brought to this version.

        Parameters
        ----------
        where
            A folder, or an SQLAlchemy URL (``sqlite:///...``, ``postgresql://...``); None is
            the folder in the environment's INSOLE_DATA, or else the user's data folder.
        now
            The clock by which leases run: aware UTC time.

        Raises
        ------
        StoreError
            If it cannot be opened, is something else, or was written by a newer version.
        """
        database = Database(locate(where))
        try:
            ensure_schema(database)
        except BaseException:
            database.close()
            raise
        return cls(database, now=now)

    def close(self) -> None:
        """Close the connections. Recordings begun and not sealed stay open."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def add(self, recording: Recording) -> str:
        """Store a whole recording, sealed: all of it or nothing.

        Session time is kept in whole microseconds: a time that is read back differs from the
        one given by 0.5 us at most. Values are kept bit for bit, NaN too.

        Parameters
        ----------
        recording
            Values uint16 or float32. Its id is not used.

        Returns
        -------
        The new id.

        Raises
        ------
        StoreError
            If it holds no sample, values of another type, or times less than 1 us apart.
        """
        if not any(len(foot.sample) for foot in recording.feet.values()):
            raise StoreError("the recording holds no samples, so there is nothing to store")
        with self._database.write() as connection:
            return insert_whole(connection, recording, now=self._now())

    def find_source(self, sha256: str) -> str | None:
        """The id of the recording that was imported last from the file with that hash; None if there is none."""
        r = tables.recording
        newest = sa.select(r.c.id).where(r.c.source_sha256 == sha256).order_by(r.c.created_at.desc(), r.c.id.desc())
        if not sha256:
            return None
        with self._database.read() as connection:
            return connection.scalar(newest.limit(1))

    def begin(self, started_at: datetime, about: About, feet: Mapping[Side, FootMeta]) -> Writer:
        """Begin a recording; what its writer appends is safe and readable at once.

        Parameters
        ----------
        started_at
            Aware wall time of session second zero.
        about
            What is known besides samples.
        feet
            What each insole is, one or both.

        Raises
        ------
        StoreError
            If there is no foot, one is filed under the other side, or the start has no time zone.
        """
        if not feet or any(meta.side is not side for side, meta in feet.items()):
            raise StoreError("a recording begins with one or two feet, each filed under its own side")
        if started_at.tzinfo is None:
            raise StoreError("a recording's start needs a time zone (UTC); give an aware datetime")
        now = self._now()
        rows = [foot_row("", meta) for meta in feet.values()]
        with self._database.write() as connection:
            recording_id = insert(connection, started_at, about, rows, now=now, lease_until=now + LEASE)
        return Writer(self._database, recording_id, feet, now=self._now)

    def read(self, recording_id: str, *, start_s: float | None = None, stop_s: float | None = None) -> Recording:
        """A recording, or a window of it; also one that is being recorded.

        Only blocks that overlap the window are read and decoded.

        Parameters
        ----------
        recording_id
            From ``add``, ``begin`` or ``list``.
        start_s, stop_s
            Half-open window ``[start_s, stop_s)`` in session seconds; None is open.

        Returns
        -------
        Its feet that sent a sample (within the window or not). Values are views of
        sensor-major arrays: a sensor's samples stand together in memory. Inertial values that do
        not match their checksum are NaN, and the recording's notes say which: they hide no pressure.

        Raises
        ------
        NotFoundError
            If there is none of that id.
        DamagedError
            If a block of the window does not match its checksum.
        StoreError
            If nothing was received from any foot, or the window stops before it starts.
        """
        with self._database.read() as connection:
            return reader.read(connection, recording_id, start_s, stop_s)

    def list(self) -> Infos:
        """All recordings, the latest started first, without their samples."""
        with self._database.read() as connection:
            return reader.infos(connection)

    def info(self, recording_id: str) -> Info:
        """What is known of one recording, without its samples.

        Raises
        ------
        NotFoundError
            If there is none of that id.
        """
        with self._database.read() as connection:
            return reader.info(connection, recording_id)

    def set_calibration(self, recording_id: str, side: Side, calibration: AnyCalibration) -> None:
        """Replace a foot's calibration in a sealed recording, and note it; see ``insole.store.amend``."""
        with self._database.write() as connection:
            set_calibration(connection, recording_id, side, calibration, now=self._now())

    def delete(self, recording_id: str) -> None:
        """Remove a recording and all of its samples.

        Raises
        ------
        NotFoundError
            If there is none of that id.
        """
        r = tables.recording
        with self._database.write() as connection:
            if connection.execute(sa.delete(r).where(r.c.id == recording_id)).rowcount != 1:
                raise reader.not_found(recording_id)

    def recover(self) -> Ids:
        """Seal what a killed writer left open; a live writer's recording is not touched.

        A writer is alive for some time after each append (its lease). A recording that cannot
        be sealed, because it is damaged or the disk is full, stays open and readable; the log
        says why, and the others are sealed all the same.

        Returns
        -------
        Ids of the recordings that were sealed, oldest first.
        """
        sealed: Ids = []
        for recording_id in self._left_open():
            try:
                if self._seal_if_left(recording_id):
                    sealed.append(recording_id)
            except StoreError as e:
                log.warning("recording %s stays open: %s", recording_id, e)
        return sealed

    def _left_open(self) -> Ids:
        with self._database.read() as connection:
            query = sa.select(tables.recording.c.id).where(self._is_left()).order_by(tables.recording.c.id)
            return [*connection.scalars(query)]

    def _seal_if_left(self, recording_id: str) -> bool:
        """Seal, after looking again within the transaction: the writer may have come back."""
        r = tables.recording
        with self._database.write() as connection:
            query = sa.select(r.c.id).where(r.c.id == recording_id, self._is_left()).with_for_update()
            if connection.scalar(query) is None:
                return False
            seal(connection, recording_id)
            return True

    def _is_left(self) -> sa.ColumnElement[bool]:
        r = tables.recording
        return sa.and_(r.c.state == "recording", r.c.lease_until < self._now())
