# SPDX-License-Identifier: Apache-2.0
"""Who acts is who calls a registry, not who sent the transaction. P1, P2, P6, P7, P12, P18, P24, P35.

A key that calls somebody's contract lends it nothing, and an account with code acts in whosever transaction it is.
"""

import pytest

from tests.contracts.protocol.test_events import REGISTRIES
from tests.contracts.support.actors import ActingParty
from tests.contracts.support.chain import Call, Refused
from tests.contracts.support.entries import Entry
from tests.contracts.support.head import head_of
from tests.contracts.support.relay import relayed
from tests.contracts.support.signing import consent_id
from tests.contracts.support.world import World

#: Every function that changes something, with its registry.
CHANGING = [(name, function) for name, (telling, _) in REGISTRIES.items() for function in telling]


def played(name: str, function: str, actors: list[ActingParty], world: World) -> tuple[Entry, Call, str]:
    """A call that can go through, and who may send it."""
    entries = REGISTRIES[name][1]
    (entry,) = [entry for signature, entry in entries.items() if signature.split("(")[0] == function]
    call = entry.call(world)
    return entry, call, next(actor for actor in actors if entry.verdict(world, actor) is None).address


@pytest.mark.parametrize(("name", "function"), CHANGING)
def test_a_contract_does_not_act_for_the_key_that_calls_it(
    name: str, function: str, actors: list[ActingParty], world: World
) -> None:
    entry, call, by = played(name, function, actors, world)
    contract = world.fresh("contract").address
    outcome = world.chain.attempt(
        Call(relayed(world.chain, call.contract, contract), function, call.args), by
    )
    expected = entry.verdict(world, ActingParty("contract", contract))
    assert (outcome.name if isinstance(outcome, Refused) else None) == expected
    if function == "revoke":
        assert not isinstance(outcome, Refused)
        assert outcome.event.args == {"consent": consent_id(call.args[0], contract)}


@pytest.mark.parametrize(("name", "function"), CHANGING)
def test_an_account_with_code_acts_whoever_sent_the_transaction(
    name: str, function: str, actors: list[ActingParty], world: World
) -> None:
    _, call, by = played(name, function, actors, world)
    expected = REGISTRIES[name][0][function](world, call, by)
    through = Call(relayed(world.chain, call.contract, by), function, call.args)
    events = world.chain.send(through, world.fresh("sender").address).events
    assert [(event.name, event.args) for event in events] == expected
    if name == "ClaimRegistry" and "claim" in events[0].args:
        claim = events[0].args["claim"]
        assert world.claim(claim).head == head_of(world.chain.logs(world.claims, None, claim))
