# SPDX-License-Identifier: Apache-2.0
"""Errors of claims."""

from __future__ import annotations

from sceau.errors import InputError, NodeError


class HistoryIncomplete(NodeError):
    """The events that a node gives for a claim do not lead to the head that the contract holds."""

    code = "history-incomplete"


class StateUnknown(InputError):
    """No state of a claim has this name."""

    code = "state-unknown"


class NoOrder(InputError):
    """Nothing was ordered on the claim yet."""

    code = "no-order"


class OrderReplaced(InputError):
    """An order is no longer the current one of its claim."""

    code = "order-replaced"


class NotAuthorised(InputError):
    """The authorisation given is not that of the claim on the chain."""

    code = "not-authorised"


class StepForeign(InputError):
    """A step that was prepared for another chain, or another deployment."""

    code = "step-foreign"


class OrderKeyMissing(InputError):
    """The key of an order is neither given nor stored."""

    code = "order-key-missing"
