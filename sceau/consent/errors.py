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
    en = "This software does not have the consent text that the request names. Update it before signing."
    fr = "Ce logiciel n'a pas le texte d'accord que nomme la demande. Mettez-le à jour avant de signer."


class TextChanged(ConsentError):
    """The text, or the hash that a consent names, is not the one published under its version."""

    code = "consent-text-changed"
    en = "The consent text {version} is not the one published under that name. Do not sign."
    fr = "Le texte d'accord {version} n'est pas celui qui est publié sous ce nom. Ne signez pas."


class NotInWords(ConsentError):
    """The text has no words for a data group or a purpose: nobody is asked to agree to what is not said."""

    code = "consent-not-in-words"
    en = "{path}: the consent text {version} does not cover this, so it cannot be asked for. Remove it."
    fr = "{path} : le texte d'accord {version} ne couvre pas ceci ; on ne peut pas le demander. Retirez-le."


# Requests


class RequestRefused(ConsentError):
    """Base of the refusals of a consent request; nothing is signed."""


class RequestForeign(RequestRefused):
    """The request is for another chain, contract or type of record than expected."""

    code = "consent-request-foreign"
    en = (
        "The consent request is for another register: {part} differs. Ask the shop for one for this register."
    )
    fr = "La demande d'accord vise un autre registre : {part} diffère. Demandez-en une pour ce registre."


class RequestContradictory(RequestRefused):
    """What would be written on the chain differs from what the sealed record says."""

    code = "consent-request-contradictory"
    en = "The consent request says two things: {part} differs from the sealed record. Do not sign it."
    fr = "La demande d'accord dit deux choses : {part} diffère de l'enregistrement scellé. Ne la signez pas."


class PartiesAlike(RequestRefused):
    """The practice and the payer of a consent are one party."""

    code = "consent-parties-alike"
    en = "The shop and the insurer of the consent are the same member. Name the insurer."
    fr = "Le magasin et la complémentaire de l'accord sont le même membre. Nommez la complémentaire."


class ExpiryRefused(RequestRefused):
    """A consent's end is not one that the contract takes."""

    code = "consent-expiry-refused"
    en = "The end of the consent {rule}. Choose another date."
    fr = "La fin de l'accord {rule}. Choisissez une autre date."


PAST = Sentence("past", "is not after the newest block", "n'est pas après le dernier bloc")
TOO_FAR = Sentence(
    "too-far", "is more than 731 days after the newest block", "est à plus de 731 jours du dernier bloc"
)


# Signatures


class SignatureNotByKey(ConsentError):
    """A consent or a revocation was not signed by the key it names, for this chain and contract."""

    code = "consent-signature-not-by-key"
    en = "The signature is not by the key that it names, or was made for another register. Ask for it again."
    fr = "La signature n'est pas de la clé nommée, ou vise un autre registre. Redemandez-la."


class SignedForeign(ConsentError):
    """A signed consent, a revocation or a card is for another chain or contract."""

    code = "consent-foreign"
    en = "The {what} is for another register: {part} differs. Use the register it was made for."
    fr = "{what} : autre registre, {part} diffère. Utilisez le registre pour lequel il a été fait."


class NotWhatWasAsked(ConsentError):
    """A signed consent is not the answer to the request it is given with."""

    code = "consent-not-what-was-asked"
    en = "The signed consent differs from the request: {part}. Ask the patient to sign the right request."
    fr = "L'accord signé diffère de la demande : {part}. Faites signer la bonne demande."


# Cards


class CardError(ConsentError, KeyFileError):
    """Base of the refusals of a card."""


class PinRefused(CardError):
    """A PIN is too short, is not made of digits, or is one of the first that anybody tries."""

    code = "card-pin-refused"
    en = "The PIN {rule}. Choose another of at least 6 digits."
    fr = "Le code {rule}. Choisissez-en un autre d'au moins 6 chiffres."


class WrongPin(CardError):
    """The PIN does not open the card."""

    code = "card-wrong-pin"
    en = "This PIN does not open the card (or the card was damaged). Try again, or read the card again."
    fr = "Ce code n'ouvre pas la carte (ou la carte est abîmée). Réessayez, ou relisez la carte."


class NoMemory(CardError):
    """A card takes 256 MB of memory for a moment, so that trying all PINs is costly."""

    code = "card-no-memory"
    en = "Opening or making a card takes 256 MB of free memory, which this device does not have now."
    fr = "Ouvrir ou créer une carte demande 256 Mo de mémoire libre, que cet appareil n'a pas en ce moment."


class CardContradictory(CardError):
    """The card's consent, commitment and key do not belong together: it was edited or mixed up."""

    code = "card-contradictory"
    en = "The card was changed: its consent, commitment and key do not belong together. Use another copy of it."
    fr = "La carte a été modifiée : accord, empreinte et clé ne vont pas ensemble. Prenez une autre copie."


class QrUnreadable(CardError):
    """A text is not that of a printed card, or not all of it."""

    code = "card-qr-unreadable"
    en = "This is not the text of a consent card's QR code: {rule}. Scan the code again."
    fr = "Ce n'est pas le texte du QR d'une carte d'accord : {rule}. Scannez le code de nouveau."


class CardExtraMissing(ExtraMissing):
    """The optional packages that draw a card are not installed."""

    code = "card-extra-missing"
    en = "Printing a card needs the packages segno and reportlab. Run: pip install 'sceau[card]'"
    fr = "Imprimer une carte demande les paquets segno et reportlab. Lancez : pip install 'sceau[card]'"


class PrintFormatUnknown(CardError):
    """A card is printed as PDF or PNG, and the file's name ends in neither."""

    code = "card-print-format"
    en = "{path}: a card is printed as .pdf or .png. Give a name that ends so."
    fr = "{path} : une carte s'imprime en .pdf ou .png. Donnez un nom qui finit ainsi."


# State on the chain
