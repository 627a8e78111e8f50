# SPDX-License-Identifier: Apache-2.0
"""The verdicts that a payer issued: a decision rests on one of these, looked up by its identifier."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sceau.chain.network import Network
from sceau.deployment import RegistryId
from sceau.disclosure import Disclosure
from sceau.errors import Language, Sentence, StoreError
from sceau.record import Value
from sceau.roles.errors import (
    GroundGone,
    NoGroundToRefuse,
    VerdictBeforeToldMark,
    VerdictElsewhere,
    VerdictInDoubt,
    VerdictOfStaleNode,
    VerdictRefused,
    VerdictTooOld,
    VerdictUnknown,
)
from sceau.roles.proving import verdict_proof
from sceau.store import Filed, Kind, Store
from sceau.verify.findings import CATALOGUE, NODE_FINDINGS
from sceau.verify.verdict import Outcome, Verdict, outcome_words

#: The oldest verdict that a decision may rest on, in seconds between the two blocks. A patient can revoke meanwhile,
#: and the claim's head does not show it.
LONGEST = 3600

_NOT_SEALED = "not-sealed"

#: Reasons that follow from what is written on the claim alone, so that a newer verdict without them takes them back.
_OF_HISTORY = frozenset(
    {
        "delivery-differs",
        "invoice-of-replaced-order",
        "invoiced-order-not-attested",
        "order-disputed",
        "order-returned",
    }
)


@dataclass(frozen=True, repr=False)
class IssuedVerdict:
    """A verdict as its payer issued it.

    ``deployment`` is the claim registry; ``step`` the code of the step that was disclosed; ``disclosure`` the
    identifier of what was disclosed; ``told`` how many told marks counted;
    ``signed`` whether the disclosure came in its sender's envelope; ``time`` that of the block read, in seconds;
    ``values`` those shown, proved and lawful to hold.
    """

    id: str
    party: int
    deployment: RegistryId
    claim: str
    step: str
    head: str
    outcome: Outcome
    reasons: tuple[Sentence, ...]
    signed: bool
    time: int
    values: Mapping[str, Value]
    disclosure: str = ""
    told: int = 0

    def __repr__(self) -> str:
        return f"IssuedVerdict({self.id}, {self.outcome.value})"

    def words(self, language: Language = "en") -> str:
        """The outcome in one word or two."""
        return outcome_words(self.outcome).text(language)

    def require_here(self, network: Network, party: int) -> None:
        """Raises :class:`VerdictElsewhere` unless this party issued it on this deployment."""
        if (self.party, self.deployment) != (party, RegistryId.of(network.manifest, "ClaimRegistry")):
            raise VerdictElsewhere

    def require_recent(self, now: int) -> None:
        """Raises :class:`VerdictTooOld`; ``now`` is the time of the newest block, in seconds."""
        if now - self.time > LONGEST:
            raise VerdictTooOld(age=now - self.time, limit=LONGEST)

    def require_accepted(self, *, despite_doubt: bool) -> None:
        """Raises :class:`VerdictRefused` or :class:`VerdictInDoubt`, with the reasons, unless accepted."""
        self._require_fresh()
        if self.outcome is Outcome.REFUSED:
            raise VerdictRefused(reasons=_sentence(self.reasons))
        if self.outcome is Outcome.IN_DOUBT and not despite_doubt:
            raise VerdictInDoubt(reasons=_sentence(self.reasons))

    def require_ground(self) -> None:
        """Raises :class:`NoGroundToRefuse` unless the disclosure is about a claim of the payer's, by its practice.

        A file without an envelope could come from anybody: what does not fit the chain then says nothing of the claim.
        """
        self._require_fresh()
        against = tuple(reason for reason in self.reasons if not self._is_ground(reason.code))
        if against:
            raise NoGroundToRefuse(reasons=_sentence(against))

    def require_refusable_still(self, first: IssuedVerdict) -> None:
        """Raises :class:`GroundGone` where all reasons of an earlier verdict followed from the claim's history, and
        this one, on the same disclosure, has none left."""
        codes = {reason.code for reason in first.reasons}
        if codes and codes <= _OF_HISTORY and not self.reasons:
            raise GroundGone(claim=self.claim, reasons=_sentence(first.reasons))

    def require_told(self, told: int) -> None:
        """Raises :class:`VerdictBeforeToldMark` unless as many told marks are stored now as were counted then."""
        if told != self.told:
            raise VerdictBeforeToldMark(claim=self.claim)

    def _is_ground(self, code: str) -> bool:
        return CATALOGUE[code].ground and (self.signed or code != _NOT_SEALED)

    def _require_fresh(self) -> None:
        stale = tuple(reason for reason in self.reasons if reason.code in NODE_FINDINGS)
        if stale:
            raise VerdictOfStaleNode(reasons=_sentence(stale))

    def to_json(self) -> dict[str, Any]:
        """The verdict as JSON values, for the party's own store."""
        return {
            "id": self.id,
            "party": self.party,
            "deployment": self.deployment.to_json(),
            "claim": self.claim,
            "step": self.step,
            "head": self.head,
            "outcome": self.outcome.value,
            "reasons": [[reason.code, reason.en, reason.fr] for reason in self.reasons],
            "signed": self.signed,
            "time": self.time,
            "values": dict(self.values),
            "disclosure": self.disclosure,
            "told": self.told,
        }

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> IssuedVerdict:
        """What :meth:`to_json` wrote."""
        return cls(
            **{
                **read,
                "deployment": RegistryId(**read["deployment"]),
                "outcome": Outcome(read["outcome"]),
                "reasons": tuple(Sentence(*reason) for reason in read["reasons"]),
            }
        )


