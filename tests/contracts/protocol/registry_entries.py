# SPDX-License-Identifier: Apache-2.0
"""Who may call the functions of the three registries."""

from collections.abc import Callable

from tests.contracts.support.chain import Call
from tests.contracts.support.entries import (
    Entry,
    anybody,
    keys_of,
    of_an_authority,
    only,
    restricted,
    step_of,
    views,
)
from tests.contracts.support.life import Life
from tests.contracts.support.signing import Signer
from tests.contracts.support.terms import NOBODY, PAYER, PRACTICE, ZERO, State, Step
from tests.contracts.support.world import ADMISSION, COMPROMISE, GOVERNANCE, SUSPENSION, World


def at(state: State, step: Step, *before: Step) -> Callable[[World], Call]:
    return lambda world: Life(world).reach(state).play(*before).call(step)


def _admit(world: World) -> Call:
    controller = world.fresh("controller")
    application = world.application(controller.address, Signer("somebody's first key"))
    return world.parties.admit(controller.address, PRACTICE, ZERO, [application])


def _add_key(world: World) -> Call:
    practice, key = world.practice, Signer("one more key")
    possession = world.possession(practice.controller.address, key)
    return world.parties.addKey(practice.number, key.address, possession)


def _accept(world: World) -> Call:
    practice = world.practice
    offer = world.parties.offerController(practice.number, world.unknown.address)
    world.chain.send(offer, practice.controller.address)
    return world.parties.acceptController(practice.number)


def _reinstate(world: World) -> Call:
    world.suspend(world.other_supplier)
    return world.parties.reinstate(world.other_supplier.number)


def _revoke_by_signature(world: World) -> Call:
    commitment = world.word()
    signature = world.revocation(world.patient, commitment)
    return world.consents.revokeBySignature(commitment, world.patient.address, signature)


def _unpause(contract: str) -> Callable[[World], Call]:
    def call(world: World) -> Call:
        world.pause(world.contracts[contract])
        return world.contracts[contract].unpause()

    return call


PARTY_REGISTRY = (
    of_an_authority("PartyRegistry")
    | views(
        "PartyRegistry",
        {
            "MAX_KEYS()": (),
            "eip712Domain()": (),
            "keyOf(address)": (NOBODY,),
            "keysOf(uint32)": (1,),
            "partyCount()": (),
            "partyOf(uint32)": (1,),
            "possessionDigest(address,address)": (
                NOBODY,
                NOBODY,
            ),
        },
    )
    | {
        "requireActing(address,uint8)": Entry(
            lambda world: world.parties.requireActing(world.practice.key.address, PRACTICE), anybody
        ),
        "admit(address,uint8,bytes32,(address,bytes)[])": Entry(_admit, restricted(ADMISSION)),
        "suspend(uint32)": Entry(
            lambda world: world.parties.suspend(world.practice.number), restricted(SUSPENSION)
        ),
        "reinstate(uint32)": Entry(_reinstate, restricted(GOVERNANCE)),
        "setRoles(uint32,uint8)": Entry(
            lambda world: world.parties.setRoles(world.practice.number, PAYER), restricted(GOVERNANCE)
        ),
        "setCompromisedSince(address,uint40)": Entry(
            lambda world: world.parties.setCompromisedSince(world.practice.key.address, 1),
            restricted(COMPROMISE),
        ),
        "addKey(uint32,address,bytes)": Entry(_add_key, only("practice's controller", "ControllerOnly")),
        "setDirectory(uint32,bytes32)": Entry(
            lambda world: world.parties.setDirectory(world.practice.number, world.word()),
            only("practice's controller", "ControllerOnly"),
        ),
        "offerController(uint32,address)": Entry(
            lambda world: world.parties.offerController(world.practice.number, world.unknown.address),
            only("practice's controller", "ControllerOnly"),
        ),
        "acceptController(uint32)": Entry(_accept, only("unknown account", "ControllerNotOffered")),
        "retireKey(address)": Entry(
            lambda world: world.parties.retireKey(world.practice.key.address),
            lambda _, actor: (
                None if actor.name in ("practice's key", "practice's controller") else "KeyNotYours"
            ),
        ),
    }
)

