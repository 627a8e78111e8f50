# SPDX-License-Identifier: Apache-2.0
"""Errors of claims."""

from __future__ import annotations

from sceau.errors import SceauError


class HistoryIncomplete(SceauError):
    """The events that a node gives for a claim do not lead to the head that the contract holds."""

    code = "history-incomplete"
    en = "The node's events of claim {claim} do not lead to its head: some are missing or false. Use another node."
    fr = "Les événements du nœud pour {claim} ne mènent pas à sa tête : manquants ou faux. Autre nœud."


class NoSuchClaim(SceauError):
    """No claim has this identifier at this block."""

    code = "no-such-claim"
    en = "No claim {claim} on this chain at block {block}. Check the identifier and the manifest."
    fr = "Pas de dossier {claim} sur cette chaîne au bloc {block}. Vérifiez l'identifiant et le manifeste."


class IdentifierInvalid(SceauError):
    """A text that should be an identifier of 32 bytes is not."""

    code = "identifier-invalid"
    en = "{what} must be 0x and 64 hexadecimal digits."
    fr = "{what} : 0x suivi de 64 chiffres hexadécimaux."


class NoOrder(SceauError):
    """Nothing was ordered on the claim yet."""

    code = "no-order"
    en = "Claim {claim} has no order yet."
    fr = "Le dossier {claim} n'a pas encore de commande."


class OrderReplaced(SceauError):
    """An order is no longer the current one of its claim."""

    code = "order-replaced"
    en = "Order {order} of claim {claim} was replaced by order {current}: deliver that one."
    fr = "La commande {order} du dossier {claim} est remplacée par la {current} : livrez celle-ci."


class NotAuthorised(SceauError):
    """The authorisation given is not that of the claim on the chain."""

    code = "not-authorised"
    en = "The opening given is not the authorisation of claim {claim}: order nothing before it opens."
    fr = "L'ouverture donnée n'est pas l'accord du dossier {claim} : ne commandez rien avant qu'elle ouvre."


class ServedBefore(SceauError):
    """A number that serves one claim only serves another already."""

    code = "served-before"
    en = "{what} serves claim {claim} already, and serves one claim only. Check which of the two is meant."
    fr = "{what} sert déjà le dossier {claim}, et n'en sert qu'un. Voyez lequel des deux est le bon."


class StepForeign(SceauError):
    """A step that was prepared for another chain, or another deployment."""

    code = "step-foreign"
    en = "This step of claim {claim} was prepared for another chain or deployment: send it there. Nothing was written."
    fr = "Cette étape du dossier {claim} est préparée pour une autre chaîne : envoyez-la là-bas. Rien n'est écrit."
