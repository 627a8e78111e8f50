# SPDX-License-Identifier: Apache-2.0
"""Errors of the command line itself."""

from __future__ import annotations

from sceau.errors import NodeError, SceauError, VerdictError


class PasswordNeeded(SceauError):
    code = "password-needed"
    en = "{what} is needed and nobody can be asked. Give {flag} FILE, or {flag} - to read it from standard input."
    fr = "{what} : il le faut et personne ne peut répondre. Donnez {flag} FICHIER, ou {flag} - (entrée standard)."


class PasswordsDiffer(SceauError):
    code = "passwords-differ"
    en = "The two entries differ. Start again."
    fr = "Les deux saisies diffèrent. Recommencez."


class StandardInputTwice(SceauError):
    code = "standard-input-twice"
    en = "Only one thing can be read from standard input; two were asked for. Give one as a file."
    fr = "L'entrée standard ne donne qu'une chose ; deux sont demandées. Donnez-en une par un fichier."


class NotConfirmed(SceauError):
    code = "not-confirmed"
    en = "Not confirmed: nothing was done. Confirm, or give --yes."
    fr = "Sans confirmation : rien n'a été fait. Confirmez, ou donnez --yes."


class InputInvalid(SceauError):
    code = "input-invalid"
    en = "{what}: {why}."
    fr = "{what} : {why}."


class RelayKeyNeeded(SceauError):
    code = "relay-key-needed"
    en = "This chain charges fees: give --keystore of whoever pays, or make a file with --offline for a member."
    fr = "Cette chaîne est payante : donnez --keystore de qui paie, ou faites un fichier (--offline) à remettre."


class PartyOfAnotherRole(SceauError):
    code = "party-of-another-role"
    en = "Party {party} is no {role}. Look the number up with: sceau party list"
    fr = "La partie {party} n'est pas {role}. Cherchez le numéro avec : sceau party list"


class ConsentHalf(SceauError):
    code = "consent-half"
    en = "A consent is given by two files: --consent-request and --signed-consent. Give both."
    fr = "Un accord se donne par deux fichiers : --consent-request et --signed-consent. Donnez les deux."


class RoleUnknown(SceauError):
    code = "role-unknown"
    en = "There is no such role. The roles are: {known}."
    fr = "Ce rôle n'existe pas. Les rôles sont : {known}."


class EntryOfNobody(SceauError):
    code = "entry-of-nobody"
    en = "No party on this chain publishes this entry. Get the newest, or wait until its hash is published."
    fr = "Aucune partie de cette chaîne ne publie cette fiche. Obtenez la plus récente, ou attendez sa publication."


class EnvelopeNotKept(SceauError):
    code = "envelope-not-kept"
    en = "{path} is an envelope, which opens once: give --keep FILE, or open it first with sceau envelope open."
    fr = "{path} est une enveloppe, qui s'ouvre une fois : donnez --keep FICHIER, ou sceau envelope open d'abord."


class NotAnEnvelope(SceauError):
    code = "not-an-envelope"
    en = "{path} is no envelope: it is a file of another kind. Give what the sender sent."
    fr = "{path} n'est pas une enveloppe mais un fichier d'une autre sorte. Donnez ce qui a été envoyé."


class MessageKindUnknown(SceauError):
    code = "message-kind-unknown"
    en = "The message is of a kind that this version does not know. Update the program."
    fr = "Le message est d'une sorte inconnue de cette version. Mettez le logiciel à jour."


class NotSentWhole(SceauError):
    code = "not-sent-whole"
    en = "The opening of this step ({step}) is sent to nobody whole. Show a part of it with: sceau disclose"
    fr = "L'ouverture de cette étape ({step}) ne s'envoie à personne en entier. Montrez-en une part : sceau disclose"


class NotAnOrder(SceauError):
    code = "not-an-order"
    en = "{path} keeps no order: give the file that sceau claim order or remake wrote."
    fr = "{path} ne garde pas de commande : donnez le fichier écrit par sceau claim order ou remake."


class VerdictRefused(VerdictError):
    exit_code = 3
    code = "verdict-refused"
    en = "Nothing was written: the verdict is REFUSED. {reasons}"
    fr = "Rien n'a été écrit : le verdict est REFUSÉ. {reasons}"


class VerdictInDoubt(VerdictError):
    exit_code = 4
    code = "verdict-in-doubt"
    en = "Nothing was written: the verdict is IN DOUBT. {reasons} To go on all the same: --despite-doubt."
    fr = "Rien n'a été écrit : le verdict est DANS LE DOUTE. {reasons} Pour passer outre : --despite-doubt."


class VerdictOfStaleNode(NodeError):
    code = "stale-node"
    en = "Nothing was written. {reasons}"
    fr = "Rien n'a été écrit. {reasons}"


class NoGroundToRefuse(SceauError):
    code = "no-ground-to-refuse"
    en = "Nothing was written: this says nothing of a claim that you could refuse. {reasons}"
    fr = "Rien n'a été écrit : cela ne dit rien d'un dossier que vous pourriez refuser. {reasons}"


class DisclosureOfAnotherStep(SceauError):
    code = "disclosure-of-another-step"
    en = "This shows the {found} of the claim; what is needed is a disclosure of its {needed}."
    fr = "Ceci montre l'étape « {found} » du dossier ; il faut une divulgation de l'étape « {needed} »."


class ValuesOfAnotherProfile(SceauError):
    code = "values-of-another-profile"
    en = "{path}: these are values of {found}; {needed} is needed here."
    fr = "{path} : ce sont des valeurs de {found} ; il faut {needed}."


class AuthorisationNeeded(SceauError):
    code = "authorisation-needed"
    en = "An act-code key is checked with the codes that you authorised: give your --authorisation file too."
    fr = "Une clé de codes actes se vérifie avec les codes accordés : donnez aussi votre fichier --authorisation."


class DifferenceNotConfirmed(SceauError):
    code = "difference-not-confirmed"
    en = (
        "Nothing was written: this differs from order {order} in: {groups}. Correct the values; or, if they are "
        "true, give --despite-difference: the difference stays on the chain."
    )
    fr = (
        "Rien n'a été écrit : ceci diffère de la commande {order} en : {groups}. Corrigez les valeurs ; ou, si "
        "elles sont vraies, donnez --despite-difference : la différence restera sur la chaîne."
    )


class InvoiceOfReplacedOrder(SceauError):
    code = "invoice-of-replaced-order-file"
    en = "{path} keeps order {order} of the claim; the current one is {current}. Give the file of that order."
    fr = "{path} garde la commande {order} du dossier ; l'actuelle est la {current}. Donnez le fichier de celle-ci."


class NotConcerned(SceauError):
    code = "not-concerned"
    en = "Party {party} is neither the practice nor a supplier of this claim: it has nothing to justify."
    fr = "La partie {party} n'est ni le magasin ni un fournisseur de ce dossier : elle n'a rien à justifier."


class FileTwice(SceauError):
    code = "file-twice"
    en = "Two things would be written to one file. Give each a name of its own."
    fr = "Deux choses seraient écrites dans un même fichier. Donnez à chacune son nom."
