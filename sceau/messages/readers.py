# SPDX-License-Identifier: Apache-2.0
"""Who may read a message of each kind: the parties that its claim names for it, and no other.

:class:`sceau.messages.mailbox.Mailbox` asks before it makes an envelope, and :func:`sceau.messages.kinds.read_message`
when one was opened. Both take from the message itself which claim it is about, from all that it shows of one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sceau.chain.network import Network
from sceau.chain.registries.claims import read_claim
from sceau.chain.registries.parties import may_act
from sceau.claim.history import History, read_history
from sceau.claim.prepared import PreparedStep
from sceau.claim.steps import placing
from sceau.documents.identifiers import checked_id
from sceau.errors import Joined, SceauError, Sentence
from sceau.messages.errors import NotTheReader, ReaderNotNamed, SenderNotNamed, SubjectUnclear
from sceau.record import Scope
from sceau.record.errors import ScopeNotCanonical
from sceau.terms import Role


@dataclass(frozen=True)
class Subject:
    """What a message is about: one claim, and the numbers of its orders that it speaks of.

    ``writing`` is the step that is being written with the message, if there is one: an order that the chain does not
    hold yet names its supplier there.
    """

    claim: str
    orders: frozenset[int] = frozenset()
    writing: PreparedStep | None = None


@dataclass(frozen=True)
class Reader:
    """One kind of reader: its name, and the party numbers that it stands for.

    ``numbers`` is asked with the block that is read and the party that would read: an auditor is named by its role, and
    by no claim.
    """

    name: Sentence
    numbers: Callable[[Network, Subject, int, int], Collection[int]]


def _practice(network: Network, subject: Subject, block: int, _: int) -> Collection[int]:
    return {read_claim(network, subject.claim, block=block).practice}


def _payer(network: Network, subject: Subject, block: int, _: int) -> Collection[int]:
    return {read_claim(network, subject.claim, block=block).payer}


def _supplier(network: Network, subject: Subject, block: int, _: int) -> Collection[int]:
    history = read_history(network, subject.claim, block=block)
    named = [_suppliers_of(network, history, order, subject.writing, block) for order in subject.orders]
    return frozenset.intersection(*named) if named else ()


def _suppliers_of(
    network: Network, history: History, order_number: int, writing: PreparedStep | None, block: int
) -> frozenset[int]:
    """The supplier of an order, on the chain or else in the step that places it."""
    placed = history.find(placing(order_number), order_number)
    if placed is not None:
        return frozenset() if placed.supplier is None else frozenset({placed.supplier})
    if writing is None or not writing.row.places_order or writing.order_number != order_number:
        return frozenset()
    return (
        frozenset({writing.supplier})
        if may_act(network, writing.supplier, Role.SUPPLIER, block=block)
        else frozenset()
    )


def _suppliers(network: Network, subject: Subject, block: int, _: int) -> Collection[int]:
    history = read_history(network, subject.claim, block=block)
    return {step.supplier for step in history.steps if step.supplier is not None}


def _auditor(network: Network, _: Subject, block: int, party: int) -> Collection[int]:
    return {party} if may_act(network, party, Role.AUDITOR, block=block) else ()


#: The practice that opened the claim.
PRACTICE = Reader(Sentence("readers.practice"), _practice)
#: The payer that the claim names.
PAYER = Reader(Sentence("readers.payer"), _payer)
#: The supplier of the order that the message is about, also when that order was replaced since: the order was its own.
SUPPLIER = Reader(Sentence("readers.supplier"), _supplier)
#: Every supplier that an order of the claim named, those of replaced orders included.
SUPPLIERS = Reader(Sentence("readers.suppliers"), _suppliers)
#: Any party that holds the role of auditor and is not suspended: whoever shows something chooses its auditor.
AUDITOR = Reader(Sentence("readers.auditor"), _auditor)


def subject_of(
    body: Mapping[str, Any], attached: Mapping[str, Any], writing: PreparedStep | None = None
) -> Subject:
    """What a message is about, from its body and from every record that travels with it.

    A record names its claim and order in its scope, wherever in the message the scope stands.

    Raises:
        SubjectUnclear: it names no claim, or more than one.
    """
    scopes = [scope for scope in _scopes([body, attached]) if scope.claim is not None]
    claims = {scope.claim for scope in scopes if scope.claim is not None}
    orders = {scope.order_number for scope in scopes if scope.order_number}
    if "claim" in body:
        claims.add(_claim(body["claim"]))
    if type(body.get("order")) is int:
        orders |= {body["order"]} - {0}
    if len(claims) != 1:
        raise SubjectUnclear
    return Subject(claims.pop(), frozenset(orders), writing)


def require_named(
    network: Network, kind: str, readers: Collection[Reader], subject: Subject, reader: int
) -> None:
    """Raises :class:`ReaderNotNamed` unless the claim names this reader for messages of this kind."""
    found = _named(network, readers, subject, reader)
    if found is not None:
        raise ReaderNotNamed(kind=kind, claim=subject.claim, reader=reader, expected=found)


def require_for_me(
    network: Network, kind: str, readers: Collection[Reader], subject: Subject, reader: int
) -> None:
    """Raises :class:`NotTheReader` unless the claim names this reader: it was made out to it nevertheless."""
    found = _named(network, readers, subject, reader)
    if found is not None:
        raise NotTheReader(kind=kind, claim=subject.claim, reader=reader, expected=found)


def require_sender(network: Network, kind: str, named: Reader, claim: str, sender: int) -> None:
    """Raises :class:`SenderNotNamed` unless the claim names who sends a message of this kind."""
    found = _named(network, (named,), Subject(claim), sender)
    if found is not None:
        raise SenderNotNamed(kind=kind, claim=claim, sender=sender, expected=found)


def require_payer(kind: str, claim: str, named: int, reader: int) -> None:
    """Raises :class:`ReaderNotNamed` unless a reader is the payer that a claim's own opening names: without a node."""
    if reader != named:
        expected = Sentence("readers.named", what=PAYER.name, party=str(named))
        raise ReaderNotNamed(kind=kind, claim=claim, reader=reader, expected=expected)


def _named(network: Network, readers: Collection[Reader], subject: Subject, reader: int) -> Sentence | None:
    """Whom the claim names, where ``reader`` is none of them."""
    block = network.head().number
    found = [(each.name, sorted(each.numbers(network, subject, block, reader))) for each in readers]
    if any(reader in numbers for _, numbers in found):
        return None
    return Joined(
        Sentence("readers.named", what=who, party=", ".join(map(str, numbers)) or "-")
        for who, numbers in found
    )


def _claim(written: object) -> str:
    try:
        return checked_id(written if isinstance(written, str) else "")
    except SceauError:
        raise SubjectUnclear from None


def _scopes(value: object) -> Iterator[Scope]:
    """Every scope of a record in JSON values, at any depth."""
    if isinstance(value, str):
        with suppress(ScopeNotCanonical):
            yield Scope.parse(value)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _scopes(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _scopes(each)
