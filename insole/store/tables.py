"""The tables: a recording has feet; a foot has rows of seconds while it is recorded, and blocks once sealed.

A recording belongs to a visit, that to a subject; marks belong to a recording. What was deleted
stays, with when (``deleted_at``) and with what (``deleted_with``), until it is purged.

Types are portable (SQLite and PostgreSQL). A change here needs a migration beside it; a test
compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from insole.store.dialects import DIALECTS

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Names of constraints, the same in every database, so that a migration can name what it alters."""

metadata = sa.MetaData(naming_convention=NAMES)


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware UTC time. SQLite keeps no zone, so it is put back on the way out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """To UTC; without its zone where the database has none."""
        if value is None:
            return None
        return DIALECTS[dialect.name].time_in(value.astimezone(UTC))

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """To aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _deleted() -> tuple[sa.Column[Any], sa.Column[Any]]:
    """When it went into the bin, and the id of what was deleted: its own, or that of what it belongs to."""
    return sa.Column("deleted_at", UtcDateTime), sa.Column("deleted_with", sa.String(32))


LIVING = sa.text("deleted_at IS NULL")

subject = sa.Table(
    "subject",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("body_mass_kg", sa.Double),
    sa.Column("shoe_size_eu", sa.Double),
    sa.Column("notes", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    *_deleted(),
    sa.Index(None, "code", unique=True, sqlite_where=LIVING, postgresql_where=LIVING),
)

visit = sa.Table(
    "visit",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("subject_id", sa.String(32), sa.ForeignKey("subject.id"), nullable=False, index=True),
    sa.Column("date", sa.Date),
    sa.Column("notes", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    *_deleted(),
)

recording = sa.Table(
    "recording",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("started_at", UtcDateTime, nullable=False, index=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("lease_until", UtcDateTime),
    sa.Column("source_sha256", sa.String(64), nullable=False, index=True),
    # Without the subject's code, which is the subject's.
    sa.Column("about", sa.JSON, nullable=False),
    sa.Column("visit_id", sa.String(32), sa.ForeignKey("visit.id"), index=True),
    *_deleted(),
    sa.CheckConstraint("state IN ('recording', 'sealed')", name="state"),
)

mark = sa.Table(
    "mark",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column(
        "recording_id", sa.String(32), sa.ForeignKey("recording.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("side", sa.String(8)),
    sa.Column("start_s", sa.Double, nullable=False),
    sa.Column("stop_s", sa.Double, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    *_deleted(),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    # No foreign key: what happened to a thing is known after it is gone.
    sa.Column("item_id", sa.String(32), nullable=False, index=True),
    sa.Column("action", sa.String(16), nullable=False),
    sa.Column("before", sa.JSON(none_as_null=True)),
    sa.Column("after", sa.JSON(none_as_null=True)),
)
"""What was changed, by whom, when: written with the change or not at all."""

foot = sa.Table(
    "foot",
    metadata,
    sa.Column("recording_id", sa.String(32), sa.ForeignKey("recording.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("side", sa.String(8), primary_key=True),
    sa.Column("unit", sa.String(8), nullable=False),
    sa.Column("dtype", sa.String(8), nullable=False),
    sa.Column("sensors", sa.Integer, nullable=False),
    sa.Column("rate_hz", sa.Double, nullable=False),
    sa.Column("saturation", sa.Double),
    sa.Column("clock_offset_s", sa.Double, nullable=False),
    sa.Column("clock_rate", sa.Double, nullable=False),
    sa.Column("clock_residual_s", sa.Double),
    # What was received so far, kept here so that a list of recordings reads no sample rows.
    sa.Column("samples", sa.BigInteger, nullable=False),
    sa.Column("first_us", sa.BigInteger),
    sa.Column("last_us", sa.BigInteger),
    sa.Column("layout", sa.JSON, nullable=False),
    sa.Column("calibration", sa.JSON(none_as_null=True)),
    sa.Column("inertial", sa.JSON(none_as_null=True)),
    sa.CheckConstraint("side IN ('left', 'right')", name="side"),
)


def _of_a_foot(name: str, *columns: sa.Column[Any]) -> sa.Table:
    """A table of rows that belong to a foot, in order of ``seq``, found by the time they span."""
    return sa.Table(
        name,
        metadata,
        sa.Column("recording_id", sa.String(32), primary_key=True),
        sa.Column("side", sa.String(8), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("first_us", sa.BigInteger, nullable=False),
        sa.Column("last_us", sa.BigInteger, nullable=False),
        sa.Column("checksum", sa.LargeBinary(8), nullable=False),
        *columns,
        # Beside the samples, for feet that send them; None in rows that hold none.
        sa.Column("inertial", sa.LargeBinary),
        sa.Column("inertial_checksum", sa.LargeBinary(8)),
        sa.ForeignKeyConstraint(["recording_id", "side"], ["foot.recording_id", "foot.side"], ondelete="CASCADE"),
        sa.Index(None, "recording_id", "side", "last_us", "first_us"),
    )


second = _of_a_foot(
    "second",
    sa.Column("first_sample", sa.BigInteger, nullable=False),
    sa.Column("arrival_s", sa.Double, nullable=False),
    sa.Column("device_us", sa.LargeBinary, nullable=False),
    sa.Column("samples", sa.LargeBinary, nullable=False),
)
"""What the radio sent, as it came: plain little-endian arrays, out of order and twice where it was so.
Inertial values stand beside the samples where a foot sends them."""

block = _of_a_foot(
    "block",
    sa.Column("codec", sa.String(16), nullable=False),
    sa.Column("sample", sa.LargeBinary, nullable=False),
    sa.Column("device_us", sa.LargeBinary, nullable=False),
    sa.Column("samples", sa.LargeBinary, nullable=False),
)
"""A minute of a sealed foot: in order, each sample once, compressed sensor by sensor."""
