# SPDX-License-Identifier: Apache-2.0
"""Errors of parties and their applications."""

from __future__ import annotations

from sceau.errors import ExtraMissing, InputError, KeyFileError, NotFoundError


class AdminRoleUnknown(InputError):
    """A role of the access manager is not one of this project's."""

    code = "admin-role-unknown"
    en = "There is no such admin role. The roles are: {known}."
    fr = "Ce rôle d'administration n'existe pas. Les rôles sont : {known}."


class NotInDirectory(NotFoundError):
    """No directory entry at hand is the one that the chain holds for a party."""

    code = "not-in-directory"
    en = "The directory has no entry of party {party} that fits the chain. Get its newest entry."
    fr = "L'annuaire n'a pas de fiche de la partie {party} conforme à la chaîne. Obtenez la plus récente."


class ApplicationInvalid(InputError):
    """An application asks for something that cannot be."""

    code = "application-invalid"
    en = "The application cannot be taken: {rule}. Make it again."
    fr = "La demande d'admission est irrecevable : {rule}. Refaites-la."


class KeyProofInvalid(InputError):
    """The proof that a signing key is held does not hold."""

    code = "key-proof-invalid"
    en = "The proof that {key} is held does not fit this controller, chain and registry. Make it again."
    fr = "La preuve de possession de {key} ne vaut pas pour ces contrôleur, chaîne et registre. Refaites-la."


class ApplicationElsewhere(InputError):
    """An application was made for another deployment."""

    code = "application-elsewhere"
    en = "The application is for another deployment: {part} differs. It must be made for this one."
    fr = (
        "La demande est faite pour un autre déploiement : {part} diffère. Elle doit être faite pour celui-ci."
    )


class RoleUnknown(InputError):
    """No role of a party has this name."""

    code = "role-unknown"
    en = "There is no such role. The roles are: {known}."
    fr = "Ce rôle n'existe pas. Les rôles sont : {known}."


class EntryOfNobody(InputError):
    """No party on the chain publishes a directory entry."""

    code = "entry-of-nobody"
    en = "No party on this chain publishes this entry. Get the newest, or wait until its hash is published."
    fr = "Aucune partie de cette chaîne ne publie cette fiche. Obtenez la plus récente, ou attendez sa publication."


class RoleNotHeld(InputError):
    """An admin role is taken from an account that does not hold it."""

    code = "admin-role-not-held"
    en = "{account} does not hold {role}: there is nothing to take away. Check the account."
    fr = "{account} n'a pas le rôle {role} : il n'y a rien à retirer. Vérifiez le compte."


class LastAdmin(InputError):
    """The last holder of the manager's own role would go."""

    code = "last-admin"
    en = (
        "{account} is the last holder of ADMIN. Give ADMIN to another account first, and check that it works."
    )
    fr = "{account} est le dernier titulaire d'ADMIN. Donnez ADMIN à un autre compte, et vérifiez-le d'abord."


class EnvelopeExtraMissing(ExtraMissing):
    """The library that signs and encrypts is not installed."""

    code = "envelope-extra-missing"
    en = "Messages between parties need one more library: pip install 'sceau[envelope]'"
    fr = "Les messages entre parties demandent une bibliothèque de plus : pip install 'sceau[envelope]'"


class MessageKeysInvalid(KeyFileError):
    """A party's published keys, or the file of its own, are not as they should be."""

    code = "message-keys-invalid"
    en = "Message keys of {whose}: {why}."
    fr = "Clés de messages de {whose} : {why}."
