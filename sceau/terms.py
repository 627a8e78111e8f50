# SPDX-License-Identifier: Apache-2.0
"""Words for the numbers that contracts speak in: roles, states of a claim, steps, groups of an order."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, IntFlag

from sceau.errors import Joined, Sentence


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
    Role.PRACTICE: Sentence("roles.practice"),
    Role.SUPPLIER: Sentence("roles.supplier"),
    Role.PAYER: Sentence("roles.payer"),
    Role.AUDITOR: Sentence("roles.auditor"),
}

_STATES = {
    State.NONE: Sentence("states.none"),
    State.OPENED: Sentence("states.opened"),
    State.AUTHORISED: Sentence("states.authorised"),
    State.ORDERED: Sentence("states.ordered"),
    State.INVOICED: Sentence("states.invoiced"),
    State.SETTLED: Sentence("states.settled"),
    State.REFUSED: Sentence("states.refused"),
    State.CANCELLED: Sentence("states.cancelled"),
}

_STEPS = {
    Step.OPEN: Sentence("steps.opened"),
    Step.AUTHORISE: Sentence("steps.authorised"),
    Step.REFUSE: Sentence("steps.refused"),
    Step.CANCEL: Sentence("steps.cancelled"),
    Step.ORDER: Sentence("steps.ordered"),
    Step.REMAKE: Sentence("steps.remade"),
    Step.DELIVER: Sentence("steps.delivered"),
    Step.INVOICE: Sentence("steps.invoiced"),
    Step.SETTLE: Sentence("steps.settled"),
    Step.RETURN: Sentence("steps.returned"),
    Step.DISPUTE: Sentence("steps.disputed"),
}

_GROUPS = {
    Group.ACT_CODES: Sentence("groups.act-codes"),
    Group.LENS_PRODUCT: Sentence("groups.lens-product"),
    Group.CORRECTION: Sentence("groups.correction"),
    Group.QUANTITY: Sentence("groups.quantity"),
}


def role_names(mask: Role) -> list[str]:
    """The names of roles in files and for programs, such as ``practice``."""
    return [role.name.lower() for role in Role if role in mask and role.name]


def roles_words(mask: int) -> Sentence:
    """The roles of a mask in words; "none" for an empty one."""
    held = [words for role, words in _ROLES.items() if mask & role]
    if not held:
        return Sentence("roles.none")
    return Joined(held)


def state_words(state: int) -> Sentence:
    """A state of a claim in words."""
    return _STATES[State(state)]


def step_words(step: int) -> Sentence:
    """A step or mark in words; its code is the step's name in a record's scope (``opened``, ``ordered``…)."""
    return _STEPS[Step(step)]


def group_words(group: int) -> Sentence:
    """A group of an order in words."""
    return _GROUPS[Group(group)]


def groups_words(groups: Iterable[Group]) -> Sentence:
    """Groups of an order in words, in one line."""
    return Joined(group_words(group) for group in groups)


def groups_of(mask: int) -> tuple[Group, ...]:
    """The groups named by a mask of mismatches."""
    return tuple(group for group in Group if mask & (1 << group))
