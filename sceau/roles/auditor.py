# SPDX-License-Identifier: Apache-2.0
"""What an auditor does: holds evidence against the chain, with a node and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable

from sceau.audit import audit
from sceau.audit.evidence import Evidence
from sceau.audit.ruling import Report
from sceau.chain.network import Network
from sceau.claim.history import History
from sceau.claim.timeline import Timeline, read_timeline
from sceau.party.directory import Directory


class Auditor:
    """An auditor, or anybody else with a node: it signs nothing and stores nothing.

    ``directory`` are the parties' entries beside those that evidence brings, which may be older, or a function that
    gives them: it is called only for evidence with messages in it.
    """

    def __init__(
        self, network: Network, directory: Directory | Callable[[], Directory] | None = None
    ) -> None:
        self._network = network
        self._directory = directory

    def audit(self, evidence: Evidence, *, clock: Callable[[], float] = time.time) -> Report:
        """The checks of every piece of evidence, and who is at fault where a group differs.

        ``clock`` gives seconds since 1970 and judges only how old the node's head is.

        Raises:
            EvidenceForeign: the evidence is about another deployment.
            NodeStale, ChainStopped, HeadInFuture: nothing may be done on the newest block.
            HistoryIncomplete, NoSuchClaim: the node, or the claim, cannot be relied on.
        """
        directory = None
        if evidence.messages:
            given = self._directory
            directory = given() if callable(given) else given
        return audit(self._network, evidence, directory, clock=clock)

    def history(self, claim: str) -> History:
        """Everything written on a claim, proved by its head, at the newest block.

        Raises:
            IdentifierInvalid, NoSuchClaim, HistoryIncomplete.
        """
        return self.timeline(claim).history

    def timeline(self, claim: str) -> Timeline:
        """The claim as every member sees it, and the block at which it was read; raises as :meth:`history`.

        :meth:`StepDocument.values` proves what is held of a step, and :meth:`Timeline.also` adds it.
        """
        return read_timeline(self._network, claim)
