# SPDX-License-Identifier: Apache-2.0
"""The schema of a store's database: made new, or brought to this version's."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, select, text

from sceau.store._tables import HEAD, METADATA, VERSION, VERSION_TABLE
from sceau.store.errors import StoreNewer, StoreOfVersionBefore, StoreUnusable

#: Alembic's folder of migrations; tests of the upgrade name another.
MIGRATIONS = Path(__file__).parent / "migrations"

# Any number that nothing else in the database takes for a lock.
_PG_LOCK = 7_235_283_001
# The table of unencrypted documents, of the earlier version.
_TABLE_BEFORE = "document"


def lock(connection: Connection) -> None:
    """Makes other processes wait that would make or change the schema; on SQLite the change itself does."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _PG_LOCK})


def stands(connection: Connection, shown: str) -> bool:
    """Whether the database holds a store.

    Raises:
        StoreOfVersionBefore: it holds an unencrypted one.
        StoreUnusable: it is another program's.
    """
    there = set(inspect(connection).get_table_names())
    if VERSION_TABLE in there:
        return True
    if connection.dialect.name == "sqlite" and there:
        raise StoreOfVersionBefore(path=shown) if _TABLE_BEFORE in there else StoreUnusable(path=shown)
    return False


def make(connection: Connection) -> None:
    """Makes the tables of this version, in one change, where :func:`stands` found none."""
    METADATA.create_all(connection, checkfirst=False)
    connection.execute(VERSION.insert().values(version_num=HEAD))


def upgrade(connection: Connection, shown: str) -> None:
    """Brings the tables to this version, in the change that is open.

    Raises:
        StoreNewer: the database is from a newer version.
    """
    # A third of a second to import, and nearly never needed.
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(MIGRATIONS))
    current = connection.execute(select(VERSION.c.version_num)).scalar_one_or_none()
    if current is not None and current not in {each.revision for each in scripts.walk_revisions()}:
        raise StoreNewer(path=shown)
    context = MigrationContext.configure(
        connection,
        opts={
            "fn": lambda found, _: scripts._upgrade_revs(HEAD, found),
            "version_table": VERSION_TABLE,
        },
    )
    with Operations.context(context):
        context.run_migrations()
