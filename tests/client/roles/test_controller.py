# SPDX-License-Identifier: Apache-2.0
"""A party's own keys, control and directory entry on a real chain; and a key that was stolen."""

from __future__ import annotations

import pytest

from sceau.chain import contract_errors as refused
from sceau.chain.registries.errors import KeyOfNoParty
from sceau.chain.registries.parties import party_number, read_key, read_keys, read_party
from sceau.chain.transaction import send_data
from sceau.documents.errors import AddressInvalid
from sceau.party.directory import Directory, DirectoryEntry, party_of
from sceau.party.errors import EntryOfNobody
from sceau.roles.controller import Controller
from sceau.roles.handle import Handle, WriteState
from tests.client.party.conftest import ENTRY
from tests.support.deployed import Deployed, key

PRACTICE = 1


@pytest.fixture
def controller(chain: Deployed) -> Controller:
    return chain.controller("practice")


def test_a_controller_rotates_keys_and_the_old_ones_history_stays(
    chain: Deployed, controller: Controller
) -> None:
    network, old, new = chain.network, chain.signers["practice"], key("rotated key")
    addition = controller.add_key(new)
    addition.wait()
    stands_as_written(controller.add_key(new), addition)
    retirement = controller.retire_key(old.address)
    retirement.wait()
    stands_as_written(controller.retire_key(old.address), retirement)
    assert party_number(network, new.address) == party_number(network, old.address) == PRACTICE
    assert read_key(network, new.address).active
    assert read_key(network, old.address).retired_at == chain.now
    assert [(each.key, each.active) for each in controller.signing_keys()] == [
        (old.address, False),
        (new.address, True),
    ]


def test_keys_are_listed_as_they_were_at_a_block(chain: Deployed, controller: Controller) -> None:
    before = chain.network.node.head().number
    controller.add_key(key("later")).wait()
    assert len(read_keys(chain.network, PRACTICE, block=before)) == 1
    assert len(controller.signing_keys()) == 2
    with pytest.raises(refused.PartyUnknown):
        read_keys(chain.network, 999, block=before)


def test_a_key_that_is_held_elsewhere_is_added_by_its_proof(chain: Deployed, controller: Controller) -> None:
    proof = chain.proof(key("elsewhere"), chain.controllers["practice"].address)
    controller.add_key(proof).wait()
    assert read_key(chain.network, key("elsewhere").address).active


def test_a_key_retires_itself_and_no_other(chain: Deployed) -> None:
    network, own = chain.network, chain.signers["practice"]
    with pytest.raises(refused.KeyNotYours):
        Controller(network, chain.signers["payer"]).retire_key(own.address)
    retirement = Controller(network, own).retire_key()
    retirement.wait()
    assert not read_key(network, own.address).active
    stands_as_written(Controller(network, own).retire_key(), retirement)


def test_a_retired_key_is_never_added_again(chain: Deployed, controller: Controller) -> None:
    Controller(chain.network, chain.signers["practice"]).retire_key().wait()
    with pytest.raises(refused.KeyTaken):
        controller.add_key(chain.signers["practice"])


def test_a_signing_key_adds_no_key(chain: Deployed, controller: Controller) -> None:
    practice = chain.signers["practice"]
    with pytest.raises(refused.ControllerOnly):
        Controller(chain.network, practice).add_key(key("sneaked in"))
    proof = chain.proof(key("sneaked in"), practice.address)
    with pytest.raises(refused.KeyPossessionUnproven):
        controller.add_key(proof)


def test_a_stolen_key_is_retired_at_once_and_the_admins_are_told(
    chain: Deployed, controller: Controller
) -> None:
    network, stolen = chain.network, chain.signers["practice"].address
    since = chain.now - 3600
    told = controller.retire_stolen_key(stolen, since=since)
    told.retirement.wait()
    assert read_key(network, stolen).retired_at == chain.now
    assert (told.party, told.key, told.since) == (PRACTICE, stolen, since)
    for words, party in ((told.words("en"), "party 1"), (told.words("fr"), "partie 1")):
        assert all(named in words for named in (party, stolen, str(since), told.call.to, told.call.data))
    # The call is the exact one: an admin sends it as it is.
    send_data(
        network.node, chain.admin, to=told.call.to, data=told.call.data, chain_id=network.chain_id
    ).wait()
    assert read_key(network, stolen).compromised_since == since


