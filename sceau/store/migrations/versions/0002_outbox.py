# SPDX-License-Identifier: Apache-2.0
"""The outbox, and records by their kind."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes the table of what is to be written on the chain, and the index by kind."""
    op.create_index("store_record_kind", "store_record", ["kind", "place"])
    op.create_table(
        "store_outbox",
        sa.Column("entry", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("urgent", sa.Integer, nullable=False),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("chain", sa.Text, nullable=False),
        sa.Column("signer", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=True),
        sa.Column("wanted_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("chain", "signer", "number", name="store_outbox_number"),
    )
    op.create_index("store_outbox_state", "store_outbox", ["chain", "signer", "state", "urgent", "entry"])
    op.create_index("store_outbox_lane", "store_outbox", ["chain", "lane", "entry"])
