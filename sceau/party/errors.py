# SPDX-License-Identifier: Apache-2.0
"""Errors of parties and their applications."""

from __future__ import annotations

from sceau.errors import SceauError


class KeyOfNoParty(SceauError):
    """An address is not a signing key of any party."""

    code = "key-of-no-party"
    en = "{key} is not a signing key of any party on this chain. Check the keystore, or have the key added."
    fr = "{key} n'est la clé d'aucune partie sur cette chaîne. Vérifiez le fichier de clé, ou faites-la ajouter."


class AdminRoleUnknown(SceauError):
    """A role of the access manager is not one of this project's."""

    code = "admin-role-unknown"
    en = "There is no such admin role. The roles are: {known}."
    fr = "Ce rôle d'administration n'existe pas. Les rôles sont : {known}."


class NotInDirectory(SceauError):
    """No directory entry at hand is the one that the chain holds for a party."""

    code = "not-in-directory"
    en = "The directory has no entry of party {party} that fits the chain. Get its newest entry."
    fr = "L'annuaire n'a pas de fiche de la partie {party} conforme à la chaîne. Obtenez la plus récente."
