# SPDX-License-Identifier: Apache-2.0
"""Why a role does not do what it was asked; nothing was written then."""

from __future__ import annotations

from sceau.errors import InputError, SceauError, StoreError


class VerdictError(SceauError):
    """Nothing is written on the strength of this verdict."""

    http_status = 409


class VerdictUnknown(VerdictError):
    """The verdict is not among those that this party issued: a verdict by itself is worth nothing."""

    code = "verdict-unknown"
    en = "Nothing was written: this party's store has no verdict {verdict}. Verify the disclosure, then repeat."
    fr = (
        "Rien n'a été écrit : ce magasin de données n'a pas de verdict {verdict}. Vérifiez, puis recommencez."
    )


class VerdictElsewhere(VerdictError):
    """The verdict was issued by another party, or on another deployment."""

    code = "verdict-elsewhere"
    en = (
        "Nothing was written: this verdict was issued by another party or on another deployment. Verify here."
    )
    fr = "Rien n'a été écrit : ce verdict vient d'une autre partie ou d'un autre déploiement. Vérifiez ici."


class VerdictTooOld(VerdictError):
    """The verdict is older than a decision may rest on."""

    code = "verdict-too-old"
    en = "Nothing was written: the verdict is {age} s old (at most {limit} s). Verify the disclosure again."
    fr = "Rien n'a été écrit : le verdict a {age} s (au plus {limit} s). Vérifiez de nouveau la divulgation."


class VerdictRefused(VerdictError):
    """The verdict is refused."""

    exit_code = 3
    code = "verdict-refused"
    en = "Nothing was written: the verdict is REFUSED. {reasons}"
    fr = "Rien n'a été écrit : le verdict est REFUSÉ. {reasons}"


class VerdictInDoubt(VerdictError):
    """The verdict is in doubt, and the caller did not say to go on all the same."""

    exit_code = 4
    code = "verdict-in-doubt"
    en = "Nothing was written: the verdict is IN DOUBT. {reasons} Confirm that you go on all the same, or do not."
    fr = "Rien n'a été écrit : le verdict est DANS LE DOUTE. {reasons} Confirmez pour passer outre, ou renoncez."


class VerdictOfStaleNode(VerdictError):
    """The node was too old to be believed: there is no verdict on the claim."""

    exit_code = 5
    http_status = 503
    code = "stale-node"
    en = "Nothing was written. {reasons}"
    fr = "Rien n'a été écrit. {reasons}"


class NoGroundToRefuse(VerdictError):
    """What was verified says nothing of a claim that the payer could refuse."""

    code = "no-ground-to-refuse"
    en = "Nothing was written: this says nothing of a claim that you could refuse. {reasons}"
    fr = "Rien n'a été écrit : cela ne dit rien d'un dossier que vous pourriez refuser. {reasons}"


class DisclosureOfAnotherStep(VerdictError):
    """A claim is authorised on what it was opened with, and settled on its invoice."""

    code = "disclosure-of-another-step"
    en = "This shows the {found} of the claim; what is needed is a disclosure of its {needed}."
    fr = "Ceci montre l'étape « {found} » du dossier ; il faut une divulgation de l'étape « {needed} »."


class PartyOfAnotherRole(InputError):
    """A party that is named does not hold the role that it is named for."""

    code = "party-of-another-role"
    en = "Party {party} is not a {role}. Look its number up in the list of parties."
    fr = "La partie {party} n'est pas {role}. Cherchez son numéro dans la liste des parties."


class RecordNotShared(InputError):
    """No party is sent the whole record of this step."""

    code = "not-sent-whole"
    en = "The record of this step ({step}) is sent to no party whole. Show a part of it by a disclosure."
    fr = "L'enregistrement de cette étape ({step}) ne s'envoie à personne en entier. Montrez-en une part."


class DifferenceNotConfirmed(SceauError):
    """What is to be written differs from its order, and the caller did not confirm it: it would stand for ever."""

    http_status = 409
    code = "difference-not-confirmed"
    en = (
        "Nothing was written: this differs from order {order} in: {groups}. Correct the values; or, if they are "
        "true, confirm the difference: it stays on the chain."
    )
    fr = (
        "Rien n'a été écrit : ceci diffère de la commande {order} en : {groups}. Corrigez les valeurs ; ou, si "
        "elles sont vraies, confirmez la différence : elle restera sur la chaîne."
    )


class NotAnOrder(InputError):
    """A step that should place an order places none."""

    code = "not-an-order"
    en = "This step places no order: give the order or remake that was placed."
    fr = "Cette étape ne place pas de commande : donnez la commande, ou la nouvelle fabrication, qui a été placée."


