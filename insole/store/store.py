"""The store: recordings that survive a pulled plug."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeAlias

from insole.errors import StoreError
from insole.store import reader, tables, window
from insole.store.adding import Whole, insert, insert_whole
from insole.store.amend import set_calibration
from insole.store.audit import Audit, Ledger
from insole.store.bin import Bin
from insole.store.commits import LEASE, Commits
from insole.store.engine import Database, locate
from insole.store.feet import foot_row
from insole.store.filing import AS_RECORDED
from insole.store.finder import Finder
from insole.store.marks import Marks
from insole.store.migrate import ensure_schema
from insole.store.recordings import Recordings
from insole.store.recover import recover
from insole.store.subjects import Subjects
from insole.store.visits import Visits
from insole.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from insole.calibration import AnyCalibration
    from insole.recording import About, FootMeta, Recording, Side
    from insole.records import Mark
    from insole.store.filing import VisitDay
    from insole.store.reader import Info

Ids: TypeAlias = list[str]  # within Store, `list` is its method
Infos: TypeAlias = list["Info"]


class Store:
    """Recordings in an SQLite file or a PostgreSQL database; made by ``Store.open``.

    Methods may be called from any thread; several processes may use one store.

    Attributes
    ----------
    subjects, visits
        What recordings are filed under.
    recordings
        What is known about them and where they belong, to be changed; deleting and restoring.
    marks
        What a person marked in them.
    finder
        A few of many subjects and recordings, by what is written about them.
    bin, audit
        What was deleted; what was changed, when and by whom.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime], actor: str) -> None:
        self._database = database
        self._now = now
        self._commits = Commits(database, now=now)
        self._ledger = ledger = Ledger(database, now=now, actor=actor)
        self.subjects = Subjects(ledger)
        self.visits = Visits(ledger)
        self.recordings = Recordings(ledger)
        self.marks = Marks(ledger)
        self.finder = Finder(ledger)
        self.bin = Bin(ledger)
        self.audit = Audit(ledger)

    @classmethod
    def open(
        cls, where: Path | str | None = None, *, now: Callable[[], datetime] | None = None, actor: str = "local"
    ) -> Self:
        """Open a store; a new one is created, an old one brought to this version.

        Parameters
        ----------
        where
            A folder, or an SQLAlchemy URL (``sqlite:///...``, ``postgresql://...``); None is the URL in the
            environment's INSOLE_DATABASE, or else the folder in INSOLE_DATA, or else the user's data folder.
        now
            The clock by which leases and the bin run: aware UTC time; by default this computer's,
            set right by the database server's, so that two hosts agree on who is alive.
        actor
            Who changes, for the audit.

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
        return cls(database, now=now or database.clock(), actor=actor)

    def close(self) -> None:
        """Close the connections. Recordings begun and not sealed stay open."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def add(self, recording: Recording, *, visit_date: VisitDay = AS_RECORDED, marks: Sequence[Mark] = ()) -> str:
        """Store a whole recording, sealed: all of it or nothing.

        Session time is kept in whole microseconds: a time that is read back differs from the
        one given by 0.5 us at most. Values are kept bit for bit, NaN too.

        Parameters
        ----------
        recording
            Values uint16 or float32. Its id is not used. With a subject's code it is filed under that
            subject and the visit of its day, which are made if they are not there.
        visit_date
            Another day for the visit; None for the visit without one.
        marks
            What came marked with it; they are part of what is made, and have no audit of their own.

        Returns
        -------
        The new id.

        Raises
        ------
        StoreError
            If it holds no sample, values of another type, or times less than 1 us apart.
        RecordsError
            If its subject's code is no code.
        """
        if not any(len(foot.sample) for foot in recording.feet.values()):
            raise StoreError("the recording holds no samples, so there is nothing to store")
        whole = Whole.of(recording, at=self._now())  # compressed before others have to wait
        with self._ledger.change() as change:
            return insert_whole(change, whole, visit_date, marks)

    def find_source(self, sha256: str) -> str | None:
        """The id of the recording that was imported last from the file with that hash; None if there is none.

        Those in the bin do not count: whoever imports the file again wants to see it.
        """
        if not sha256:
            return None
        with self._database.read() as connection:
            return reader.newest_of(connection, sha256)

    def begin(self, started_at: datetime, about: About, feet: Mapping[Side, FootMeta]) -> Writer:
        """Begin a recording; what its writer appends is safe and readable at once.

        Parameters
        ----------
        started_at
            Aware wall time of session second zero.
        about
            What is known besides samples; with a subject's code it is filed as ``add`` does.
        feet
            What each insole is.

        Raises
        ------
        StoreError
            If there is no foot, one is filed under the other side, or the start has no time zone.
        RecordsError
            If the subject's code is no code.
        """
        if not feet or any(meta.side is not side for side, meta in feet.items()):
            raise StoreError("a recording begins with one or two feet, each filed under its own side")
        if started_at.tzinfo is None:
            raise StoreError("a recording's start needs a time zone (UTC); give an aware datetime")
        rows = [foot_row("", meta) for meta in feet.values()]
        with self._ledger.change() as change:
            recording_id = insert(change, started_at, about, rows, lease_until=change.at + LEASE)
        return Writer(self._database, recording_id, feet, commits=self._commits, now=self._now)

    def read(
        self,
        recording_id: str,
        *,
        start_s: float | None = None,
        stop_s: float | None = None,
        side: Side | None = None,
        salvage: bool = False,
    ) -> Recording:
        """A recording, or a window or one foot of it; also one that is being recorded.

        Only blocks that overlap the window are read and decoded.

        Parameters
        ----------
        recording_id
            From ``add``, ``begin`` or ``list``.
        start_s, stop_s, side
            Half-open window ``[start_s, stop_s)`` in session seconds, None is open; one foot, None is both.
        salvage
            Leave out what is damaged, as a gap, and say so in the recording's notes; otherwise it is an error.

        Returns
        -------
        Its feet that sent a sample (within the window or not). Values are views of
        sensor-major arrays: a sensor's samples stand together in memory. Inertial values that do
        not match their checksum are NaN, and the recording's notes say which: they hide no pressure.

        Raises
        ------
        NotFoundError
            If there is none of that id, or it is in the bin.
        DamagedError
            If a block of the window does not match its checksum.
        StoreError
            If nothing was received from any foot, or the window stops before it starts.
        """
        with self._database.read() as connection:
            return window.read(connection, recording_id, start_s, stop_s, side, salvage=salvage)

    def list(self, *, subject_id: str | None = None, visit_id: str | None = None) -> Infos:
        """All recordings, or those of a subject or a visit: the latest started first, without their samples."""
        asked = ((tables.visit.c.subject_id, subject_id), (tables.recording.c.visit_id, visit_id))
        with self._database.read() as connection:
            return reader.infos(connection, *(column == wanted for column, wanted in asked if wanted is not None))

    def info(self, recording_id: str) -> Info:
        """What is known of one recording, without its samples.

        Raises
        ------
        NotFoundError
            If there is none of that id, or it is in the bin.
        """
        with self._database.read() as connection:
            return reader.info(connection, recording_id)

    def set_calibration(self, recording_id: str, side: Side, calibration: AnyCalibration) -> None:
        """Replace a foot's calibration in a sealed recording, and note it; see ``insole.store.amend``."""
        with self._ledger.change() as change:
            set_calibration(change, recording_id, side, calibration)

    def recover(self) -> Ids:
        """Seal what a killed writer left open; a live writer's recording is not touched.

        A writer is alive for some time after each append (its lease). A recording that cannot
        be sealed, because it is damaged or the disk is full, stays open and readable; the log
        says why, and the others are sealed all the same.

        Returns
        -------
        Ids of the recordings that were sealed, oldest first.
        """
        return recover(self._database, now=self._now)
