# SPDX-License-Identifier: Apache-2.0
"""What a request may ask: the shapes of the bodies.

A document is of one of our formats: docs/conformity.md and docs/records.md describe them.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from sceau.documents.fields import Day, PartyNumber
from sceau.documents.model import Shape

Text = Annotated[str, Field(min_length=1, max_length=200)]
Codes = Annotated[list[Text], Field(max_length=200)]
Document = dict[str, Any]


class Nothing(Shape):
    """An empty object."""


class QuoteAsked(Shape):
    """Opens a claim with a quote."""

    quote: Document
    """A quote (``sceau-quote/1``), or values (``sceau-values/1``) of a profile that opens a claim."""
    payer: PartyNumber
    consent: Text | None = None
    """A consent that this practice recorded."""
    prescription: Document | None = None
    """Values (``sceau-values/1``) of ``optical-prescription/1``, to be sealed inside."""


class OrderAsked(Shape):
    """Orders under an authorised claim, or replaces its order."""

    order: Document
    """A lens order (``sceau-lens-order/1``) or values of ``lens-order/1``."""
    supplier: PartyNumber
    replaces: bool = False
    """It takes the place of the current order: its reason says why."""


class InvoiceAsked(Shape):
    """Invoices the current order."""

    invoice: Document
    """An invoice (``sceau-invoice/1``) or values of ``fr-optical-invoice/1``."""
    despite_difference: bool = False
    """A person confirmed that it differs from its order."""


class NoteAsked(Shape):
    """Says why, by codes."""

    reason: Text | None = None
    reference: Text | None = None


class MarkAsked(NoteAsked):
    """Disputes an order, or records its return."""

    order: Annotated[int, Field(ge=1, le=255)] | None = None
    """The order's number; the current one if not given."""


class DisclosureAsked(Shape):
    """Shows the payer what a clause of the policy allows."""

    clause: Text
    policy: Text | None = None
    """A policy's name or name and version; the usual one if not given."""
    paths: Codes | None = None
    """The paths to show; all that the clause allows if not given."""


class ConsentRequestAsked(Shape):
    """Asks a patient's consent."""

    payer: PartyNumber
    groups: Codes
    expires_on: Day | None = None
    attested: bool = False


class ConsentAsked(Shape):
    """Records the consent that the patient signed."""

    signed: Document
    """The signed consent, as the patient's software gave it."""


class OrderAnswerAsked(Shape):
    """Accepts an order, or refuses it."""

    refuse_because: Text | None = None
    """A code; the order is accepted if none is given, and its locks fit."""


class DeliveryAsked(Shape):
    """Attests what was delivered."""

    delivery: Document
    """A delivery (``sceau-lens-delivery/1``) or values of ``lens-delivery/1``, of what was made."""
    despite_difference: bool = False
    """A person confirmed that it differs from the order."""


class DeclineAsked(Shape):
    """Declines what a payer asks to be shown."""

    reason: Text
    """Why, as a code; nothing about a person."""


class InformationAsked(Shape):
    """Asks the practice to be shown more of a claim's record."""

    paths: Codes
    clause: Text
    """The clause of the policy under which it is asked for."""
    reason: Text
    """Why, a code of the list in docs/envelopes.md."""
    policy: Text | None = None


class PaymentAsked(Shape):
    """Tells the practice that a settled claim was paid."""

    day: Day
    """The day of the transfer."""
    reference: Text
    """The payer's own reference of the transfer, as a code."""
    amount: Annotated[int, Field(ge=0, le=2**53)] | None = None
    """In cents; what the settlement seals if not given."""


class VerdictAsked(Shape):
    """Judges a disclosure that was received."""

    disclosure: Text
    """The identifier of the message, or of a claim for its newest one."""


class AuthorisationAsked(Shape):
    """Authorises the claim of a verdict."""

    valid_until: Day
    file_number: Text | None = None
    despite_doubt: bool = False


class RefusalAsked(Shape):
    """Refuses the claim of a verdict for ever."""

    reason: Text | None = None


class SettlementAsked(Shape):
    """Settles the claim of a verdict."""

    payment_reference: Text | None = None
    payment_date: Day | None = None
    despite_doubt: bool = False
