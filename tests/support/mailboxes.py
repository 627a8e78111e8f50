# SPDX-License-Identifier: Apache-2.0
"""Message keys for the parties of a deployment, published in their directory entries."""

from __future__ import annotations

from sceau.chain.transaction import send
from sceau.messages.mailbox import Mailbox
from sceau.party.directory import Directory, DirectoryEntry
from sceau.party.message_keys import MessageKeys
from sceau.store.received_ids import ReceivedIds
from tests.support.deployed import Deployed


def posts(chain: Deployed, *names: str) -> dict[str, Mailbox]:
    """A post for each party named; its controller puts the hash of its directory entry on the chain."""
    keys = {name: MessageKeys.generate() for name in names}
    entries = {
        name: DirectoryEntry(f"{name} SARL", "FR", f"{chain.party(name):014d}", keys[name].public.jwks)
        for name in names
    }
    for name in names:
        party, entry = chain.party(name), bytes.fromhex(entries[name].hash[2:])
        send(chain.network, chain.controllers[name], "PartyRegistry", "setDirectory", party, entry).wait(30)
    directory = Directory.of(*entries.values())
    return {
        name: Mailbox(chain.network, chain.party(name), keys[name], directory, ReceivedIds(None))
        for name in names
    }
