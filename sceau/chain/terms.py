# SPDX-License-Identifier: Apache-2.0
"""Words for the numbers that contracts speak in: roles, states of a claim, steps, groups of an order."""

from __future__ import annotations

from enum import IntEnum, IntFlag

from sceau.errors import Sentence


class Role(IntFlag):
    """Roles of a party, as the party registry's mask."""

    PRACTICE = 1
    SUPPLIER = 2
    PAYER = 4
    AUDITOR = 8


class State(IntEnum):
    """States of a claim, numbered as in ``IClaimRegistry.State``."""

    NONE = 0
    OPENED = 1
    AUTHORISED = 2
    ORDERED = 3
    INVOICED = 4
    SETTLED = 5
    REFUSED = 6
    CANCELLED = 7


class Step(IntEnum):
    """What can be written on a claim, numbered as in ``IClaimRegistry.Step``."""

    OPEN = 0
    AUTHORISE = 1
    REFUSE = 2
    CANCEL = 3
    ORDER = 4
    REMAKE = 5
    DELIVER = 6
    INVOICE = 7
    SETTLE = 8
    RETURN = 9
    DISPUTE = 10


class Group(IntEnum):
    """Groups of an order that are sealed one by one: indices of its locks and tags."""

    ACT_CODES = 0
    LENS_PRODUCT = 1
    CORRECTION = 2
    QUANTITY = 3


_ROLES = {
    Role.PRACTICE: Sentence("practice", "practice", "magasin"),
    Role.SUPPLIER: Sentence("supplier", "supplier", "fournisseur"),
    Role.PAYER: Sentence("payer", "payer", "payeur"),
    Role.AUDITOR: Sentence("auditor", "auditor", "auditeur"),
}

_STATES = {
    State.NONE: Sentence("none", "never opened", "jamais ouvert"),
    State.OPENED: Sentence("opened", "opened", "ouvert"),
    State.AUTHORISED: Sentence("authorised", "authorised", "pris en charge"),
    State.ORDERED: Sentence("ordered", "ordered", "commandé"),
    State.INVOICED: Sentence("invoiced", "invoiced", "facturé"),
    State.SETTLED: Sentence("settled", "settled", "réglé"),
    State.REFUSED: Sentence("refused", "refused", "refusé"),
    State.CANCELLED: Sentence("cancelled", "cancelled", "annulé"),
}

_STEPS = {
    Step.OPEN: Sentence("opened", "opening", "ouverture"),
    Step.AUTHORISE: Sentence("authorised", "authorisation", "prise en charge"),
    Step.REFUSE: Sentence("refused", "refusal", "refus"),
    Step.CANCEL: Sentence("cancelled", "cancellation", "annulation"),
    Step.ORDER: Sentence("ordered", "order", "commande"),
    Step.REMAKE: Sentence("remade", "remake", "nouvelle fabrication"),
    Step.DELIVER: Sentence("delivered", "delivery", "livraison"),
    Step.INVOICE: Sentence("invoiced", "invoice", "facture"),
    Step.SETTLE: Sentence("settled", "settlement", "règlement"),
    Step.RETURN: Sentence("returned", "return", "retour"),
    Step.DISPUTE: Sentence("disputed", "dispute", "contestation"),
}

_GROUPS = {
    Group.ACT_CODES: Sentence("act-codes", "act codes", "codes actes"),
    Group.LENS_PRODUCT: Sentence("lens-product", "lens product", "produit verre"),
    Group.CORRECTION: Sentence("correction", "correction as ordered", "correction commandée"),
    Group.QUANTITY: Sentence("quantity", "quantity and eyes", "quantité et yeux"),
}


def roles_words(mask: int) -> Sentence:
    """The roles of a mask in words; "none" for an empty one."""
    held = [words for role, words in _ROLES.items() if mask & role]
    if not held:
        return Sentence("none", "none", "aucun")
    return Sentence(
        "+".join(w.code for w in held), ", ".join(w.en for w in held), ", ".join(w.fr for w in held)
    )


def state_words(state: int) -> Sentence:
    """A state of a claim in words."""
    return _STATES[State(state)]


def step_words(step: int) -> Sentence:
    """A step or mark in words; its code is the step's name in a record's scope (``opened``, ``ordered``…)."""
    return _STEPS[Step(step)]


def group_words(group: int) -> Sentence:
    """A group of an order in words."""
    return _GROUPS[Group(group)]


def groups_of(mask: int) -> tuple[Group, ...]:
    """The groups named by a mask of mismatches."""
    return tuple(group for group in Group if mask & (1 << group))
