# SPDX-License-Identifier: Apache-2.0
"""What a write, a check and a view of one claim cost in a store of 10³ claims, of ten times as many, and so on.

`python -m benchmarks.store_size [--most CLAIMS]`: the largest store has 10⁵ claims if nothing else is said.

The rows of a claim are as those of a practice that followed the chain: its opening, its events, its consent, its file
number, and a message that was received. They are stored as any document is, many in one change; of the steps one in
ten is sealed, and the others are copies of it, so that a million claims are there in some ten minutes. Measured is what
verbs ask of the store. A write: a step with its number. A check: a number that serves another claim, a message that was
received before, and a consent of the index. A view: what is stored of a claim, and its history from the index.
"""

from __future__ import annotations

import argparse
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.offline import followed_to
from sceau.chain.events import Event
from sceau.chain.manifest import ContractEntry, Manifest
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.claim.history import steps_of
from sceau.claim.known import Known, known_of
from sceau.claim.prepared import PreparedStep
from sceau.formats.optics.quote import load_quote
from sceau.record import Scope
from sceau.record.sealed import seal
from sceau.store import Filed, Kind, LocalStore, Number, StoredMemos
from sceau.store._protocol import NUMBER, RECEIVED, mark_of
from sceau.store.errors import NumberAlreadyUsed
from sceau.store.index import ChainIndex
from scripts.documents import document

_FIRST = 1_000
_MOST = 100_000
_TIMES = 200
_AT_ONCE = 1_000
# One claim in so many has a step of its own; the others have a copy of it, which is never read.
_SEALED = 10
_ADDRESS = "0x" + "11" * 20
_HASH = "0x" + "22" * 32


@dataclass(frozen=True)
class Figure:
    """A store of some claims: its bytes, and the milliseconds of a write, a check and a view (medians)."""

    claims: int
    size: int
    write: float
    check: float
    show: float


