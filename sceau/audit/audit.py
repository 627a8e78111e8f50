# SPDX-License-Identifier: Apache-2.0
"""Holding an evidence file against the chain, with nothing but a node.

Where a group differs, each side opens it. (1) Who does not open, or whose opening does not give its own root and
its own lock or tag, is at fault. (2) A practice whose signed order says another key or value than its opening is at
fault. (3) A supplier that accepted cannot plead a wrong key. (4) All reproduce and differ: the goods differ.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sceau.audit.errors import EvidenceForeign
from sceau.audit.evidence import Evidence, OpenedGroup, ShownRecord
from sceau.audit.ruling import Check, Report, Ruling, ruling
from sceau.chain.errors import BlockChanged
from sceau.chain.freshness import require_fresh
from sceau.chain.network import Network
from sceau.chain.terms import Group, Step, group_words, step_words
from sceau.claim.history import History, WrittenStep, read_history
from sceau.conformity.groups import CanonicalGroup, differences
from sceau.conformity.keys import GroupKey
from sceau.conformity.opening import check_lock, check_tag
from sceau.envelope.envelope import Message
from sceau.envelope.post import read_evidence
from sceau.errors import SceauError, Sentence
from sceau.message.order import ANSWER, ORDER, hash_of, read_answer
from sceau.party.directory import Directory
from sceau.record import Scope
from sceau.verify.verdict import BlockSeen


def audit(
    network: Network,
    evidence: Evidence,
    directory: Directory,
    *,
    clock: Callable[[], float] = time.time,
) -> Report:
    """Holds evidence against the chain.

    Args:
        network: the deployment, through any node.
        evidence: the file.
        directory: entries of the parties whose messages are in it.
        clock: seconds since 1970; judges only how old the node's head is.

    Raises:
        EvidenceForeign: it is about another deployment.
        NodeStale, HistoryIncomplete, NoSuchClaim: the node, or the claim, is not to be relied on.
    """
    manifest = network.manifest
    here = (manifest.chain_id, manifest.genesis_hash, network.address("ClaimRegistry").lower())
    if (evidence.chain_id, evidence.genesis_hash, evidence.contract) != here:
        raise EvidenceForeign
    block = network.node.head()
    now = clock()
    require_fresh(block, manifest.block_period, now)
    history = read_history(network, evidence.claim, block=block.number)
    messages, checks = _messages(network, evidence, directory)
    checks = [
        _history_check(history),
        *(_record_check(each, evidence, history) for each in evidence.records),
        *checks,
    ]
    rulings = list(_rulings(history, evidence, messages))
    if network.node.block(block.number).hash != block.hash:
        raise BlockChanged(number=block.number)
    return Report(BlockSeen.of(block, now), history, tuple(checks), tuple(rulings))


def _history_check(history: History) -> Check:
    count = len(history.steps)
    return Check(
        True,
        Sentence(
            "history",
            f"The claim's {count} steps lead to its head: none is missing or false.",
            f"Les {count} étapes du dossier mènent à sa tête : aucune ne manque ni n'est fausse.",
        ),
    )


def _record_check(record: ShownRecord, evidence: Evidence, history: History) -> Check:
    """Whether shown leaves are part of what the claim sealed at the step they name."""
    name = f"{record.scope.profile_key} ({record.scope.step})"
    written = _written(history, record)
    try:
        if written is None or not _of(evidence, record.scope):
            why = Sentence("no-step", "the claim holds no such step", "le dossier n'a pas cette étape")
        else:
            shown = record.shown.read(written.commitment, record.scope)
            return Check(
                True,
                Sentence(
                    "record-holds",
                    f"{name}: the {len(shown)} values shown are those sealed.",
                    f"{name} : les {len(shown)} valeurs montrées sont celles scellées.",
                ),
            )
    except SceauError as error:
        why = Sentence(error.code, error.message("en"), error.message("fr"))
    return Check(
        False,
        Sentence(
            "record-does-not-hold", f"{name}: does not hold: {why.en}", f"{name} : ne tient pas : {why.fr}"
        ),
    )


def _of(evidence: Evidence, scope: Scope) -> bool:
    """Whether a record is of the very claim, on the very chain and contract, that the evidence is about."""
    return (scope.chain_id, scope.contract, scope.claim) == (
        evidence.chain_id,
        evidence.contract,
        evidence.claim,
    )


def _written(history: History, item: ShownRecord | OpenedGroup) -> WrittenStep | None:
    for step in Step:
        if step_words(step).code == item.scope.step:
            return history.find(step, item.scope.order)
    return None


def _messages(
    network: Network, evidence: Evidence, directory: Directory
) -> tuple[list[Message], list[Check]]:
    """The messages whose signature holds, and a check for each."""
    good, checks = [], []
    for signed in evidence.messages:
        try:
            message = read_evidence(network, directory, signed)
        except SceauError as error:
            words = Sentence(
                "message-does-not-hold",
                f"A message does not hold: {error.message('en')}",
                f"Un message ne tient pas : {error.message('fr')}",
            )
            checks.append(Check(False, words))
            continue
        good.append(message)
        words = Sentence(
            "message-holds",
            f"A message '{message.kind}' is signed by party {message.sender}.",
            f"Un message « {message.kind} » est signé par la partie {message.sender}.",
        )
        checks.append(Check(True, words))
    return good, checks


@dataclass(frozen=True)
class _Side:
    """One side's opening of a group: what it says and with which key, or the ruling that it is at fault."""

    key: GroupKey | None = None
    content: CanonicalGroup | None = None
    fault: Ruling | None = None