CONSENT_REGISTRY = (
    of_an_authority("ConsentRegistry")
    | views(
        "ConsentRegistry",
        {
            "MAX_LIFETIME()": (),
            "consentDigest(bytes32,uint32,uint40,bool)": (
                ZERO,
                1,
                0,
                False,
            ),
            "consentId(bytes32,address)": (
                ZERO,
                NOBODY,
            ),
            "consentOf(bytes32)": (ZERO,),
            "eip712Domain()": (),
            "isValidAt(bytes32,uint256)": (
                ZERO,
                1,
            ),
            "parties()": (),
            "paused()": (),
            "revocationDigest(bytes32)": (ZERO,),
            "validityOf(bytes32,uint256)": (
                ZERO,
                1,
            ),
        },
    )
    | {
        "pause()": Entry(lambda world: world.consents.pause(), restricted(SUSPENSION)),
        "unpause()": Entry(_unpause("ConsentRegistry"), restricted(GOVERNANCE)),
        "record(bytes32,address,uint40,bool,bytes)": Entry(
            lambda world: world.consent_call(world.patient),
            keys_of("practice", PRACTICE, "ConsentSignatureInvalid"),
        ),
        "withdraw(bytes32)": Entry(
            lambda world: world.consents.withdraw(world.record_consent(world.patient)),
            keys_of("practice", PRACTICE, "ConsentOfAnotherRecorder"),
        ),
        "revoke(bytes32)": Entry(lambda world: world.consents.revoke(world.word()), anybody),
        "revokeBySignature(bytes32,address,bytes)": Entry(_revoke_by_signature, anybody),
    }
)

LOCKS = "bytes32[4]"
CLAIM_REGISTRY = (
    of_an_authority("ClaimRegistry")
    | views(
        "ClaimRegistry",
        {
            "claimId(uint32,bytes32)": (
                1,
                ZERO,
            ),
            "claimOf(bytes32)": (ZERO,),
            "consents()": (),
            "parties()": (),
            "paused()": (),
        },
    )
    | {
        "conformityOf(bytes32)": Entry(
            lambda world: world.claims.conformityOf(Life(world).reach(State.OPENED).id), anybody
        ),
        "pause()": Entry(lambda world: world.claims.pause(), restricted(SUSPENSION)),
        "unpause()": Entry(_unpause("ClaimRegistry"), restricted(GOVERNANCE)),
        # Another practice that sends the same call opens a claim of its own.
        "open(bytes32,uint32,bytes32,bytes32)": Entry(
            at(State.NONE, Step.OPEN), keys_of("practice", PRACTICE, otherwise=None)
        ),
        "authorise(bytes32,bytes32,bytes32)": Entry(at(State.OPENED, Step.AUTHORISE), step_of("payer")),
        "refuse(bytes32,bytes32,bytes32)": Entry(at(State.INVOICED, Step.REFUSE), step_of("payer")),
        "settle(bytes32,bytes32,bytes32)": Entry(at(State.INVOICED, Step.SETTLE), step_of("payer")),
        "cancel(bytes32,bytes32)": Entry(at(State.ORDERED, Step.CANCEL), step_of("practice")),
        f"order(bytes32,uint32,bytes32,{LOCKS})": Entry(
            at(State.AUTHORISED, Step.ORDER), step_of("practice")
        ),
        f"remake(bytes32,uint8,uint32,bytes32,{LOCKS})": Entry(
            at(State.SETTLED, Step.REMAKE), step_of("practice")
        ),
        f"invoice(bytes32,uint8,bytes32,{LOCKS},{LOCKS})": Entry(
            at(State.ORDERED, Step.INVOICE), step_of("practice")
        ),
        f"deliver(bytes32,uint8,bytes32,{LOCKS},{LOCKS})": Entry(
            at(State.ORDERED, Step.DELIVER), step_of("supplier")
        ),
        "recordReturn(bytes32,uint8,bytes32)": Entry(
            at(State.SETTLED, Step.RETURN, Step.DELIVER), step_of("supplier")
        ),
        "dispute(bytes32,uint8,bytes32)": Entry(at(State.ORDERED, Step.DISPUTE), step_of("supplier")),
    }
)
