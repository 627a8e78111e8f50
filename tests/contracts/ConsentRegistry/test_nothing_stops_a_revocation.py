# SPDX-License-Identifier: Apache-2.0
"""Everything that the consortium and the practice can do, done, and then the patient revokes. P16."""

from collections.abc import Callable

import pytest

from tests.contracts.conftest import Mock
from tests.contracts.ConsentRegistry.conftest import Revoke
from tests.contracts.support.terms import AUDITOR
from tests.contracts.support.world import COMPROMISE, World, selector_of

NO_ROLE_HOLDER = 77


def _pause_everything(world: World, _: Mock) -> None:
    world.pause(world.consents)
    world.pause(world.claims)


def _suspend_everybody(world: World, _: Mock) -> None:
    for party in (world.practice, world.payer, world.supplier, world.auditor):
        world.suspend(party)


def _declare_the_practices_keys_compromised(world: World, _: Mock) -> None:
    for key in (world.practice.key, world.practice.second):
        call = world.parties.setCompromisedSince(key.address, 1)
        world.restricted(COMPROMISE, call)


def _take_the_practices_role(world: World, _: Mock) -> None:
    world.set_roles(world.practice, AUDITOR)
    world.set_roles(world.payer, AUDITOR)


def _close_every_target(world: World, _: Mock) -> None:
    for contract in (world.consents, world.parties, world.claims, world.manager):
        world.chain.send(world.manager.setTargetClosed(contract.address, True), world.admin.address)


def _reserve_the_functions_for_a_role_that_nobody_holds(world: World, _: Mock) -> None:
    functions = ("revoke", "revokeBySignature", "record", "withdraw", "pause", "unpause")
    selectors = [selector_of(world.consents, function) for function in functions]
    call = world.manager.setTargetFunctionRole(world.consents.address, selectors, NO_ROLE_HOLDER)
    world.chain.send(call, world.admin.address)


def _hand_over_to_an_authority_that_reverts(world: World, mock: Mock) -> None:
    authority = mock("RevertingAuthority")
    for contract in (world.consents, world.parties, world.claims):
        call = world.manager.updateAuthority(contract.address, authority.address)
        world.chain.send(call, world.admin.address)


def _withdraw_it(world: World, _: Mock) -> None:
    events = [event for _, event in world.chain.logs(world.consents) if event.name == "ConsentRecorded"]
    call = world.consents.withdraw(events[-1].args["consent"])
    world.chain.send(call, world.practice.key.address)


def _all_of_it(world: World, mock: Mock) -> None:
    _withdraw_it(world, mock)
    for act in OBSTACLES:
        if act not in (_withdraw_it, _all_of_it, _declare_the_practices_keys_compromised):
            act(world, mock)


OBSTACLES: list[Callable[[World, Mock], None]] = [
    _pause_everything,
    _suspend_everybody,
    _declare_the_practices_keys_compromised,
    _take_the_practices_role,
    _withdraw_it,
    _close_every_target,
    _reserve_the_functions_for_a_role_that_nobody_holds,
    _hand_over_to_an_authority_that_reverts,
]


@pytest.mark.parametrize("obstacle", [*OBSTACLES, _all_of_it])
@pytest.mark.parametrize("recorded", [True, False], ids=["recorded", "not yet recorded"])
def test_a_patient_revokes_whatever_the_consortium_has_done(
    recorded: bool, obstacle: Callable[[World, Mock], None], revoke: Revoke, world: World, mock: Mock
) -> None:
    commitment, elsewhere = world.word(), world.word()
    consent = world.record_consent(world.patient, commitment=elsewhere)
    if recorded:
        consent = world.record_consent(world.patient, commitment=commitment)
    obstacle(world, mock)
    receipt = world.chain.send(*revoke(world, world.patient, commitment))
    revoked = receipt.event.args["consent"]
    assert (revoked == consent) == recorded
    assert world.consent(revoked).revoked_at == receipt.time


def test_no_administrator_revokes_for_a_patient(world: World) -> None:
    """Through the manager's `execute` either: the manager then revokes a consent of its own, which nobody has."""
    commitment = world.word()
    consent = world.record_consent(world.patient, commitment=commitment)
    data = bytes.fromhex(world.consents.revoke(commitment).data[2:])
    world.chain.send(world.manager.execute(world.consents.address, data), world.admin.address)
    assert world.consent(consent).revoked_at == 0