class ToIssue(NamedTuple):
    """A verdict that is not issued yet.

    ``signed`` and ``told`` are as in :class:`IssuedVerdict`.
    """

    disclosure: Disclosure
    verdict: Verdict
    signed: bool
    told: int


def issue(store: Store | None, network: Network, party: int, judged: Iterable[ToIssue]) -> list[Verdict]:
    """Verdicts under fresh identifiers; stored, where there is a store, for decisions to rest on: all or none."""
    numbered = [each._replace(verdict=replace(each.verdict, id=secrets.token_hex(16))) for each in judged]
    if store is not None and numbered:
        deployment = RegistryId.of(network.manifest, "ClaimRegistry")
        entries = [_entry(party, deployment, each) for each in numbered]
        store.put_all(Kind.VERDICT, [Filed(each.id, each.to_json(), each.claim) for each in entries])
        proofs = [verdict_proof(network, each.disclosure, each.verdict) for each in numbered]
        kept = [each for each in proofs if each is not None]
        if kept:
            # The verdicts are issued, whatever becomes of this.
            with suppress(StoreError):
                store.put_all(Kind.PROOF, kept)
    return [each.verdict for each in numbered]


def _entry(party: int, deployment: RegistryId, judged: ToIssue) -> IssuedVerdict:
    disclosure, verdict, signed, told = judged
    return IssuedVerdict(
        id=verdict.id,
        party=party,
        deployment=deployment,
        claim=verdict.claim,
        step=disclosure.scope.step or "",
        head=verdict.head or "",
        outcome=verdict.outcome,
        reasons=tuple(each.sentence for each in verdict.reasons),
        signed=signed,
        time=int(verdict.block.time.timestamp()),
        values=dict(verdict.values),
        disclosure=disclosure.id,
        told=told,
    )


def find_issued(store: Store, verdict: Verdict | str) -> IssuedVerdict:
    """The stored verdict of an identifier: nothing else of ``verdict`` is used. Raises :class:`VerdictUnknown`."""
    wanted = verdict if isinstance(verdict, str) else verdict.id
    read = store.get(Kind.VERDICT, wanted)
    if read is None:
        raise VerdictUnknown(verdict=wanted or "-")
    return IssuedVerdict.from_json(read)


def _sentence(reasons: tuple[Sentence, ...]) -> Sentence:
    """All reasons in one line."""
    return Sentence("reasons", " ".join(each.en for each in reasons), " ".join(each.fr for each in reasons))
