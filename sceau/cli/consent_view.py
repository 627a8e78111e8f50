# SPDX-License-Identifier: Apache-2.0
"""How consents, cards and blocks are shown, to people and to programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sceau.chain.times import iso_text, utc_text
from sceau.cli.words import say, spoken

if TYPE_CHECKING:
    from sceau.chain.node import Block
    from sceau.chain.registries.consents import ConsentState
    from sceau.chain.transaction import Receipt
    from sceau.deployment import RegistryId

Facts = list[tuple[str, object]]


def yes_no(value: bool) -> str:
    """A flag in words."""
    return say("yes", "oui") if value else say("no", "non")


def register_facts(consent: str, register: RegistryId, key: str = "") -> Facts:
    """What a card or a file says by itself."""
    facts: Facts = [
        (say("Consent", "Accord"), consent),
        (say("Chain", "Chaîne"), register.chain_id),
        (say("First block", "Premier bloc"), register.genesis_hash),
        (say("Register", "Registre"), register.contract),
    ]
    return [*facts, (say("Key", "Clé"), key)] if key else facts


def register_data(consent: str, register: RegistryId) -> dict[str, Any]:
    """The same for programs."""
    return {"consent": consent, **register.to_json()}


def state_facts(state: ConsentState) -> Facts:
    """What the chain says of a consent, and at which block."""
    facts: Facts = [(say("State", "État"), state.words(spoken()))]
    if state.recorded_at:
        facts += [
            (say("Recorded", "Enregistré"), utc_text(state.recorded_at)),
            (say("Recorded by", "Inscrit par"), say("party", "partie") + f" {state.recorder}"),
            (say("Ends", "Prend fin"), utc_text(state.expires_at)),
            (say("Attested", "Attesté"), yes_no(state.attested)),
        ]
    return [*facts, *block_facts(state.block)]


def state_data(state: ConsentState) -> dict[str, Any]:
    """The same for programs."""
    return {
        "consent": state.consent,
        "status": state.status.value,
        "recorder": state.recorder or None,
        "recorded_at": iso_text(state.recorded_at),
        "expires_at": iso_text(state.expires_at),
        "revoked_at": iso_text(state.revoked_at),
        "withdrawn_at": iso_text(state.withdrawn_at),
        "attested": state.attested if state.recorded_at else None,
        "block": block_data(state.block),
    }


def block_facts(block: Block) -> Facts:
    """The block at which something was read."""
    return [
        (say("Read at", "Lu"), say("block", "au bloc") + f" {block.number}, {utc_text(block.timestamp)}"),
        (say("Block hash", "Empreinte du bloc"), block.hash),
    ]


def block_data(block: Block) -> dict[str, Any]:
    """The same for programs."""
    return {"number": block.number, "hash": block.hash, "time": iso_text(block.timestamp)}


def receipt_facts(receipt: Receipt) -> Facts:
    """A transaction in a block."""
    return [
        (say("Transaction", "Transaction"), receipt.hash),
        (say("Written", "Écrit"), say("in block", "au bloc") + f" {receipt.block_number}"),
        (say("Block hash", "Empreinte du bloc"), receipt.block_hash),
        (say("Gas used", "Gaz utilisé"), receipt.gas_used),
    ]


def receipt_data(receipt: Receipt) -> dict[str, Any]:
    """The same for programs."""
    return {
        "hash": receipt.hash,
        "block_number": receipt.block_number,
        "block_hash": receipt.block_hash,
        "gas_used": receipt.gas_used,
    }
