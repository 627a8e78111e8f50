# SPDX-License-Identifier: Apache-2.0
"""A step that a verb would write: sealed under all the verb's rules, and not sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sceau.claim.prepared import Argument, PreparedStep
from sceau.conformity.seals import locks
from sceau.record import Value, seal
from sceau.roles.acting import ActingParty
from sceau.roles.handle import Handle


class _NotSent(Exception):
    def __init__(self, step: PreparedStep) -> None:
        self.step = step


def unsent(verb: Callable[..., Handle], *arguments: Any, **options: Any) -> PreparedStep:
    """What ``verb``, a role's method that writes a step, seals for these arguments."""
    role = verb.__self__  # type: ignore[attr-defined] # a bound method
    assert isinstance(role, ActingParty)

    def hold_back(step: PreparedStep, **_: object) -> Handle:
        raise _NotSent(step)

    role._write = hold_back  # type: ignore[method-assign] # for this one call
    try:
        verb(*arguments, **options)
    except _NotSent as held:
        return held.step
    finally:
        del role._write
    raise AssertionError("the verb writes no step")


def sealed_anew(step: PreparedStep, **changes: Value) -> PreparedStep:
    """The same call with a record of its own: the same values, or some others, under a fresh secret."""
    record = seal(step.record.scope, {**step.record.values, **changes})
    fresh: dict[str, Argument] = {"root": record.root}
    if step.order_key is not None:
        fresh["locks"] = list(locks(record, step.order_key))
    arguments = tuple(
        fresh.get(shape, argument) for shape, argument in zip(step.row.arguments, step.arguments, strict=True)
    )
    return replace(step, record=record, arguments=arguments)
