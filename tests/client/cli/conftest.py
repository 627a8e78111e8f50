# SPDX-License-Identifier: Apache-2.0
"""Running the real command, in this process or in one of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sceau.cli.app import Later
from sceau.cli.main import run
from sceau.cli.words import spoken
from sceau.store import Kind, LocalStore
from tests.support.deployed import Deployed
from tests.support.stores import rows_of

# What runs in a shell's background ignores Ctrl-C, and so would every command that a test starts there.
signal.signal(signal.SIGINT, signal.default_int_handler)

PASSWORD = "a long password"
PIN = "482915"
#: The command as a process of its own, for tests that make keys whose lock does not matter.
CHEAPLY = (sys.executable, str(Path(__file__).with_name("cheaply.py")))


@dataclass(frozen=True)
class Result:
    """What a command printed and its exit code."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Standard output as JSON: nothing but one object may be there."""
        return json.loads(self.out)

    def refused(self, code: int = 1) -> str:
        """The one line that says why, after checking that there is only one and nothing on standard output."""
        assert self.code == code, self
        assert self.out == ""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert "Traceback" not in self.err
        return lines[0]


def _content(path: Path) -> bytes:
    """A file's bytes; of a store all that it says, since its bytes count its own changes too.

    What it remembers of where steps stand says nothing but where to look first.
    """
    data = path.read_bytes()
    if not data.startswith(b"SQLite format 3"):
        return data
    store = LocalStore(path.parent)
    try:
        return repr([row for row in rows_of(store) if row[0] != Kind.MEMO.value]).encode()
    finally:
        store.close()


class Desk:
    """A directory of somebody's files, where commands are run."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.environment = {"HOME": str(directory), "XDG_CONFIG_HOME": str(directory / "config"), "LANG": "C"}

    def path(self, name: str) -> Path:
        return self.directory / name

    def files(self) -> dict[str, bytes]:
        """Every file here with its content: what a refused command must leave alone."""
        return {
            str(path.relative_to(self.directory)): _content(path)
            for path in sorted(self.directory.rglob("*"))
            if path.is_file() and not path.name.endswith(("-wal", "-shm"))
        }

    def write(self, name: str, value: Any) -> str:
        """Writes text, or JSON, and gives the file's name back."""
        text = value if isinstance(value, str) else json.dumps(value)
        self.path(name).write_text(text, encoding="utf-8")
        return name

    def json(self, name: str) -> Any:
        return json.loads(self.path(name).read_text(encoding="utf-8"))

    def run(self, *words: object, typed: str = "", **variables: str) -> Result:
        """A command in this process; ``typed`` is its standard input, no terminal."""
        out, err = io.StringIO(), io.StringIO()
        kept, stdin, where = dict(os.environ), sys.stdin, Path.cwd()
        try:
            os.environ.clear()
            os.environ.update(self.environment | variables)
            os.chdir(self.directory)
            sys.stdin = io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8")
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = run([str(word) for word in words])
        finally:
            os.environ.clear()
            os.environ.update(kept)
            os.chdir(where)
            sys.stdin = stdin
        return Result(int(code), out.getvalue(), err.getvalue())

    def process(
        self, *words: object, program: tuple[str, ...] = (), typed: str = "", **variables: str
    ) -> Result:
        """The same command in a process of its own."""
        command = program or (sys.executable, "-m", "sceau.cli.main")
        environment = {"PATH": os.environ["PATH"], **self.environment, **variables}
        done = subprocess.run(
            [*command, *(str(word) for word in words)],
            cwd=self.directory,
            env=environment,
            input=typed,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)


_BUILT: dict[tuple[str, str], Any] = {}


@pytest.fixture(autouse=True)
def built_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process runs one command, and builds it once; these tests run hundreds in one."""
    build = Later.__dict__["loaded"].func

    def loaded(later: Later) -> Any:
        place = (str(later.name), spoken())
        if place not in _BUILT:
            _BUILT[place] = build(later)
        return _BUILT[place]

    monkeypatch.setattr(Later, "loaded", property(loaded))


@pytest.fixture
def bare(tmp_path: Path) -> Desk:
    """A desk with nothing on it: no configuration, no files."""
    return Desk(tmp_path)


def furnish(directory: Path, deployed: Deployed, name: str) -> Desk:
    """A desk with the manifest, a party's keystore, its password and a configuration file."""
    desk = Desk(directory)
    deployed.write_manifest(directory)
    # A weak setting, so that tests need not wait; cards always have the strong one.
    desk.write("key.json", deployed.signers[name].to_keystore(PASSWORD, iterations=2**10))
    desk.write("password", PASSWORD + "\n")
    desk.write("pin", PIN + "\n")
    desk.write(
        "sceau.toml",
        f'nodes = ["{deployed.url}"]\nmanifest = "deployment.json"\nkeystore = "key.json"\n'
        'password_file = "password"\n',
    )
    return desk


@pytest.fixture
def shop(chain: Deployed, tmp_path: Path) -> Desk:
    """The practice's desk; the chain is put back after the test."""
    return furnish(_new(tmp_path / "shop"), chain, "practice")


@pytest.fixture
def insurer(chain: Deployed, tmp_path: Path) -> Desk:
    """The payer's desk."""
    return furnish(_new(tmp_path / "insurer"), chain, "payer")


@pytest.fixture(scope="session")
def published(deployed: Deployed) -> Any:
    """Message keys and directory entries of practice, supplier, payer and auditor, for the whole run."""
    from tests.client.cli.offices import publish

    return publish(deployed)


@pytest.fixture(scope="session")
def signed_files(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A request, the consent signed at it and its card, not recorded yet; made once, as a card takes seconds."""
    desk = furnish(tmp_path_factory.mktemp("signed"), deployed, "practice")
    until = _a_year_ahead(deployed)
    asked = desk.run(
        *("consent", "request", "--payer", deployed.party("payer"), "--purpose", "THIRD-PARTY-PAYMENT"),
        *("--group", "DETAIL-AMOUNTS", "--until", until, "-o", "request.json"),
    )
    assert asked.code == 0, asked
    signed = desk.run(
        *("consent", "sign", "request.json", "-o", "signed.json", "--card", "card.json"),
        *("--pin-file", "pin", "--yes"),
    )
    assert signed.code == 0, signed
    return desk.directory


@pytest.fixture
def consented(shop: Desk, signed_files: Path) -> Desk:
    """The practice's desk with request.json, signed.json and card.json."""
    for name in ("request.json", "signed.json", "card.json"):
        shutil.copy(signed_files / name, shop.directory)
    return shop


@pytest.fixture
def recorded(consented: Desk) -> Desk:
    """The same, and the consent is on the chain."""
    done = consented.run("consent", "record", "signed.json", "--request", "request.json")
    assert done.code == 0, done
    return consented


def _new(directory: Path) -> Path:
    directory.mkdir()
    return directory


def _a_year_ahead(deployed: Deployed) -> str:
    from datetime import datetime, timedelta, timezone

    return (datetime.fromtimestamp(deployed.now, timezone.utc) + timedelta(days=365)).date().isoformat()
