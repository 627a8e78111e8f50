# SPDX-License-Identifier: Apache-2.0
"""A signature is held against the entry that was in force when it was made, by the chain's own events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from sceau.chain.registries.errors import EntriesIncomplete
from sceau.chain.registries.parties import party_topic, read_published
from sceau.chain.transaction import send
from sceau.documents.identifiers import bytes_of
from sceau.messages.envelope import KIB_8, encrypt_envelope
from sceau.messages.errors import EnvelopeNotSigned
from sceau.messages.mailbox import Mailbox
from sceau.messages.signed import namespace_of, read_signed_message
from sceau.party.directory import Directory, DirectoryEntry
from sceau.party.errors import FormerEntryMissing, NotInDirectory
from sceau.party.message_keys import MessageKeys
from sceau.store import Kind, LocalStore
from tests.support.deployed import Deployed
from tests.support.lying_node import lying
from tests.support.mailboxes import publish

PRACTICE, SUPPLIER = 1, 2


@dataclass
class Rotation:
    """A practice that publishes entries one after the other, and its supplier, which has them all."""

    chain: Deployed
    supplier: MessageKeys
    directory: Directory

    def publish(self, *keys: MessageKeys) -> int:
        """An entry with the signing keys of all and the encryption key of the last; gives the time of its block."""
        jwks = {"keys": [*(key.public.jwks["keys"][0] for key in keys), keys[-1].public.jwks["keys"][1]]}
        entry = DirectoryEntry("Optique", "FR", "73282932000074", jwks)
        self.chain.sleep(100)
        send(
            self.chain.network,
            self.chain.controllers["practice"],
            "PartyRegistry",
            "setDirectory",
            PRACTICE,
            bytes_of(entry.hash),
        ).wait(30)
        self.directory = self.directory.also(entry)
        return self.chain.network.node.head().timestamp

    def signed(self, keys: MessageKeys, at: int) -> str:
        """An envelope for the supplier that the holder of these keys dates as it likes."""
        return encrypt_envelope(
            "note",
            {"claim": "0x" + "11" * 32},
            namespace=namespace_of(self.chain.network),
            sender=PRACTICE,
            keys=keys,
            recipient=SUPPLIER,
            recipient_keys=self.supplier.public,
            now=at,
            size=KIB_8,
        )

    def mailbox(self, store: LocalStore | None = None, directory: Directory | None = None) -> Mailbox:
        return Mailbox(
            self.chain.network,
            SUPPLIER,
            self.supplier,
            directory or self.directory,
            store or LocalStore(None),
        )


@pytest.fixture
def rotation(chain: Deployed) -> Rotation:
    published = publish(chain, "supplier")
    return Rotation(chain, published.keys["supplier"], published.directory)


@pytest.fixture
def keys() -> list[MessageKeys]:
    return [MessageKeys.generate() for _ in range(2)]


def test_a_key_that_was_taken_back_still_holds_what_it_signed(
    rotation: Rotation, keys: list[MessageKeys]
) -> None:
    at = rotation.publish(keys[0])
    message = rotation.mailbox().open(rotation.signed(keys[0], at))
    later = rotation.publish(keys[1])
    network = rotation.chain.network
    assert read_signed_message(network, rotation.directory, message.signed).id == message.id
    # ... and signs nothing more: neither today, nor a new envelope that it dates back.
    for time in (at, later):
        with pytest.raises(EnvelopeNotSigned):
            rotation.mailbox().open(rotation.signed(keys[0], time))


def test_a_key_signs_nothing_from_before_it_was_published(
    rotation: Rotation, keys: list[MessageKeys]
) -> None:
    """A practice must not be able to date a signature so that its reader takes it and no auditor does."""
    early = rotation.publish(keys[0])
    late = rotation.publish(*keys)
    for time, holds in ((early, False), (late - 1, False), (late, True)):
        envelope = rotation.signed(keys[1], time)
        if holds:
            signed = rotation.mailbox().open(envelope).signed
            assert read_signed_message(rotation.chain.network, rotation.directory, signed).sender == PRACTICE
        else:
            with pytest.raises(EnvelopeNotSigned):
                rotation.mailbox().open(envelope)
    # Before the first entry with keys there is nothing to hold it against.
    with pytest.raises(NotInDirectory):
        rotation.mailbox().open(rotation.signed(keys[1], early - 10_000))


def test_a_former_entry_is_needed_only_for_what_it_signed(
    rotation: Rotation, keys: list[MessageKeys]
) -> None:
    early = rotation.publish(keys[0])
    before = rotation.signed(keys[0], early)
    late = rotation.publish(*keys)
    newest = Directory.of(rotation.directory.entry(rotation.chain.network, PRACTICE))
    with pytest.raises(FormerEntryMissing) as missing:
        rotation.mailbox(directory=newest).open(before)
    assert missing.value.details["party"] == PRACTICE
    assert rotation.mailbox(directory=newest).open(rotation.signed(keys[0], late)).sender == PRACTICE


def test_the_entry_is_stored_with_what_it_signed(rotation: Rotation, keys: list[MessageKeys]) -> None:
    at, store = rotation.publish(keys[0]), LocalStore(None)
    box = rotation.mailbox(store)
    message = box.open(rotation.signed(keys[0], at))
    box.receive([message], claim_of=lambda _: "0x" + "11" * 32)
    rotation.publish(keys[1])
    bare = rotation.mailbox(store, Directory.of())
    assert read_signed_message(rotation.chain.network, bare.directory, message.signed).id == message.id
    # What a store holds under a hash counts only if it has that hash.
    entry = bare.directory.entry_at(rotation.chain.network, PRACTICE, at)
    store.put(Kind.DIRECTORY_ENTRY, entry.hash, replace(entry, name="Somebody else").to_json())
    with pytest.raises(FormerEntryMissing):
        read_signed_message(rotation.chain.network, bare.directory, message.signed)


def test_a_node_that_hides_the_newest_entry_is_not_believed(
    rotation: Rotation, keys: list[MessageKeys]
) -> None:
    rotation.publish(keys[0])
    late = rotation.publish(keys[1])

    def hide(method: str, _: Any, result: Any) -> Any:
        return result[:-1] if method == "eth_getLogs" else result

    assert read_published(rotation.chain.network, PRACTICE, block=rotation.chain.network.node.head().number)
    with lying(rotation.chain, hide) as network, pytest.raises(EntriesIncomplete):
        rotation.directory.keys_at(network, PRACTICE, late)


def test_only_the_partys_own_events_count(rotation: Rotation, keys: list[MessageKeys]) -> None:
    rotation.publish(keys[0])
    chain = rotation.chain
    send(chain.network, chain.controllers["payer"], "PartyRegistry", "setDirectory", 3, b"\x12" * 32).wait(30)
    head = chain.network.node.head().number
    mine = read_published(chain.network, PRACTICE, block=head)
    assert all(each.hash != "0x" + "12" * 32 for each in mine)
    assert party_topic(PRACTICE) != party_topic(3)
    assert [each.since for each in mine] == sorted(each.since for each in mine)
