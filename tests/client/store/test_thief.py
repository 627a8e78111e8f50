# SPDX-License-Identifier: Apache-2.0
"""What somebody finds, or achieves, who has the database without its key."""

from __future__ import annotations

import hashlib
import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, select, text, update

from sceau.store import Arrived, Kind, Number
from sceau.store._tables import RECORD, STATE
from sceau.store.errors import RecordDamaged, StoreKeyWrong, StoreUnusable
from tests.client.store.conftest import Home
from tests.support.postgres import Server
from tests.support.stores import rows_of

ONE, OTHER = "0x" + "11" * 32, "0x" + "22" * 32
NUMBER, DISPATCH = "PEC-2026-000123", "EXP-7"
PRIVATE = (ONE[2:], OTHER[2:], NUMBER, DISPATCH, "Jeanne Martin", "c0ffee" * 8, "message-4711", "-2.25")


def live(home: Home) -> None:
    """A small life of every kind of row: written, overwritten, removed, and re-wrapped."""
    store = home.open()
    for kind, claim in itertools.product(Kind, (ONE, OTHER)):
        store.put(kind, f"{kind.value} {claim}", {"name": "Jeanne Martin", "seed": "c0ffee" * 8}, claim=claim)
        store.put(kind, f"{kind.value} {claim}", {"sphere": "-2.25", "seed": "c0ffee" * 8}, claim=claim)
    store.reserve(Number.FILE_NUMBER, NUMBER, ONE, ended=lambda _: False)
    store.reserve(Number.DISPATCH, DISPATCH, OTHER, ended=lambda _: False)
    store.release(Number.DISPATCH, DISPATCH, OTHER)
    store.receive([Arrived(3, "message-4711", {"name": "Jeanne Martin"}, ONE)])
    store.discard(Kind.STEP, f"step {OTHER}")
    store.vault.begin_epoch()
    store.put(Kind.STEP, "after", {"name": "Jeanne Martin"}, claim=OTHER)


def found_in(files: Iterator[Path], needles: list[bytes]) -> list[tuple[str, bytes]]:
    contents = [(path.name, path.read_bytes()) for path in files if path.is_file()]
    assert any(content for _, content in contents)
    return [(name, needle) for name, content in contents for needle in needles if needle in content]


def needles() -> list[bytes]:
    """Each private value as it is, and as the hashes that somebody could make of a guess."""
    said = [value.encode() for value in PRIVATE]
    said += [bytes.fromhex(ONE[2:]), bytes.fromhex(OTHER[2:]), bytes.fromhex("c0ffee" * 8)]
    for value in (NUMBER, f"file-number:{NUMBER}", ONE, "3:message-4711"):
        said += [hashlib.sha256(value.encode()).digest(), hashlib.sha256(value.encode()).hexdigest().encode()]
    return said


def test_no_private_value_stands_in_the_file_its_log_or_its_free_pages(local: Home) -> None:
    live(local)
    keeper = local.open()
    keeper.put(Kind.STEP, "again", {"name": "Jeanne Martin"})
    assert isinstance(local.place, Path)
    assert {each.name for each in local.place.iterdir()} >= {"store.sqlite", "store.sqlite-wal"}
    assert found_in(local.place.iterdir(), needles()) == []
    keeper.close()
    assert found_in(local.place.iterdir(), needles()) == []


def test_no_private_value_stands_in_the_data_directory_of_postgresql(server: Server, tmp_path: Path) -> None:
    home = Home(server.database(), tmp_path / "key")
    live(home)
    with home.open().vault.database.view() as connection:
        assert connection.execute(select(RECORD.c.place)).all()
    engine = home.open().vault.database
    with engine.change() as connection:
        connection.execute(text("SELECT pg_switch_wal()"))
    files = [path for path in server.data.rglob("*") if path.is_file()]
    assert any("pg_wal" in str(path) for path in files)
    assert found_in(iter(files), needles()) == []


def test_no_key_stands_beside_the_database(home: Home, server_files: Callable[[], Iterator[Path]]) -> None:
    live(home)
    keys = home.open().vault.keys.read()
    assert keys is not None
    for key in keys.epochs.values():
        assert found_in(server_files(), [key, key.hex().encode()]) == []


@pytest.fixture
def server_files(home: Home, request: pytest.FixtureRequest) -> Callable[[], Iterator[Path]]:
    """The files of the database."""
    if isinstance(home.place, Path):
        folder = home.place
        return lambda: folder.iterdir()
    server: Server = request.getfixturevalue("server")
    return lambda: server.data.rglob("*")


def test_lengths_and_names_tell_little(home: Home) -> None:
    """Texts of other lengths have rows of the same length; one claim has another mark for each kind of row."""
    store = home.open()
    for number, name in enumerate(("A", "Jeanne Martin-Dupont de la Rivière")):
        store.put(Kind.VERDICT, str(number), {"name": name}, claim=ONE)
    store.put(Kind.STEP, "0", {"name": "A"}, claim=ONE)
    with store.vault.database.view() as connection:
        rows = connection.execute(select(RECORD).order_by(RECORD.c.place)).all()
    assert len({len(row.sealed) for row in rows}) == 1
    assert len({len(row.wrapped) for row in rows}) == 1
    assert rows[0].claim == rows[1].claim != rows[2].claim
    assert rows[0].key != rows[2].key


def test_the_same_value_twice_is_encrypted_twice_otherwise(home: Home) -> None:
    store = home.open()
    seen = set()
    for _ in range(3):
        store.put(Kind.STEP, "a", {"seed": "same"}, claim=ONE)
        with store.vault.database.view() as connection:
            seen |= {
                (bytes(row.sealed[:16]), bytes(row.wrapped[:16]))
                for row in connection.execute(select(RECORD))
            }
    assert len({sealed for sealed, _ in seen}) == len({wrapped for _, wrapped in seen}) == 3


