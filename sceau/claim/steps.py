# SPDX-License-Identifier: Apache-2.0
"""The table of steps: one row for each step or mark that can be written on a claim.

The contract, docs/protocol.md, the history, the roles and the tests' model are checked against this table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from sceau.terms import Role, State, Step, step_words

_AFTER_ORDER = frozenset({State.ORDERED, State.INVOICED, State.SETTLED, State.REFUSED, State.CANCELLED})


class Carries(Enum):
    """What a step's event holds beside its commitment: the practice's locks, the supplier's tags, or neither."""

    NOTHING = "nothing"
    LOCKS = "locks"
    TAGS = "tags"


@dataclass(frozen=True)
class StepRow:
    """One step.

    ``function`` is the claim registry's, ``event`` the one that it emits; ``writer`` is the party of the claim that
    writes the step, ``told`` the one that is sent its whole record, ``None`` if nobody is. ``legal`` are the states
    in which it may be written, ``leads_to`` the state afterwards, ``None`` where it stays. ``profiles`` are those of
    its record. ``arguments`` are the shapes of the function's arguments: ``root`` is the record's commitment, ``own``
    the number of the order that the record is about, ``before`` that of the order before it.
    """

    step: Step
    function: str
    event: str
    writer: Role
    legal: frozenset[State]
    leads_to: State | None
    profiles: tuple[str, ...]
    arguments: tuple[str, ...]
    told: Role | None = None
    carries: Carries = Carries.NOTHING

    @property
    def code(self) -> str:
        """The step's name in a record's scope: ``opened``, ``ordered``…"""
        return step_words(self.step).code

    @property
    def places_order(self) -> bool:
        """Whether it places an order under a key of its own: an order or a remake."""
        return self.carries is Carries.LOCKS and "locks" in self.arguments

    @property
    def is_compared(self) -> bool:
        """Whether the contract compares it with its order: a delivery or an invoice."""
        return self.carries is not Carries.NOTHING and not self.places_order

    @property
    def names_order(self) -> bool:
        """Whether its call names an order; a step that names none is written once on a claim."""
        return not {"own", "before", "locks"}.isdisjoint(self.arguments)

    @property
    def names_head(self) -> bool:
        """Whether it names the head that its writer verified."""
        return "head" in self.arguments


def _row(
    step: Step,
    function: str,
    event: str,
    writer: Role,
    legal: Iterable[State],
    leads_to: State | None,
    profiles: tuple[str, ...],
    arguments: tuple[str, ...],
    told: Role | None = None,
    carries: Carries = Carries.NOTHING,
) -> StepRow:
    return StepRow(
        step, function, event, writer, frozenset(legal), leads_to, profiles, arguments, told, carries
    )


_DECISION = ("payer-decision",)
_NOTE = ("claim-note",)
_HEAD = ("claim", "head", "root")
_MARK = ("claim", "own", "root")

#: In the order of the protocol's table.
STEPS: Final[Mapping[Step, StepRow]] = MappingProxyType(
    {
        row.step: row
        for row in (
            _row(
                Step.OPEN,
                "open",
                "ClaimOpened",
                Role.PRACTICE,
                {State.NONE},
                State.OPENED,
                ("fr-optical-quote", "optical-claim"),
                ("nonce", "number", "consent", "root"),
            ),
            _row(
                Step.AUTHORISE,
                "authorise",
                "ClaimAuthorised",
                Role.PAYER,
                {State.OPENED},
                State.AUTHORISED,
                _DECISION,
                _HEAD,
                told=Role.PRACTICE,
            ),
            _row(
                Step.REFUSE,
                "refuse",
                "ClaimRefused",
                Role.PAYER,
                {State.OPENED, State.INVOICED},
                State.REFUSED,
                _DECISION,
                _HEAD,
                told=Role.PRACTICE,
            ),
            _row(
                Step.CANCEL,
                "cancel",
                "ClaimCancelled",
                Role.PRACTICE,
                {State.OPENED, State.AUTHORISED, State.ORDERED},
                State.CANCELLED,
                _NOTE,
                ("claim", "root"),
            ),
            _row(
                Step.ORDER,
                "order",
                "OrderPlaced",
                Role.PRACTICE,
                {State.AUTHORISED},
                State.ORDERED,
                ("lens-order",),
                ("claim", "number", "root", "locks"),
                told=Role.SUPPLIER,
                carries=Carries.LOCKS,
            ),
            _row(
                Step.REMAKE,
                "remake",
                "OrderPlaced",
                Role.PRACTICE,
                {State.ORDERED, State.INVOICED, State.SETTLED},
                None,
                ("lens-order",),
                ("claim", "before", "number", "root", "locks"),
                told=Role.SUPPLIER,
                carries=Carries.LOCKS,
            ),
            _row(
                Step.DELIVER,
                "deliver",
                "OrderDelivered",
                Role.SUPPLIER,
                _AFTER_ORDER,
                None,
                ("lens-delivery",),
                ("claim", "own", "root", "seals", "seals"),
                told=Role.PRACTICE,
                carries=Carries.TAGS,
            ),
            _row(
                Step.INVOICE,
                "invoice",
                "ClaimInvoiced",
                Role.PRACTICE,
                {State.ORDERED},
                State.INVOICED,
                ("fr-optical-invoice",),
                ("claim", "own", "root", "seals", "seals"),
                carries=Carries.LOCKS,
            ),
            _row(
                Step.SETTLE,
                "settle",
                "ClaimSettled",
                Role.PAYER,
                {State.INVOICED},
                State.SETTLED,
                _DECISION,
                _HEAD,
                told=Role.PRACTICE,
            ),
            _row(
                Step.RETURN,
                "recordReturn",
                "OrderReturned",
                Role.SUPPLIER,
                _AFTER_ORDER,
                None,
                _NOTE,
                _MARK,
                told=Role.PRACTICE,
            ),
            _row(
                Step.DISPUTE,
                "dispute",
                "OrderDisputed",
                Role.SUPPLIER,
                _AFTER_ORDER,
                None,
                _NOTE,
                _MARK,
                told=Role.PRACTICE,
            ),
        )
    }
)

#: Rows by the registry's function.
BY_FUNCTION: Final[Mapping[str, StepRow]] = MappingProxyType({row.function: row for row in STEPS.values()})

_BY_CODE = {row.code: row for row in STEPS.values()}
_BY_EVENT = {
    event: tuple(row for row in STEPS.values() if row.event == event)
    for event in {row.event for row in STEPS.values()}
}


def row_of_code(code: object) -> StepRow | None:
    """The row of a step's name in a record's scope, or ``None``."""
    return _BY_CODE.get(code) if isinstance(code, str) else None


def row_of_event(event: str, order_number: object = None) -> StepRow | None:
    """The row whose step an event announces, or ``None``; a first order and a remake share one event."""
    rows = _BY_EVENT.get(event, ())
    return next((row for row in rows if not row.places_order or row.step is placing(order_number)), None)


def placing(order_number: object) -> Step:
    """The step that places the order of this number: the first is an order, each later one a remake."""
    return Step.ORDER if order_number == 1 else Step.REMAKE
