# SPDX-License-Identifier: Apache-2.0
"""Errors of the command line itself."""

from __future__ import annotations

from sceau.errors import Language, SceauError


class InFile(SceauError):
    """Another error, said of one file; it keeps that error's code."""

    def __init__(self, path: object, cause: SceauError) -> None:
        self.path = path
        self.cause = cause
        self.code = cause.code  # type: ignore[misc] # each instance has the code of its cause
        super().__init__()

    def message(self, language: Language = "en") -> str:
        """The cause's message, after the name of the file."""
        text = self.cause.message(language)
        if str(self.path) in text:
            return text
        return f"{self.path}: {text}" if language == "en" else f"{self.path} : {text}"


class PasswordNeeded(SceauError):
    code = "password-needed"
    en = "{what} is needed and nobody can be asked. Give {flag} FILE, or {flag} - to read it from standard input."
    fr = "Il faut {what} et personne ne peut répondre. Donnez {flag} FICHIER, ou {flag} - (entrée standard)."


class PasswordsDiffer(SceauError):
    code = "passwords-differ"
    en = "The two entries differ. Start again."
    fr = "Les deux saisies diffèrent. Recommencez."


class SecretEmpty(SceauError):
    code = "secret-empty"
    en = "{what} is empty. Give one."
    fr = "{what} est vide. Donnez-en un."


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
