from __future__ import annotations

from contextlib import ExitStack
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


def test_constraints_have_the_names_of_the_metadata(
    store: Store, request: pytest.FixtureRequest, engine: str, tmp_path: Path
) -> None:
    """compare_metadata does not look at primary keys and checks: compare what the database wrote down."""
    with ExitStack() as stack:
        if engine == "sqlite":
            url = f"sqlite:///{tmp_path / 'plain.db'}"
        else:
            url = stack.enter_context(request.getfixturevalue("postgres").database())
        _compare(store, sa.create_engine(url, poolclass=sa.NullPool))


def _compare(store: Store, plain: sa.Engine) -> None:
    tables.metadata.create_all(plain)
    with plain.connect() as one, store._database.read() as other:
        for table in tables.metadata.tables:
            for what in ("get_pk_constraint", "get_check_constraints", "get_foreign_keys", "get_indexes"):
                a, b = (_plain(getattr(sa.inspect(c), what)(table)) for c in (one, other))
                assert a == b, (table, what)


def _plain(found: Any) -> Any:
    """Without the objects that hold the text of an index's condition."""
    if isinstance(found, dict):
        return {key: _plain(value) for key, value in found.items()}
    return [_plain(value) for value in found] if isinstance(found, list) else str(found)


def test_head_is_the_newest_migration(store: Store) -> None:
    with store._database.read() as connection:
        assert ScriptDirectory.from_config(alembic_config(connection)).get_current_head() == HEAD


def test_down_step_by_step_to_nothing_and_up_again(where: str) -> None:
    """On the way up the schema of each step is what it was on the way down, and in the end that of the tables."""
    Store.open(where).close()
    steps = [*reversed(range(int(HEAD)))]
    down = {step: _columns_after(where, command.downgrade, step) for step in steps}
    assert down[0] == {"alembic_version": ["version_num"]}
    for step in reversed(steps[:-1]):
        assert _columns_after(where, command.upgrade, step) == down[step]
    with Store.open(where) as store:
        assert store.list() == []
        with store._database.read() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, tables.metadata) == []


def _columns_after(where: str, to: Any, step: int) -> dict[str, list[str]]:
    database = Database(locate(where), migrating=True)
    with database.write() as connection:
        to(alembic_config(connection), f"{step:04}" if step else "base")
    with database.read() as connection:
        inspector = sa.inspect(connection)
        found = {t: sorted(c["name"] for c in inspector.get_columns(t)) for t in inspector.get_table_names()}
    database.close()
    return found


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
