"""Recordings: their feet, the seconds while recording, the blocks once sealed."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From an empty database."""
    _recording()
    _foot()
    _rows_of_a_foot(
        "second",
        sa.Column("first_sample", sa.BigInteger, nullable=False),
        sa.Column("arrival_s", sa.Double, nullable=False),
        sa.Column("device_us", sa.LargeBinary, nullable=False),
        sa.Column("samples", sa.LargeBinary, nullable=False),
    )
    _rows_of_a_foot(
        "block",
        sa.Column("codec", sa.String(16), nullable=False),
        sa.Column("sample", sa.LargeBinary, nullable=False),
        sa.Column("device_us", sa.LargeBinary, nullable=False),
        sa.Column("samples", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    """To an empty database."""
    for table in ("block", "second", "foot", "recording"):
        op.drop_table(table)


def _recording() -> None:
    op.create_table(
        "recording",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("source_sha256", sa.String(64), nullable=False),
        sa.Column("about", sa.JSON, nullable=False),
        sa.CheckConstraint("state IN ('recording', 'sealed')", name=op.f("ck_recording_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
    )
    for column in ("started_at", "source_sha256"):
        op.create_index(op.f(f"ix_recording_{column}"), "recording", [column])


def _foot() -> None:
    op.create_table(
        "foot",
        sa.Column("recording_id", sa.String(32), nullable=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("unit", sa.String(8), nullable=False),
        sa.Column("dtype", sa.String(8), nullable=False),
        sa.Column("sensors", sa.Integer, nullable=False),
        sa.Column("rate_hz", sa.Double, nullable=False),
        sa.Column("saturation", sa.Double),
        sa.Column("clock_offset_s", sa.Double, nullable=False),
        sa.Column("clock_rate", sa.Double, nullable=False),
        sa.Column("clock_residual_s", sa.Double),
        sa.Column("samples", sa.BigInteger, nullable=False),
        sa.Column("first_us", sa.BigInteger),
        sa.Column("last_us", sa.BigInteger),
        sa.Column("layout", sa.JSON, nullable=False),
        sa.Column("calibration", sa.JSON),
        sa.CheckConstraint("side IN ('left', 'right')", name=op.f("ck_foot_side")),
        sa.PrimaryKeyConstraint("recording_id", "side", name=op.f("pk_foot")),
        sa.ForeignKeyConstraint(["recording_id"], ["recording.id"], ondelete="CASCADE", name=op.f("fk_foot_recording")),
    )


def _rows_of_a_foot(table: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        table,
        sa.Column("recording_id", sa.String(32), nullable=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("first_us", sa.BigInteger, nullable=False),
        sa.Column("last_us", sa.BigInteger, nullable=False),
        sa.Column("checksum", sa.LargeBinary(8), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("recording_id", "side", "seq", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["recording_id", "side"],
            ["foot.recording_id", "foot.side"],
            ondelete="CASCADE",
            name=op.f(f"fk_{table}_foot"),
        ),
    )
    op.create_index(
        op.f(f"ix_{table}_recording_id_side_last_us_first_us"), table, ["recording_id", "side", "last_us", "first_us"]
    )
