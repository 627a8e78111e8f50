# SPDX-License-Identifier: Apache-2.0
"""A play: one chain, the actors on it, and everything secret that passed through their hands."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sceau import Payer, Practice, Supplier
from sceau.chain.abis import ContractName
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.chain.signer import Signer
from sceau.chain.terms import Group
from sceau.chain.transaction import send
from sceau.claim.prepared import PreparedStep
from sceau.conformity.keys import OrderContext, OrderKey
from sceau.errors import SceauError
from sceau.messages.mailbox import Mailbox
from sceau.party.directory import Directory, DirectoryEntry
from sceau.record import SealedRecord
from sceau.roles.acting import ActingParty
from sceau.store.received_ids import ReceivedIds
from tests.leaks.chance import fixed, fixed_deployer, message_keys
from tests.leaks.stories import Story
from tests.support.deployed import Deployed, deploy
from tools.ganache import ganache

#: Time of a play's first block. No value of a story is a midnight from here on.
START = "2026-12-07T09:13:20Z"

#: Gas allowed to a call that nobody tried first.
GAS = 500_000


@dataclass(frozen=True)
class Spoken:
    """An error as a person or a log gets it: its class, and everything it says, traceback included."""

    kind: str
    english: str
    french: str
    whole: str


@dataclass(repr=False)
class Play:
    """A chain and what was done on it.

    ``openings`` are the sealed records by name (``glasses opened``), ``secrets`` keys, salts, PINs by name, ``spoken``
    the errors and texts that the client gave, ``consents`` the identifiers of consents by name, ``claims`` those of
    claims.
    """

    chain: Deployed
    story: Story
    posts: Mapping[str, Mailbox]
    openings: dict[str, SealedRecord] = field(default_factory=dict)
    secrets: dict[str, bytes] = field(default_factory=dict)
    spoken: list[Spoken] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    consents: dict[str, str] = field(default_factory=dict)
    claims: dict[str, str] = field(default_factory=dict)

    @property
    def network(self) -> Network:
        return self.chain.network

    def practice(self, name: str = "practice") -> Practice:
        return Practice(self.network, self.chain.signers[name])

    def payer(self, name: str = "payer") -> Payer:
        return Payer(self.network, self.chain.signers[name])

    def supplier(self, name: str = "supplier") -> Supplier:
        return Supplier(self.network, self.chain.signers[name])

    def clock(self) -> float:
        """The chain's time: it does not follow the machine's."""
        return float(self.chain.now)

    def keep(self, name: str, prepared: PreparedStep) -> PreparedStep:
        """Through the file, as a shop's software keeps a step before it sends it."""
        kept = PreparedStep.from_json(prepared.to_json())
        self.hold(name, kept.record)
        for inner, record in kept.inner.items():
            self.hold(f"{name}, {inner}", record)
        if kept.order_key is not None:
            self.hold_order_key(name, kept.order_key, OrderContext.of(kept.record.scope))
        self.shown += [repr(kept), str(kept)]
        return kept

    def hold(self, name: str, record: SealedRecord) -> None:
        """Notes a sealed record, its seed and its salts among the secrets."""
        self.openings[name] = record
        self.secrets[f"{name}: seed"] = record.seed
        for leaf in record.leaves:
            self.secrets[f"{name}: salt of {leaf.path}"] = leaf.salt
        self.shown += [repr(record), repr(record.leaves), str(record.prove_all())]

    def hold_order_key(self, name: str, key: OrderKey, context: OrderContext) -> None:
        self.secrets[f"{name}: order key"] = bytes.fromhex(key.reveal()[2:])
        for group in Group:
            group_key = key.group_key(context, group)
            self.secrets[f"{name}: key of group {group}"] = bytes.fromhex(group_key.reveal()[2:])
            self.shown += [repr(key), str(group_key)]

    def write(self, name: str, actor: ActingParty, prepared: PreparedStep) -> PreparedStep:
        """Keeps a step and writes it."""
        kept = self.keep(name, prepared)
        actor.send(kept).wait(30)
        return kept

    def refused(self, code: str, act: Callable[[], object]) -> None:
        """The act is refused for this reason; what the error says is kept."""
        try:
            act()
        except SceauError as error:
            if error.code != code:
                raise
            whole = "".join(traceback.format_exception(type(error), error, error.__traceback__))
            said = Spoken(type(error).__name__, error.message("en"), error.message("fr"), whole + repr(error))
            self.spoken.append(said)
        else:
            raise AssertionError(f"was not refused: {code}")

    def refused_by_chain(
        self, code: str, signer: Signer, contract: ContractName, function: str, *arguments: Any
    ) -> None:
        """The call is refused when it is tried, and again when it is sent all the same and a block takes it."""
        self.refused(code, lambda: send(self.network, signer, contract, function, *arguments))
        data = self.network.encode(contract, function, *arguments)
        hash_ = send_blindly(self.network.node, signer, self.network.address(contract), data)
        receipt: Any = self.chain.test_node.request("eth_getTransactionReceipt", hash_)
        assert receipt["status"] == "0x0", f"{function} went through"

    def step_refused(self, code: str, signer: Signer, prepared: PreparedStep, **changed: Any) -> None:
        """As :meth:`refused_by_chain`, for a prepared step; ``changed`` replaces arguments: ``at1=…``."""
        arguments = [_raw(argument) for argument in prepared.arguments]
        for place, value in changed.items():
            arguments[int(place[2:])] = value
        self.refused_by_chain(code, signer, "ClaimRegistry", prepared.function, *arguments)


