# SPDX-License-Identifier: Apache-2.0
"""Errors of the conformity package. None holds a key, a tag's input or a value of a record."""

from __future__ import annotations

from sceau.errors import InputError


class ConformityError(InputError):
    """Base of all errors of :mod:`sceau.conformity`."""


class KeyMalformed(ConformityError):
    """A text that should be an order key or a group key is none."""

    code = "order-key-malformed"


class GroupKeyOfAnotherGroup(ConformityError):
    """A group's key was given for the values of another group."""

    code = "group-key-of-another-group"


class SealsMalformed(ConformityError):
    """Locks or tags that are not four words of 32 bytes."""

    code = "seals-malformed"


class OrderContextWrong(ConformityError):
    """A chain, contract, claim or order number that no order can have."""

    code = "order-context-wrong"


class RecordNotSealed(ConformityError):
    """The record is of a profile that does not hold the four groups of an order."""

    code = "record-without-groups"


class StepWrong(ConformityError):
    """The record is not sealed for the step that its profile is written at."""

    code = "record-of-another-step"


class NotForLocks(ConformityError):
    """Locks were asked of a supplier's delivery."""

    code = "locks-of-a-delivery"


class NotADelivery(ConformityError):
    """Delivery tags were asked of a record that the supplier did not make."""

    code = "tags-of-no-delivery"


class LocksDiffer(ConformityError):
    """The locks on the chain are not those of the order's values and key."""

    code = "order-does-not-fit-its-locks"


class NoActCode(ConformityError):
    """No grouped code of a lens was given."""

    code = "no-act-code"


class GroupEmpty(ConformityError):
    """A group's opening shows nothing of the group, or the record holds nothing of it."""

    code = "group-empty"


class GroupOpeningShowsMore(ConformityError):
    """The opening of one group shows a path of another: more than an auditor asked for."""

    code = "group-opening-shows-more"


class SealNotReproduced(ConformityError):
    """The key and the values of a group do not give the lock or tag that is on the chain."""

    code = "seal-not-reproduced"


class GroupUnknown(ConformityError):
    """A code that is not that of a group of an order."""

    code = "group-unknown"
