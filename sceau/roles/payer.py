# SPDX-License-Identifier: Apache-2.0
"""What a payer's software does: verifies what it is shown, then authorises, refuses or settles."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from sceau.chain.network import Network
from sceau.chain.signer import Signer
from sceau.chain.terms import Step
from sceau.claim.prepared import PreparedStep
from sceau.disclosure import Disclosure
from sceau.documents.identifiers import CLAIM_HEAD, checked_id
from sceau.messages.justification import Justification
from sceau.record import Value
from sceau.renewal import Beneficiary
from sceau.roles.acting import ActingParty
from sceau.verify import verify_disclosure
from sceau.verify.act_codes import ActCodes
from sceau.verify.verdict import Verdict


class Payer(ActingParty):
    """A payer acting with one of its signing keys.

    ``policies`` is a directory of further policy files, ``renewal_rules`` one of further files of renewal rules.
    """

    def __init__(
        self,
        network: Network,
        signer: Signer,
        *,
        policies: Path | None = None,
        renewal_rules: Path | None = None,
    ) -> None:
        super().__init__(network, signer)
        self._policies = policies
        self._renewal_rules = renewal_rules

    def verify(
        self,
        disclosure: Disclosure,
        *,
        justifications: Iterable[Justification] = (),
        act_codes: ActCodes | None = None,
        beneficiary: Beneficiary | None = None,
        clock: Callable[[], float] = time.time,
    ) -> Verdict:
        """The verdict on a disclosure, with every reason, read at one block.

        Args:
            disclosure: what was received.
            justifications: those received and accepted: each closes its finding on this claim.
            act_codes: the act-code keys that the practice sent, with the codes that were authorised: without them an
                order is *declared conform* at most.
            beneficiary: what the payer's own files say of the beneficiary, to judge a renewal's date.
            clock: gives seconds since 1970 and judges only how old the node's head is.

        Raises:
            BandUnknown: the band of ages in ``beneficiary`` is none of the rules'.
            PolicyFolderMissing, PolicyBroken, RulesFolderMissing, RulesBroken: a directory given cannot be used.
            HistoryIncomplete: the node hides or invents events.
            NodeUnreachable, NodeRefused, BlockChanged: nothing could be read; no verdict.
        """
        return verify_disclosure(
            self._network,
            disclosure,
            reader=self.party,
            policies=self._policies,
            renewal_rules=self._renewal_rules,
            justifications=justifications,
            act_codes=act_codes,
            beneficiary=beneficiary,
            clock=clock,
        )

    def prepare_authorisation(self, claim: str, values: Mapping[str, Value], *, head: str) -> PreparedStep:
        """Seals the authorisation of a claim (``payer-decision``); nothing is sent.

        ``head`` is that of the verdict relied on (``Verdict.head``): the chain refuses the step if anything was
        written since.
        """
        return self._prepare(claim, values, Step.AUTHORISE, "authorise", head)

    def prepare_refusal(self, claim: str, values: Mapping[str, Value], *, head: str) -> PreparedStep:
        """Seals the refusal of an opened or invoiced claim, for ever; as :meth:`prepare_authorisation`."""
        return self._prepare(claim, values, Step.REFUSE, "refuse", head)

    def prepare_settlement(self, claim: str, values: Mapping[str, Value], *, head: str) -> PreparedStep:
        """Seals the settlement of an invoiced claim; as :meth:`prepare_authorisation`."""
        return self._prepare(claim, values, Step.SETTLE, "settle", head)

    def _prepare(
        self, claim: str, values: Mapping[str, Value], step: Step, function: str, head: str
    ) -> PreparedStep:
        claim, head = checked_id(claim), checked_id(head, CLAIM_HEAD)
        order = self.history(claim).state.order
        record = self._seal("payer-decision", values, claim, step, order)
        return PreparedStep(claim, function, (claim, head, record.root), record)
