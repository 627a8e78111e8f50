# SPDX-License-Identifier: Apache-2.0
"""Errors of claims."""

from __future__ import annotations

from sceau.errors import InputError, NodeError


class HistoryIncomplete(NodeError):
    """The events that a node gives for a claim do not lead to the head that the contract holds."""

    code = "history-incomplete"
    en = "The node's events of claim {claim} do not lead to its head: some are missing or false. Use another node."
    fr = "Les événements du nœud pour {claim} ne mènent pas à sa tête : manquants ou faux. Autre nœud."


class NoOrder(InputError):
    """Nothing was ordered on the claim yet."""

    code = "no-order"
    en = "Claim {claim} has no order yet."
    fr = "Le dossier {claim} n'a pas encore de commande."


class OrderReplaced(InputError):
    """An order is no longer the current one of its claim."""

    code = "order-replaced"
    en = "Order {order} of claim {claim} was replaced by order {current}: deliver that one."
    fr = "La commande {order} du dossier {claim} est remplacée par la {current} : livrez celle-ci."


class NotAuthorised(InputError):
    """The authorisation given is not that of the claim on the chain."""

    code = "not-authorised"
    en = "The opening given is not the authorisation of claim {claim}: order nothing before it opens."
    fr = "L'ouverture donnée n'est pas l'accord du dossier {claim} : ne commandez rien avant qu'elle ouvre."


class StepForeign(InputError):
    """A step that was prepared for another chain, or another deployment."""

    code = "step-foreign"
    en = "This step of claim {claim} was prepared for another chain or deployment: send it there. Nothing was written."
    fr = "Cette étape du dossier {claim} est préparée pour une autre chaîne : envoyez-la là-bas. Rien n'est écrit."
