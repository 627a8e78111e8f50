# SPDX-License-Identifier: Apache-2.0
"""What a received message says, each kind held against the chain as far as it can be, for people and programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sceau.cli.consent_view import Facts
from sceau.cli.errors import MessageKindUnknown
from sceau.cli.words import say, spoken

if TYPE_CHECKING:
    from sceau.chain.network import Network
    from sceau.chain.terms import Group
    from sceau.messages.envelope import Message


@dataclass(frozen=True)
class Said:
    """A message in words and as JSON values; no secret and no value of a record."""

    facts: Facts
    data: dict[str, Any]


def what_it_says(network: Network, message: Message) -> Said:
    """What a message says beside its sender and kind.

    Raises:
        MessageRefused: it does not fit the chain: nothing may be done on the strength of it.
        MessageKindUnknown: a kind of message that is not known here.
    """
    readers = _readers()
    if message.kind not in readers:
        raise MessageKindUnknown
    return readers[message.kind](network, message)


def group_names(groups: Iterable[Group]) -> str:
    """Groups of an order in words."""
    from sceau.chain.terms import group_words

    return ", ".join(group_words(group).text(spoken()) for group in groups)


def kind_words(kind: str) -> str:
    """A kind of message in words."""
    return {
        "order": say("order", "commande"),
        "order-answer": say("answer to an order", "réponse à une commande"),
        "step-opening": say("opening of a step", "ouverture d'une étape"),
        "disclosure": say("disclosure", "divulgation"),
        "justification": say("justification", "justification"),
        "act-code-key": say("act-code key", "clé des codes actes"),
    }.get(kind, kind)


def _readers() -> dict[str, Callable[[Network, Message], Said]]:
    return {
        "order": _order,
        "order-answer": _answer,
        "step-opening": _step,
        "disclosure": _disclosure,
        "justification": _justification,
        "act-code-key": _act_codes,
    }


def _order(network: Network, message: Message) -> Said:
    from sceau.chain.terms import group_words
    from sceau.messages.order import order_of

    order = order_of(network, message)
    locks = (
        say("differ in: ", "diffèrent en : ") + group_names(order.differing)
        if order.differing
        else say("all recomputed, the order fits", "tous recalculés, la commande leur répond")
    )
    return Said(
        [*_about(order.claim, order.order_number), (say("Locks", "Verrous"), locks)],
        {
            "claim": order.claim,
            "order": order.order_number,
            "differing": [group_words(group).code for group in order.differing],
        },
    )


def _answer(network: Network, message: Message) -> Said:
    from sceau.messages.order import answer_of

    answer = answer_of(network, message)
    word = say("accepted", "acceptée") if answer.accepted else say("refused", "refusée")
    return Said(
        [
            *_about(answer.claim, answer.order_number),
            (say("Answer", "Réponse"), f"{word} ({answer.reason})" if answer.reason else word),
        ],
        {
            "claim": answer.claim,
            "order": answer.order_number,
            "accepted": answer.accepted,
            "reason": answer.reason,
        },
    )


def _step(network: Network, message: Message) -> Said:
    from sceau.chain.terms import Step, step_words
    from sceau.messages.errors import MessageMalformed
    from sceau.messages.step import attached_opening, step_of

    code = attached_opening(message).scope.step
    step = next((each for each in Step if step_words(each).code == code), None)
    if step is None:
        raise MessageMalformed(kind=message.kind, sender=message.sender, part="sceau.record")
    opened = step_of(network, message, step)
    written = opened.written
    return Said(
        [
            *_about(opened.history.state.claim, written.order_number),
            (say("Step", "Étape"), step_words(step).text(spoken())),
            (say("Opening", "Ouverture"), say("that of the chain", "celle de la chaîne")),
        ],
        {"claim": opened.history.state.claim, "order": written.order_number, "step": code},
    )


def _disclosure(network: Network, message: Message) -> Said:
    from sceau.messages.disclosure import disclosure_of

    del network
    shown = disclosure_of(message)
    return Said(
        [
            *_about(shown.scope.claim or "-", shown.scope.order_number or 0),
            (say("Profile", "Profil"), shown.scope.profile_key),
            (say("Policy", "Règle"), f"{shown.policy}, {shown.policy.clause}"),
            (say("Delete by", "À effacer le"), shown.delete_by.isoformat()),
            (say("Judged", "Jugée"), say("not yet: sceau verify", "pas encore : sceau verify")),
        ],
        {"claim": shown.scope.claim, "order": shown.scope.order_number, "paths": list(shown.paths)},
    )


def _justification(network: Network, message: Message) -> Said:
    from sceau.messages.justification import justification_of

    del network
    word = justification_of(message)
    return Said(
        [
            *_about(word.claim, word.order_number),
            (say("Finding", "Constat"), word.finding),
            (say("Reason", "Motif"), word.reason),
        ],
        {"claim": word.claim, "order": word.order_number, "finding": word.finding, "reason": word.reason},
    )


def _act_codes(network: Network, message: Message) -> Said:
    from sceau.messages.act_codes import act_code_key_of

    key = act_code_key_of(network, message)
    return Said(_about(key.claim, key.order_number), {"claim": key.claim, "order": key.order_number})


def _about(claim: str, order: int) -> Facts:
    facts: Facts = [(say("Claim", "Dossier"), claim)]
    return [*facts, (say("Order", "Commande"), order)] if order else facts
