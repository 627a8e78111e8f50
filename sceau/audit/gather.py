# SPDX-License-Identifier: Apache-2.0
"""Evidence for an auditor: what a party shows of a claim, gathered from the documents that it stores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cached_property

from sceau.audit.errors import ChosenNowhere, EvidenceEmpty, NothingChosen, OfAnotherClaim
from sceau.audit.evidence import Evidence, OpenedGroup, RecordPart
from sceau.audit.step_document import StepDocument
from sceau.chain.network import Network
from sceau.chain.proof_taking import Read, Written, take_proof
from sceau.chain.registries.parties import published_events
from sceau.claim.errors import OrderKeyMissing
from sceau.claim.history import read_history
from sceau.conformity.groups import VERSIONS
from sceau.conformity.keys import OrderKey
from sceau.conformity.opening import open_group
from sceau.documents.identifiers import bytes_of
from sceau.errors import MessageError, NotFoundError
from sceau.messages.envelope import Message
from sceau.messages.signed import read_signed_message
from sceau.messages.stored import StoredMessage
from sceau.party.directory import Directory, DirectoryEntry
from sceau.proof.document import ChainProof
from sceau.record import SealedRecord
from sceau.terms import Group, group_words


class EvidenceBuilder:
    """Builds the evidence of one claim from documents: of each step the chosen values and groups, and nothing else.

    Args:
        network: the deployment.
        claim: the claim.
        paths: the paths to show of each record that has them.
        groups: the groups to open of each order, delivery and invoice.
        directory: the parties' entries, or a function that gives them; needed for messages.

    Raises:
        IdentifierInvalid, NoSuchClaim, HistoryIncomplete.
    """

    def __init__(
        self,
        network: Network,
        claim: str,
        *,
        paths: Iterable[str] = (),
        groups: Iterable[Group] = (),
        directory: Directory | Callable[[], Directory] | None = None,
    ) -> None:
        self._network = network
        self._block = network.head().number
        self._history = read_history(network, claim, block=self._block)
        self._paths = tuple(dict.fromkeys(paths))
        self._groups = tuple(dict.fromkeys(groups))
        self._given = directory
        self._steps: list[StepDocument] = []
        self._messages: list[Message] = []
        self._others: list[Evidence] = []

    def add_step(self, document: StepDocument) -> None:
        """Adds what is held of a step, once it is proved to be of this claim.

        An order may be added for its key alone: the groups of its delivery and its invoice open with it. A disclosure
        is shown as its sender made it.

        Raises:
            HoldsNoRecord, OfNoStep, DisclosureRefused: as :meth:`StepDocument.values`.
        """
        document.values(self._history)
        self._steps.append(document)

    def add_message(self, message: StoredMessage) -> None:
        """Adds what the sender of a received message signed. What is attached to it is not shown.

        Raises:
            OfAnotherClaim: it is about another claim.
            EnvelopeError, NotInDirectory: it is not signed by its sender's published keys, or they are not at hand.
        """
        read = read_signed_message(self._network, self._directory, message.signed)
        # A disclosure's message names no claim.
        if read.body.get("claim", self._claim) != self._claim:
            raise OfAnotherClaim(claim=self._claim)
        self._messages.append(read)

    def add_evidence(self, other: Evidence) -> None:
        """Adds another party's evidence. Raises :class:`OfAnotherClaim`."""
        empty = Evidence.about(self._network, self._claim)
        if other.subject != empty.subject:
            raise OfAnotherClaim(claim=self._claim)
        self._others.append(other)

    def shows(self, document: StepDocument) -> bool:
        """Whether anything chosen is in a document."""
        if document.disclosure is not None:
            return any(path in document.disclosure.paths for path in self._paths)
        record = document.record
        return record is not None and (
            any(path in record.values for path in self._paths) or bool(self._groups and _has_groups(record))
        )

    def build(self) -> Evidence:
        """The evidence.

        Raises:
            EvidenceEmpty: nothing was added.
            ChosenNowhere: a path or a group is in none of the records added.
            NothingChosen: a record was added, but nothing of it is shown.
            OrderKeyMissing: a group is to be opened, and the order that keeps the key was not added.
        """
        if not (self._steps or self._messages or self._others):
            raise EvidenceEmpty
        self._require_places()
        records, groups = list(self._records()), list(self._opened_groups())
        signed, entries = [each.signed for each in self._messages], list(self._entries())
        for other in self._others:
            records += other.records
            groups += other.groups
            signed += other.messages
            entries += other.entries
        return Evidence.about(
            self._network,
            self._claim,
            records=tuple(records),
            groups=tuple(groups),
            messages=tuple(dict.fromkeys(signed)),
            entries=tuple({entry.hash: entry for entry in entries}.values()),
            proof=self._proof(),
        )

    def _proof(self) -> ChainProof | None:
        """What shows the claim and what the senders of messages published, at the block at which the claim was read."""
        return take_proof(self._network, self._reads(), block=self._block, written=self._written())

    def _reads(self) -> Iterator[Read]:
        yield "ClaimRegistry", "claimOf", (bytes_of(self._claim),)
        for party in self._senders:
            yield "PartyRegistry", "partyOf", (party,)

    def _written(self) -> Iterator[Written]:
        for step in self._history.steps:
            yield step.block, step.transaction
        for party in self._senders:
            for event in published_events(self._network, party, block=self._block):
                yield event.block, event.transaction

    @cached_property
    def _senders(self) -> list[int]:
        """Who sent the messages that are in the evidence."""
        return sorted({message.sender for message in (*self._messages, *self._others_messages())})

    def _others_messages(self) -> Iterator[Message]:
        """The messages in others' evidence, by the entries that it brings; one that cannot be read is left out."""
        for other in self._others:
            directory = Directory.of().also(*other.entries)
            for signed in other.messages:
                with suppress(MessageError, NotFoundError):
                    yield read_signed_message(self._network, directory, signed)

    @property
    def _claim(self) -> str:
        return self._history.state.claim

    @cached_property
    def _directory(self) -> Directory:
        if self._given is None:
            return Directory.of()
        return self._given if isinstance(self._given, Directory) else self._given()

    @property
    def _own(self) -> list[SealedRecord]:
        return [document.record for document in self._steps if document.record is not None]

    def _require_places(self) -> None:
        """Nothing chosen is missing, and no step is given for nothing."""
        for path in self._paths:
            if not any(path in record.values for record in self._own):
                raise ChosenNowhere(what=path)
        for group in self._groups:
            if not any(_has_groups(record) for record in self._own):
                raise ChosenNowhere(what=group_words(group))
        for document in self._steps:
            record = document.record
            if record is not None and document.order_key is None and not self.shows(document):
                raise NothingChosen(record=f"{record.scope.profile_key} ({record.scope.step})")

    def _records(self) -> Iterator[RecordPart]:
        """The chosen values of each record that has them, and each disclosure."""
        for document in self._steps:
            if document.disclosure is not None:
                yield RecordPart(document.disclosure.scope, document.disclosure.multiproof)
            elif document.record is not None:
                chosen = [path for path in self._paths if path in document.record.values]
                if chosen:
                    yield RecordPart.of(document.record, chosen)

    def _opened_groups(self) -> Iterator[OpenedGroup]:
        for record in self._own:
            if self._groups and _has_groups(record):
                key = self._order_key(record.scope.order_number)
                for group in self._groups:
                    yield OpenedGroup(record.scope, open_group(record, key, group))

    def _order_key(self, order_number: int | None) -> OrderKey:
        """The key of an order, which the order's own document holds."""
        for document in self._steps:
            key, placed = document.order_key, document.record
            if key is not None and placed is not None and placed.scope.order_number == order_number:
                return key
        raise OrderKeyMissing(order=order_number, claim=self._claim)

    def _entries(self) -> Iterator[DirectoryEntry]:
        """What the senders published of themselves when they signed: an auditor needs no directory of its own."""
        for each in self._messages:
            yield self._directory.entry_at(self._network, each.sender, each.issued_at)


def _has_groups(record: SealedRecord) -> bool:
    return record.scope.profile_key in VERSIONS
