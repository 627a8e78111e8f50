# SPDX-License-Identifier: Apache-2.0
"""What a party signed in a message, checked against the keys that it publishes."""

from __future__ import annotations

from sceau.chain.network import Network
from sceau.messages.envelope import Message, PartyNamespace, read_signed
from sceau.party.directory import Directory
from sceau.party.message_keys import PublicKeys


def namespace_of(network: Network) -> PartyNamespace:
    """The registry in which the network's parties have their numbers."""
    return PartyNamespace(network.chain_id, network.address("PartyRegistry"))


def read_signed_message(
    network: Network, directory: Directory, signed: str, attached: str | None = None
) -> Message:
    """What a party signed in an envelope made out to another, as that other shows it to an auditor.

    ``attached`` is the text that travelled beside it, ``None`` for a reader that was not shown it. Keys are those that
    the party published when it signed, by its own date (``iat``): a key that it took back since still holds what it
    signed, and a key that it added since holds nothing from before.
    """

    def published(party: int, time: int) -> PublicKeys:
        return directory.keys_at(network, party, time)

    return read_signed(signed, namespace=namespace_of(network), published=published, attached=attached)
