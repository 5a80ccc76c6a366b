from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from insole.errors import StoreError
from insole.recording import Side
from insole.store import Store, tables
from insole.store.engine import Database, locate
from insole.store.migrate import HEAD, alembic_config
from tests.store.samples import recording, stream

if TYPE_CHECKING:
    from pathlib import Path


def test_the_migrated_schema_is_the_metadata(store: Store) -> None:
    with store._database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_constraints_have_the_names_of_the_metadata(store: Store, tmp_path: Path) -> None:
    """compare_metadata does not look at primary keys and checks: compare what SQLite wrote down."""
    plain = sa.create_engine(f"sqlite:///{tmp_path / 'plain.db'}")
    tables.metadata.create_all(plain)
    with plain.connect() as one, store._database.read() as other:
        for table in tables.metadata.tables:
            for what in ("get_pk_constraint", "get_check_constraints", "get_foreign_keys", "get_indexes"):
                a, b = (_plain(getattr(sa.inspect(c), what)(table)) for c in (one, other))
                assert a == b, (table, what)
    plain.dispose()


def _plain(found: Any) -> Any:
    """Without the objects that hold the text of an index's condition."""
    if isinstance(found, dict):
        return {key: _plain(value) for key, value in found.items()}
    return [_plain(value) for value in found] if isinstance(found, list) else str(found)


def test_head_is_the_newest_migration(store: Store) -> None:
    with store._database.read() as connection:
        assert ScriptDirectory.from_config(alembic_config(connection)).get_current_head() == HEAD


def test_down_to_nothing_and_up_again(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    database = Database(locate(tmp_path), migrating=True)
    with database.write() as connection:
        command.downgrade(alembic_config(connection), "base")
    with database.read() as connection:
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]
    database.close()
    with Store.open(tmp_path) as store:
        assert store.list() == []


def test_an_opened_store_keeps_its_recordings(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        recording_id = store.add(recording(stream(Side.LEFT, 5)))
    with Store.open(f"sqlite:///{tmp_path}/insole.db") as store:
        assert [i.id for i in store.list()] == [recording_id]


def test_a_store_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store, store._database.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version of insole"):
        Store.open(tmp_path)


def test_altering_a_table_deletes_no_rows(tmp_path: Path) -> None:
    """SQLite alters by copying and dropping, and a drop deletes what refers to it unless keys are unchecked."""
    with Store.open(tmp_path) as store:
        recording_id = store.add(recording(stream(Side.LEFT, 5)))
        database = Database(locate(tmp_path), migrating=True)
        with database.write() as connection:
            from alembic.operations import Operations

            with Operations(MigrationContext.configure(connection)).batch_alter_table("recording") as batch:
                batch.alter_column("source_sha256", type_=sa.String(128))
        database.close()
        assert len(store.read(recording_id).feet[Side.LEFT].sample) == 5
