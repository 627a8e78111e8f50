# SPDX-License-Identifier: Apache-2.0
"""Proofs that whoever asks for a key holds it, on admission and later. P4, P13."""

from collections.abc import Callable

import pytest

from tests.contracts.support.chain import Refused, refused
from tests.contracts.support.signing import (
    CURVE_ORDER,
    REVOCATION,
    SIGNING_KEY,
    Domain,
    Signer,
    compact,
    malleated,
)
from tests.contracts.support.terms import PRACTICE, ZERO
from tests.contracts.support.world import ADMISSION, World

KEY = Signer("a key to be proven")


class Application:
    """A controller that asks for KEY, on admission of its party or for the party that it has."""

    def __init__(self, world: World, way: str) -> None:
        self.world, self.way = world, way
        self.controller = world.fresh("controller") if way == "admit" else world.practice.controller

    def outcome(self, possession: bytes) -> object:
        world, chain = self.world, self.world.chain
        if self.way == "admit":
            applications = [(KEY.address, possession)]
            call = world.parties.admit(self.controller.address, PRACTICE, ZERO, applications)
            return chain.attempt(call, world.admins[ADMISSION].address)
        call = world.parties.addKey(world.practice.number, KEY.address, possession)
        return chain.attempt(call, self.controller.address)

    def is_refused(self, possession: bytes) -> None:
        assert self.outcome(possession) == refused("KeyPossessionUnproven", KEY.address)

    def is_taken(self) -> None:
        assert not isinstance(self.outcome(self.good), Refused)

    @property
    def good(self) -> bytes:
        return self.world.possession(self.controller.address, KEY)


@pytest.fixture(params=["admit", "addKey"])
def application(request: pytest.FixtureRequest, world: World) -> Application:
    return Application(world, request.param)


FOREIGN: dict[str, Callable[[World, Domain], Domain]] = {
    "another chain": lambda _, here: here.elsewhere(chain_id=here.chain_id + 1),
    "main net": lambda _, here: here.elsewhere(chain_id=1),
    "another contract": lambda world, here: here.elsewhere(contract=world.consents.address),
    "the consent registry": lambda world, _: world.domain(world.consents),
    "another version": lambda _, here: here.elsewhere(version="2"),
}


@pytest.mark.parametrize("where", FOREIGN)
def test_a_proof_made_for_another_domain_is_refused(
    where: str, application: Application, world: World
) -> None:
    domain = FOREIGN[where](world, world.domain(world.parties))
    application.is_refused(world.possession(application.controller.address, KEY, domain))
    application.is_taken()


def test_a_proof_made_for_another_controller_is_refused(application: Application, world: World) -> None:
    """So that nobody registers a key whose proof it has seen, and cuts its owner off."""
    for controller in (world.payer.controller, world.unknown, KEY, world.admin):
        application.is_refused(world.possession(controller.address, KEY))
    application.is_taken()


def test_a_proof_signed_by_anyone_but_the_key_is_refused(application: Application, world: World) -> None:
    message = {"controller": application.controller.address, "key": KEY.address}
    domain = world.domain(world.parties)
    for signer in (application.controller, world.unknown, world.practice.key):
        application.is_refused(signer.sign(domain, SIGNING_KEY, message))
    application.is_taken()


def test_a_proof_for_another_key_or_of_another_type_is_refused(
    application: Application, world: World
) -> None:
    domain, controller = world.domain(world.parties), application.controller.address
    application.is_refused(KEY.sign(domain, SIGNING_KEY, {"controller": controller, "key": controller}))
    application.is_refused(KEY.sign(domain, REVOCATION, {"consent": world.word()}))
    renamed = {"Possession": SIGNING_KEY["SigningKey"]}
    application.is_refused(KEY.sign(domain, renamed, {"controller": controller, "key": KEY.address}))
    application.is_taken()


@pytest.mark.parametrize(
    "misshape",
    [
        malleated,
        compact,
        lambda good: good[:64],
        lambda _: b"",
        lambda good: good + b"\x00",
        lambda _: bytes(65),
        lambda good: good[:64] + bytes([good[64] - 27]),
        lambda good: good[:64] + bytes([27 + 28 - good[64]]),
        lambda _: CURVE_ORDER.to_bytes(32, "big") * 2 + b"\x1b",
    ],
    ids=["malleated", "compact", "short", "empty", "long", "zero", "v of 0 or 1", "other v", "out of range"],
)
def test_a_proof_in_another_form_is_refused(
    misshape: Callable[[bytes], bytes], application: Application
) -> None:
    application.is_refused(misshape(application.good))
    application.is_taken()


def test_one_proof_that_fails_refuses_the_whole_admission(world: World) -> None:
    controller, good = world.fresh("controller"), Signer("a good key")
    applications = [world.application(controller.address, good), (KEY.address, bytes(65))]
    call = world.parties.admit(controller.address, PRACTICE, ZERO, applications)
    outcome = world.chain.refusal(call, world.admins[ADMISSION].address)
    assert outcome == refused("KeyPossessionUnproven", KEY.address)
    assert world.key(good.address).party == 0


def test_a_proof_does_not_outlive_a_change_of_controller(world: World) -> None:
    old, new = world.practice.controller, world.fresh("controller")
    stale = world.possession(old.address, KEY)
    world.chain.send(world.parties.offerController(world.practice.number, new.address), old.address)
    world.chain.send(world.parties.acceptController(world.practice.number), new.address)
    call = world.parties.addKey(world.practice.number, KEY.address, stale)
    assert world.chain.refusal(call, new.address) == refused("KeyPossessionUnproven", KEY.address)