def test_a_key_retired_before_can_still_be_said_to_be_stolen(chain: Deployed, controller: Controller) -> None:
    stolen = chain.signers["practice"]
    retirement = Controller(chain.network, stolen).retire_key()
    retirement.wait()
    chain.sleep(100)
    told = controller.retire_stolen_key(stolen.address, since=1)
    stands_as_written(told.retirement, retirement)
    with pytest.raises(refused.KeyCompromiseDateInvalid):
        controller.retire_stolen_key(stolen.address, since=chain.now)


def test_a_theft_that_cannot_be_is_told_before_anything_is_sent(
    chain: Deployed, controller: Controller
) -> None:
    height, own = chain.network.node.head().number, chain.signers["practice"].address
    for since in (0, chain.now + 100):
        with pytest.raises(refused.KeyCompromiseDateInvalid):
            controller.retire_stolen_key(own, since=since)
    with pytest.raises(KeyOfNoParty):
        controller.retire_stolen_key(chain.signers["stranger"].address, since=1)
    with pytest.raises(AddressInvalid):
        controller.retire_stolen_key("0x12", since=1)
    assert chain.network.node.head().number == height
    chain.consortium.set_compromised_since(own, 1).wait()
    with pytest.raises(refused.KeyAlreadyCompromised):
        controller.retire_stolen_key(own, since=1)


def test_control_is_offered_then_accepted(chain: Deployed, controller: Controller) -> None:
    network, signer = chain.network, chain.signers["stranger"]
    new = Controller(network, signer, PRACTICE)
    with pytest.raises(refused.ControllerNotOffered):
        new.accept_control()
    with pytest.raises(AddressInvalid):
        controller.offer_control("0x12")
    offer = controller.offer_control(signer.address)
    offer.wait()
    assert read_party(network, PRACTICE).pending_controller == signer.address
    stands_as_written(controller.offer_control(signer.address), offer)
    acceptance = new.accept_control()
    acceptance.wait()
    assert read_party(network, PRACTICE).controller == signer.address
    stands_as_written(new.accept_control(), acceptance)
    with pytest.raises(refused.ControllerOnly):
        controller.publish(ENTRY)
    publication = new.publish(ENTRY)
    publication.wait()
    assert read_party(network, PRACTICE).directory == ENTRY.hash
    stands_as_written(new.publish(ENTRY), publication)


def test_an_offer_of_control_can_be_withdrawn(chain: Deployed, controller: Controller) -> None:
    network, new = chain.network, chain.signers["stranger"]
    controller.offer_control(new.address).wait()
    withdrawal = controller.withdraw_offer()
    withdrawal.wait()
    assert read_party(network, PRACTICE).pending_controller is None
    stands_as_written(controller.withdraw_offer(), withdrawal)
    with pytest.raises(refused.ControllerNotOffered):
        Controller(network, new, PRACTICE).accept_control()


def test_the_party_of_an_entry_is_the_one_that_publishes_it(chain: Deployed, controller: Controller) -> None:
    network = chain.network
    with pytest.raises(EntryOfNobody):
        party_of(network, ENTRY, block=network.node.head().number)
    controller.publish(ENTRY).wait()
    block = network.node.head().number
    assert party_of(network, ENTRY, block=block) == PRACTICE
    directory = Directory.of(ENTRY, DirectoryEntry("Nobody", "FR", "1", None))
    listed = directory.listed(network, block=block)
    assert (listed[PRACTICE].entry, listed[2].entry, len(listed)) == (ENTRY, None, len(chain.controllers))


def stands_as_written(again: Handle, first: Handle) -> None:
    """The verb, done again, finds what it wrote and sends nothing."""
    assert (again.state, again.hash) == (WriteState.WRITTEN, first.hash)
    assert again.wait() == first.wait()
