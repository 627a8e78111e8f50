# SPDX-License-Identifier: Apache-2.0
"""Gateways as processes of their own, and a client that speaks plain HTTP to them."""

from __future__ import annotations

import json
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.client.cli.offices import Published, open_office
from tests.support.deployed import Deployed

ROOT = Path(__file__).parents[3]
WAIT = 60.0
_ADDRESS = re.compile(r"https?://(\S+)")


@dataclass(frozen=True)
class Answer:
    """What a gateway answered."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def code(self) -> str:
        """The code of a problem."""
        assert self.headers["content-type"] == "application/problem+json", self
        return str(self.body["code"])


class Http:
    """A program that asks a gateway for one shop."""

    def __init__(self, address: str, token: str, shop: str = "shop") -> None:
        self.address = address
        self.shop = shop
        self.headers = {"Authorization": f"Bearer {token}"}

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request, as it is."""
        connection = HTTPConnection(self.address, timeout=WAIT)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            text = answer.read()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, json.loads(text) if text else None, found)
        finally:
            connection.close()

    def get(self, path: str = "", **headers: str) -> Answer:
        """What is at an address of the shop."""
        return self.ask("GET", f"/v1/{self.shop}{path}", None, {**self.headers, **headers})

    def post(self, path: str, body: Any = None, key: str | None = None, **headers: str) -> Answer:
        """Asks the shop to do something, under a name of its own if none is given."""
        named = {"Idempotency-Key": key or secrets.token_hex(8), "Content-Type": "application/json"}
        written = json.dumps({} if body is None else body).encode()
        return self.ask("POST", f"/v1/{self.shop}{path}", written, {**self.headers, **named, **headers})

    def done(self, path: str, body: Any = None, key: str | None = None) -> Any:
        """The same, of what succeeds."""
        answer = self.post(path, body, key)
        assert answer.status in (201, 202), answer
        return answer.body

    def written(self, path: str, body: Any = None) -> Any:
        """A step, once it is on the chain."""
        made = self.done(path, body)
        place = f"/claims/{made['claim']}/steps/{made['commitment']}"
        return until(lambda: self.get(place).body, lambda step: step["state"] == "written")

    def message(self, kind: str, claim: str) -> Any:
        """The message of a kind about a claim that came and was not handled, once it is there."""

        def found() -> Any:
            listed = self.get("/messages").body["messages"]
            return next((each for each in listed if (each["kind"], each["claim"]) == (kind, claim)), None)

        return until(found, lambda message: message is not None)


def until(look: Callable[[], Any], holds: Callable[[Any], bool], seconds: float = WAIT) -> Any:
    """What is seen, once it is as it should be."""
    deadline = time.monotonic() + seconds
    while not holds(seen := look()):
        assert time.monotonic() < deadline, seen
        time.sleep(0.1)
    return seen


class House:
    """The folder of a gateway that acts for one party."""

    def __init__(
        self, folder: Path, deployed: Deployed, name: str, published: Published, exchange: Path
    ) -> None:
        self.office = open_office(folder, deployed, name, published)
        self.folder = folder
        self.token = secrets.token_urlsafe(32)
        with (folder / "sceau.toml").open("a") as file:
            file.write(f'exchange = "{exchange}"\n')
        self.write_token("client.token", self.token)
        self.write(
            f'listen = "127.0.0.1:0"\nsync_seconds = 1\n[shops.shop]\nsettings = "sceau.toml"\nrole = "{name}"\n'
            '[clients.till]\ntoken_file = "client.token"\nshops = ["shop"]\nrights = ["read", "write"]\n'
        )

    @property
    def file(self) -> Path:
        """Its ``gateway.toml``."""
        return self.folder / "gateway.toml"

    def write(self, text: str) -> None:
        """Another configuration."""
        self.file.write_text(text)

    def write_token(self, name: str, token: str) -> None:
        """A token that its owner alone may read."""
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(token + "\n")

    def start(self) -> subprocess.Popen[str]:
        """Starts the gateway."""
        return self.started(self.file)

    @staticmethod
    def started(file: Path) -> subprocess.Popen[str]:
        """Starts the gateway of a file."""
        return subprocess.Popen(
            [sys.executable, "-c", "from sceau.cli.main import main; main()", "gateway", str(file)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @contextmanager
    def running(self) -> Iterator[Http]:
        """The gateway, and a client of it; it is asked to end afterwards, and ends well."""
        with ended(self.start()) as process:
            yield Http(address_of(process), self.token)


@contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """A process, which is asked to end afterwards, ends well and said nothing; whatever happens, none is left."""
    try:
        yield process
        process.terminate()
        said, _ = process.communicate(timeout=WAIT)
        assert (process.returncode, said.strip()) == (0, "")
    finally:
        process.kill()
        process.communicate()


def address_of(process: subprocess.Popen[str]) -> str:
    """Where a gateway that was started listens."""
    assert process.stdout is not None
    for line in process.stdout:
        found = _ADDRESS.search(line)
        if found:
            return found[1]
    raise AssertionError("it ended before it listened")
