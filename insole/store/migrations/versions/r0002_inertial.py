"""Inertial values beside the samples: the channels of a foot, and their values in each of its rows.

Nothing is rewritten on the way up: recordings made before have none. On the way down the
inertial values are given up; samples, times and their checksums stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns, empty."""
    op.add_column("foot", sa.Column("inertial", sa.JSON))
    for table in ("second", "block"):
        op.add_column(table, sa.Column("inertial", sa.LargeBinary))
        op.add_column(table, sa.Column("inertial_checksum", sa.LargeBinary(8)))


def downgrade() -> None:
    """Drop them."""
    for table in ("second", "block"):
        op.drop_column(table, "inertial_checksum")
        op.drop_column(table, "inertial")
    op.drop_column("foot", "inertial")
