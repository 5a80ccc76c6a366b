"""The tables: a recording has feet; a foot has rows of seconds while it is recorded, and blocks once sealed.

Types are portable (SQLite and PostgreSQL). A change here needs a migration beside it; a test
compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

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
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """To aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


recording = sa.Table(
    "recording",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("started_at", UtcDateTime, nullable=False, index=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("lease_until", UtcDateTime),
    sa.Column("source_sha256", sa.String(64), nullable=False, index=True),
    sa.Column("about", sa.JSON, nullable=False),
    sa.CheckConstraint("state IN ('recording', 'sealed')", name="state"),
)

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
