# SPDX-License-Identifier: Apache-2.0
"""A play: one chain, the parties on it, and everything secret that passed through their hands."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol, TypeVar
from unittest import mock

from sceau import Payer, Practice, Supplier
from sceau.chain.abis import abi
from sceau.chain.following import Signed, Transaction, hand_over
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.chain.signer import Signer
from sceau.claim.prepared import Argument, PreparedStep
from sceau.conformity.keys import OrderContext, OrderKey
from sceau.errors import SceauError
from sceau.record import SealedRecord
from sceau.roles.acting import ActingParty
from sceau.roles.handle import Handle
from sceau.store import Kind, LocalStore
from sceau.terms import Group
from tests.leaks.stories import Story
from tests.support.chance import fixed, fixed_deployer, message_keys
from tests.support.deployed import Deployed, deploy
from tests.support.mailboxes import Published, publish
from tests.support.unsent import unsent
from tools.ganache import ganache

#: Time of a play's first block. No value of a story is a midnight from here on.
START = "2026-12-07T09:13:20Z"

#: Gas allowed to a call that nobody tried first.
GAS = 500_000

#: The parties that write to others.
WRITERS = ("practice", "supplier", "payer", "other_practice", "other_payer")

T = TypeVar("T")
R = TypeVar("R", bound=ActingParty)


class Write(Protocol):
    """A handle on something that was sent."""

    def wait(self, timeout: float = 120) -> object:
        """Until it is in a block."""


@dataclass(frozen=True)
class Spoken:
    """An error as a person or a log gets it: its class and code, and everything it says, traceback included."""

    kind: str
    code: str
    english: str
    french: str
    whole: str


@dataclass(repr=False)
class Play:
    """A chain and what was done on it.

    ``openings`` are the sealed records by name (``glasses open 0``), ``secrets`` keys, salts, PINs by name, ``spoken``
    the errors that the client raised, ``shown`` its objects as they show themselves, ``pickled`` those that can be
    pickled, ``consents`` the identifiers of consents by name, ``claims`` those of claims.
    """

    chain: Deployed
    story: Story
    published: Published
    openings: dict[str, SealedRecord] = field(default_factory=dict)
    secrets: dict[str, bytes] = field(default_factory=dict)
    spoken: list[Spoken] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    pickled: list[tuple[str, bytes]] = field(default_factory=list)
    consents: dict[str, str] = field(default_factory=dict)
    claims: dict[str, str] = field(default_factory=dict)

    @property
    def network(self) -> Network:
        return self.chain.network

    def clock(self) -> float:
        """The chain's time: it does not follow the machine's."""
        return float(self.chain.now)

    # Parties, each with its own storage, where documents may hold all that a party may know

    @cached_property
    def practice(self) -> Practice:
        return self.party(Practice, "practice")

    @cached_property
    def supplier(self) -> Supplier:
        return self.party(Supplier, "supplier")

    @cached_property
    def payer(self) -> Payer:
        return self.party(Payer, "payer")

    def party(self, role: type[R], name: str) -> R:
        """A party under its name, with an empty store: another party, or another machine of the same."""
        store = LocalStore(None)
        mailbox = self.published.mailbox(name, store) if name in WRITERS else None
        return self.show(role(self.network, self.chain.signers[name], store=store, mailbox=mailbox))

    # What was seen

    def show(self, seen: T) -> T:
        """Notes how an object shows itself, and what is left of it when it is pickled."""
        self.shown += [repr(seen), str(seen), f"{seen}"]
        try:
            self.pickled.append((type(seen).__name__, pickle.dumps(seen)))
        except (TypeError, AttributeError, pickle.PicklingError) as refused:
            self.shown.append(str(refused))
        return seen

    def hold(self, name: str, record: SealedRecord) -> None:
        """Notes a sealed record, its seed and its salts among the secrets."""
        self.openings[name] = record
        self.secrets[f"{name}: seed"] = record.seed
        for leaf in record.leaves:
            self.secrets[f"{name}: salt of {leaf.path}"] = leaf.salt
        for each in (record, record.leaves, record.prove_all()):
            self.show(each)

    def hold_order_key(self, name: str, key: OrderKey, context: OrderContext) -> None:
        self.show(key)
        self.secrets[f"{name}: order key"] = bytes.fromhex(key.reveal()[2:])
        for group in Group:
            group_key = self.show(key.group_key(context, group))
            self.secrets[f"{name}: key of group {group}"] = bytes.fromhex(group_key.reveal()[2:])

    def hold_step(self, name: str, step: PreparedStep) -> PreparedStep:
        """Notes what a step holds, as a store gives it back."""
        kept = PreparedStep.from_json(self.show(step).to_json())
        if kept.claim not in self.claims.values():
            self.claims[name] = kept.claim
        self.hold(name, kept.record)
        for inner, record in kept.inner.items():
            self.hold(f"{name}, {inner}", record)
        if kept.order_key is not None:
            self.hold_order_key(name, kept.order_key, OrderContext.of(kept.record.scope))
        return kept

    def written(self, name: str, handle: Handle) -> None:
        """Notes what a verb wrote, and waits for it."""
        self.show(handle)
        self.show(handle.envelope)
        if handle.step is not None:
            self.hold_step(f"{name} {handle.step.function} {handle.step.order_number}", handle.step)
        self.show(handle.wait(30))
        self.show(handle)

    # What was refused

    def refused(self, code: str, act: Callable[..., object], *arguments: Any, **options: Any) -> None:
        """The act, called on its arguments, is refused for this reason; what the error says is kept."""
        try:
            act(*arguments, **options)
        except SceauError as error:
            if error.code != code:
                raise
            whole = "".join(traceback.format_exception(type(error), error, error.__traceback__))
            whole += f"{error!r} {error.details!r}"
            kind = type(error).__name__
            self.spoken.append(Spoken(kind, code, error.message("en"), error.message("fr"), whole))
            self.pickled.append((kind, pickle.dumps(error)))
        else:
            raise AssertionError(f"was not refused: {code}")

    def refused_by_chain(self, code: str, verb: Callable[..., Write], *arguments: Any) -> None:
        """Refused when the client tries it first, and again when it is sent all the same and a block takes it."""
        self.refused(code, verb, *arguments)
        with untried():
            sent = verb(*arguments)
        self.refused(code, sent.wait, 30)
        self.show(sent)

    def step_refused(
        self, code: str, name: str, verb: Callable[..., Handle], *arguments: Any, **options: Any
    ) -> PreparedStep:
        """The chain refuses what a verb, called on its arguments, would write; gives the step."""
        step = self.hold_step(name, unsent(verb, *arguments, **options))
        self.resend_refused(code, verb.__self__, step)  # type: ignore[attr-defined] # a bound method
        return step

    def resend_refused(self, code: str, role: ActingParty, step: PreparedStep) -> None:
        """The chain refuses a step that a party stored, and sends again."""
        role.store.put(Kind.STEP, step.record.root, step.to_json(), claim=step.claim)
        self.refused_by_chain(code, role.resend, step)


def altered(step: PreparedStep, **changes: Argument) -> PreparedStep:
    """A step whose call says something else, as faulty software would; ``changes`` by the contract's own names."""
    entry = next(entry for entry in abi("ClaimRegistry") if entry.get("name") == step.function)
    names = [each["name"] for each in entry["inputs"]]
    assert changes.keys() <= set(names)
    said = dict(zip(names, step.arguments, strict=True)) | changes
    return replace(step, arguments=tuple(said.values()))


