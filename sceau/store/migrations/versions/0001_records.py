# SPDX-License-Identifier: Apache-2.0
"""Encrypted records, and the epoch that they are under."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the tables of the first version."""
    op.create_table(
        "store_state",
        sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
        sa.Column("store", sa.LargeBinary, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("key_check", sa.LargeBinary, nullable=False),
        sa.Column("places", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "store_record",
        sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("claim", sa.LargeBinary, nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("kind", "key", name="store_record_key"),
    )
    op.create_index("store_record_claim", "store_record", ["kind", "claim", "place"])
