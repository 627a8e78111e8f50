# SPDX-License-Identifier: Apache-2.0
"""What practice, supplier and payer have in common: a party, a signing key, and steps sealed before they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from sceau.chain.network import Network
from sceau.chain.registries.parties import party_number
from sceau.chain.signer import Signer
from sceau.chain.terms import Step, step_words
from sceau.chain.transaction import Transaction
from sceau.claim.history import History, read_history
from sceau.claim.prepared import PreparedStep
from sceau.record import Scope, SealedRecord, Value, load_profile, seal


class ActingParty:
    """A party acting on a network with one of its signing keys."""

    def __init__(self, network: Network, signer: Signer) -> None:
        self._network = network
        self._signer = signer

    @cached_property
    def party(self) -> int:
        """The party's number. Raises :class:`KeyOfNoParty`."""
        return party_number(self._network, self._signer.address)

    def send(self, prepared: PreparedStep) -> Transaction:
        """Sends a step that was prepared and kept; sending it again never writes it twice.

        Raises:
            ContractError: the registry refuses, for the reason its class names; nothing was written.
        """
        return prepared.send(self._network, self._signer)

    def history(self, claim: str) -> History:
        """Everything written on a claim, proved by its head, at the newest block.

        Raises:
            NoSuchClaim, HistoryIncomplete.
        """
        return read_history(self._network, claim, block=self._network.node.head().number)

    def _scope(self, profile: str, claim: str, step: Step, order: int = 0) -> Scope:
        return Scope(
            profile=profile,
            version=load_profile(profile).version,
            chain_id=self._network.chain_id,
            contract=self._network.address("ClaimRegistry"),
            claim=claim,
            order=order,
            step=step_words(step).code,
        )

    def _seal(
        self, profile: str, values: Mapping[str, Value], claim: str, step: Step, order: int = 0
    ) -> SealedRecord:
        return seal(self._scope(profile, claim, step, order), values)
