# SPDX-License-Identifier: Apache-2.0
"""A payer's verification of a disclosure, everything read at one block."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sceau.chain.errors import BlockChanged
from sceau.chain.freshness import Freshness
from sceau.chain.network import Network
from sceau.chain.node import Block
from sceau.chain.terms import State, Step, state_words, step_words
from sceau.claim.errors import NoSuchClaim
from sceau.claim.history import History, WrittenStep, read_history
from sceau.disclosure.disclosure import Disclosure
from sceau.message.justification import Justification
from sceau.record import Value, load_profile
from sceau.record.errors import RecordError
from sceau.verify.consent import check_consent
from sceau.verify.findings import finding
from sceau.verify.justify import close
from sceau.verify.order import check_orders
from sceau.verify.parties import check_parties
from sceau.verify.policy import check_policy
from sceau.verify.verdict import BlockSeen, Finding, Verdict


def verify_disclosure(
    network: Network,
    disclosure: Disclosure,
    *,
    reader: int,
    policies: Path | None = None,
    justifications: Iterable[Justification] = (),
    clock: Callable[[], float] = time.time,
) -> Verdict:
    """What ``reader`` (a payer's party number) can rely on in a disclosure.

    Args:
        network: the deployment, through the reader's own node.
        disclosure: what was received.
        reader: party number of the payer that asks.
        policies: directory of further policy files.
        justifications: those that the reader received and accepts.
        clock: seconds since 1970; judges only how old the node's head is.

    Raises:
        HistoryIncomplete: the node hides or invents events: its answers are worth nothing.
        BlockChanged, NodeUnreachable, NodeRefused: nothing could be read; no verdict.
    """
    block = network.node.head()
    now = clock()
    seen = BlockSeen.of(block, now)
    claim = disclosure.scope.claim or ""
    fresh = Freshness.of(block, network.manifest.block_period, now)
    if fresh.stale:
        return Verdict((finding("stale-node", age=fresh.age, limit=fresh.limit),), seen, claim)
    early = list(_addressed(network, disclosure, reader))
    if early:
        return Verdict(tuple(early), seen, claim)
    try:
        history = read_history(network, claim, block=block.number)
    except NoSuchClaim:
        return Verdict((finding("claim-unknown"),), seen, claim)
    found, values, dropped = _judge(network, disclosure, history, block, reader, policies)
    if network.node.block(block.number).hash != block.hash:
        raise BlockChanged(number=block.number)
    closed = close(found, justifications, claim)
    return Verdict(tuple(closed), seen, claim, history.state.head, values, dropped)


def _addressed(network: Network, disclosure: Disclosure, reader: int) -> Iterator[Finding]:
    """What can be said without the chain: is it for me, of this deployment, and of a known profile?"""
    scope = disclosure.scope
    here = (network.chain_id, network.address("ClaimRegistry").lower())
    if (scope.chain_id, scope.contract) != here or scope.claim is None:
        yield finding("foreign-chain")
    try:
        load_profile(scope.profile, scope.version)
    except RecordError as error:
        yield finding("not-sealed", why=error)
    if disclosure.recipient != reader:
        yield finding("not-addressed", recipient=disclosure.recipient, reader=reader)


def _judge(
    network: Network,
    disclosure: Disclosure,
    history: History,
    block: Block,
    reader: int,
    policies: Path | None,
) -> tuple[list[Finding], dict[str, Value], tuple[str, ...]]:
    found: list[Finding] = []
    values: dict[str, Value] = {}
    step = _step(history, disclosure)
    if step is None:
        scope = disclosure.scope
        found.append(finding("step-not-on-chain", step=scope.step, order=scope.order))
    else:
        try:
            values = disclosure.shown.read(step.commitment, disclosure.scope)
        except RecordError as error:
            found.append(finding("not-sealed", why=error))
        if step.party != disclosure.sender:
            found.append(finding("not-the-writer", sender=disclosure.sender, writer=step.party))
    found += _claim_findings(history, reader)
    policy_findings, outside, clause = check_policy(disclosure, block, policies)
    found += policy_findings
    uncovered: set[str] = set()
    if clause is not None and clause.consent:
        consent_findings, uncovered = check_consent(network, disclosure, history, block, clause.purpose)
        found += consent_findings
    found += check_orders(history)
    found += check_parties(network, history, block)
    if values:
        found.append(finding("declared-only"))
    dropped = outside | uncovered
    kept = {path: value for path, value in values.items() if path not in dropped}
    return found, kept, tuple(sorted(dropped))


def _step(history: History, disclosure: Disclosure) -> WrittenStep | None:
    """The step that the record says it belongs to; the last of its kind about that order."""
    for step in Step:
        if step_words(step).code == disclosure.scope.step:
            return history.find(step, disclosure.scope.order)
    return None


def _claim_findings(history: History, reader: int) -> Iterator[Finding]:
    state = history.state
    if state.payer != reader:
        yield finding("not-the-payer", payer=state.payer, reader=reader)
    if state.state in (State.REFUSED, State.CANCELLED):
        yield finding("claim-closed", state=state_words(state.state))
