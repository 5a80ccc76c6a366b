"""The database: where it is, and how it is opened. What is of one engine only stands in ``dialects``."""

from __future__ import annotations

import os
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import exc

from insole.disk import data_folder
from insole.errors import StoreError
from insole.store.dialects import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FILE_NAME = "insole.db"
"""The SQLite file in the store's folder."""

SETTING = "INSOLE_DATABASE"
"""The environment's variable with the URL of a database that is not the data folder's file."""

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
        self.dialect = DIALECTS[url.get_backend_name()]
        try:
            self._engine = sa.create_engine(url, pool_size=5, max_overflow=MAX_CONNECTIONS - 5, **self.dialect.options)
        except ModuleNotFoundError as e:
            raise StoreError(f"{self.name} needs {e.name}: pip install 'insole[postgres]'") from e
        # SQLite lets writers try again and again, so that of many threads one may never come to its turn.
        self._turn = Lock() if self.dialect.one_writer else nullcontext()
        self.dialect.tune(self._engine, foreign_keys=not migrating)
        self._reading = self._engine.execution_options(insole_begin="BEGIN", **self.dialect.reading)
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
        with self._turn, self._plain_errors(), self._writing.begin() as connection:
            yield connection

    def clock(self) -> Callable[[], datetime]:
        """Aware UTC time, the same for all computers that use this database, to the second or so."""
        with self.read() as connection:
            before = _utc_now()
            server = self.dialect.server_time(connection)
            off = timedelta(0) if server is None else server - before
        return lambda: _utc_now() + off

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._engine.dispose()

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except exc.DBAPIError as e:
            raise self.dialect.explain(e.orig, self.name) from e
        except exc.TimeoutError as e:
            raise StoreError(f"{self.name}: more than {MAX_CONNECTIONS} threads use the store; try again") from e


def _utc_now() -> datetime:
    return datetime.now(UTC)


def locate(where: Path | str | None, *, create: bool = True) -> sa.URL:
    """The database's URL, for a folder or a URL; a new SQLite file and its folder are made, for their owner only.

    Parameters
    ----------
    where
        A folder, or an SQLAlchemy URL (``sqlite:///...``, ``postgresql://...``); None is the URL in
        the environment's INSOLE_DATABASE, or else the folder in its INSOLE_DATA, or else the user's
        data folder.
    create
        Whether to make what is not there; otherwise that is an error.

    Raises
    ------
    StoreError
        If the URL cannot be understood or the file cannot be made.
    """
    where = where or os.environ.get(SETTING)
    is_url = isinstance(where, str) and "://" in where
    url = _url(str(where)) if is_url else of_file(data_folder(where) / FILE_NAME)
    if url.get_backend_name() == "sqlite":
        _make_private(Path(str(url.database)), create=create)
    return url


def of_file(path: Path) -> sa.URL:
    """The URL of an SQLite file."""
    return sa.URL.create("sqlite", database=str(path))


def _url(where: str) -> sa.URL:
    try:
        url = sa.make_url(where)
    except exc.ArgumentError as e:
        raise StoreError(f"this is not a database URL; write for example postgresql://host/name: {e}") from e
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        raise StoreError("a store is an SQLite file or a PostgreSQL database; give a folder or such a URL")
    return url


def _make_private(path: Path, *, create: bool) -> None:
    if not create and not path.exists():
        raise StoreError(f"there is no store at {path}; give its folder with --data, or its URL in {SETTING}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as e:
        raise StoreError(f"the store cannot be opened at {path}: {e.strerror}; give a folder you may write to") from e
