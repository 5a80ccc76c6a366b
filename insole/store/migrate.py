"""Bring a database to the tables of this version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from insole.errors import StoreError
from insole.store.dialects import dialect_of
from insole.store.engine import Database, locate
from insole.store.references import orphans
from insole.store.tables import metadata

if TYPE_CHECKING:
    from pathlib import Path

    from alembic.config import Config

HEAD = "0003"
"""The newest revision, known without loading Alembic, so that an up-to-date store opens at once."""


def ensure_schema(database: Database) -> None:
    """Create or upgrade the tables; nothing is done when they are of this version.

    Several processes may do so at the same time: one migrates, the others wait for it.

    Raises
    ------
    StoreError
        If the database was written by a newer version, or cannot be written.
    """
    if version_of(database) == HEAD:
        return
    database.dialect.prepare(database.url)
    migrating = Database(database.url, migrating=True)
    try:
        with migrating.write() as connection:
            dialect_of(connection).lock_migration(connection)
            _upgrade(connection)
            _check_references(connection)
    finally:
        migrating.close()


def upgrade(where: Path | str | None = None) -> tuple[str | None, str]:
    """Bring a store to the tables of this version; which revision it had, and which it has.

    Parameters
    ----------
    where
        As of ``Store.open``; it is not created.

    Raises
    ------
    StoreError
        If there is no store, or it was written by a newer version.
    """
    database = Database(locate(where, create=False))
    try:
        before = version_of(database)
        ensure_schema(database)
        return before, HEAD
    finally:
        database.close()


def version_of(database: Database) -> str | None:
    """The revision of its tables; None where there are none."""
    with database.read() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command  # 0.1 s and more, needed once in a store's life
    from alembic.util import CommandError

    try:
        command.upgrade(alembic_config(connection), "head")
    except CommandError as e:
        raise StoreError(f"this store was written by a newer version of insole ({e}); update insole") from e


def alembic_config(connection: sa.Connection) -> Config:
    """How Alembic finds the migrations, in an installed package too, and the connection they run on."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "insole.store:migrations")
    config.attributes["connection"] = connection
    return config


def differences(connection: sa.Connection) -> list[str]:
    """A sentence for each way in which the tables are not those of this version."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return [f"the tables are not those of this version: {found!r}" for found in compare_metadata(context, metadata)]


def _check_references(connection: sa.Connection) -> None:
    lost = orphans(connection)
    if lost:
        raise StoreError(
            f"the upgrade of the store would lose rows, so it was not done ({lost[0]}); report this with your version"
        )
