# SPDX-License-Identifier: Apache-2.0
"""Headers without a node: those of a real Besu network, and those of a small model of a QBFT chain."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from sceau.proof.header import Header, Vote, read_header
from sceau.proof.trust import Listed, Trust, quorum

DATA = Path(__file__).resolve().parents[2] / "data" / "qbft"
DAY = 86_400
NOW = 1_900_000_000
EPOCH = 30_000
NAMES = [f"v{each}" for each in range(10)]
INVENTED = [f"x{each}" for each in range(12)]


def vector(name: str) -> Any:
    """What a Besu network said: `headers`, `votes` or `state`."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def header_of(raw: str) -> Header:
    """The header of a vector."""
    return read_header(bytes.fromhex(raw[2:]), "shanghai")


def made(
    number: int,
    validators: Iterable[str],
    *,
    sealers: Iterable[str] | None = None,
    proposer: str = "nobody",
    vote: tuple[str, bool] | None = None,
    parent: str = "",
    name: str = "",
) -> Header:
    """A header as it was read; exactly a quorum of its validators sealed it, if nothing else is said."""
    listed = frozenset(validators)
    by = sorted(listed)[: quorum(len(listed))] if sealers is None else sealers
    return Header(
        number=number,
        hash=name or f"block {number}",
        parent=parent or f"block {number - 1}",
        proposer=proposer,
        state_root=bytes(32),
        transactions_root=bytes(32),
        receipts_root=bytes(32),
        timestamp=NOW + number,
        base_fee=0,
        validators=listed,
        vote=None if vote is None else Vote(*vote),
        round=0,
        sealers=frozenset(by),
    )


def trust_in(
    validators: Iterable[str], block: int = 0, *, epoch: int = EPOCH, window_days: int = 90, time: int = NOW
) -> Trust:
    """Trust in one listed set."""
    return Trust([Listed(block, time, frozenset(validators))], epoch=epoch, window_days=window_days)


class Chain:
    """A model of a QBFT chain: its tally of votes is Besu's ``VoteTally``, written again from its description."""

    def __init__(self, validators: Iterable[str], *, epoch: int = EPOCH) -> None:
        self.validators = set(validators)
        self.epoch = epoch
        self.headers = [made(0, self.validators)]
        #: By subject, how each proposer voted last: whether to add it.
        self._votes: dict[str, dict[str, bool]] = {}
        #: The numbers of the headers that were asked for.
        self.asked: list[int] = []

    def block(
        self, proposer: str = "", vote: tuple[str, bool] | None = None, sealers: Iterable[str] | None = None
    ) -> Header:
        """The next block; the set that its vote makes is the next block's."""
        number = len(self.headers)
        added = made(
            number,
            self.validators,
            proposer=proposer or min(self.validators),
            vote=vote,
            sealers=sealers,
        )
        self.headers.append(added)
        if number % self.epoch == 0:
            self._votes.clear()
        elif vote is not None and added.proposer in added.validators:
            self._count(added.proposer, *vote)
        return added

    def blocks(self, count: int) -> None:
        """So many blocks without votes."""
        for _ in range(count):
            self.block()

    def vote(self, subject: str, adds: bool, *voters: str) -> None:
        """A block with a vote of each of these."""
        for voter in voters:
            self.block(voter, (subject, adds))

    def _count(self, proposer: str, subject: str, adds: bool) -> None:
        votes = self._votes.setdefault(subject, {})
        votes[proposer] = adds
        limit = len(self.validators) // 2 + 1
        for wanted in (True, False):
            if sum(each == wanted for each in votes.values()) >= limit:
                (self.validators.add if wanted else self.validators.discard)(subject)
                votes.clear()
                if not wanted:
                    for others in self._votes.values():
                        others.pop(subject, None)

    def given(self, number: int) -> Header:
        """A header that somebody asks for."""
        self.asked.append(number)
        return self.headers[number]

    def changed(self, number: int, **changes: Any) -> None:
        """Gives another header from now on; its hash stays."""
        self.headers[number] = replace(self.headers[number], **changes)


def played(draw: Random, size: int, epoch: int, campaigns: int) -> Chain:
    """A chain on which validators vote for drops and additions, withdraw votes, and repeat them."""
    chain = Chain(NAMES[:size], epoch=epoch)
    for _ in range(campaigns):
        subject = draw.choice(NAMES)
        for _ in range(draw.randint(1, 2 * len(chain.validators))):
            validators = sorted(chain.validators)
            adds = (subject not in validators) ^ (draw.random() < 0.15)
            votes = draw.random() < 0.8 and (adds or len(validators) > 1)
            chain.block(
                draw.choice(validators),
                (subject, adds) if votes else None,
                draw.sample(validators, quorum(len(validators))),
            )
    return chain


class Liars:
    """A node of too few liars to make a block, which gives whatever serves them beside what the chain sealed."""

    def __init__(self, draw: Random, size: int) -> None:
        self.draw = draw
        self.true = NAMES[:size]
        self.liars = draw.sample(self.true, draw.randint(0, quorum(size) - 1))
        # Whoever votes without them, no change is made: at most half of the true validators.
        voters = draw.sample(self.true, size // 2)
        self.chain = Chain(self.true)
        subject = draw.choice([*self.true, *INVENTED])
        for _ in range(12):
            adds = subject not in self.true
            self.chain.block(draw.choice([*voters, *INVENTED]), draw.choice([None, (subject, adds)]))
        self.names = count()

    def forged(self, number: int, parent: str = "") -> Header:
        """A header that too few of the true validators sealed."""
        listed = self.draw.sample([*self.liars, *INVENTED], self.draw.randint(1, len(self.liars) + 8))
        honest = [each for each in self.true if each not in self.liars]
        listed += self.draw.sample(honest, self.draw.randint(0, len(honest)))
        if self.draw.random() < 0.3:
            listed = [*self.true, *self.draw.choice([[], INVENTED[:1]])]
        elif self.draw.random() < 0.3 and len(self.true) > 1:
            listed = self.draw.sample(self.true, len(self.true) - 1)
        return made(
            number,
            listed,
            sealers=[*self.liars, *INVENTED],
            proposer=self.draw.choice([*self.true, *INVENTED]),
            vote=self.draw.choice(
                [None, (self.draw.choice([*listed, *self.true]), self.draw.random() < 0.5)]
            ),
            name=self.draw.choice([f"forged {next(self.names)}", f"block {number}"]) if number > 12 else "",
            parent=parent,
        )

    def given(self, number: int) -> Header:
        """What is given for a number: the chain's header or another."""
        if number < len(self.chain.headers) and self.draw.random() < 0.7:
            return self.chain.headers[number]
        return self.forged(number)
