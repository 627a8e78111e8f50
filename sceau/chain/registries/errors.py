# SPDX-License-Identifier: Apache-2.0
"""What a registry does not hold."""

from __future__ import annotations

from sceau.errors import InputError, NotFoundError


class NoSuchClaim(NotFoundError):
    """No claim has this identifier at this block."""

    code = "no-such-claim"
    en = "No claim {claim} on this chain at block {block}. Check the identifier and the manifest."
    fr = "Pas de dossier {claim} sur cette chaîne au bloc {block}. Vérifiez l'identifiant et le manifeste."


class NotRevoked(InputError):
    """A consent is not revoked at the block that was read."""

    code = "consent-not-revoked"
    en = "Consent {consent} is not revoked at block {block}: {state}."
    fr = "L'accord {consent} n'est pas révoqué au bloc {block} : {state}."


class NoConsentKnown(NotFoundError):
    """Nothing is recorded of a consent at the block that was read."""

    code = "consent-unknown"
    en = "Nothing is recorded of consent {consent} at block {block}. Check the number and the register."
    fr = "Rien n'est inscrit de l'accord {consent} au bloc {block}. Vérifiez le numéro et le registre."


class KeyOfNoParty(NotFoundError):
    """An address is not a signing key of any party."""

    code = "key-of-no-party"
    en = "{key} is not a signing key of any party on this chain. Check the keystore, or have the key added."
    fr = "{key} n'est la clé d'aucune partie sur cette chaîne. Vérifiez le fichier de clé, ou faites-la ajouter."
