# SPDX-License-Identifier: Apache-2.0
"""Message keys for the parties of a deployment, published in their directory entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sceau.chain.registries.parties import read_publications
from sceau.chain.transaction import send
from sceau.deployment import RegistryId
from sceau.messages.envelope import SIZES, encrypt_envelope, open_envelope
from sceau.messages.kinds import read_message
from sceau.messages.mailbox import Mailbox
from sceau.messages.signed import namespace_of
from sceau.messages.stored import StoredMessage
from sceau.party.confirmation import IdentityConfirmation, statement
from sceau.party.directory import Directory
from sceau.party.entry import DirectoryEntry, Identity
from sceau.party.message_keys import MessageKeys
from sceau.store import LocalStore, Store
from tests.support.deployed import Deployed


@dataclass(frozen=True)
class Published:
    """The parties' own message keys by name, and the directory of what they published."""

    chain: Deployed
    keys: Mapping[str, MessageKeys]
    directory: Directory

    def mailbox(self, name: str, store: Store | None = None) -> Mailbox:
        """A mailbox of the party named, over a store of its own unless one is given."""
        party = self.chain.party(name)
        return Mailbox(self.chain.network, party, self.keys[name], self.directory, store or LocalStore(None))


def siret(party: int) -> str:
    """An invented SIRET for a party: a SIREN, the number of an establishment, each with its check digit."""
    from stdnum import luhn

    company = f"9{party:07d}"
    establishment = company + luhn.calc_check_digit(company) + "0001"
    return establishment + luhn.calc_check_digit(establishment)


def publish(
    chain: Deployed, *names: str, draw: Callable[[str], MessageKeys] = lambda _: MessageKeys.generate()
) -> Published:
    """Message keys for each party named; its controller puts the hash of its directory entry on the chain."""
    keys = {name: draw(name) for name in names}
    entries = {
        name: DirectoryEntry(
            f"{name.replace('_', ' ')} SARL", "FR", siret(chain.party(name)), keys[name].public.jwks
        )
        for name in names
    }
    for name in names:
        party, entry = chain.party(name), bytes.fromhex(entries[name].hash[2:])
        send(chain.network, chain.controllers[name], "PartyRegistry", "setDirectory", party, entry).wait(30)
    return Published(chain, keys, Directory.of(*entries.values()))


def confirmation(
    deployed: Deployed, party: int, identity: Identity, *, publication: int | None = None
) -> IdentityConfirmation:
    """An admin's statement, whatever the identity: these parties have invented numbers, and no admin would sign."""
    if publication is None:
        # The newest one, whatever was published before on this chain.
        network = deployed.network
        publication = len(read_publications(network, block=network.node.head().number)[party]) - 1
    registry = RegistryId.of(deployed.network.manifest, "PartyRegistry")
    typed = statement(registry, party, publication, identity.hash)
    signature = deployed.admin.sign_typed(typed.domain, typed.types, typed.values)
    return IdentityConfirmation(
        registry, party, publication, identity.hash, deployed.admin.address.lower(), "0x" + signature.hex()
    )


def mailboxes(chain: Deployed, *names: str) -> dict[str, Mailbox]:
    """A mailbox for each party named, whose keys are published."""
    published = publish(chain, *names)
    return {name: published.mailbox(name) for name in names}


def hostile_envelope(
    mailbox: Mailbox,
    kind: str,
    body: Mapping[str, Any],
    *,
    recipient: int,
    attached: Mapping[str, Any] | None = None,
    now: int | None = None,
) -> str:
    """An envelope as a program of the sender's own makes it, to whom it likes and dated as it likes."""
    network, time = mailbox.network, mailbox.network.node.head().timestamp
    return encrypt_envelope(
        kind,
        body,
        namespace=namespace_of(network),
        sender=mailbox.party,
        keys=mailbox.keys,
        recipient=recipient,
        recipient_keys=mailbox.directory.keys(network, recipient),
        now=time if now is None else now,
        size=SIZES[-1],
        attached=attached,
    )


def open_message(mailbox: Mailbox, envelope: str, kind: str | None = None) -> Any:
    """What an envelope says, counted as received: as a role receives it."""
    message = mailbox.open(envelope, kind)
    read = read_message(mailbox.network, message)
    mailbox.receive([message], claim_of=lambda _: read.claim)
    return read


def signed_on(
    sender: Mailbox,
    reader: Mailbox,
    kind: str,
    body: Mapping[str, Any],
    time: int,
    attached: Mapping[str, Any] | None = None,
) -> StoredMessage:
    """What a holder of a party's keys signs to another party, dated as it likes: a file that no envelope brought."""
    text = hostile_envelope(sender, kind, body, recipient=reader.party, attached=attached, now=time)
    message = open_envelope(
        text,
        kind=kind,
        namespace=namespace_of(sender.network),
        reader=reader.party,
        keys=reader.keys,
        published=lambda *_: sender.keys.public,
        now=time,
    )
    return StoredMessage(message.signed, message.attached_text)


def rotated(published: Published, name: str) -> Published:
    """The same parties once one of them has put other keys in the place of its own."""
    chain = published.chain
    # What was signed in the second of the new block would be checked by the new keys.
    chain.sleep(2)
    new = publish(chain, name)
    entry = new.directory.entry(chain.network, chain.party(name))
    return Published(chain, {**published.keys, **new.keys}, published.directory.also(entry))
