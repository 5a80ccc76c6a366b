"""Subjects, visits, marks, a bin and an audit; recordings are filed under the subject whose code they held.

On the way up each code becomes a subject, and each day (UTC) on which it has recordings a visit;
recordings without a date share a visit without one. On the way down the codes go back into the
recordings, those in the bin are there again, and what else is kept of subjects and visits, all
marks and the audit are given up. No sample is touched.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from insole.store.ids import new_id

revision = "0003"
down_revision = "0002"

NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)

recording = sa.table(
    "recording",
    sa.column("id", sa.String),
    sa.column("started_at", sa.DateTime(timezone=True)),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("about", sa.JSON),
    sa.column("visit_id", sa.String),
)
subject = sa.table(
    "subject",
    *(sa.column(name) for name in ("id", "code", "notes")),
    sa.column("created_at", sa.DateTime(timezone=True)),
)
visit = sa.table(
    "visit",
    *(sa.column(name) for name in ("id", "subject_id", "notes")),
    sa.column("date", sa.Date),
    sa.column("created_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Add the tables and file the recordings."""
    _subject()
    _visit()
    # SQLite copies the table.
    with op.batch_alter_table("recording") as batch:
        batch.add_column(sa.Column("visit_id", sa.String(32)))
        for column in _deleted():
            batch.add_column(column)
        batch.create_foreign_key(op.f("fk_recording_visit"), "visit", ["visit_id"], ["id"])
        batch.create_index(op.f("ix_recording_visit_id"), ["visit_id"])
    _mark()
    _audit()
    _file(op.get_bind())


def downgrade() -> None:
    """Put the codes back and drop the tables."""
    _unfile(op.get_bind())
    op.drop_table("audit")
    op.drop_table("mark")
    with op.batch_alter_table("recording") as batch:
        batch.drop_index(op.f("ix_recording_visit_id"))
        batch.drop_constraint(op.f("fk_recording_visit"), type_="foreignkey")
        for name in ("visit_id", "deleted_at", "deleted_with"):
            batch.drop_column(name)
    op.drop_table("visit")
    op.drop_table("subject")


def _file(connection: sa.Connection) -> None:
    subjects: dict[str, str] = {}
    visits: dict[tuple[str, Any], str] = {}
    for row in connection.execute(sa.select(recording).order_by(recording.c.created_at, recording.c.id)).all():
        about = dict(row.about)
        code = about.pop("subject_code", "").strip()
        found: dict[str, Any] = {"about": about}
        if code:
            made = _utc(row.created_at)
            if code not in subjects:
                subjects[code] = new_id(made, kind="subject")
                new = {"id": subjects[code], "code": code, "notes": "", "created_at": row.created_at}
                connection.execute(sa.insert(subject), new)
            started = _utc(row.started_at)
            place = (subjects[code], None if started == NO_DATE else started.date())
            if place not in visits:
                visits[place] = new_id(made, kind="visit")
                owner, day = place
                new = {"id": visits[place], "subject_id": owner, "notes": "", "created_at": row.created_at}
                connection.execute(sa.insert(visit), {**new, "date": day})
            found["visit_id"] = visits[place]
        connection.execute(sa.update(recording).where(recording.c.id == row.id).values(found))


def _unfile(connection: sa.Connection) -> None:
    codes = (
        sa.select(recording.c.id, recording.c.about, subject.c.code)
        .outerjoin_from(recording, visit, recording.c.visit_id == visit.c.id)
        .outerjoin(subject, visit.c.subject_id == subject.c.id)
    )
    for row in connection.execute(codes).all():
        about = {"subject_code": row.code or "", **row.about}
        connection.execute(sa.update(recording).where(recording.c.id == row.id).values(about=about))


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _deleted() -> tuple[sa.Column[Any], ...]:
    return sa.Column("deleted_at", sa.DateTime(timezone=True)), sa.Column("deleted_with", sa.String(32))


def _created() -> sa.Column[Any]:
    return sa.Column("created_at", sa.DateTime(timezone=True), nullable=False)


def _subject() -> None:
    op.create_table(
        "subject",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("body_mass_kg", sa.Double),
        sa.Column("shoe_size_eu", sa.Double),
        sa.Column("notes", sa.Text, nullable=False),
        _created(),
        *_deleted(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject")),
    )
    living = sa.text("deleted_at IS NULL")
    op.create_index(
        op.f("ix_subject_code"), "subject", ["code"], unique=True, sqlite_where=living, postgresql_where=living
    )


def _visit() -> None:
    op.create_table(
        "visit",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.String(32), nullable=False),
        sa.Column("date", sa.Date),
        sa.Column("notes", sa.Text, nullable=False),
        _created(),
        *_deleted(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_visit_subject")),
    )
    op.create_index(op.f("ix_visit_subject_id"), "visit", ["subject_id"])


def _mark() -> None:
    op.create_table(
        "mark",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("recording_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("side", sa.String(8)),
        sa.Column("start_s", sa.Double, nullable=False),
        sa.Column("stop_s", sa.Double, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        _created(),
        *_deleted(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark")),
        sa.ForeignKeyConstraint(["recording_id"], ["recording.id"], ondelete="CASCADE", name=op.f("fk_mark_recording")),
    )
    op.create_index(op.f("ix_mark_recording_id"), "mark", ["recording_id"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("item_id", sa.String(32), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("before", sa.JSON),
        sa.Column("after", sa.JSON),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_item_id"), "audit", ["item_id"])
