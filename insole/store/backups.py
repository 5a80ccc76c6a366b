"""A store in one file, and back into a store of either engine.

A backup is an SQLite file with the store's own tables: the same whichever engine it was made of, a store
by itself that `insole db check` can look at, and as readable in ten years as the store.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from insole.errors import ConflictError, StoreError, StoreFullError
from insole.store import tables
from insole.store.dialects import BUSY_TIMEOUT_MS, DIALECTS, FULL, dialect_of
from insole.store.engine import Database, locate, of_file
from insole.store.migrate import HEAD, ensure_schema, version_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAGES = 1024
"""Pages of SQLite that are copied at once (our judgement: 4 MB)."""

ROWS = 32
"""Rows that are copied at once: blocks, of up to a megabyte each (our judgement)."""


def back_up(
    to: Path, where: Path | str | None = None, *, seen: Callable[[int, int], None] = lambda _done, _all: None
) -> None:
    """Write all of a store, as it is at one moment, into one file for its owner only; others may go on using it.

    Parameters
    ----------
    to
        The file, which must not be there yet. It is there whole or not at all.
    where
        As of ``Store.open``; it is not created.
    seen
        Told how many pages (SQLite) or rows of how many are copied.

    Raises
    ------
    ConflictError
        If there is such a file.
    StoreError
        If there is no store, it is not of this version, or the file cannot be written.
    """
    url = locate(where, create=False)
    if to.exists():
        raise ConflictError(f"{to} is there already; give the backup another name")
    with _beside(to) as new:
        if url.get_backend_name() == "sqlite":
            _copy_file(Path(str(url.database)), new, seen)
        else:
            _copy_rows(url, of_file(new), seen)
        _as_one_file(new)
        _durable(new)
        new.replace(to)
        _durable(to.parent)


def restore(
    backup: Path, where: Path | str | None = None, *, seen: Callable[[int, int], None] = lambda _done, _all: None
) -> None:
    """Put all of a backup into a store that holds nothing, of either engine; all of it or nothing.

    Parameters
    ----------
    backup
        From ``back_up``, also of an earlier version of insole; it is not changed.
    where
        As of ``Store.open``; it is created where it is not there.
    seen
        Told how many rows of how many are copied.

    Raises
    ------
    ConflictError
        If the store holds something.
    StoreError
        If the backup is none, or was written by a newer version.
    """
    if not backup.is_file():
        raise StoreError(f"there is no backup {backup}; give the file that `insole db backup` wrote")
    target = Database(locate(where))
    try:
        ensure_schema(target)
        _require_empty(target)
    finally:
        target.close()
    with TemporaryDirectory(prefix="insole-") as folder:
        source = Path(folder) / backup.name
        _copy_file(backup, source, lambda _done, _all: None)  # an old one is brought to this version
        _require_store(source, backup)
        _copy_rows(of_file(source), target.url, seen)


def _copy_file(source: Path, new: Path, seen: Callable[[int, int], None]) -> None:
    """By SQLite's online backup, within a reading transaction: writers go on, and what they write is not in it."""
    try:
        with (
            closing(sqlite3.connect(source, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)) as one,
            closing(sqlite3.connect(new)) as other,
        ):
            one.execute("BEGIN")
            one.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            one.backup(other, pages=PAGES, progress=lambda _status, left, of: seen(of - left, of))
    except sqlite3.Error as e:
        raise DIALECTS["sqlite"].explain(e, str(source)) from e


def _copy_rows(source: sa.URL, to: sa.URL, seen: Callable[[int, int], None]) -> None:
    """Row by row, from one moment of the one into one transaction of the other."""
    one, other = Database(source), Database(to)
    try:
        if source.get_backend_name() == "sqlite":
            ensure_schema(one)
        elif version_of(one) != HEAD:
            raise StoreError(f"{one.name} is of another version; run: insole db upgrade")
        ensure_schema(other)
        with one.read() as reading, other.write() as writing:
            _require_nothing(writing, other.name)
            everything = sum(_count(reading, table) for table in tables.metadata.sorted_tables)
            done = 0
            for table in tables.metadata.sorted_tables:
                for rows in _rows(reading, table):
                    writing.execute(sa.insert(table), rows)
                    done += len(rows)
                    seen(done, everything)
            dialect_of(writing).after_copying(writing, tables.metadata.sorted_tables)
    finally:
        one.close()
        other.close()


def _rows(connection: sa.Connection, table: sa.Table) -> Iterator[list[dict[str, Any]]]:
    found = connection.execute(sa.select(table).execution_options(yield_per=ROWS))
    for part in found.mappings().partitions():
        yield [dict(row) for row in part]


def _count(connection: sa.Connection, table: sa.Table) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def _require_empty(database: Database) -> None:
    with database.read() as connection:
        _require_nothing(connection, database.name)


def _require_nothing(connection: sa.Connection, name: str) -> None:
    for table in tables.metadata.sorted_tables:
        if connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None:
            raise ConflictError(f"{name} holds something already; restore into a new folder or an empty database")


def _require_store(source: Path, backup: Path) -> None:
    database = Database(of_file(source))
    try:
        if version_of(database) is None:
            raise StoreError(f"{backup} is no backup of insole; give the file that `insole db backup` wrote")
    finally:
        database.close()


def _as_one_file(path: Path) -> None:
    """Without a log beside it, so that whoever copies the file copies all of it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def _beside(to: Path) -> Iterator[Path]:
    """A file beside another, for its owner only; gone if it was not moved."""
    try:
        folder = TemporaryDirectory(prefix=f".{to.name}-", dir=to.parent)
    except OSError as e:
        raise _unwritten(to, e) from e
    with folder:
        new = Path(folder.name) / to.name
        try:
            os.close(os.open(new, os.O_CREAT | os.O_RDWR, 0o600))
            yield new
        except OSError as e:
            raise _unwritten(to, e) from e


def _unwritten(path: Path, error: OSError) -> StoreError:
    if error.errno == errno.ENOSPC:
        return StoreFullError(f"{path}: {FULL}")
    return StoreError(f"{path} cannot be written ({error.strerror}); give a folder that is there and yours")


def _durable(path: Path) -> None:
    """Wait until a file or a folder's list is on the disk; a folder where the system can."""
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
