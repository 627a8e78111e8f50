# SPDX-License-Identifier: Apache-2.0
"""Holding an evidence file against the chain, with nothing but a node.

Where a group differs, each side opens it. (1) Who signed an opening to this auditor that does not give its own root
and its own lock or tag is at fault; so is who signed that it received the request and let its deadline pass. (2) A
practice whose signed order says another key or value than its opening is at fault. (3) A supplier that accepted cannot
plead a wrong key. (4) All reproduce and differ: the goods differ. Nobody is at fault for what the file lacks.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from sceau.audit.asked import Asked
from sceau.audit.checks import CheckedEvidence, Side, check_evidence
from sceau.audit.errors import EvidenceForeign
from sceau.audit.evidence import Evidence
from sceau.audit.ruling import Check, Report, Ruling, ruling, to_ask
from sceau.chain.errors import BlockChanged
from sceau.chain.network import Network
from sceau.claim.history import History, WrittenStep, read_history
from sceau.claim.steps import placing
from sceau.conformity.groups import differences
from sceau.errors import SceauError, Sentence
from sceau.messages.envelope import Message
from sceau.messages.order import ANSWER, ORDER, hash_of, read_answer
from sceau.party.directory import Directory
from sceau.record import Value
from sceau.terms import Group, Step, group_words, step_words
from sceau.verify.verdict import BlockSeen


def audit(
    network: Network,
    evidence: Evidence,
    directory: Directory | None = None,
    *,
    asked: Asked | None = None,
    clock: Callable[[], float] = time.time,
) -> Report:
    """Checks evidence against the chain.

    Args:
        network: the deployment, through any node.
        evidence: the file.
        directory: entries of parties whose messages are in it, beside those that it brings.
        asked: what the auditor asked and received in its own mailbox; without it nobody is found at fault for a false
            opening or for silence.
        clock: seconds since 1970; judges only how old the node's head is.

    Raises:
        EvidenceForeign: it is about another deployment.
        NodeStale, ChainStopped, HeadInFuture: nothing may be done on the newest block.
        HistoryIncomplete, NoSuchClaim: the node, or the claim, is not to be relied on.
    """
    manifest = network.manifest
    here = (manifest.chain_id, manifest.genesis_hash, network.address("ClaimRegistry").lower())
    if (evidence.chain_id, evidence.genesis_hash, evidence.contract) != here:
        raise EvidenceForeign
    block = network.head(clock)
    history = read_history(network, evidence.claim, block=block.number)
    known = (directory or Directory.of()).also(*evidence.entries)
    if asked is not None:
        evidence = evidence.with_more(asked.groups(), asked.messages())
    checked = check_evidence(network, evidence, known, history, asked)
    table = _Table(history, checked, asked, block.timestamp)
    rulings = [*_contradictions(checked), *table.rulings()]
    if network.node.block(block.number).hash != block.hash:
        raise BlockChanged(number=block.number)
    return Report(
        BlockSeen.of(block, clock()), history, (_history_check(history), *checked.checks), tuple(rulings)
    )


def _history_check(history: History) -> Check:
    return Check(
        True,
        Sentence("checks.history", count=len(history.steps)),
    )


def _contradictions(checked: CheckedEvidence) -> Iterator[Ruling]:
    """Two values that one record seals for one path prove by themselves that its writer meant to show either."""
    said: dict[tuple[Step, int, str], Value] = {}
    for written, values in checked.values:
        for path, value in values.items():
            if said.setdefault((written.step, written.order_number, path), value) != value:
                yield ruling("two-values", written.party, step=step_words(written.step), path=path)


class _Table:
    """The table of docs/conformity.md, applied to each group that differs."""

    def __init__(self, history: History, checked: CheckedEvidence, asked: Asked | None, now: int) -> None:
        self._history = history
        self._checked = checked
        self._asked = asked
        self._now = now

    def rulings(self) -> Iterator[Ruling]:
        for written in self._history.steps:
            for group in written.mismatch:
                placed = self._placed(written.order_number)
                if faults := [*self._unopened(placed, group), *self._unopened(written, group)]:
                    yield from faults
                elif written.step is Step.DELIVER:
                    yield from self._delivery(placed, written, group)
                else:
                    yield self._invoice(placed, written, group)

    def _placed(self, order_number: int) -> WrittenStep:
        placed = self._history.find(placing(order_number), order_number)
        if placed is None:  # the history is proved whole: a delivery has its order
            raise AssertionError("a delivery without an order")
        return placed

    def _delivery(self, placed: WrittenStep, delivered: WrittenStep, group: Group) -> Iterator[Ruling]:
        practice, supplier = self._side(placed, group), self._side(delivered, group)
        where = _where(delivered, group)
        claim, messages = self._history.state.claim, self._checked.messages
        accepted = _accepted(messages, delivered.party, placed, claim)
        if _envelope_differs(messages, placed, claim, group, practice):
            yield ruling("envelope-differs", placed.party, **where)
            if not accepted:
                return
        # Who accepted recomputed the locks on the chain: no other envelope excuses it.
        if practice.key == supplier.key:
            yield ruling("goods-differ", None, paths=_paths(practice, supplier), **where)
        elif accepted:
            yield ruling("wrong-key-after-acceptance", delivered.party, **where)
        elif self._confirmed(delivered, group):
            yield ruling("wrong-key", delivered.party, **where)
        else:
            yield to_ask("key-not-explained", delivered.party, **where)

    def _invoice(self, placed: WrittenStep, invoiced: WrittenStep, group: Group) -> Ruling:
        """Both sides are the practice's own: it opens both, and they differ."""
        paths = _paths(self._side(placed, group), self._side(invoiced, group)) or _KEY
        return ruling("invoice-differs", invoiced.party, paths=paths, **_where(invoiced, group))

    def _side(self, written: WrittenStep, group: Group) -> Side:
        return self._checked.sides[written.step, written.order_number, group]

    def _unopened(self, written: WrittenStep, group: Group) -> Iterator[Ruling]:
        """Row (1). One opening that holds is enough: a false one that somebody adds to the file takes nothing away."""
        key, where = (written.step, written.order_number, group), _where(written, group)
        if key in self._checked.sides:
            return
        if key in self._checked.failed:
            yield ruling("not-reproduced", written.party, why=self._checked.failed[key], **where)
        elif self._confirmed(written, group) and not self._answered(written, group):
            yield ruling("not-opened", written.party, **where)
        else:
            yield to_ask("not-opened-ask", written.party, **where)

    def _confirmed(self, written: WrittenStep, group: Group) -> bool:
        return self._asked is not None and self._asked.confirmed(written, group, self._now)

    def _answered(self, written: WrittenStep, group: Group) -> bool:
        return self._asked is not None and self._asked.answered(written, group, self._checked.answers)


