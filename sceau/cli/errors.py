# SPDX-License-Identifier: Apache-2.0
"""Errors of the command line itself."""

from __future__ import annotations

from sceau.errors import SceauError


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


class ConsentHalf(SceauError):
    code = "consent-half"
    en = "A consent is given by two files: --consent-request and --signed-consent. Give both."
    fr = "Un accord se donne par deux fichiers : --consent-request et --signed-consent. Donnez les deux."


class EnvelopeNotKept(SceauError):
    code = "envelope-not-kept"
    en = "{path} is an envelope, which opens once: give --keep FILE, or open it first with sceau envelope open."
    fr = "{path} est une enveloppe, qui s'ouvre une fois : donnez --keep FICHIER, ou sceau envelope open d'abord."


class NotAnEnvelope(SceauError):
    code = "not-an-envelope"
    en = "{path} is no envelope: it is a file of another kind. Give what the sender sent."
    fr = "{path} n'est pas une enveloppe mais un fichier d'une autre sorte. Donnez ce qui a été envoyé."


class ValuesOfAnotherProfile(SceauError):
    code = "values-of-another-profile"
    en = "{path}: these are values of {found}; {needed} is needed here."
    fr = "{path} : ce sont des valeurs de {found} ; il faut {needed}."


class FileTwice(SceauError):
    code = "file-twice"
    en = "Two things would be written to one file. Give each a name of its own."
    fr = "Deux choses seraient écrites dans un même fichier. Donnez à chacune son nom."
