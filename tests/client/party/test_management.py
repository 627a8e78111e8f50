# SPDX-License-Identifier: Apache-2.0
"""Parties on a real chain: admitted, suspended, rotated; each act by the right account only."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sceau.chain import contract_errors as refused
from sceau.chain.registries.errors import KeyOfNoParty
from sceau.chain.registries.parties import party_number, read_key, read_party
from sceau.chain.terms import Role
from sceau.party import management
from sceau.party.application import Application, apply
from sceau.party.errors import ApplicationElsewhere
from sceau.party.management import Pausable
from tests.client.party.conftest import ENTRY
from tests.support.deployed import Deployed, key

PRACTICE = 1


@pytest.fixture
def application(chain: Deployed) -> Application:
    return apply(
        chain.network.manifest,
        entry=ENTRY,
        roles=Role.PRACTICE | Role.AUDITOR,
        controller=key("new controller").address,
        keys=[key("new key"), key("new second key")],
    )


def test_an_application_is_admitted_whole(either_chain: Deployed) -> None:
    chain = either_chain
    application = apply(
        chain.network.manifest,
        entry=ENTRY,
        roles=Role.PRACTICE | Role.AUDITOR,
        controller=key("new controller").address,
        keys=[key("new key"), key("new second key")],
    )
    receipt = application.admit(chain.network, chain.admin).wait()
    number = party_number(chain.network, key("new second key").address)
    party = read_party(chain.network, number)
    assert (party.roles, party.controller) == (application.roles, application.controller)
    assert (party.directory, party.suspended, party.pending_controller) == (
        application.directory,
        False,
        None,
    )
    assert party.admitted_at == chain.network.node.block(receipt.block_number).timestamp
    assert read_key(chain.network, key("new key").address).party == number
    with pytest.raises(refused.KeyTaken):
        application.admit(chain.network, chain.admin)


def test_an_application_for_another_deployment_is_not_sent(
    applied: Callable[..., Application], chain: Deployed
) -> None:
    with pytest.raises(ApplicationElsewhere):
        applied().admit(chain.network, chain.admin)


@pytest.mark.parametrize("who", ["practice", "stranger", "controller"])
def test_only_an_admin_acts_on_parties(chain: Deployed, application: Application, who: str) -> None:
    signer = chain.controllers["practice"] if who == "controller" else chain.signers[who]
    network = chain.network
    victim = chain.signers["practice"].address
    before = network.node.head().number
    acts: tuple[Callable[[], object], ...] = (
        lambda: application.admit(network, signer),
        lambda: management.set_roles(network, signer, PRACTICE, Role.PAYER),
        lambda: management.suspend(network, signer, PRACTICE),
        lambda: management.reinstate(network, signer, PRACTICE),
        lambda: management.set_compromised_since(network, signer, victim, chain.now),
        lambda: management.pause(network, signer, "ConsentRegistry"),
        lambda: management.unpause(network, signer, "ClaimRegistry"),
    )
    for act in acts:
        with pytest.raises(refused.AccessManagedUnauthorized):
            act()
    assert network.node.head().number == before


def test_a_suspended_party_keeps_its_history_and_comes_back(chain: Deployed) -> None:
    network, address = chain.network, chain.signers["practice"].address
    management.suspend(network, chain.admin, PRACTICE).wait()
    suspended = network.node.head().number
    assert not read_key(network, address).active
    assert read_party(network, PRACTICE).suspended
    with pytest.raises(refused.PartyIsSuspended):
        management.suspend(network, chain.admin, PRACTICE)
    management.reinstate(network, chain.admin, PRACTICE).wait()
    assert read_key(network, address).active
    assert not read_key(network, address, block=suspended).active
    with pytest.raises(refused.PartyNotSuspended):
        management.reinstate(network, chain.admin, PRACTICE)


def test_roles_reach_every_key(chain: Deployed) -> None:
    management.set_roles(chain.network, chain.admin, PRACTICE, Role.PAYER | Role.AUDITOR).wait()
    assert read_key(chain.network, chain.signers["practice"].address).roles == Role.PAYER | Role.AUDITOR
    with pytest.raises(refused.PartyRolesInvalid):
        management.set_roles(chain.network, chain.admin, PRACTICE, Role(0))


def test_a_key_is_said_to_be_compromised_once(chain: Deployed) -> None:
    network, address = chain.network, chain.signers["practice"].address
    with pytest.raises(refused.KeyCompromiseDateInvalid):
        management.set_compromised_since(network, chain.admin, address, chain.now + 100)
    since = chain.now
    management.set_compromised_since(network, chain.admin, address, since).wait()
    state = read_key(network, address)
    assert state.compromised_since == since
    assert state.retired_at > 0
    with pytest.raises(refused.KeyAlreadyCompromised):
        management.set_compromised_since(network, chain.admin, address, since - 1)


def test_a_controller_rotates_keys_and_the_old_ones_history_stays(chain: Deployed) -> None:
    network, controller, old = chain.network, chain.controllers["practice"], chain.signers["practice"]
    new = key("rotated key")
    proof = chain.proof(new, controller.address)
    management.add_key(network, controller, PRACTICE, proof).wait()
    management.retire_key(network, controller, old.address).wait()
    assert party_number(network, new.address) == party_number(network, old.address) == PRACTICE
    assert read_key(network, new.address).active
    assert read_key(network, old.address).retired_at == chain.now
    with pytest.raises(refused.KeyIsRetired):
        management.retire_key(network, old)


def test_a_key_retires_itself_and_no_other(chain: Deployed) -> None:
    network = chain.network
    with pytest.raises(refused.KeyNotYours):
        management.retire_key(network, chain.signers["payer"], chain.signers["practice"].address)
    management.retire_key(network, chain.signers["practice"]).wait()
    assert not read_key(network, chain.signers["practice"].address).active


def test_a_signing_key_adds_no_key(chain: Deployed) -> None:
    practice = chain.signers["practice"]
    proof = chain.proof(key("sneaked in"), practice.address)
    with pytest.raises(refused.ControllerOnly):
        management.add_key(chain.network, practice, PRACTICE, proof)
    proof = chain.proof(key("sneaked in"), practice.address)
    with pytest.raises(refused.KeyPossessionUnproven):
        management.add_key(chain.network, chain.controllers["practice"], PRACTICE, proof)


def test_control_is_offered_then_accepted(chain: Deployed) -> None:
    network, old, new = chain.network, chain.controllers["practice"], chain.signers["stranger"]
    with pytest.raises(refused.ControllerNotOffered):
        management.accept_controller(network, new, PRACTICE)
    management.offer_controller(network, old, PRACTICE, new.address).wait()
    assert read_party(network, PRACTICE).pending_controller == new.address
    management.accept_controller(network, new, PRACTICE).wait()
    assert read_party(network, PRACTICE).controller == new.address
    with pytest.raises(refused.ControllerOnly):
        management.set_directory(network, old, PRACTICE, "0x" + "12" * 32)
    management.set_directory(network, new, PRACTICE, "0x" + "12" * 32).wait()
    assert read_party(network, PRACTICE).directory == "0x" + "12" * 32


def test_an_offer_of_control_can_be_taken_back(chain: Deployed) -> None:
    network, old, new = chain.network, chain.controllers["practice"], chain.signers["stranger"]
    management.offer_controller(network, old, PRACTICE, new.address).wait()
    management.offer_controller(network, old, PRACTICE, None).wait()
    assert read_party(network, PRACTICE).pending_controller is None
    with pytest.raises(refused.ControllerNotOffered):
        management.accept_controller(network, new, PRACTICE)


@pytest.mark.parametrize("registry", ["ConsentRegistry", "ClaimRegistry"])
def test_a_registry_is_paused_and_unpaused(chain: Deployed, registry: Pausable) -> None:
    management.pause(chain.network, chain.admin, registry).wait()
    assert chain.network.read(registry, "paused") is True
    with pytest.raises(refused.EnforcedPause):
        management.pause(chain.network, chain.admin, registry)
    management.unpause(chain.network, chain.admin, registry).wait()
    assert chain.network.read(registry, "paused") is False
    with pytest.raises(refused.ExpectedPause):
        management.unpause(chain.network, chain.admin, registry)


def test_who_is_nobody_is_told_so(chain: Deployed) -> None:
    stranger = chain.signers["stranger"].address
    assert read_key(chain.network, stranger).party == 0
    with pytest.raises(KeyOfNoParty, match=stranger):
        party_number(chain.network, stranger)
    with pytest.raises(refused.PartyUnknown, match="999"):
        read_party(chain.network, 999)