class OrderOfAnotherNumber(InputError):
    """The order given is no longer the current one of its claim."""

    code = "invoice-of-replaced-order-file"
    en = "This is order {order} of the claim; the current one is {current}. Give that order."
    fr = "C'est la commande {order} du dossier ; l'actuelle est la {current}. Donnez cette dernière."


class OrderKeyMissing(InputError):
    """The key of an order is neither given nor stored."""

    code = "order-key-missing"
    en = (
        "The key of order {order} of claim {claim} is missing. Restore the order from a backup; if it is lost, "
        "replace the order: remake it with the reason CORRECTION."
    )
    fr = (
        "Il manque la clé de la commande {order} du dossier {claim}. Restaurez la commande d'une sauvegarde ; si elle "
        "est perdue, remplacez la commande : nouvelle fabrication, motif CORRECTION."
    )


class AuthorisationMissing(InputError):
    """The payer's authorisation is neither given nor stored."""

    code = "authorisation-needed"
    en = "The authorisation of claim {claim} is missing. Ask its payer to send the authorisation's envelope again."
    fr = "Il manque la prise en charge du dossier {claim}. Demandez au payeur d'en renvoyer l'enveloppe."


class RequestMissing(InputError):
    """The request that a consent answers is neither given nor stored."""

    code = "consent-request-missing"
    en = "The request that this consent answers is missing. Restore it; if it is lost, ask for the consent anew."
    fr = "Il manque la demande à laquelle cet accord répond. Restaurez-la ; si elle est perdue, redemandez l'accord."


class NotConcerned(InputError):
    """A party that has no part in a claim has nothing to justify."""

    code = "not-concerned"
    en = "Party {party} is neither the practice nor a supplier of this claim: it has nothing to justify."
    fr = "La partie {party} n'est ni le magasin ni un fournisseur de ce dossier : elle n'a rien à justifier."


class StepPending(StoreError):
    """A step of the same kind is stored that may be on its way, with other values."""

    code = "step-pending"
    en = (
        "Claim {claim} has a stored {step} with other values that may be on its way. Resend it, or wait for it; "
        "if it is refused, it is removed."
    )
    fr = (
        "Le dossier {claim} a une étape gardée ({step}), aux valeurs différentes, peut-être en route. Renvoyez-la, ou "
        "attendez ; si elle est refusée, elle est retirée."
    )


class StoreMissing(StoreError):
    """What is written must be stored first, and the role has no store."""

    http_status = 422
    code = "store-missing"
    en = "This needs a store, and none was given: without it what is written could never be shown."
    fr = "Il faut un dossier de données, et aucun n'est donné : sans lui, rien de ce qui est écrit ne se montre."


class MailboxMissing(InputError):
    """Messages need the party's message keys and its directory."""

    code = "mailbox-missing"
    en = "This needs the party's message keys and its directory, and they were not given."
    fr = "Il faut les clés de messages de la partie et son annuaire, et ils ne sont pas donnés."


class SignerMissing(InputError):
    """Writing needs one of the party's signing keys."""

    code = "signer-missing"
    en = "This needs one of the party's signing keys, and none was given."
    fr = "Il faut une des clés de signature de la partie, et aucune n'est donnée."


class KeyHasHistory(InputError):
    """The key that is to sign a consent was used before, and the caller did not say to go on all the same."""

    http_status = 409
    code = "key-has-history"
    en = (
        "Nothing was signed: address {address} was used before, and the consent would be linked to whatever it did. "
        "Sign with a fresh key, or confirm."
    )
    fr = (
        "Rien n'a été signé : l'adresse {address} a déjà servi, et l'accord serait lié à tout ce qu'elle a fait. "
        "Signez avec une clé neuve, ou confirmez."
    )


class CardMissing(InputError):
    """No card was given."""

    code = "card-missing"
    en = "This needs the consent's card, and none was given."
    fr = "Il faut la carte de l'accord, et elle n'est pas donnée."


class CardLocked(InputError):
    """The card's PIN was not given."""

    code = "card-locked"
    en = "This needs the card's key: unlock the card with its PIN first."
    fr = "Il faut la clé de la carte : ouvrez d'abord la carte avec son code."


class SenderMissing(InputError):
    """The chain charges fees, and no key that pays them was given."""

    code = "relay-key-needed"
    en = (
        "This chain charges fees, and no key was given that pays them. Give one, or hand the signed revocation to a "
        "member."
    )
    fr = (
        "Cette chaîne est payante, et aucune clé n'est donnée pour payer. Donnez-en une, ou remettez la révocation "
        "signée à un membre."
    )
