"""The database: where it is, how it is opened, and what its errors mean to a person.

SQLite runs in WAL mode with ``synchronous=FULL``: a commit that returned is on the disk, readers
never wait for a writer. Writing transactions begin with ``BEGIN IMMEDIATE``, so that a second
writer waits its turn at the start and is never refused halfway ("database is locked").
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event, exc

from insole.disk import data_folder
from insole.errors import DamagedError, StoreError, StoreFullError

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE_NAME = "insole.db"
"""The SQLite file in the store's folder."""

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another to finish. Sealing a 12 h recording takes seconds (our judgement)."""

MAX_CONNECTIONS = 48
"""More than the 40 threads that a web server's pool has by default."""


class Database:
    """Connections to one database, from a pool; safe to use from several threads.

    Parameters
    ----------
    url
        From ``locate``.
    migrating
        Leave foreign keys unchecked: SQLite's way to alter a table is to copy and drop it,
        and dropping would otherwise delete the rows that refer to it.
    """

    def __init__(self, url: sa.URL, *, migrating: bool = False) -> None:
        self.url = url
        self.name = url.render_as_string(hide_password=True)
        self._engine = sa.create_engine(url, pool_size=5, max_overflow=MAX_CONNECTIONS - 5)
        reading: dict[str, Any] = {"insole_begin": "BEGIN"}
        if url.get_backend_name() == "sqlite":
            _tune_sqlite(self._engine, foreign_keys=not migrating)
        else:
            reading["isolation_level"] = "REPEATABLE READ"  # one moment for all tables, as SQLite gives
        self._reading = self._engine.execution_options(**reading)
        self._writing = self._engine.execution_options(insole_begin="BEGIN IMMEDIATE")

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that sees one moment of the database."""
        with self._plain_errors(), self._reading.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that is on the disk when the block ends, or did not happen.

        Raises
        ------
        StoreFullError
            If the disk is full.
        StoreError
            If the database refuses otherwise.
        """
        with self._plain_errors(), self._writing.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._engine.dispose()

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except exc.DBAPIError as e:
            raise _explain(e, self.name) from e
        except exc.TimeoutError as e:
            raise StoreError(f"{self.name}: more than {MAX_CONNECTIONS} threads use the store; try again") from e


def locate(where: Path | str | None) -> sa.URL:
    """The database's URL, for a folder or a URL; a new SQLite file and its folder are made, for their owner only.

    Parameters
    ----------
    where
        A folder, or an SQLAlchemy URL (``sqlite:///...``, ``postgresql://...``); None is the
        folder in the environment's INSOLE_DATA, or else the user's data folder.

    Raises
    ------
    StoreError
        If the URL cannot be understood or the file cannot be made.
    """
    where = where or os.environ.get("INSOLE_DATA")
    if not (isinstance(where, str) and "://" in where):
        where = data_folder(where) / FILE_NAME
        _make_private(where)
        return sa.URL.create("sqlite", database=str(where))
    try:
        url = sa.make_url(where)
    except exc.ArgumentError as e:
        raise StoreError(f"this is not a database URL; write for example postgresql://host/name: {e}") from e
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        raise StoreError("a store is an SQLite file or a PostgreSQL database; give a folder or such a URL")
    _make_private(Path(str(url.database)))
    return url


def use_wal(url: sa.URL) -> None:
    """Put an SQLite file into WAL mode, which it then keeps.

    SQLite refuses at once, without waiting, when another process does the same at the same
    moment; the other's success is then ours.
    """
    if url.get_backend_name() != "sqlite":
        return
    connection = sqlite3.connect(str(url.database), timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError as e:
        if e.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise StoreError(f"{url.database}: {e}; check the folder's permissions") from e
    except sqlite3.DatabaseError as e:
        raise StoreError(f"{url.database} is not an insole store ({e}); give another folder") from e
    finally:
        connection.close()


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as e:
        raise StoreError(f"the store cannot be opened at {path}: {e.strerror}; give a folder you may write to") from e


def _tune_sqlite(engine: sa.Engine, *, foreign_keys: bool) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, below
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "synchronous=FULL",
            f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options()["insole_begin"])


def _explain(error: exc.DBAPIError, name: str) -> StoreError:
    """The error in our tree: SQLite's primary result code, or PostgreSQL's SQLSTATE, says which."""
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    state = getattr(error.orig, "sqlstate", None)
    if code == sqlite3.SQLITE_FULL or state == "53100":
        return StoreFullError(
            f"{name}: the disk is full; free some space and go on. Everything acknowledged before is safe"
        )
    if code == sqlite3.SQLITE_CORRUPT:
        return DamagedError(f"{name} is damaged ({error.orig}); restore a copy")
    if code == sqlite3.SQLITE_NOTADB:
        return StoreError(f"{name} is not an insole store ({error.orig}); give another folder")
    if code == sqlite3.SQLITE_BUSY:
        return StoreError(f"{name}: another program held the store for {BUSY_TIMEOUT_MS / 1000:g} s; close it")
    return StoreError(f"{name}: {error.orig}")
