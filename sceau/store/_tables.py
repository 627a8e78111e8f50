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
HEAD = "0002"

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
    Index("store_record_kind", "kind", "place"),
)

# The order of what is to be written on a chain. ``entry`` is the place of the record that holds the rest, encrypted.
# ``lane`` is what an entry belongs to, ``after`` another lane that it waits for; ``signer`` is the address of a signing
# key, and ``number`` its transaction's: on one chain one number never serves two entries.
OUTBOX = Table(
    "store_outbox",
    METADATA,
    Column("entry", BigInteger, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("urgent", Integer, nullable=False),
    Column("lane", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("chain", Text, nullable=False),
    Column("signer", Text, nullable=False),
    Column("number", BigInteger, nullable=True),
    Column("wanted_at", BigInteger, nullable=False),
    UniqueConstraint("chain", "signer", "number", name="store_outbox_number"),
    Index("store_outbox_state", "chain", "signer", "state", "urgent", "entry"),
    Index("store_outbox_lane", "chain", "lane", "entry"),
)
