# SPDX-License-Identifier: Apache-2.0
"""What an audit says: checks that hold or do not, and rulings on groups that differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sceau.claim.history import History
from sceau.errors import SceauError, Sentence
from sceau.verify.verdict import BlockSeen


@dataclass(frozen=True)
class Check:
    """One thing in the evidence that was held against the chain."""

    holds: bool
    sentence: Sentence


@dataclass(frozen=True)
class Ruling:
    """Who is wrong on one group of one order; ``fault`` is a party number, ``None`` where no seal is false."""

    code: str
    fault: int | None
    sentence: Sentence


@dataclass(frozen=True)
class Report:
    """The result of an audit, read at one block."""

    block: BlockSeen
    history: History
    checks: tuple[Check, ...]
    rulings: tuple[Ruling, ...]

    @property
    def holds(self) -> bool:
        """Whether all that was shown holds and no party is found at fault."""
        return all(check.holds for check in self.checks) and not self.rulings

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values, sentences in both languages; it holds no value of a record."""
        return {
            "format": "sceau-audit/1",
            "holds": self.holds,
            "claim": self.history.state.claim,
            "head": self.history.state.head,
            "block": {"number": self.block.number, "hash": self.block.hash},
            "checks": [
                {"holds": c.holds, "code": c.sentence.code, "en": c.sentence.en, "fr": c.sentence.fr}
                for c in self.checks
            ],
            "rulings": [
                {"code": r.code, "fault": r.fault, "en": r.sentence.en, "fr": r.sentence.fr}
                for r in self.rulings
            ],
        }


_RULINGS = {
    "not-opened": (
        "Order {order}, {group}: party {party} did not open its side: it is at fault.",
        "Commande {order}, {group} : la partie {party} n'a pas ouvert son côté : elle est en faute.",
    ),
    "two-values": (
        "{path} ({step}): party {party} sealed two values for it: it is at fault.",
        "{path} ({step}) : la partie {party} y a scellé deux valeurs : elle est en faute.",
    ),
    "not-reproduced": (
        "Order {order}, {group}: what party {party} opened does not give its own seal: it is at fault. {why}",
        "Commande {order}, {group} : l'ouverture de la partie {party} ne redonne pas son sceau : en faute. {why}",
    ),
    "envelope-differs": (
        "Order {order}, {group}: party {party} signed another order or key to the supplier than it opened: at fault.",
        "Commande {order}, {group} : la partie {party} a signé au fournisseur autre chose qu'ouvert : en faute.",
    ),
    "wrong-key-after-acceptance": (
        "Order {order}, {group}: party {party} used another key and had accepted the order: it is at fault.",
        "Commande {order}, {group} : la partie {party} a pris une autre clé et avait accepté : elle est en faute.",
    ),
    "wrong-key": (
        "Order {order}, {group}: party {party} used a key that no signed order shown gave it: it is at fault.",
        "Commande {order}, {group} : la partie {party} a pris une clé qu'aucune commande signée ne donne : en faute.",
    ),
    "goods-differ": (
        "Order {order}, {group}: both seals are true and differ in {paths}: the goods are not those ordered.",
        "Commande {order}, {group} : les deux sceaux sont vrais et diffèrent en {paths} : autre chose a été livré.",
    ),
    "invoice-differs": (
        "Order {order}, {group}: party {party} invoiced something else than it ordered, in {paths}: at fault.",
        "Commande {order}, {group} : la partie {party} a facturé autre chose que commandé, en {paths} : en faute.",
    ),
}


def ruling(code: str, fault: int | None, **details: object) -> Ruling:
    """The ruling of this code."""
    en, fr = _RULINGS[code]
    details["party"] = fault
    sentence = Sentence(code, en.format(**_words(details, "en")), fr.format(**_words(details, "fr")))
    return Ruling(code, fault, sentence)


def _words(details: dict[str, object], language: str) -> dict[str, object]:
    french = language == "fr"
    words: dict[str, object] = {}
    for name, value in details.items():
        if isinstance(value, SceauError):
            words[name] = value.message("fr" if french else "en")
        elif isinstance(value, Sentence):
            words[name] = value.fr if french else value.en
        else:
            words[name] = value
    return words
