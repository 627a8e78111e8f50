# SPDX-License-Identifier: Apache-2.0
"""A party's post: its keys, its directory and its register of what came before, on one network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sceau.chain.network import Network
from sceau.messages.envelope import Message, PartyNamespace, encrypt_envelope, open_envelope, read_signed
from sceau.party.directory import Directory
from sceau.party.message_keys import MessageKeys, PublicKeys
from sceau.store.received_ids import ReceivedIds


def namespace_of(network: Network) -> PartyNamespace:
    """The register in which the network's parties have their numbers."""
    return PartyNamespace(network.chain_id, network.address("PartyRegistry"))


@dataclass(frozen=True)
class Mailbox:
    """Seals and opens a party's envelopes. Time is that of the chain's head; keys are checked against the chain."""

    network: Network
    party: int
    keys: MessageKeys
    directory: Directory
    seen: ReceivedIds

    def seal(
        self,
        kind: str,
        body: Mapping[str, Any],
        *,
        recipient: int,
        attached: Mapping[str, Any] | None = None,
    ) -> str:
        """An envelope for one party. Raises :class:`NotInDirectory`, :class:`MessageKeysInvalid`."""
        head = self.network.node.head()
        return encrypt_envelope(
            kind,
            body,
            namespace=namespace_of(self.network),
            sender=self.party,
            keys=self.keys,
            recipient=recipient,
            recipient_keys=self.directory.keys(self.network, recipient, block=head.number),
            now=head.timestamp,
            attached=attached,
        )

    def open(self, kind: str | None, envelope: str) -> Message:
        """The message of an envelope, checked and entered as received; raises as :func:`open_envelope`.

        ``kind`` is the kind expected, ``None`` for any.
        """
        head = self.network.node.head()
        return open_envelope(
            envelope,
            kind=kind,
            namespace=namespace_of(self.network),
            reader=self.party,
            keys=self.keys,
            published=lambda party: self.directory.keys(self.network, party, block=head.number),
            seen=self.seen,
            now=head.timestamp,
        )


def read_signed_message(
    network: Network, directory: Directory, signed: str, attached: str | None = None
) -> Message:
    """What a party signed in an envelope made out to another, as that other shows it to an auditor.

    ``attached`` is the text that travelled beside it, ``None`` for who was not shown it. Keys are those that the
    party publishes now: keep superseded keys in the JWKS, or evidence signed by them fails.
    """

    def published(party: int) -> PublicKeys:
        return directory.keys(network, party)

    return read_signed(signed, namespace=namespace_of(network), published=published, attached=attached)
