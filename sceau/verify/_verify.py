# SPDX-License-Identifier: Apache-2.0
"""A payer's verification of a disclosure, everything read at one block."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sceau.chain.network import Network
from sceau.chain.node import Block
from sceau.chain.registries.errors import NoSuchClaim
from sceau.chain.registries.parties import may_act
from sceau.claim.history import History, WrittenStep, read_history
from sceau.claim.known import remember_time
from sceau.claim.steps import STEPS, row_of_code
from sceau.disclosure import Disclosure
from sceau.errors import NodeError
from sceau.messages.disclosure import Sent
from sceau.messages.envelope import CLOCK_SECONDS
from sceau.messages.errors import WordNotSigned
from sceau.messages.mailbox import Mailbox
from sceau.messages.told_mark import ToldMark
from sceau.messages.word import Word, require_signed, signed_at
from sceau.record import SealedRecord, Value, load_profile
from sceau.record.errors import RecordError
from sceau.renewal import Beneficiary
from sceau.terms import Role, State, Step, state_words, step_words
from sceau.verify.act_codes import ActCodes, check_act_codes, fits_standing_order
from sceau.verify.consent import check_consent
from sceau.verify.findings import finding
from sceau.verify.foresight import foresee
from sceau.verify.justify import close
from sceau.verify.marks import concerns
from sceau.verify.order import check_orders
from sceau.verify.parties import check_parties
from sceau.verify.policy import When, check_policy, policy_hash
from sceau.verify.renewal import check_purchase
from sceau.verify.settlement import check_settlement, own_authorisation
from sceau.verify.verdict import BlockSeen, Finding, Judged, Verdict


@dataclass(frozen=True)
class Reader:
    """Who verifies and what it holds itself.

    ``party`` is its number; ``policies`` and ``renewal_rules`` are directories of further files; ``act_codes``,
    ``beneficiary`` and ``told`` what its own files and others' messages gave it, of use for this claim alone;
    ``decisions`` the records of decisions that it sealed; ``sent`` the times of the disclosure's envelope, ``None`` for
    a file without one.
    """

    party: int
    policies: Path | None = None
    renewal_rules: Path | None = None
    act_codes: ActCodes | None = None
    beneficiary: Beneficiary | None = None
    told: tuple[ToldMark, ...] = ()
    decisions: Iterable[SealedRecord] = ()
    sent: Sent | None = None


def verify_disclosure(
    network: Network,
    disclosure: Disclosure,
    *,
    reader: int,
    sent: Sent | None = None,
    policies: Path | None = None,
    renewal_rules: Path | None = None,
    justifications: Iterable[Word] = (),
    mailbox: Mailbox | None = None,
    act_codes: ActCodes | None = None,
    beneficiary: Beneficiary | None = None,
    told: Iterable[ToldMark] = (),
    decisions: Iterable[SealedRecord] = (),
    clock: Callable[[], float] = time.time,
) -> Verdict:
    """What ``reader`` (a payer's party number) can rely on in a disclosure.

    Args:
        network: the deployment, through the reader's own node.
        disclosure: what was received.
        reader: party number of the payer that asks.
        sent: times of the envelope in which it came; without one it is judged as of the block that is read.
        policies: directory of further policy files.
        renewal_rules: directory of further files of renewal rules.
        justifications: justifications and auditors' rulings that the reader received and accepts.
        mailbox: the reader's, by which those are read again as they were signed.
        act_codes: the act-code keys that the practice sent, with the codes that the reader authorised.
        beneficiary: what the reader's own files say of the beneficiary; judges whether a renewal is too early.
        told: what suppliers of replaced orders told the reader; each counts as a mark on its order.
        decisions: the records of decisions that the reader sealed on the claim: an invoice is compared with the one
            that the claim's authorisation committed to, and is in doubt if that is not among them. They are looked at
            for an invoice and for act codes alone.
        clock: seconds since 1970; judges only how old the node's head is.

    Raises:
        WordNotSigned: a justification or a ruling is not what a signed message to the reader says.
        BandUnknown: the band of ages in ``beneficiary`` is none of the rules'.
        PolicyFolderMissing, PolicyBroken, RulesFolderMissing, RulesBroken: a directory given cannot be used.
        HistoryIncomplete: the node hides or invents events: its answers are worth nothing.
        BlockChanged, NodeUnreachable, NodeRefused: nothing could be read; no verdict.
    """
    block, doubt = network.look(clock)
    seen = BlockSeen.of(block, clock())
    claim = disclosure.scope.claim or ""
    judged = Judged.of(disclosure)
    if doubt is not None:
        return Verdict((finding(doubt.code, **doubt.details),), seen, claim, judged=judged)
    early = list(_addressed(network, disclosure, reader))
    if early:
        return Verdict(tuple(early), seen, claim, judged=judged)
    remember_time(network, claim, int(disclosure.made_at.timestamp()))
    if not network.is_at_one_block:
        # Of many that are judged at one block, all is asked together before.
        with suppress(NodeError):
            foresee(network, [disclosure], block)
    try:
        history = read_history(network, claim, block=block.number)
    except NoSuchClaim:
        return Verdict((finding("claim-unknown"),), seen, claim, judged=judged)
    who = Reader(reader, policies, renewal_rules, act_codes, beneficiary, tuple(told), decisions, sent)
    found, values, dropped = _judge(network, disclosure, history, block, who)
    network.require_unchanged(block)
    words = _signed_words(justifications, mailbox)
    auditors = [
        each.party for each in words if may_act(network, each.party, Role.AUDITOR, block=block.number)
    ]
    outdated = [word for word in words if _is_outdated(network, word, history, who.told)]
    closed = close(found, words, history, auditors, outdated)
    return Verdict(
        tuple(closed),
        seen,
        claim,
        history.state.head,
        values,
        dropped,
        practice=history.state.practice,
        judged=replace(judged, policy_hash=policy_hash(disclosure.policy, policies)),
    )


def _signed_words(words: Iterable[Word], mailbox: Mailbox | None) -> list[Word]:
    """The words given, each read again as it was signed."""
    given = list(words)
    for word in given:
        if mailbox is None:
            raise WordNotSigned(party=word.party)
        require_signed(mailbox, word)
    return given


def _is_outdated(network: Network, word: Word, history: History, told: Iterable[ToldMark]) -> bool:
    """Whether a mark on the order of a word was told after it was signed, or could have been: clocks may differ."""
    signed = signed_at(network, word) - CLOCK_SECONDS
    return any(
        each.said_at >= signed
        for each in told
        if each.order_number == word.order_number and concerns(history, each)
    )


def _addressed(network: Network, disclosure: Disclosure, reader: int) -> Iterator[Finding]:
    """What can be judged without the chain: is it for this reader, of this deployment, and of a known profile?"""
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
    network: Network, disclosure: Disclosure, history: History, block: Block, reader: Reader
) -> tuple[list[Finding], dict[str, Value], tuple[str, ...]]:
    found, values = _shown(disclosure, history)
    found += _claim_findings(history, reader.party)
    step = _step(history, disclosure)
    when = When(block, step.time if step else None, reader.sent)
    policy_findings, outside, clause = check_policy(disclosure, values, when, reader.policies)
    found += policy_findings
    uncovered: set[str] = set()
    if clause is not None and clause.consent:
        consent_findings, uncovered = check_consent(network, disclosure, history, block, clause.purpose)
        found += consent_findings
    # The policies are about the payer of the claim: nobody else may hold anything of it.
    foreign = set(disclosure.paths) if history.state.payer != reader.party else set()
    dropped = outside | uncovered | foreign
    kept = {path: value for path, value in values.items() if path not in dropped}
    found += _judge_kept(network, history, _step(history, disclosure), kept, reader)
    found += check_parties(network, history, block)
    if values:
        found.append(finding("declared-only"))
    return found, kept, tuple(sorted(dropped))


def _shown(disclosure: Disclosure, history: History) -> tuple[list[Finding], dict[str, Value]]:
    """What is shown, if it is what its step sealed and that step's writer shows it."""
    found: list[Finding] = []
    step = _step(history, disclosure)
    if step is None:
        scope = disclosure.scope
        return [finding("step-not-on-chain", step=scope.step, order=scope.order_number)], {}
    values: dict[str, Value] = {}
    try:
        values = disclosure.multiproof.read(step.commitment, disclosure.scope)
    except RecordError as error:
        found.append(finding("not-sealed", why=error))
    if values and disclosure.scope.profile not in STEPS[step.step].profiles:
        profile = disclosure.scope.profile_key
        found.append(finding("profile-of-another-step", step=step_words(step.step), profile=profile))
    if step.party != disclosure.sender:
        found.append(finding("not-the-writer", sender=disclosure.sender, writer=step.party))
    return found, values


def _judge_kept(
    network: Network,
    history: History,
    step: WrittenStep | None,
    kept: dict[str, Value],
    reader: Reader,
) -> list[Finding]:
    """Orders, act codes, renewal and settlement, by the chain and by no value that the reader may not hold."""
    found: list[Finding] = []
    checked: frozenset[int] = frozenset()
    invoice = kept if kept and step is not None and step.step is Step.INVOICE else None
    is_compared = invoice is not None or reader.act_codes is not None
    own = own_authorisation(history, reader.decisions) if is_compared else None
    authorised = None if own is None else own.values
    fits = False
    if reader.act_codes is not None:
        found, checked = check_act_codes(network, history, reader.act_codes, invoice, authorised)
        last = history.state.order_number
        fits = fits_standing_order(network, history, reader.act_codes, invoice, last)
    if step is not None:
        found += check_purchase(kept, reader.beneficiary, step.day, reader.renewal_rules)
    if invoice is not None and step is not None:
        found += check_settlement(authorised, invoice, step.day)
    return found + check_orders(history, checked=checked, told=reader.told, standing_fits=fits)


def _step(history: History, disclosure: Disclosure) -> WrittenStep | None:
    """The step that the record says it belongs to; the last of its kind about that order."""
    row = row_of_code(disclosure.scope.step)
    return None if row is None else history.find(row.step, disclosure.scope.order_number)


def _claim_findings(history: History, reader: int) -> Iterator[Finding]:
    state = history.state
    if state.payer != reader:
        yield finding("not-the-payer", payer=state.payer, reader=reader)
    if state.state in (State.REFUSED, State.CANCELLED):
        yield finding("claim-closed", state=state_words(state.state))
