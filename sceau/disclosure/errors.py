# SPDX-License-Identifier: Apache-2.0
"""Why a disclosure cannot be made."""

from __future__ import annotations

from sceau.errors import InputError, PolicyError


class DisclosureError(PolicyError):
    """Base of the errors of making a disclosure."""


class ConsentNeeded(DisclosureError):
    """The clause needs a consent and none was given."""

    code = "consent-needed"
    en = "Clause {clause} of policy {policy} needs the patient's consent. Give it, or use another clause."
    fr = "La clause {clause} de la règle {policy} exige l'accord du patient. Donnez-le, ou autre clause."


class ConsentDoesNotCover(DisclosureError):
    """The consent says something else than what this disclosure needs."""

    code = "consent-does-not-cover"
    en = "The consent does not cover this disclosure: {what}. Ask for another, or disclose less."
    fr = "L'accord ne couvre pas cette divulgation : {what}. Demandez-en un autre, ou montrez moins."


class ConsentNotInForce(DisclosureError):
    """The consent relied on is not recorded, or was revoked, withdrawn, or has expired: it covers nothing new."""

    code = "consent-not-in-force"
    en = "The consent covers no new disclosure: {state}. Use a clause that needs none, or ask for another consent."
    fr = "L'accord ne couvre rien de nouveau : {state}. Prenez une clause qui s'en passe, ou redemandez-le."


class PolicyDoesNotApply(DisclosureError):
    """The policy is for another kind of recipient, or for other days."""

    code = "policy-does-not-apply"
    en = "Policy {policy} does not apply to this disclosure: {why}. Name another policy or version."
    fr = "La règle {policy} ne s'applique pas à cette divulgation : {why}. Nommez-en une autre."


class NothingAllowed(DisclosureError):
    """The record holds nothing that the clause allows to show."""

    code = "nothing-allowed"
    en = "Clause {clause} of policy {policy} allows nothing of this record ({profile}) to be shown."
    fr = (
        "La clause {clause} de la règle {policy} ne permet de montrer rien de cet enregistrement ({profile})."
    )


class DisclosureMalformed(InputError):
    """A disclosure file is truncated, edited, or no disclosure."""

    code = "disclosure-malformed"
    en = "This is not a whole disclosure: {why}. Ask its sender for it again."
    fr = "Ce n'est pas une divulgation entière : {why}. Redemandez-la à l'expéditeur."
