"""Stores as an earlier version left them."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import command

from insole.store.engine import Database, locate
from insole.store.migrate import alembic_config


def to_revision(where: str, revision: str) -> None:
    """Bring a store to a revision, up or down."""
    database = Database(locate(where), migrating=True)
    try:
        with database.write() as connection:
            config = alembic_config(connection)
            (command.downgrade if revision < "0003" else command.upgrade)(config, revision)
    finally:
        database.close()


def as_0002(where: str, codes: dict[str, str]) -> None:
    """Make a store's recordings look as revision 0002 wrote them: each with its own code, whatever it is."""
    to_revision(where, "0002")
    database = Database(locate(where))
    with database.write() as connection:
        for recording_id, code in codes.items():
            set_code(connection, recording_id, code)
    database.close()


def set_code(connection: sa.Connection, recording_id: str, code: str) -> None:
    about = json.loads(_about(connection, recording_id))
    about["subject_code"] = code
    connection.execute(
        sa.text("UPDATE recording SET about = :about WHERE id = :id"), {"about": json.dumps(about), "id": recording_id}
    )


def _about(connection: sa.Connection, recording_id: str) -> str:
    found = connection.execute(sa.text("SELECT about FROM recording WHERE id = :id"), {"id": recording_id}).scalar_one()
    return found if isinstance(found, str) else json.dumps(found)


def abouts(where: str) -> dict[str, dict[str, object]]:
    """Of each recording what stands in its row."""
    database = Database(locate(where))
    with database.read() as connection:
        ids = connection.execute(sa.text("SELECT id FROM recording")).scalars().all()
        found = {i: json.loads(_about(connection, i)) for i in ids}
    database.close()
    return found