_KEY = Sentence("checks.key")


def _where(written: WrittenStep, group: Group) -> dict[str, object]:
    return {"order": written.order_number, "group": group_words(group)}


def _envelope_differs(
    messages: list[Message], placed: WrittenStep, claim: str, group: Group, practice: Side
) -> bool:
    """Row (2): whether the practice signed, to the supplier, another record or another key than it opened."""
    for message in messages:
        body = message.body
        if message.kind != ORDER or message.sender != placed.party or message.recipient != placed.supplier:
            continue
        if body.get("claim") != claim or body.get("order") != placed.order_number:
            continue
        keys = body.get("group_keys")
        signed = keys.get(group_words(group).code) if isinstance(keys, dict) else None
        if body.get("commitment") != placed.commitment or signed != hash_of(practice.key):
            return True
    return False


def _accepted(messages: list[Message], supplier: int, placed: WrittenStep, claim: str) -> bool:
    """Row (3): whether the supplier ever accepted this very order, whatever else it answered."""
    for message in messages:
        if message.kind != ANSWER or message.sender != supplier:
            continue
        try:
            answer = read_answer(message)
        except SceauError:
            continue
        about = (answer.claim, answer.order_number, answer.commitment)
        if answer.accepted and about == (claim, placed.order_number, placed.commitment):
            return True
    return False


def _paths(one: Side, other: Side) -> str:
    return ", ".join(differences(one.content, other.content))
