# SPDX-License-Identifier: Apache-2.0
"""A consortium admin's desk: the scripts run as they are typed, by Brownie, or called as Brownie calls them.

Brownie takes seconds to start. The scripts ask it for two things alone: whose node it is connected to, and whether that
is a network of developers. So most commands are called here with both given, and some run through Brownie.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from sceau.chain.network import Network
from sceau.chain.signer import Signer
from scripts import admin
from tools import ganache

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse"


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


class Admin:
    """A consortium admin at a terminal: a keystore, a manifest's name, a node."""

    def __init__(self, folder: Path, node: ganache.Node, signer: Signer, **environment: str) -> None:
        self.folder = folder
        self.node = node
        self.url = node.url
        self.signer = signer
        self.manifest = folder / "deployment.json"
        password = folder / "password"
        password.write_text(PASSWORD + "\n", encoding="utf-8")
        self.environment = {
            "SCEAU_NODE": node.url,
            "SCEAU_MANIFEST": str(self.manifest),
            "SCEAU_KEYSTORE": str(keystore(folder, "admin", signer)),
            "SCEAU_PASSWORD_FILE": str(password),
            "SCEAU_LANGUAGE": "en",
            "FUNDER_PASSWORD_FILE": str(password),
            **environment,
        }

    def run(self, *command: str, **environment: str) -> Ended:
        """What Brownie makes of a command."""
        return brownie(*command, network="sceau", environment={**self.environment, **environment})

    def call(self, *command: str, **environment: str) -> Ended:
        """What the script itself makes of a command."""
        return called(*command, environment={**self.environment, **environment})

    def succeed(self, *command: str) -> str:
        """What a command says that must succeed; without Brownie."""
        return told(self.call(*command))

    def fail(self, *command: str, **environment: str) -> str:
        """What is said on the last line; the command must fail, and say it in one. Without Brownie."""
        return refused(self.call(*command, **environment))

    @property
    def network(self) -> Network:
        return Network.connect(self.url, self.manifest)


def told(ended: Ended) -> str:
    """What a command said that succeeded."""
    assert ended.code == 0, ended.out + ended.err
    return ended.out


def refused(ended: Ended) -> str:
    """The last line of a command that failed as it should."""
    assert ended.code == 1, ended.out + ended.err
    assert "Traceback" not in ended.out + ended.err
    return ended.err.strip().splitlines()[-1]


def brownie(*command: str, network: str, environment: Mapping[str, str], root: Path = ROOT) -> Ended:
    """Runs a script by Brownie, with no other settings of Sceau than these."""
    ended = subprocess.run(
        [root / "tools" / "brownie", "run", *command, "--network", network],
        env={**_without_settings(), **environment},
        cwd=root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def called(script: str, verb: str = "main", *words: str, environment: Mapping[str, str]) -> Ended:
    """Calls a script's function as Brownie does; its node is that of ``SCEAU_NODE``."""
    out, err = io.StringIO(), io.StringIO()
    code: object = None
    with _settings(environment), redirect_stdout(out), redirect_stderr(err):
        try:
            getattr(importlib.import_module(f"scripts.{script}"), verb)(*words)
        except SystemExit as ended:
            code = ended.code
    if code is None or isinstance(code, int):
        return Ended(code or 0, out.getvalue(), err.getvalue())
    return Ended(1, out.getvalue(), f"{err.getvalue()}{code}\n")


@contextmanager
def _settings(environment: Mapping[str, str]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch, Path(os.devnull).open(encoding="utf-8") as nobody:
        for name in os.environ.keys() - _without_settings().keys():
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr("sys.stdin", nobody)
        patch.setattr(admin, "endpoint", lambda: environment["SCEAU_NODE"])
        patch.setattr(admin, "on_development", lambda: False)
        yield


def _without_settings() -> dict[str, str]:
    """The environment of this process without the settings of Sceau, and of the scripts."""
    own = ("SCEAU", "FUNDER", "BLOCK_PERIOD")
    return {name: value for name, value in os.environ.items() if not name.startswith(own)}


def keystore(folder: Path, name: str, signer: Signer) -> Path:
    """A signer's keystore, under the password of all of them."""
    path = folder / f"{name}.keystore.json"
    path.write_text(json.dumps(signer.to_keystore(PASSWORD, iterations=2)), encoding="utf-8")
    return path