class Filled:
    """A store that grows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = LocalStore(folder)
        entry = ContractEntry(_ADDRESS, _HASH, _HASH)
        self.network = Network(
            Node("http://127.0.0.1:9"), Manifest(1337, _HASH, 0, 0, {"ClaimRegistry": entry})
        )
        self.index = ChainIndex(self.network, self.store, 1)
        self.now = int(time.time())
        with self.store.change():
            self.index._put(followed_to(self.now))
        self.claims = 0
        self._last_step: dict[str, Any] = {}
        self._values = load_quote(document("quote"))

    def grow(self, claims: int) -> None:
        """Fills it up to so many claims."""
        while self.claims < claims:
            more = min(_AT_ONCE, claims - self.claims)
            rows_by_kind: dict[str, list[Filed]] = {}
            for number in range(self.claims, self.claims + more):
                for kind, key, claim, held in self._rows(number):
                    rows_by_kind.setdefault(kind, []).append(Filed(key, held, claim))
            with self.store.vault.change() as rows:
                for kind, filed in rows_by_kind.items():
                    rows.put_all(kind, filed)
            self.claims += more

    def any_of(self, times: int) -> list[int]:
        """The numbers of claims whose step can be read."""
        return [secrets.randbelow(self.claims // _SEALED) * _SEALED for _ in range(times)]

    def step(self, number: int) -> PreparedStep:
        """The opening of a claim; sealed anew each time, for a claim that depends on its number alone."""
        claim = name("claim", number)
        record = seal(Scope("fr-optical-quote", 1, 1337, _ADDRESS, claim, 0, "opened"), self._values)
        return PreparedStep(claim, "open", (claim, 3, name("consent", number), record.root), record)

    def _rows(self, number: int) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        claim, consent = name("claim", number), name("consent", number)
        if number % _SEALED:
            # The same bytes in the database, without the time that it takes to seal them.
            root, step = name("root", number), self._last_step
        else:
            sealed = self.step(number)
            root, step = sealed.record.root, sealed.to_json()
            self._last_step = step
        events = tuple(_events(claim, consent, root, self.now))
        state = {"recorder": 1, "recorded_at": self.now, "expires_at": self.now + 86_400}
        ends = {"revoked_at": 0, "withdrawn_at": 0, "attested": False}
        yield Kind.STEP.value, root, claim, step
        yield Kind.MEMO.value, claim, claim, Known(events, 9, (9,)).to_json()
        yield Kind.MEMO.value, consent, consent, {"consent": {"consent": consent, **state, **ends}}
        yield NUMBER, mark_of(Number.FILE_NUMBER, str(number)), claim, {"claim": claim, "attempts": 1}
        yield RECEIVED, f"3:message-{number}", claim, {}

    def write(self, number: int) -> None:
        """A step of a new claim, as its writer stores it."""
        step = self.step(number)
        self.store.reserve(Number.FILE_NUMBER, str(number), step.claim, ended=lambda _: False)
        with self.store.change():
            self.store.put(Kind.STEP, step.record.root, step.to_json(), claim=step.claim)
            self.store.put(Kind.UNCONFIRMED, step.fingerprint, {"step": step.record.root}, claim=step.claim)

    def check(self, number: int) -> None:
        """A number that is used, a message that was received, and a consent."""
        with suppress(NumberAlreadyUsed):
            self.store.reserve(Number.FILE_NUMBER, str(number), _HASH, ended=lambda _: False)
            raise RuntimeError("a number served two claims")
        state = self.index.consent(name("consent", number))
        if not self.store.has_received(3, f"message-{number}") or state is None:
            raise RuntimeError("something that was stored is not there")

    def show(self, number: int) -> None:
        """All that is stored of a claim, and its history."""
        claim = name("claim", number)
        self.network.memos = StoredMemos(lambda: self.store)
        if len(steps_of(claim, known_of(self.network, claim).events)) != 1:
            raise RuntimeError("another claim was read")
        for kind in (Kind.STEP, Kind.MESSAGE, Kind.VERDICT, Kind.GIVEN):
            for found in self.store.of_claim(kind, claim):
                if kind is Kind.STEP:
                    PreparedStep.from_json(found)


def name(what: str, number: int) -> str:
    """An identifier of 32 bytes."""
    return "0x" + f"{what}{number:>20}".encode().hex().rjust(64, "0")


def _events(claim: str, consent: str, root: str, now: int) -> Iterator[Event]:
    args = {
        "claim": claim,
        "practice": 1,
        "payer": 3,
        "consent": consent,
        "commitment": root,
        "key": _ADDRESS,
    }
    yield replace(Event("ClaimOpened", args, 9, _HASH, 0, _HASH), time=now)


def _cost(do: Callable[[int], None], numbers: list[int]) -> float:
    """The median of what ``do`` takes, in milliseconds."""
    taken = []
    for number in numbers:
        began = time.perf_counter()
        do(number)
        taken.append(1000 * (time.perf_counter() - began))
    return median(taken)


def main() -> None:
    """Prints the costs at each size."""
    options = argparse.ArgumentParser()
    options.add_argument("--most", type=int, default=_MOST, help="claims of the largest store")
    most = options.parse_args().most
    print(f"{'claims':>10} {'megabytes':>10} {'write (ms)':>11} {'check (ms)':>11} {'show (ms)':>10}")
    with TemporaryDirectory() as folder:
        filled, size, fresh = Filled(Path(folder)), _FIRST, 10**9
        while size <= most:
            filled.grow(size)
            any_of = filled.any_of(_TIMES)
            write = _cost(filled.write, list(range(fresh, fresh + _TIMES)))
            check, show = _cost(filled.check, any_of), _cost(filled.show, any_of)
            stored = sum(each.stat().st_size for each in os.scandir(folder))
            print(
                f"{size:>10,} {stored / 1e6:>10,.0f} {write:>11.1f} {check:>11.1f} {show:>10.1f}", flush=True
            )
            size, fresh = size * 10, fresh + _TIMES


if __name__ == "__main__":
    main()
