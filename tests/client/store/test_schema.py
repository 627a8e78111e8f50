# SPDX-License-Identifier: Apache-2.0
"""The tables of a store: the same whether made new or upgraded, and left alone where they are not this version's."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, select, text, update

from sceau.store import Kind, _schema
from sceau.store._database import Database
from sceau.store._tables import HEAD, VERSION
from sceau.store.errors import StoreNewer, StoreOfVersionBefore, StoreUnusable
from tests.client.store.conftest import Home


def layout(connection: Connection) -> dict[str, object]:
    """Tables, columns, keys and indexes."""
    looked = inspect(connection)
    return {
        table: (
            [(each["name"], str(each["type"]), each["nullable"]) for each in looked.get_columns(table)],
            looked.get_pk_constraint(table)["constrained_columns"],
            sorted(str(each["column_names"]) for each in looked.get_indexes(table)),
            sorted(str(each["column_names"]) for each in looked.get_unique_constraints(table)),
            [each["sqltext"].strip("()") for each in looked.get_check_constraints(table)],
        )
        for table in looked.get_table_names()
    }


def test_what_the_migrations_make_is_what_is_made_new(home: Home, homes: object) -> None:
    home.open().put(Kind.STEP, "a", {})
    with home.open().vault.database.view() as connection:
        made = layout(connection)
        assert connection.execute(select(VERSION.c.version_num)).scalar_one() == HEAD
    assert callable(homes)
    other = homes()
    database = Database(other.file if other.on_sqlite else other.place)
    with database.change() as connection:
        VERSION.create(connection)
        _schema.upgrade(connection, "")
    with database.view() as connection:
        assert layout(connection) == made
        assert connection.execute(select(VERSION.c.version_num)).scalar_one() == HEAD


def test_a_store_of_an_older_version_is_upgraded_when_it_is_opened(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what it holds, and once, whoever opens it."""
    home.open().put(Kind.STEP, "a", {"at": 1})
    folder = tmp_path / "migrations"
    shutil.copytree(_schema.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9000_next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '9000'\ndown_revision = {HEAD!r}\n"
        "def upgrade():\n    op.create_table('store_next', sa.Column('id', sa.Integer, primary_key=True))\n"
    )
    monkeypatch.setattr(_schema, "MIGRATIONS", folder)
    monkeypatch.setattr(_schema, "HEAD", "9000")
    monkeypatch.setattr("sceau.store._vault.HEAD", "9000")
    for _ in range(2):
        store = home.open()
        assert store.get(Kind.STEP, "a") == {"at": 1}
        with store.vault.database.view() as connection:
            assert "store_next" in inspect(connection).get_table_names()
            assert connection.execute(select(VERSION.c.version_num)).scalars().all() == ["9000"]


def test_a_migration_that_fails_leaves_the_store_as_it_was(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.open().put(Kind.STEP, "a", {"at": 1})
    folder = tmp_path / "migrations"
    shutil.copytree(_schema.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9000_next.py").write_text(
        "from alembic import op\n"
        f"revision = '9000'\ndown_revision = {HEAD!r}\n"
        "def upgrade():\n    op.drop_table('store_record')\n    op.execute('no statement')\n"
    )
    with monkeypatch.context() as newer:
        newer.setattr(_schema, "MIGRATIONS", folder)
        newer.setattr(_schema, "HEAD", "9000")
        newer.setattr("sceau.store._vault.HEAD", "9000")
        with pytest.raises(StoreUnusable):
            home.open()
    assert home.open().get(Kind.STEP, "a") == {"at": 1}


def test_a_store_of_a_newer_version_is_refused_and_left_alone(home: Home) -> None:
    store = home.open()
    store.put(Kind.STEP, "a", {"at": 1})
    with store.vault.database.change() as connection:
        connection.execute(update(VERSION).values(version_num="9999"))
    with pytest.raises(StoreNewer):
        home.open()
    with store.vault.database.view() as connection:
        assert connection.execute(select(VERSION.c.version_num)).scalar_one() == "9999"


def test_a_store_of_the_version_before_is_no_empty_store(local: Home) -> None:
    """Its numbers would be free again."""
    with contextlib.closing(sqlite3.connect(local.file)) as before:
        before.execute("CREATE TABLE document (kind TEXT, key TEXT, claim TEXT, json TEXT)")
    content = local.file.read_bytes()
    with pytest.raises(StoreOfVersionBefore):
        local.open()
    assert local.file.read_bytes() == content
    assert not local.key.exists()


def test_another_programs_database_is_refused_and_left_alone(local: Home) -> None:
    with contextlib.closing(sqlite3.connect(local.file)) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    content = local.file.read_bytes()
    with pytest.raises(StoreUnusable):
        local.open()
    assert local.file.read_bytes() == content


def test_other_tables_of_a_server_s_database_are_left_alone(home: Home) -> None:
    if home.on_sqlite:
        return
    assert isinstance(home.place, str)
    with Database(home.place).change() as connection:
        connection.execute(text("CREATE TABLE document (id INTEGER)"))
    home.open().put(Kind.STEP, "a", {})
    assert home.open().get(Kind.STEP, "a") == {}


def test_a_store_that_is_not_opened_loads_no_database() -> None:
    check = (
        "import sys, tempfile, sceau\n"
        "from sceau import LocalStore, Practice, Payer\n"
        "from sceau.store import Kind, MemoryStore\n"
        "MemoryStore().put(Kind.STEP, 'a', {})\n"
        "assert LocalStore(tempfile.mkdtemp()).get(Kind.STEP, 'a') is None\n"
        "print(sorted({'sqlalchemy', 'alembic', 'sqlite3', 'psycopg', 'keyring'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_store_that_is_opened_loads_no_migrations_and_ends_core_dumps() -> None:
    check = (
        "import ctypes, resource, sys\n"
        "most = resource.getrlimit(resource.RLIMIT_CORE)[1]\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (most, most))\n"
        "from sceau.store import Kind, LocalStore\n"
        "LocalStore(None).put(Kind.STEP, 'a', {})\n"
        "print('alembic' in sys.modules, resource.getrlimit(resource.RLIMIT_CORE))\n"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) if sys.platform == 'linux' else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["False (0, 0)", "0"]
