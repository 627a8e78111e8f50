# SPDX-License-Identifier: Apache-2.0
"""Why an envelope or a message is refused. None of these errors repeats what an envelope holds."""

from __future__ import annotations

from sceau.errors import InputError, MessageError


class MessageRefused(MessageError):
    """Base of the errors of messages: nothing may be done because of it."""


class MessageMalformed(MessageRefused):
    """A part of a signed message is missing or invalid."""

    code = "message-malformed"


class MessageKindUnknown(MessageRefused):
    """The message is of a kind that this version does not know."""

    code = "message-kind-unknown"


class StepNotWritten(MessageRefused):
    """The chain holds no such step of the claim."""

    code = "step-not-written"


class OpeningNotOnChain(MessageRefused):
    """The sealed record is not that of the step on the chain."""

    code = "opening-not-on-chain"


class NotTheWriter(MessageRefused):
    """Another party wrote the step."""

    code = "message-not-by-writer"


class NotForYou(MessageRefused):
    """The step names another party than the reader."""

    code = "message-not-for-you"


class GroupKeysDiffer(MessageRefused):
    """The order key attached is not the one that the sender signed for."""

    code = "group-keys-differ"


class NotTheClaimsPayer(MessageRefused):
    """Something for a claim's payer reached another party."""

    code = "message-not-for-payer"


class NotTheReader(MessageRefused):
    """The claim names another reader for messages of this kind."""

    code = "message-for-another-reader"


class ReaderNotNamed(MessageRefused):
    """The claim does not name this reader for messages of this kind: nothing is made out to it."""

    code = "reader-not-named"


class SubjectUnclear(MessageRefused):
    """A message must be about one claim; this one is about none, or about several."""

    code = "message-subject-unclear"


class DisclosureOfAnotherTime(MessageRefused):
    """A disclosure is put into an envelope long after it was made."""

    code = "disclosure-of-another-time"


class PaymentDiffers(MessageRefused):
    """A payment notice states another amount than the settlement seals."""

    code = "payment-differs"


class PaidAhead(MessageRefused):
    """A payment notice tells of a day that has not come."""

    code = "paid-ahead"


class NotJustifiable(MessageRefused):
    """No justification or ruling can close this finding."""

    code = "not-justifiable"


class OrderToName(MessageRefused):
    """A justification names no order where it should, or one where it should not."""

    code = "order-to-name"


class NotAnAuditor(MessageRefused):
    """A party that is not an auditor asks for evidence."""

    code = "not-an-auditor"


class DeadlineTooSoon(MessageRefused):
    """A request leaves a party too little time."""

    code = "deadline-too-soon"


class WordNotSigned(MessageRefused):
    """A justification or a ruling was made or changed by hand: no signed message to this reader says it."""

    code = "word-not-signed"


class EnvelopeError(MessageError):
    """Base of the errors of envelopes."""


class EnvelopeUnreadable(EnvelopeError):
    """It is truncated or altered, encrypted to another key, or no envelope."""

    code = "envelope-unreadable"


class EnvelopeNotSigned(EnvelopeError):
    """The signature is not by a signing key that the sender's directory entry publishes."""

    code = "envelope-not-signed"


class EnvelopeForeign(EnvelopeError):
    """It is made out to another party, or another chain."""

    code = "envelope-foreign"


class EnvelopeOfAnotherKind(EnvelopeError):
    """It holds another kind of message than the one expected."""

    code = "envelope-of-another-kind"


class EnvelopeStale(EnvelopeError):
    """It is no longer valid, or not yet."""

    code = "envelope-stale"

    @property
    def is_over(self) -> bool:
        """Whether its time has passed, and will not come."""
        return bool(self.details["now"] >= self.details["expires"])


class EnvelopeTooLong(EnvelopeError):
    """The message does not fit the one length that envelopes of its kind have."""

    code = "envelope-too-long"


class EnvelopeMalformed(EnvelopeError):
    """It opens and is signed, but lacks what an envelope must hold."""

    code = "envelope-malformed"


class ExchangeUnusable(InputError):
    """A folder of the exchange cannot be read or written."""

    code = "exchange-unusable"


class ExchangeMissing(InputError):
    """Messages are to be sent or received, and there is no transport."""

    code = "exchange-missing"


class LetterOfAnother(MessageRefused):
    """A message lies in the folder of another party than the one that signed it."""

    code = "letter-of-another"


class ReceiptOfNothing(MessageRefused):
    """A receipt for a message that was never sent to its signer, or that said something else."""

    code = "receipt-of-nothing"


class AskedTooOften(MessageRefused):
    """A party asks for its messages again, soon after it was sent them."""

    code = "asked-too-often"


class MessageBroken(MessageRefused):
    """A message has a form that no version writes."""

    code = "message-broken"


class NothingToRebuild(MessageRefused):
    """What a disclosure was made of is no longer stored, so that it cannot be built anew."""

    code = "nothing-to-rebuild"


class SenderNotNamed(MessageRefused):
    """The claim does not name the sender for messages of this kind."""

    code = "sender-not-named"


class ReasonNotListed(MessageRefused):
    """A request for information gives a reason that is none of the list."""

    code = "reason-not-listed"


class AskedPaths(MessageRefused):
    """A request for information names no path, or too many."""

    code = "asked-paths"


class AnswerToNoRequest(MessageRefused):
    """An answer to a request for information that this party did not make to the answering party."""

    code = "answer-to-no-request"


class RequestAnswered(MessageRefused):
    """What was asked was answered already."""

    code = "request-answered"


class RequestNumberUsed(MessageRefused):
    """Two requests of one payer bear one number and ask for different things."""

    code = "request-number-used"


class AnswerOfNothing(MessageRefused):
    """An answer to a deletion notice that this party did not send to the answering party."""

    code = "answer-of-nothing"
