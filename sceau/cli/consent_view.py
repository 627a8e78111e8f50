# SPDX-License-Identifier: Apache-2.0
"""How a consent is shown: what a card or a file says of it, and what the chain says."""

from __future__ import annotations

from sceau.chain.registries.consents import ConsentState
from sceau.chain.times import utc_text
from sceau.cli.result import Fact, all_for_programs, block_facts, fact, for_people
from sceau.cli.words import say, spoken
from sceau.deployment import RegistryId


def consent_fact(consent: str) -> Fact:
    """The consent that a command is about."""
    return fact("consent", consent, say("consent"))


def registry_facts(consent: str, registry: RegistryId) -> list[Fact]:
    """What a card or a file says by itself."""
    return [
        consent_fact(consent),
        fact("chain_id", registry.chain_id, say("chain")),
        fact("genesis_hash", registry.genesis_hash, say("first-block")),
        fact("contract", registry.contract, say("register")),
    ]


def state_facts(state: ConsentState) -> list[Fact]:
    """What the chain says of a consent, and at which block."""
    facts = [*all_for_programs(state.to_json()), for_people(say("state"), state.words(spoken()))]
    if state.recorded_at:
        facts += [
            for_people(say("recorded"), utc_text(state.recorded_at)),
            for_people(say("recorded-by"), say("the-party") + f" {state.recorder}"),
            for_people(say("ends"), utc_text(state.expires_at)),
            for_people(say("attested"), say("yes") if state.attested else say("no")),
        ]
    return [*facts, *block_facts(state.block)]