@contextmanager
def stage(story: Story) -> Iterator[Play]:
    """A fresh Ganache with contracts and parties, the same to the last byte for every story."""
    with ganache(at=START) as node, fixed("the same draws for every play") as drawn:
        with fixed_deployer():
            chain = deploy(node)
        before = len(drawn)
        yield begun(chain, story, _posts(chain))
        assert len(drawn) > before, "nothing was drawn from secrets.token_bytes: two plays are not comparable"


def begun(chain: Deployed, story: Story, posts: Mapping[str, Mailbox]) -> Play:
    """A play on a chain that is there, with the secrets that its actors bring."""
    play = Play(chain, story, posts)
    play.secrets |= {f"key of {name}": signer.key_bytes() for name, signer in chain.signers.items()}
    play.secrets |= {f"controller of {name}": s.key_bytes() for name, s in chain.controllers.items()}
    for name, post in posts.items():
        play.secrets |= _message_secrets(name, post)
    play.secrets["the PIN"] = story.pin.encode()
    return play


def send_blindly(node: Node, signer: Signer, to: str, data: str) -> str:
    """Sends a call that nobody tried first, as faulty software would; gives the transaction's hash."""
    fee = 2 * (node.head().base_fee or 0) + 10**9
    nonce = node.web3.eth.get_transaction_count(to_checksum(signer.address), "pending")
    hash_, raw = signer.sign_transaction(
        {
            "to": to_checksum(to),
            "data": data,
            "value": 0,
            "gas": GAS,
            "nonce": nonce,
            "chainId": node.chain_id(),
            "maxFeePerGas": fee,
            "maxPriorityFeePerGas": 10**9,
        }
    )
    node.web3.eth.send_raw_transaction(raw)
    return hash_


def to_checksum(address: str) -> Any:
    from eth_utils.address import to_checksum_address

    return to_checksum_address(address)


def _posts(chain: Deployed) -> dict[str, Mailbox]:
    """A post for each party that writes to another; its controller publishes its directory entry."""
    names = ("practice", "supplier", "payer", "other_payer")
    entries = {}
    for name in names:
        jwks = message_keys(name).public.jwks
        entries[name] = DirectoryEntry(f"{name} SARL", "FR", f"{chain.party(name):014d}", jwks)
        hash_ = bytes.fromhex(entries[name].hash[2:])
        arguments = (chain.party(name), hash_)
        send(chain.network, chain.controllers[name], "PartyRegistry", "setDirectory", *arguments).wait(30)
    directory = Directory.of(*entries.values())
    return {
        name: Mailbox(chain.network, chain.party(name), message_keys(name), directory, ReceivedIds(None))
        for name in names
    }


def _message_secrets(name: str, post: Mailbox) -> Iterator[tuple[str, bytes]]:
    from base64 import urlsafe_b64decode

    for use, key in post.keys.private.items():
        yield f"message key of {name}, {use}", urlsafe_b64decode(key["d"] + "=")


def _raw(argument: int | str | list[str]) -> Any:
    if isinstance(argument, list):
        return [bytes.fromhex(item[2:]) for item in argument]
    return bytes.fromhex(argument[2:]) if isinstance(argument, str) else argument
