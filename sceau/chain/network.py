# SPDX-License-Identifier: Apache-2.0
"""A deployment seen through a node: what its contracts hold and what they announced."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import get_ident
from typing import Any, NamedTuple, Protocol, TypeVar

from sceau.chain import codec
from sceau.chain.abis import ContractName
from sceau.chain.batch import Expected, ask_expected
from sceau.chain.errors import (
    BlockChanged,
    ChainOfAnother,
    ChainStopped,
    ContractCodeDiffers,
    ContractNotDeployed,
    NodeStale,
    NodeUnreachable,
    WrongChain,
)
from sceau.chain.events import Event, events_of, query_of
from sceau.chain.fees import FEE_LIMIT
from sceau.chain.freshness import doubt
from sceau.chain.logs import read_logs
from sceau.chain.manifest import ContractEntry, Manifest
from sceau.chain.memos import Memos, MemosInMemory
from sceau.chain.node import Block, Node
from sceau.chain.proved import Call, Prover, is_provable, require_known
from sceau.deployment import RegistryId
from sceau.documents.identifiers import hex_of
from sceau.errors import NodeError, Sentence

T = TypeVar("T")

#: A contract, one of its views, and the view's arguments.
Read = tuple[ContractName, str, tuple[Any, ...]]

_CHAIN_ID = Sentence("chain.chain-id")
_GENESIS = Sentence("chain.genesis")

# Within one verb the other nodes' heads are asked for once.
_WITNESS_SECONDS = 1.0
# So long after no node answered none is asked again.
_AWAY_SECONDS = 10


class MadeForRegistry(Protocol):
    """A card, a signed consent or a revocation: it names the consent registry that it was made for."""

    @property
    def registry(self) -> RegistryId:
        """That registry."""

    @property
    def called(self) -> Sentence:
        """What it is, for messages: "The card"."""


class _Seen(NamedTuple):
    """The newest block that was seen at a node, and what that node answered there: nothing changes there any more."""

    node: Node
    block: Block
    answers: dict[Hashable, Any]


class _Held(NamedTuple):
    """The block at which one thread reads all (:meth:`Network.at_one_block`), and what is to be said of it."""

    thread: int
    block: Block
    doubt: NodeError | None


class Network:
    """A deployment, the node that is asked about it, and the other nodes that were named.

    Make one with :meth:`connect`, of several with :meth:`joined`. ``node`` changes when it fails and another does not;
    ``block_period`` is the manifest's, ``None`` where it is not known; ``fee_limit`` the most that one transaction may
    cost, in wei; ``memos`` what was learnt before, ``times`` when claims were spoken of: hints of where to look.
    With ``proofs_required`` no node is believed, whatever the manifest is: :class:`ProofsRequired` where it lists no
    validators.
    """

    def __init__(self, node: Node, manifest: Manifest, *, proofs_required: bool = False) -> None:
        if proofs_required:
            manifest.require_validators()
        self._proofs_required = proofs_required
        self.node = node
        node.pieces.start_at(manifest.logs_range)
        node.prover = Prover(manifest) if manifest.validators else None
        self.manifest = manifest
        self.block_period: int | None = manifest.block_period
        self.fee_limit = FEE_LIMIT
        self.memos: Memos = MemosInMemory()
        self.times: dict[str, list[int]] = {}
        self._others: tuple[Network, ...] = ()
        self._together: tuple[Network, ...] = (self,)
        self._witnesses: tuple[float, tuple[tuple[Network, Block], ...]] = (-1.0, ())
        self._seen: _Seen | None = None
        self._held: _Held | None = None
        self._unchecked: tuple[Network, ...] = ()
        self._away: tuple[float, NodeError] | None = None

    @classmethod
    def later(cls, nodes: Sequence[Node], manifest: Manifest, *, proofs_required: bool = False) -> Network:
        """A connection to nodes of which none answers now: each is checked, as by :meth:`connect`, when one does.

        Nothing is read of a node before. Raises :class:`ProofsRequired`.
        """
        places = {node.place: node for node in reversed(nodes)}
        together = tuple(
            cls(node, manifest, proofs_required=proofs_required)
            for node in nodes
            if places[node.place] is node
        )
        _hold_together(together)
        together[0]._unchecked = together
        return together[0]

    @classmethod
    def connect(
        cls,
        url: str,
        manifest: Manifest | str | Path,
        *,
        timeout: float = 10,
        proofs_required: bool = False,
    ) -> Network:
        """A checked connection: the node is on the manifest's chain and its contracts are there.

        Args:
            url: the node's HTTP address.
            manifest: the deployment, or the path of its file.
            timeout: seconds for each request.
            proofs_required: refuse a manifest that lists no validators, since the node would be believed.

        Raises:
            ManifestInvalid, ProofsRequired, NodeUnreachable, WrongChain, ContractNotDeployed, ContractCodeDiffers.
        """
        loaded = manifest if isinstance(manifest, Manifest) else Manifest.load(manifest)
        network = cls(Node(url, timeout=timeout), loaded, proofs_required=proofs_required)
        network.check_chain()
        network.check_contracts()
        return network

    @classmethod
    def for_card(cls, url: str, card: MadeForRegistry, *, timeout: float = 10) -> Network:
        """A checked connection for a card's consent: the card says which contract, on which chain.

        The network knows the consent registry only, and not the code that it should have: with a manifest,
        :meth:`connect` checks that too.

        Args:
            url: the HTTP address of any member's node.
            card: the card, or what else was made for a consent registry.
            timeout: seconds for each request.

        Raises:
            NodeUnreachable, NotANode: no node answers there.
            ChainOfAnother: the node is on another chain than the card's.
            ContractNotDeployed: there is no contract where the card says.
        """
        here = card.registry
        entry = ContractEntry(here.contract, code_hash="", transaction="")
        manifest = Manifest(here.chain_id, here.genesis_hash, 0, 0, {"ConsentRegistry": entry})
        network = cls(Node(url, timeout=timeout), manifest)
        network.block_period = None
        try:
            network.check_chain()
        except WrongChain as error:
            raise ChainOfAnother(document=card.called, **error.details) from None
        if not network.node.code(here.contract):
            raise ContractNotDeployed(name="ConsentRegistry", address=here.contract)
        return network

    @classmethod
    def joined(cls, networks: Sequence[Network]) -> Network:
        """One of several connections to one deployment, the freshest, which knows the others.

        Of nodes that are one block apart the first is taken: between two blocks no node is behind. A node that is named
        twice is one: it cannot confirm itself. Do not use the arguments afterwards.
        """
        places = {each.node.place: each for each in reversed(networks)}
        networks = [each for each in networks if places[each.node.place] is each]
        first, *others = networks
        first._others = tuple(others)
        _hold_together(tuple(networks))
        if others:
            first._turn_to_the_best(None, time.time())
        return first

    def __repr__(self) -> str:
        return f"Network({self.node.url!r}, chain {self.chain_id})"

    @property
    def proves(self) -> bool:
        """Whether what is read of blocks, consents, claims, parties and keys is proved, or believed."""
        return self.node.prover is not None

    @property
    def chain_id(self) -> int:
        """The deployment's chain id."""
        return self.manifest.chain_id

    def address(self, name: ContractName) -> str:
        """Address of a contract of the deployment."""
        return self.manifest.contracts[name].address

    def check_chain(self) -> None:
        """Raises :class:`WrongChain` unless chain id and genesis block are the manifest's."""
        for what, found, expected in (
            (_CHAIN_ID, self.node.chain_id(), self.manifest.chain_id),
            (_GENESIS, self.node.genesis_hash(), self.manifest.genesis_hash),
        ):
            if found != expected:
                raise WrongChain(url=self.node.url, what=what, found=found, expected=expected)

    def check_contracts(self) -> None:
        """Raises unless the code at each address is the manifest's."""
        from eth_utils.crypto import keccak

        for name, entry in self.manifest.contracts.items():
            code = self.node.code(entry.address)
            if not code:
                raise ContractNotDeployed(name=name, address=entry.address)
            if hex_of(keccak(code)) != entry.code_hash:
                raise ContractCodeDiffers(name=name, address=entry.address)

    def head(self, clock: Callable[[], float] = time.time) -> Block:
        """The newest block on which something may be done: every reading of a verb starts here.

        A node that fails or cannot be believed is left for another that was named. ``clock`` gives seconds since 1970.

        Raises:
            NodeStale, HeadInFuture: the block is too old, or too far ahead of the clock.
            ChainStopped: so it is at every node that was named and answers.
        """
        head, why = self.look(clock)
        if why is not None:
            raise why
        return head

    def look(self, clock: Callable[[], float] = time.time) -> tuple[Block, NodeError | None]:
        """The newest block to look at, and why nothing may be done on it, ``None`` where it may; as :meth:`head`."""
        held = self._held
        if held is not None and self.is_at_one_block:
            return held.block, held.doubt
        if self._unchecked:
            self._check_now()
        head, why = self._look(clock)
        self._see(head)
        return head, why

    def _see(self, head: Block) -> None:
        """What is read at this block from now on is asked once."""
        seen = self._seen
        if seen is None or (seen.node, seen.block) != (self.node, head):
            self._seen = _Seen(self.node, head, {})

    @contextmanager
    def at_one_block(self, clock: Callable[[], float] = time.time) -> Iterator[Block]:
        """A time in which this thread sees one newest block; what was read is worth something only when it has ended.

        Raises:
            BlockChanged: at its end another block stands in the place of that one.
            NodeUnreachable, NotANode, NodeRefused: as :meth:`look`.
        """
        block, why = self.look(clock)
        self._held = _Held(get_ident(), block, why)
        try:
            yield block
        finally:
            self._held = None
        self.require_unchanged(block)

    @property
    def is_at_one_block(self) -> bool:
        """Whether this thread is within :meth:`at_one_block`."""
        held = self._held
        return held is not None and held.thread == get_ident()

    def require_unchanged(self, block: Block) -> None:
        """Raises :class:`BlockChanged` unless a block that was read still stands; within one block, its end does."""
        if not self.is_at_one_block and self.node.block(block.number).hash != block.hash:
            raise BlockChanged(number=block.number)

    def past_window(self) -> Network:
        """This connection; where its manifest is too old to prove what nodes say, another one that believes them.

        For what must not wait for a newer manifest: a patient's revocation. Who else uses this one still believes none.
        Where proofs are required there is no other.
        """
        return self._believing() if any(each.is_outdated for each in self._provers()) else self

    def past_conflict(self) -> Network:
        """As :meth:`past_window`, where validators sealed two blocks of one height: no proof says which one counts."""
        is_there = any(each.heights.conflict is not None for each in self._provers())
        return self._believing() if is_there else self

    def _provers(self) -> list[Prover]:
        return [each.prover for each in self.nodes if each.prover is not None]

    def _believing(self) -> Network:
        """Another connection to the same nodes, whatever they prove; this one where proofs are required."""
        if self._proofs_required:
            return self
        nodes = [each.anew() for each in self.nodes]
        other = Network.later(nodes, replace(self.manifest, validators=None))
        for each in other._together:
            each.block_period, each.fee_limit = self.block_period, self.fee_limit
        return other

    def ask_again(self) -> None:
        """Forgets that no node answered a moment ago."""
        self._away = None

    def _check_now(self) -> None:
        """Checks the nodes of :meth:`later`, and goes on with those that can be used. Raises why the first cannot.

        For some seconds after none could, none is asked: a user who works off line need not wait for them at each
        step.
        """
        if self._away is not None and time.monotonic() - self._away[0] < _AWAY_SECONDS:
            raise self._away[1]
        usable: list[Network] = []
        refusals: list[NodeError] = []
        for each in self._unchecked:
            try:
                each.check_chain()
                each.check_contracts()
                usable.append(each)
            except NodeError as error:
                refusals.append(error)
        if not usable:
            self._away = (time.monotonic(), refusals[0])
            raise refusals[0]
        self._unchecked = ()
        if self in usable:
            self._others = tuple(each for each in usable if each is not self)
        else:
            # The node that this connection had is the other's from now on, and is not asked.
            self._swap(usable[0])
            self._others = tuple(usable[1:])

    def _look(self, clock: Callable[[], float]) -> tuple[Block, NodeError | None]:
        try:
            head = self.node.head()
        except NodeError as error:
            if not self._others:
                raise
            return self._turn_to_the_best(error, clock())
        why = doubt(head, self.block_period, clock())
        if why is None or not self._others:
            return head, why
        return self._turn_to_the_best(why, clock())

    def look_past(self, number: int) -> Block:
        """The newest block, or the block ``number`` where a node does not say yet that it has that one."""
        head, _ = self.look()
        return head if head.number >= number else self.node.block(number)

    def doubt(self, head: Block) -> NodeError | None:
        """Why nothing may be done on a head, by this computer's clock; ``None`` where it may."""
        return doubt(head, self.block_period, time.time())

    def witnesses(self) -> tuple[tuple[Network, Block], ...]:
        """The other nodes that were named and whose newest block may be relied on, each with that block.

        What they answer counts where it is negative (:mod:`sceau.chain.registries`). One that fails is left out.
        """
        asked, found = self._witnesses
        if time.monotonic() - asked > _WITNESS_SECONDS:
            now = time.time()
            found = tuple(
                (other, head)
                for other, head in _heads(self._others).items()
                if doubt(head, self.block_period, now) is None
            )
            for other, head in found:
                other._see(head)
            self._witnesses = (time.monotonic(), found)
        return found

    @property
    def others(self) -> tuple[Network, ...]:
        """The other nodes that were named and that could be used when the connection was made."""
        return self._others

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Every node that was named, the one that is asked first."""
        return (self.node, *(each.node for each in self._together if each is not self))

    def _turn_to_the_best(self, why: NodeError | None, now: float) -> tuple[Block, NodeError | None]:
        """Makes the freshest of all nodes the one that is asked; ``why`` the present one is left.

        Raises ``why`` when no node answers.
        """
        heads = _heads((self, *self._others))
        if not heads:
            raise why or NodeUnreachable(url=self.node.url, why=Sentence("chain.no-connection"))
        doubts = {each: doubt(head, self.block_period, now) for each, head in heads.items()}
        usable = (
            [each for each, found in doubts.items() if found is None]
            or [each for each, found in doubts.items() if isinstance(found, NodeStale)]
            or list(heads)
        )
        highest = max(heads[each].number for each in usable)
        best = next(each for each in usable if heads[each].number >= highest - 1)
        head, found = heads[best], doubts[best]
        if best is not self:
            self._swap(best)
        if len(heads) > 1 and all(isinstance(each, NodeStale) for each in doubts.values()):
            found = ChainStopped(**(found.details if found else {}), nodes=len(heads))
        return head, found

    def _swap(self, other: Network) -> None:
        self.node, other.node = other.node, self.node
        for each in (self, other):
            each._witnesses, each._seen = (-1.0, ()), None

    def read(self, contract: ContractName, function: str, *args: Any, block: int | None = None) -> Any:
        """What a view of a contract answers, at a block or at the head; a struct comes as a tuple.

        Raises:
            ContractError: the contract refused.
            NodeStale, HeadInFuture, ChainStopped: no block was given, as :meth:`head`.
        """
        called = codec.function(contract, function)
        calldata = called.encode(args)

        def ask(at: int) -> Any:
            call = contract, function, calldata
            if self.node.prover is None or not is_provable(contract, function):
                return self.node.call(self.address(contract), calldata, called.decode, at)
            answer = self.node.prover.answers(self.node, [call], at)[call]
            require_known(call, answer)
            return called.decode(answer)

        if block is None:
            return ask(self.head().number)
        return self._once(block, (self.address(contract), calldata), lambda: ask(block))

    def foresee(self, reads: Iterable[Read], *, block: int) -> None:
        """Asks in one round trip what :meth:`read` will be asked at the newest block that was seen."""
        node = self.node
        ask_expected(node, self.expected(reads, node=node, block=block))

    def expected(self, reads: Iterable[Read], *, node: Node, block: int) -> list[Expected]:
        """The questions behind what :meth:`read` will be asked at the newest block that was seen, for the same node."""
        answers = self._answers(block, node)
        if answers is None:
            return []
        calls = [
            (contract, name, codec.function(contract, name).encode(arguments))
            for contract, name, arguments in dict.fromkeys(reads)
        ]
        missing = [each for each in calls if (self.address(each[0]), each[2]) not in answers]
        prover = node.prover
        provable = [each for each in missing if prover is not None and is_provable(each[0], each[1])]
        believed = [self._expected_call(answers, each, block) for each in missing if each not in provable]
        if prover is not None and provable:
            # Who needs an answer that cannot be proved asks for it, and is told.
            with suppress(NodeError):
                return [*prover.expected(node, provable, block), *believed]
        return believed

    def _expected_call(self, answers: dict[Hashable, Any], call: Call, block: int) -> Expected:
        contract, name, calldata = call
        to = self.address(contract)

        def take(answer: Any) -> None:
            given = bytes.fromhex(answer.removeprefix("0x"))
            answers[to, calldata] = codec.function(contract, name).decode(given)

        return Expected(("eth_call", ({"to": to, "data": hex_of(calldata)}, hex(block))), take)

    def _answers(self, block: int, node: Node | None = None) -> dict[Hashable, Any] | None:
        """What the node answered at the newest block that was seen; ``None`` where that is another block, or node."""
        seen = self._seen
        is_there = seen is not None and seen.node is (node or self.node) and seen.block.number == block
        return seen.answers if seen is not None and is_there else None

    def _once(self, block: int, question: Hashable, ask: Callable[[], T]) -> T:
        """What the node answers at a block; at the newest one that was seen it is asked once."""
        answers = self._answers(block)
        if answers is None:
            return ask()
        if question not in answers:
            answer = ask()
            # Another thread may have turned to another node meanwhile.
            if self._answers(block) is answers:
                answers[question] = answer
            return answer
        known: T = answers[question]
        return known

    def keep(self, block: int, question: Hashable, answer: Any) -> None:
        """Keeps what the node answered at the newest block that was seen, for :meth:`kept`."""
        answers = self._answers(block)
        if answers is not None:
            answers.setdefault(question, answer)

    def kept(self, block: int, question: Hashable) -> Any | None:
        """What :meth:`keep` kept of the same question at the same block of the same node; ``None`` for nothing."""
        answers = self._answers(block)
        return None if answers is None else answers.get(question)

    def encode(self, contract: ContractName, function: str, *args: Any) -> str:
        """Calldata of a call (``0x`` hex)."""
        return hex_of(codec.function(contract, function).encode(args))

    def events(
        self,
        contract: ContractName,
        topics: Iterable[str | None] = (),
        *,
        name: str | Sequence[str] | None = None,
        to_block: int,
        from_block: int | None = None,
        once: bool = False,
    ) -> list[Event]:
        """Events of one contract of the deployment, in order; logs of other addresses are never asked for.

        Args:
            contract: the contract.
            topics: values of the indexed topics after the event's own (``0x`` hex of 32 bytes, or ``None``).
            name: the event, or several, ``None`` for any.
            to_block: last block, included.
            from_block: first block; the deployment's own if not given.
            once: what the node said of the newest block before counts. A replica that is a block behind leaves events
                out and says nothing of it, so that only a list counts that is asked for again where it cannot be whole.
        """
        first = self.manifest.block if from_block is None else from_block
        topics, names = tuple(topics), (name,) if isinstance(name, str) else name and tuple(name)

        def ask() -> tuple[Event, ...]:
            pieces = self.pieces(contract, topics, name=names, first=first, last=to_block)
            return tuple(event for _, _, events in pieces for event in events)

        return list(self._once(to_block, (contract, topics, names, first), ask) if once else ask())

    def pieces(
        self,
        contract: ContractName,
        topics: Iterable[str | Sequence[str] | None] = (),
        *,
        name: str | Sequence[str] | None = None,
        first: int,
        last: int,
        backwards: bool = False,
    ) -> Iterator[tuple[int, int, list[Event]]]:
        """The same, piece by piece, each with its first and last block; nothing is asked before it is wanted.

        ``backwards`` gives the newest piece first; the events of a piece are in order. A topic may be one of several.
        Other arguments as :meth:`events`.
        """
        query = query_of(contract, self.address(contract), topics, name)
        for low, high, logs in read_logs(self.node, query, first, last, backwards=backwards):
            with self.node.translated():
                events = events_of(contract, logs)
            yield low, high, events

    def expected_events(
        self,
        contract: ContractName,
        topics: Iterable[str | Sequence[str] | None],
        take: Callable[[list[Event]], None],
        *,
        name: str | None = None,
        first: int,
        last: int,
    ) -> Expected:
        """The question that :meth:`pieces` asks where one covers all; ``take`` is given the events, in order."""

        def read(answer: Any) -> None:
            take([event for event in events_of(contract, answer) if first <= event.block <= last])

        query = query_of(contract, self.address(contract), topics, name)
        within = {"fromBlock": hex(first), "toBlock": hex(last)}
        return Expected(("eth_getLogs", ({**query, **within},)), read)


def _hold_together(networks: tuple[Network, ...]) -> None:
    """Tells connections of each other, and has what their nodes prove held against each other."""
    provers = [each.node.prover for each in networks if each.node.prover is not None]
    for prover in provers:
        prover.heights = provers[0].heights
    for each in networks:
        each._together = networks


def _heads(networks: Iterable[Network]) -> dict[Network, Block]:
    """The newest block of each node that answers."""
    heads: dict[Network, Block] = {}
    for each in networks:
        with suppress(NodeError):
            heads[each] = each.node.head()
    return heads
