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
    return fact("consent", consent, say("Consent", "Accord"))


def registry_facts(consent: str, registry: RegistryId) -> list[Fact]:
    """What a card or a file says by itself."""
    return [
        consent_fact(consent),
        fact("chain_id", registry.chain_id, say("Chain", "Chaîne")),
        fact("genesis_hash", registry.genesis_hash, say("First block", "Premier bloc")),
        fact("contract", registry.contract, say("Register", "Registre")),
    ]


def state_facts(state: ConsentState) -> list[Fact]:
    """What the chain says of a consent, and at which block."""
    facts = [*all_for_programs(state.to_json()), for_people(say("State", "État"), state.words(spoken()))]
    if state.recorded_at:
        facts += [
            for_people(say("Recorded", "Enregistré"), utc_text(state.recorded_at)),
            for_people(say("Recorded by", "Inscrit par"), say("party", "partie") + f" {state.recorder}"),
            for_people(say("Ends", "Prend fin"), utc_text(state.expires_at)),
            for_people(say("Attested", "Attesté"), say("yes", "oui") if state.attested else say("no", "non")),
        ]
    return [*facts, *block_facts(state.block)]
