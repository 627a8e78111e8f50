# SPDX-License-Identifier: Apache-2.0
"""What admins do to parties on a real chain: each act by the right account only, and once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sceau.chain import contract_errors as refused
from sceau.chain.registries.errors import KeyOfNoParty
from sceau.chain.registries.parties import party_number, read_key, read_parties, read_party
from sceau.chain.transaction import send_data
from sceau.documents.errors import AddressInvalid
from sceau.party.application import Application, apply
from sceau.party.errors import ApplicationElsewhere
from sceau.roles.admin import Admin, Pausable
from sceau.roles.calls import admission_call, compromise_call
from sceau.roles.handle import Handle, WriteState
from sceau.terms import Role
from tests.client.party.conftest import ENTRY, applied, manifest
from tests.support.deployed import PARTIES, Deployed, key

__all__ = ["applied", "manifest"]

PRACTICE = 1


def application_to(chain: Deployed, roles: Role = Role.PRACTICE | Role.AUDITOR) -> Application:
    return apply(
        chain.network.manifest,
        entry=ENTRY,
        roles=roles,
        controller=key("new controller").address,
        keys=[key("new key"), key("new second key")],
    )


@pytest.fixture
def application(chain: Deployed) -> Application:
    return application_to(chain)


def test_an_application_is_admitted_whole_and_once(either_chain: Deployed) -> None:
    chain = either_chain
    application = application_to(chain)
    admission = chain.consortium.admit(application)
    receipt = admission.wait()
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
    assert read_parties(chain.network, block=receipt.block_number)[-1] == party
    stands_as_written(chain.consortium.admit(application), admission)
    with pytest.raises(refused.KeyTaken):
        chain.consortium.admit(application_to(chain, Role.PAYER))


def test_an_application_for_another_deployment_is_not_sent(
    applied: Callable[..., Application], chain: Deployed
) -> None:
    with pytest.raises(ApplicationElsewhere):
        chain.consortium.admit(applied())
    with pytest.raises(ApplicationElsewhere):
        admission_call(chain.network, applied())


def test_an_admin_that_is_a_contract_is_given_the_calls(chain: Deployed, application: Application) -> None:
    victim = chain.signers["practice"].address
    for call in (
        admission_call(chain.network, application),
        compromise_call(chain.network, victim, chain.now),
    ):
        send_data(
            chain.network.node, chain.admin, to=call.to, data=call.data, chain_id=chain.network.chain_id
        ).wait(30)
    assert party_number(chain.network, key("new key").address) == len(PARTIES) + 1
    assert read_key(chain.network, victim).compromised_since > 0


@pytest.mark.parametrize("who", ["practice", "stranger", "controller"])
def test_only_an_admin_acts_on_parties(chain: Deployed, application: Application, who: str) -> None:
    signer = chain.controllers["practice"] if who == "controller" else chain.signers[who]
    impostor = Admin(chain.network, signer)
    victim = chain.signers["practice"].address
    before = chain.network.node.head().number
    acts: tuple[Callable[[], object], ...] = (
        lambda: impostor.admit(application),
        lambda: impostor.set_roles(PRACTICE, Role.PAYER),
        lambda: impostor.suspend(PRACTICE),
        lambda: impostor.reinstate(PRACTICE),
        lambda: impostor.set_compromised_since(victim, chain.now),
        lambda: impostor.pause("ConsentRegistry"),
        lambda: impostor.unpause("ClaimRegistry"),
    )
    for act in acts:
        with pytest.raises(refused.AccessManagedUnauthorized):
            act()
    assert chain.network.node.head().number == before


def test_a_suspended_party_keeps_its_history_and_comes_back(chain: Deployed) -> None:
    network, admin, address = chain.network, chain.consortium, chain.signers["practice"].address
    with pytest.raises(refused.PartyNotSuspended):
        admin.reinstate(PRACTICE)
    suspension = admin.suspend(PRACTICE)
    suspension.wait()
    suspended = network.node.head().number
    assert not read_key(network, address).active
    assert read_party(network, PRACTICE).suspended
    stands_as_written(admin.suspend(PRACTICE), suspension)
    reinstatement = admin.reinstate(PRACTICE)
    reinstatement.wait()
    assert read_key(network, address).active
    assert not read_key(network, address, block=suspended).active
    stands_as_written(admin.reinstate(PRACTICE), reinstatement)
    # A second suspension is another act than the first.
    assert admin.suspend(PRACTICE).wait().hash != suspension.hash


def test_roles_reach_every_key(chain: Deployed) -> None:
    admin, roles = chain.consortium, Role.PAYER | Role.AUDITOR
    change = admin.set_roles(PRACTICE, roles)
    change.wait()
    assert read_key(chain.network, chain.signers["practice"].address).roles == roles
    stands_as_written(admin.set_roles(PRACTICE, roles), change)
    with pytest.raises(refused.PartyRolesInvalid):
        admin.set_roles(PRACTICE, Role(0))


def test_roles_that_a_party_was_admitted_with_are_written(chain: Deployed) -> None:
    height = chain.network.node.head().number
    assert chain.consortium.set_roles(PRACTICE, Role.PRACTICE).state is WriteState.WRITTEN
    assert chain.network.node.head().number == height


def test_a_key_is_said_to_be_compromised_once(chain: Deployed) -> None:
    network, admin, address = chain.network, chain.consortium, chain.signers["practice"].address
    with pytest.raises(refused.KeyCompromiseDateInvalid):
        admin.set_compromised_since(address, chain.now + 100)
    with pytest.raises(AddressInvalid):
        admin.set_compromised_since(address[:-1], chain.now)
    since = chain.now
    said = admin.set_compromised_since(address, since)
    said.wait()
    state = read_key(network, address)
    assert state.compromised_since == since
    assert state.retired_at > 0
    stands_as_written(admin.set_compromised_since(address, since), said)
    with pytest.raises(refused.KeyAlreadyCompromised):
        admin.set_compromised_since(address, since - 1)


@pytest.mark.parametrize("registry", ["ConsentRegistry", "ClaimRegistry"])
def test_a_registry_is_paused_and_unpaused(chain: Deployed, registry: Pausable) -> None:
    admin = chain.consortium
    with pytest.raises(refused.ExpectedPause):
        admin.unpause(registry)
    pause = admin.pause(registry)
    pause.wait()
    assert chain.network.read(registry, "paused") is True
    stands_as_written(admin.pause(registry), pause)
    resumption = admin.unpause(registry)
    resumption.wait()
    assert chain.network.read(registry, "paused") is False
    stands_as_written(admin.unpause(registry), resumption)


def test_who_is_nobody_is_told_so(chain: Deployed) -> None:
    stranger = chain.signers["stranger"].address
    assert read_key(chain.network, stranger).party == 0
    with pytest.raises(KeyOfNoParty, match=stranger):
        party_number(chain.network, stranger)
    with pytest.raises(refused.PartyUnknown, match="999"):
        read_party(chain.network, 999)


def stands_as_written(again: Handle, first: Handle) -> None:
    """The verb, done again, finds what it wrote and sends nothing."""
    assert (again.state, again.hash) == (WriteState.WRITTEN, first.hash)
    assert again.wait() == first.wait()