def _rulings(history: History, evidence: Evidence, messages: list[Message]) -> Iterator[Ruling]:
    for written in history.steps:
        if written.step is Step.DELIVER:
            for group in written.mismatch:
                yield from _delivery(history, written, group, evidence, messages)
        elif written.step is Step.INVOICE:
            for group in written.mismatch:
                yield from _invoice(history, written, group, evidence)


def _placed(history: History, order: int) -> WrittenStep:
    placed = history.find(Step.ORDER if order == 1 else Step.REMAKE, order)
    if placed is None:  # the history is proved whole: a delivery has its order
        raise AssertionError("a delivery without an order")
    return placed


def _delivery(
    history: History,
    delivered: WrittenStep,
    group: Group,
    evidence: Evidence,
    messages: list[Message],
) -> Iterator[Ruling]:
    order = delivered.order
    placed = _placed(history, order)
    practice = _side(evidence, placed, group)
    supplier = _side(evidence, delivered, group)
    faults = [side.fault for side in (practice, supplier) if side.fault is not None]
    if faults:
        yield from faults
        return
    where = {"order": order, "group": group_words(group)}
    if _envelope_differs(messages, placed, history.state.claim, group, practice):
        yield ruling("envelope-differs", placed.party, **where)
    elif practice.key != supplier.key:
        accepted = _accepted(messages, delivered.party, placed, history.state.claim)
        code = "wrong-key-after-acceptance" if accepted else "wrong-key"
        yield ruling(code, delivered.party, **where)
    else:
        yield ruling("goods-differ", None, paths=_paths(practice, supplier), **where)


def _invoice(history: History, invoiced: WrittenStep, group: Group, evidence: Evidence) -> Iterator[Ruling]:
    """Both sides are the practice's own: it opens both, and they differ."""
    placed = _placed(history, invoiced.order)
    sides = [_side(evidence, step, group) for step in (placed, invoiced)]
    faults = [side.fault for side in sides if side.fault is not None]
    if faults:
        yield from faults
        return
    where = {"order": invoiced.order, "group": group_words(group)}
    paths = _paths(*sides)
    yield ruling("invoice-differs", invoiced.party, paths=paths or _KEY, **where)


_KEY = Sentence("key", "the key", "la clé")


def _side(evidence: Evidence, written: WrittenStep, group: Group) -> _Side:
    """What a step's writer opened of a group, held against the step's own root and seal."""
    where = {"order": written.order, "group": group_words(group)}
    code = step_words(written.step).code
    opened = [
        each
        for each in evidence.groups
        if each.opening.group is group
        and _of(evidence, each.scope)
        and (each.scope.step, each.scope.order) == (code, written.order)
    ]
    if not opened:
        return _Side(fault=ruling("not-opened", written.party, **where))
    each, seal = opened[0], written.seals[group]
    try:
        if written.step is Step.DELIVER:
            content = check_tag(each.opening, root=written.commitment, scope=each.scope, tag=seal)
        else:
            content = check_lock(each.opening, root=written.commitment, scope=each.scope, lock=seal)
    except SceauError as error:
        return _Side(fault=ruling("not-reproduced", written.party, why=error, **where))
    return _Side(key=each.opening.key, content=content)


def _envelope_differs(
    messages: list[Message], placed: WrittenStep, claim: str, group: Group, practice: _Side
) -> bool:
    """Whether the practice signed, to the supplier, another record or another key than it opened."""
    for message in messages:
        body = message.body
        if message.kind != ORDER or message.sender != placed.party or message.recipient != placed.supplier:
            continue
        if body.get("claim") != claim or body.get("order") != placed.order:
            continue
        keys = body.get("group_keys")
        signed = keys.get(group_words(group).code) if isinstance(keys, dict) else None
        if body.get("commitment") != placed.commitment:
            return True
        if practice.key is None or signed != hash_of(practice.key):
            return True
    return False


def _accepted(messages: list[Message], supplier: int, placed: WrittenStep, claim: str) -> bool:
    for message in messages:
        if message.kind != ANSWER or message.sender != supplier:
            continue
        try:
            answer = read_answer(message)
        except SceauError:
            continue
        if (answer.claim, answer.order, answer.commitment) == (claim, placed.order, placed.commitment):
            return answer.accepted
    return False


def _paths(one: _Side, other: _Side) -> str:
    if one.content is None or other.content is None:
        return ""
    return ", ".join(differences(one.content, other.content))
