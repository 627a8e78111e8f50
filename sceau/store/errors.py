# SPDX-License-Identifier: Apache-2.0
"""Errors of the store."""

from __future__ import annotations

from sceau.errors import StoreError


class NumberAlreadyUsed(StoreError):
    """A number that serves one claim only serves another already."""

    code = "served-before"
    en = "{what} serves claim {claim} already, and serves one claim only. Check which of the two is meant."
    fr = "{what} sert déjà le dossier {claim}, et n'en sert qu'un. Voyez lequel des deux est le bon."


class StoreUnusable(StoreError):
    """The store cannot be read or written."""

    code = "register-unusable"
    en = "The store {path} cannot be used: no such folder, no rights, in use too long, or another file in its place."
    fr = "Le registre {path} est inutilisable : dossier absent, droits, occupé trop longtemps, ou autre fichier."


class EnvelopeReplayed(StoreError):
    """An envelope with this identifier came from this sender before."""

    code = "envelope-replayed"
    en = "This envelope from party {sender} was received before: it counts once."
    fr = "Cette enveloppe de la partie {sender} a déjà été reçue : elle ne compte qu'une fois."
