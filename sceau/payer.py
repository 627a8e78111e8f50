# SPDX-License-Identifier: Apache-2.0
"""What a payer's software does: verifies what it is shown, then authorises, refuses or settles."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from sceau.chain.network import Network
from sceau.chain.signer import Signer
from sceau.chain.transaction import Transaction, send
from sceau.claim.registry import checked_id
from sceau.disclosure.disclosure import Disclosure
from sceau.party.registry import party_number
from sceau.verify.verdict import Verdict
from sceau.verify.verify import verify_disclosure


class Payer:
    """A payer acting with one of its signing keys. ``policies`` is a directory of further policy files."""

    def __init__(self, network: Network, signer: Signer, *, policies: Path | None = None) -> None:
        self._network = network
        self._signer = signer
        self._policies = policies

    @cached_property
    def party(self) -> int:
        """The payer's party number. Raises :class:`KeyOfNoParty`."""
        return party_number(self._network, self._signer.address)

    def verify(self, disclosure: Disclosure, *, clock: Callable[[], float] = time.time) -> Verdict:
        """The verdict on a disclosure, with every reason, read at one block.

        ``clock`` gives seconds since 1970 and judges only how old the node's head is.

        Raises:
            HistoryIncomplete: the node hides or invents events.
            NodeUnreachable, NodeRefused, BlockChanged: nothing could be read; no verdict.
        """
        return verify_disclosure(
            self._network, disclosure, reader=self.party, policies=self._policies, clock=clock
        )

    def authorise(self, claim: str, *, head: str, commitment: str) -> Transaction:
        """Authorises a claim whose ``head`` was verified; refused by the chain if anything was written since."""
        return self._write("authorise", claim, head, commitment)

    def refuse(self, claim: str, *, head: str, commitment: str) -> Transaction:
        """Refuses a claim, opened or invoiced, for ever; ``commitment`` seals the reason."""
        return self._write("refuse", claim, head, commitment)

    def settle(self, claim: str, *, head: str, commitment: str) -> Transaction:
        """Settles an invoiced claim whose ``head`` was verified."""
        return self._write("settle", claim, head, commitment)

    def _write(self, function: str, claim: str, head: str, commitment: str) -> Transaction:
        words = [
            bytes.fromhex(checked_id(value, what)[2:])
            for value, what in (
                (claim, "A claim's identifier"),
                (head, "A claim's head"),
                (commitment, "A commitment"),
            )
        ]
        return send(self._network, self._signer, "ClaimRegistry", function, *words)
