# SPDX-License-Identifier: Apache-2.0
"""Errors of consents, cards and revocations. None holds a key, a PIN, a salt or what was consented to."""

from __future__ import annotations

from sceau.errors import ExtraMissing, InputError, KeyFileError, Sentence


class ConsentError(InputError):
    """Base of all errors of :mod:`sceau.consent`."""


# The text that a patient is shown


class TextUnknown(ConsentError):
    """A consent names a text that this software does not have, so it cannot show what was agreed to."""

    code = "consent-text-unknown"


class TextChanged(ConsentError):
    """The text, or the hash that a consent names, is not the one published under its version."""

    code = "consent-text-changed"


class NotInWords(ConsentError):
    """The text has no words for a data group or a purpose: nobody is asked to agree to what the text does not name."""

    code = "consent-not-in-words"


# Requests


class RequestRefused(ConsentError):
    """Base of the refusals of a consent request; nothing is signed."""


class RequestForeign(RequestRefused):
    """The request is for another chain, contract or type of record than expected."""

    code = "consent-request-foreign"


class RequestContradictory(RequestRefused):
    """What would be written on the chain differs from what the sealed record says."""

    code = "consent-request-contradictory"


class PartiesAlike(RequestRefused):
    """The practice and the payer of a consent are one party."""

    code = "consent-parties-alike"


class ExpiryRefused(RequestRefused):
    """A consent's end is not one that the contract takes."""

    code = "consent-expiry-refused"


PAST = Sentence("consent.past")
TOO_FAR = Sentence("consent.too-far")


# Signatures


class SignatureNotByKey(ConsentError):
    """A consent or a revocation was not signed by the key it names, for this chain and contract."""

    code = "consent-signature-not-by-key"


class SignatureOfAnotherShape(SignatureNotByKey):
    """What was given is not a key's signature in any usual form, and no contract is at the address that it names."""

    code = "consent-signature-of-another-shape"


class SignedForeign(ConsentError):
    """A signed consent, a revocation or a card is for another chain or contract."""

    code = "consent-foreign"


class RevocationCodeUnreadable(ConsentError):
    """A text is no code of a revocation, or a damaged one."""

    code = "revocation-code-unreadable"


class RevocationNotShown(ConsentError):
    """The chain does not show the revocation that a code or a file names."""

    code = "revocation-not-shown"


class NotWhatWasAsked(ConsentError):
    """A signed consent is not the answer to the request it is given with."""

    code = "consent-not-what-was-asked"


# Cards


class CardError(ConsentError, KeyFileError):
    """Base of the refusals of a card."""


class PinRefused(CardError):
    """A PIN is too short, is not made of digits, or is one of the first that anybody tries."""

    code = "card-pin-refused"


class WrongPin(CardError):
    """The PIN does not open the card."""

    code = "card-wrong-pin"


class NoMemory(CardError):
    """A card takes 256 MB of memory for a moment, so that trying all PINs is costly."""

    code = "card-no-memory"


class CardContradictory(CardError):
    """The card's consent, commitment and key do not belong together: it was edited or mixed up."""

    code = "card-contradictory"


class QrUnreadable(CardError):
    """A text is not that of a printed card, or not all of it."""

    code = "card-qr-unreadable"


class CardExtraMissing(ExtraMissing):
    """The optional packages that draw a card are not installed."""

    code = "card-extra-missing"


class PrintFormatUnknown(CardError):
    """A card is printed as PDF or PNG, and the file's name ends in neither."""

    code = "card-print-format"


# State on the chain
