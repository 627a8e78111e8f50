# SPDX-License-Identifier: Apache-2.0
"""The tables of a store. A change here goes with a migration in ``migrations/versions``, and its name in ``HEAD``."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

#: The newest migration, which these tables are the outcome of.
HEAD = "0001"

#: Where Alembic writes which migration a database stands at.
VERSION_TABLE = "store_version"

METADATA = MetaData()

VERSION = Table(VERSION_TABLE, METADATA, Column("version_num", String(32), primary_key=True))

# One row. ``check`` tells a right epoch key from a wrong one; ``places`` is the last place that a record was given.
STATE = Table(
    "store_state",
    METADATA,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    Column("store", LargeBinary, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("key_check", LargeBinary, nullable=False),
    Column("places", BigInteger, nullable=False),
)

# ``place`` orders records by when they first came, and is never given twice; :class:`sceau.store._sealing.Row`.
RECORD = Table(
    "store_record",
    METADATA,
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("claim", LargeBinary, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    UniqueConstraint("kind", "key", name="store_record_key"),
    Index("store_record_claim", "kind", "claim", "place"),
)
