# SPDX-License-Identifier: Apache-2.0
"""A process keeps SQLite's locks, whatever else it does with the files of a database."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from sceau.roles.traces import Proof, Traces, prove, trials
from sceau.store import Kind
from sceau.store._files import blocks, copy
from sceau.store.erasing import opens
from sceau.store.keys import KeyFile
from tests.client.store.conftest import Home

OTHER = "from sceau.store import Kind\nhome.open().put(Kind.STEP, 'other', {})\n"
FOUND = (
    "from sceau.store import Kind\n"
    "print(*(key for key in ('one', 'other', 'two') if home.open().get(Kind.STEP, key) is not None))\n"
)


def searched(home: Home) -> Proof:
    store = home.open()
    return prove(store, Traces(frozenset({"0x" + "ab" * 32}), frozenset(), frozenset()), [], {})


def linked(home: Home) -> None:
    link = home.key.with_name("link")
    link.symlink_to(home.file)
    assert b"".join(blocks(link)) == b"".join(blocks(home.file))


@pytest.mark.skipif(os.name != "posix", reason="only POSIX drops locks")
@pytest.mark.parametrize(
    "do",
    [
        pytest.param(lambda home: home.open().get(Kind.STEP, "one"), id="another handle"),
        pytest.param(searched, id="the search after an erasure"),
        pytest.param(lambda home: trials({home.file: False}, 0), id="a digest"),
        pytest.param(lambda home: opens(home.file, KeyFile(home.key)), id="an old backup that is the store"),
        pytest.param(lambda home: copy(home.file, home.key.with_name("copy")), id="a copy"),
        pytest.param(linked, id="a link"),
    ],
)
def test_no_write_is_lost_after_this_process_opened_the_file_again(
    local: Home, do: Callable[[Home], object]
) -> None:
    """Another process that ends would remove the log of a database that it finds unlocked."""
    store = local.open()
    store.put(Kind.STEP, "one", {})
    do(local)
    ended = local.run(OTHER)
    assert ended.wait(60) == 0
    store.put(Kind.STEP, "two", {})
    found = local.run(FOUND).communicate(timeout=60)[0]
    assert found.split() == ["one", "other", "two"]


def test_a_database_is_made_for_its_owner_alone_also_behind_a_link(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    (place / "store.sqlite").symlink_to(tmp_path / "elsewhere.sqlite")
    Home(place, tmp_path / "key").open().put(Kind.STEP, "one", {})
    assert stat.S_IMODE((tmp_path / "elsewhere.sqlite").stat().st_mode) == 0o600
