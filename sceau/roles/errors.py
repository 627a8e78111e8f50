# SPDX-License-Identifier: Apache-2.0
"""Why a role does not do what it was asked; nothing was written then."""

from __future__ import annotations

from sceau.chain.errors import TransactionUnsettled
from sceau.errors import InputError, NotFoundError, StoreError, TransactionError, VerdictError


class VerdictUnknown(VerdictError):
    """The verdict is not among those that this party issued: a verdict made by hand counts for nothing."""

    code = "verdict-unknown"


class VerdictElsewhere(VerdictError):
    """The verdict was issued by another party, or on another deployment."""

    code = "verdict-elsewhere"


class VerdictTooOld(VerdictError):
    """The verdict is older than a decision may rest on."""

    code = "verdict-too-old"


class VerdictRefused(VerdictError):
    """The verdict is refused."""

    exit_code = 3
    code = "verdict-refused"


class VerdictInDoubt(VerdictError):
    """The verdict is in doubt, and the caller did not say to continue nevertheless."""

    exit_code = 4
    code = "verdict-in-doubt"


class VerdictOfStaleNode(VerdictError):
    """The node was too old to be believed: there is no verdict on the claim."""

    exit_code = 5
    http_status = 503
    code = "verdict-of-stale-node"


class NoGroundToRefuse(VerdictError):
    """What was verified gives no ground to refuse a claim."""

    code = "no-ground-to-refuse"


class GroundGone(VerdictError):
    """What refused the claim was corrected, as a newer verdict shows, before the refusal was written."""

    code = "ground-gone"


class VerdictBeforeToldMark(VerdictError):
    """A supplier told the payer a mark after the verdict."""

    code = "verdict-before-told-mark"


class DecisionNotStored(VerdictError):
    """The payer's store has no such decision: no verdict is known that allowed it."""

    code = "decision-not-stored"


class DisclosureOfAnotherStep(VerdictError):
    """A claim is authorised on what it was opened with, and settled on its invoice."""

    code = "disclosure-of-another-step"


class PartyOfAnotherRole(InputError):
    """A party that is named does not hold the role that it is named for."""

    code = "party-of-another-role"


class RecordNotShared(InputError):
    """No party is sent the whole record of this step."""

    code = "not-sent-whole"


class DifferenceNotConfirmed(InputError):
    """What is to be written differs from its order, and the caller did not confirm it: it would stand for ever."""

    http_status = 409
    code = "difference-not-confirmed"


class NotAnOrder(InputError):
    """A step that should place an order places none."""

    code = "not-an-order"


class OrderOfAnotherNumber(InputError):
    """The order given is no longer the current one of its claim."""

    code = "invoice-of-replaced-order-file"


class MarkReplacedOrder(InputError):
    """The order to be marked was replaced: its supplier tells the payer instead (:meth:`Supplier.tell_payer`)."""

    http_status = 409
    code = "mark-of-replaced-order"


class OrderStands(InputError):
    """The order to tell the payer of was not replaced: its supplier marks it on the chain."""

    http_status = 409
    code = "order-stands"


class OrderOfAnotherSupplier(InputError):
    """An order that the claim does not have, or that names another supplier than the caller."""

    code = "order-of-another-supplier"


class AuthorisationMissing(InputError):
    """The payer's authorisation is neither given nor stored."""

    code = "authorisation-needed"


class OwnAuthorisationMissing(InputError):
    """Act codes are checked with the codes that the payer authorised, and its authorisation is not at hand."""

    code = "own-authorisation-missing"


class OwnSettlementMissing(InputError):
    """The payer's own settlement of a claim is not at hand."""

    code = "own-settlement-missing"


class DecisionIncomplete(InputError):
    """A decision lacks what it must state, and what was shown of the claim does not say it either."""

    code = "decision-incomplete"


class LastDayPassed(InputError):
    """An authorisation would end before it is written."""

    code = "last-day-passed"


class PaymentBeyond(InputError):
    """A settlement would pay more than was authorised or invoiced, in another currency, or on another file number."""

    code = "payment-beyond"


class ProfileOfAnotherStep(InputError):
    """A record of this profile is not what a step seals."""

    code = "profile-of-another-step"


class NotTheAuthorisation(InputError):
    """A step that should be the payer's authorisation of a claim is another."""

    code = "not-the-authorisation"


class ConsentDropped(TransactionError):
    """A consent that was to be withdrawn waited in the outbox: it was taken out, and nothing stands on the chain."""

    code = "consent-dropped"


class EntryUnknown(NotFoundError):
    """There is no entry under this name in the outbox."""

    code = "entry-unknown"


class NotInInbox(NotFoundError):
    """There is no message under this name in the inbox."""

    code = "not-in-inbox"


class NotReceived(NotFoundError):
    """No such message was received, or none that can be used about a claim."""

    code = "not-received"


class EntryNotStopped(StoreError):
    """An entry of the outbox did not stop: it is sent by itself."""

    code = "entry-not-stopped"


class DisclosureQueued(TransactionUnsettled):
    """A disclosure was not made: what is wanted waits in the store, and is made and sent by a later ``sync``."""

    code = "disclosure-queued"


class EntryOnItsWay(StoreError):
    """An entry of the outbox was handed to a node, or may have been: it can no longer be given up."""

    code = "entry-on-its-way"


class RequestMissing(InputError):
    """The request that a consent answers is neither given nor stored."""

    code = "consent-request-missing"


class NotConcerned(InputError):
    """A party that takes no part in a claim may not justify a finding on it."""

    code = "not-concerned"


class StepPending(StoreError):
    """A step of the same kind is stored that may be on its way, with other values."""

    code = "step-pending"


class StoreMissing(StoreError):
    """What is written must be stored first, and the role has no store."""

    http_status = 422
    code = "store-missing"


class MailboxMissing(InputError):
    """Messages need the party's message keys and its directory."""

    code = "mailbox-missing"


class SignerMissing(InputError):
    """Writing needs one of the party's signing keys."""

    code = "signer-missing"


class KeyHasHistory(InputError):
    """The key that is to sign a consent was used before, and the caller did not say to continue nevertheless."""

    http_status = 409
    code = "key-has-history"


class NodesDisagree(TransactionError):
    """The node that relayed a revocation says that it is written, and another that knows that block says it is not."""

    exit_code = 6
    http_status = 504
    code = "nodes-disagree"


class CardMissing(InputError):
    """No card was given."""

    code = "card-missing"


class CardLocked(InputError):
    """The card's PIN was not given."""

    code = "card-locked"


class SenderMissing(InputError):
    """The chain charges fees, and no key that pays them was given."""

    code = "relay-key-needed"


class NotAsked(InputError):
    """An auditor's request is made out to another party."""

    code = "not-asked"


class OwnCase(InputError):
    """An auditor has a part in the claim that it should rule on."""

    code = "own-case"


class NoStepToShow(InputError):
    """Neither an opening nor an invoice of a claim is stored."""

    code = "no-step-to-show"


class ErasureUnknown(NotFoundError):
    """No erasure is noted in this store, or none of what is named."""

    code = "erasure-unknown"