@contextmanager
def stage(story: Story) -> Iterator[Play]:
    """A fresh Ganache with contracts and parties, the same to the last byte for every story."""
    with ganache(at=START) as node, fixed("the same draws for every play") as drawn:
        with fixed_deployer():
            chain = deploy(node)
        before = len(drawn)
        yield begun(chain, story, publish(chain, *WRITERS, draw=message_keys))
        assert len(drawn) > before, "nothing was drawn from secrets.token_bytes: two plays are not comparable"


def begun(chain: Deployed, story: Story, published: Published) -> Play:
    """A play on a chain that is there, with the secrets that its parties bring."""
    play = Play(chain, story, published)
    play.secrets |= {f"key of {name}": signer.key_bytes() for name, signer in chain.signers.items()}
    play.secrets |= {f"controller of {name}": s.key_bytes() for name, s in chain.controllers.items()}
    play.secrets |= dict(_message_secrets(published))
    play.secrets["the PIN"] = story.pin.encode()
    return play


@contextmanager
def untried() -> Iterator[None]:
    """Inside, the client sends calls that nobody tried first, as faulty software does."""
    with mock.patch("sceau.chain.transaction._send", send_untried):
        yield


def send_untried(
    nodes: Sequence[Node], signer: Signer, request: dict[str, Any], chain_id: int, *_: object
) -> Transaction:
    """As :func:`sceau.chain.transaction.send`, but that nothing is asked of the node before."""
    node = nodes[0]
    fee = 2 * (node.head().base_fee or 0) + 10**9
    nonce = node.count(signer.address, "pending")
    fees = {"maxFeePerGas": fee, "maxPriorityFeePerGas": 10**9, "gas": GAS}
    call = {name: value for name, value in request.items() if name != "from"}
    hash_, raw = signer.sign_transaction({**call, **fees, "nonce": nonce, "chainId": chain_id})
    return hand_over(nodes, Signed(hash_, raw, request, nonce))


def to_checksum(address: str) -> Any:
    from eth_utils.address import to_checksum_address

    return to_checksum_address(address)


def _message_secrets(published: Published) -> Iterator[tuple[str, bytes]]:
    from base64 import urlsafe_b64decode

    for name, keys in published.keys.items():
        for use, key in keys.private.items():
            yield f"message key of {name}, {use}", urlsafe_b64decode(key["d"] + "=")