# Somebody who can write the database


def swap(connection: Connection, columns: tuple[str, ...], first: int, second: int) -> None:
    """Exchanges columns of two rows."""
    rows = {row.place: row for row in connection.execute(select(RECORD))}
    for place, other in ((first, second), (second, first)):
        # What must be unique passes through a value of nobody's.
        parked = {"key": b"parked"} if "key" in columns and place == first else {}
        values = {name: getattr(rows[other], name) for name in columns} | parked
        connection.execute(update(RECORD).where(RECORD.c.place == place).values(values))
    if "key" in columns:
        values = {"key": rows[second].key}
        connection.execute(update(RECORD).where(RECORD.c.place == first).values(values))


@pytest.mark.parametrize(
    "columns",
    [
        ("sealed",),
        ("wrapped",),
        ("wrapped", "sealed"),
        ("key",),
        ("key", "wrapped"),
        ("key", "claim", "wrapped", "sealed"),
        ("claim", "wrapped", "sealed"),
    ],
)
@pytest.mark.parametrize("second", ["other claim", "other kind"])
def test_a_row_in_the_place_of_another_does_not_open(
    home: Home, columns: tuple[str, ...], second: str
) -> None:
    """A refusal becomes no authorisation, and one patient's opening no other's."""
    store = home.open()
    store.put(Kind.VERDICT, "one", {"outcome": "accepted"}, claim=ONE)
    kind, claim = (Kind.VERDICT, OTHER) if second == "other claim" else (Kind.STEP, ONE)
    store.put(kind, "two", {"outcome": "refused"}, claim=claim)
    with store.vault.database.change() as connection:
        swap(connection, columns, 1, 2)

    def read(kind: Kind, key: str) -> None:
        # A row whose key was changed is found under no name; all rows together are.
        if store.get(kind, key) is None:
            rows_of(store)

    for reading, key in ((Kind.VERDICT, "one"), (kind, "two")):
        with pytest.raises(RecordDamaged):
            read(reading, key)


def test_a_kind_or_a_claim_that_was_changed_does_not_open(home: Home) -> None:
    store = home.open()
    store.put(Kind.MEMO, "a", {"x": 1}, claim=ONE)
    store.put(Kind.MEMO, "b", {"x": 2}, claim=OTHER)
    with store.vault.database.change() as connection:
        rows = connection.execute(select(RECORD).order_by(RECORD.c.place)).all()
        connection.execute(update(RECORD).where(RECORD.c.place == 1).values(claim=rows[1].claim))
    with pytest.raises(RecordDamaged):
        store.of_claim(Kind.MEMO, OTHER)
    with store.vault.database.change() as connection:
        connection.execute(update(RECORD).where(RECORD.c.place == 1).values(claim=rows[0].claim, kind="step"))
    with pytest.raises(RecordDamaged):
        rows_of(store)


def test_a_row_of_another_partys_store_does_not_open(homes: Callable[[], Home]) -> None:
    """Also where both parties had the same key by mistake, and only the stores' identifiers differ."""
    mine, theirs = homes().open(), homes().open()
    for store, outcome in ((mine, "refused"), (theirs, "accepted")):
        store.put(Kind.VERDICT, "one", {"outcome": outcome}, claim=ONE)
    with theirs.vault.database.view() as connection:
        row = connection.execute(select(RECORD)).one()
    with mine.vault.database.change() as connection:
        key = connection.execute(select(RECORD.c.key)).scalar_one()
        connection.execute(delete(RECORD))
        connection.execute(RECORD.insert().values({**row._mapping, "key": key}))
    with pytest.raises(RecordDamaged):
        mine.get(Kind.VERDICT, "one")


def test_another_partys_state_in_this_database_is_refused(homes: Callable[[], Home]) -> None:
    first, second = homes(), homes()
    mine, theirs = first.open(), second.open()
    for store in (mine, theirs):
        store.put(Kind.STEP, "a", {})
    with theirs.vault.database.view() as connection:
        state = connection.execute(select(STATE)).one()
    with mine.vault.database.change() as connection:
        connection.execute(update(STATE).values(store=state.store, key_check=state.key_check))
    with pytest.raises(StoreKeyWrong):
        mine.get(Kind.STEP, "a")
    with pytest.raises(StoreKeyWrong):
        first.open()


def test_a_state_that_was_removed_is_no_new_store(home: Home) -> None:
    store = home.open()
    store.put(Kind.STEP, "a", {})
    with store.vault.database.change() as connection:
        connection.execute(delete(STATE))
    with pytest.raises(StoreUnusable):
        home.open().put(Kind.STEP, "b", {})


def test_a_log_that_was_cut_leaves_whole_records(local: Home, tmp_path: Path) -> None:
    """The folder was copied while somebody wrote, or the log was cut: what is there is whole, at every cut."""
    store = local.open()
    for number in range(8):
        store.put(Kind.STEP, str(number), {"number": number}, claim=ONE)
    assert isinstance(local.place, Path)
    log = (local.place / "store.sqlite-wal").read_bytes()
    assert len(log) > 4096
    for cut in range(0, len(log), 4099):
        copy = tmp_path / f"copy-{cut}"
        copy.mkdir()
        shutil.copy(local.file, copy)
        (copy / "store.sqlite-wal").write_bytes(log[:cut])
        other = Home(copy, local.key).open()
        found = other.of_claim(Kind.STEP, ONE)
        assert [each["number"] for each in found] == list(range(len(found)))
        other.close()
