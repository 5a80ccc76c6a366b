"""What differs between SQLite and PostgreSQL; the rest of the store is the same on both.

SQLite runs in WAL mode with ``synchronous=FULL``: a commit that returned is on the disk, readers
never wait for a writer. Writing transactions begin with ``BEGIN IMMEDIATE``, so that a second
writer waits its turn at the start and is never refused halfway ("database is locked").

PostgreSQL writes in READ COMMITTED: of many writers each waits only for the rows that it locks
(``FOR UPDATE``), and sees them as they are once it has them. Reading transactions see one moment,
as SQLite's do (REPEATABLE READ).
"""

from __future__ import annotations

import sqlite3
from datetime import UTC
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite

from insole.errors import DamagedError, StoreError, StoreFullError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.sql.dml import ReturningInsert

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another to finish. Sealing a 12 h recording takes seconds (our judgement)."""

LOCK_KEY = 0x1250_1E
"""PostgreSQL's advisory lock under which one process at a time migrates."""

FULL = "the disk is full; free some space and go on. Everything acknowledged before is safe"


class Dialect(Protocol):
    """What an engine does in its own way."""

    options: Mapping[str, Any]
    """For SQLAlchemy's ``create_engine``."""

    reading: Mapping[str, Any]
    """Options of connections for transactions that see one moment."""

    one_writer: bool
    """Whether a transaction that writes has to wait for all others that do."""

    def tune(self, engine: sa.Engine, *, foreign_keys: bool) -> None:
        """Prepare each connection, without checks of foreign keys if they are not wanted."""

    def prepare(self, url: sa.URL) -> None:
        """Prepare a database before its tables are made or changed."""

    def lock_migration(self, connection: sa.Connection) -> None:
        """Let no other process migrate until the transaction ends."""

    def insert_unless_there(self, table: sa.Table, row: Mapping[str, Any]) -> ReturningInsert[tuple[Any]]:
        """Insert a row, or do nothing where a unique one stands in its way; it returns the id of what it inserted."""

    def time_in(self, utc: datetime) -> datetime:
        """A UTC time as a column takes it."""

    def server_time(self, connection: sa.Connection) -> datetime | None:
        """The aware time of the computer that all writers share; None where they are on this one."""

    def after_copying(self, connection: sa.Connection, tables: list[sa.Table]) -> None:
        """Make numbers that the database gives itself go on after rows that were copied with theirs."""

    def unsound(self, connection: sa.Connection) -> list[str]:
        """What the engine itself finds wrong with its files."""

    def explain(self, error: Any, name: str) -> StoreError:
        """A driver's error in our tree."""


class _Sqlite:
    options: Mapping[str, Any] = {}
    reading: Mapping[str, Any] = {}
    one_writer = True

    def tune(self, engine: sa.Engine, *, foreign_keys: bool) -> None:
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

    def prepare(self, url: sa.URL) -> None:
        """Put the file into WAL mode, which it then keeps.

        SQLite refuses at once, without waiting, when another process does the same at the same
        moment; the other's success is then ours.
        """
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

    def lock_migration(self, connection: sa.Connection) -> None:
        pass  # whoever writes is alone

    def insert_unless_there(self, table: sa.Table, row: Mapping[str, Any]) -> ReturningInsert[tuple[Any]]:
        return sqlite.insert(table).values(row).on_conflict_do_nothing().returning(table.c.id)

    def time_in(self, utc: datetime) -> datetime:
        return utc.replace(tzinfo=None)  # SQLite keeps no zone

    def server_time(self, connection: sa.Connection) -> datetime | None:  # noqa: ARG002
        return None

    def after_copying(self, connection: sa.Connection, tables: list[sa.Table]) -> None:
        pass  # the next number is always the greatest and one

    def unsound(self, connection: sa.Connection) -> list[str]:
        found = connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars().all()
        return [] if found == ["ok"] else [str(one) for one in found]

    def explain(self, error: Any, name: str) -> StoreError:
        """By SQLite's primary result code."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            return StoreFullError(f"{name}: {FULL}")
        if code == sqlite3.SQLITE_CORRUPT:
            return DamagedError(f"{name} is damaged ({error}); restore a backup (`insole db restore`)")
        if code == sqlite3.SQLITE_NOTADB:
            return StoreError(f"{name} is not an insole store ({error}); give another folder")
        if code == sqlite3.SQLITE_BUSY:
            return StoreError(f"{name}: another program held the store for {BUSY_TIMEOUT_MS / 1000:g} s; close it")
        return StoreError(f"{name}: {error}")


class _Postgres:
    options: Mapping[str, Any] = {"pool_pre_ping": True}  # a server that was restarted is found again
    reading: Mapping[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    one_writer = False

    def tune(self, engine: sa.Engine, *, foreign_keys: bool) -> None:  # noqa: ARG002 - altering copies no table here
        @event.listens_for(engine, "connect")
        def prepare(connection: Any, _record: object) -> None:
            """A commit that returned is on the disk, whatever the server's default is."""
            on = "SELECT set_config(name, 'on', false) FROM pg_settings WHERE (name, setting) = (%s, 'off')"
            connection.execute(on, ["synchronous_commit"])
            connection.commit()

    def prepare(self, url: sa.URL) -> None:
        pass

    def lock_migration(self, connection: sa.Connection) -> None:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK_KEY)))

    def insert_unless_there(self, table: sa.Table, row: Mapping[str, Any]) -> ReturningInsert[tuple[Any]]:
        return postgresql.insert(table).values(row).on_conflict_do_nothing().returning(table.c.id)

    def time_in(self, utc: datetime) -> datetime:
        return utc

    def server_time(self, connection: sa.Connection) -> datetime | None:
        at: datetime = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
        return at.astimezone(UTC)

    def after_copying(self, connection: sa.Connection, tables: list[sa.Table]) -> None:
        for table in tables:
            column = table.autoincrement_column
            if column is None:
                continue
            sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
            last = sa.select(sa.func.max(column)).scalar_subquery()
            connection.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(last, 1), last.is_not(None))))

    def unsound(self, connection: sa.Connection) -> list[str]:  # noqa: ARG002
        return []  # PostgreSQL has checksums of pages and pg_amcheck, for who runs the server

    def explain(self, error: Any, name: str) -> StoreError:
        """By the SQLSTATE."""
        state = getattr(error, "sqlstate", None) or ""
        said = next(iter(str(error).splitlines()), "")  # the lines after it are for whoever sees the statement
        if state == "53100":
            return StoreFullError(f"{name}: {FULL}")
        if state in {"40001", "40P01"}:
            return StoreError(f"{name}: two programs changed the same thing at once, this one gave way; try again")
        if state in {"XX001", "XX002"}:
            return DamagedError(f"{name} is damaged ({said}); restore a backup (`insole db restore`)")
        is_lost = not state and any(kind.__name__ == "OperationalError" for kind in type(error).__mro__)
        if is_lost or state[:2] in {"08", "57"}:
            return StoreError(f"{name}: the server does not answer ({said}); is it running? Then try again")
        return StoreError(f"{name}: {said}")


DIALECTS: Mapping[str, Dialect] = {"sqlite": _Sqlite(), "postgresql": _Postgres()}
"""By SQLAlchemy's name of the engine."""


def dialect_of(connection: sa.Connection) -> Dialect:
    """The engine of a connection."""
    return DIALECTS[connection.dialect.name]
