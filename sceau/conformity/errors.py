# SPDX-License-Identifier: Apache-2.0
"""Errors of the conformity package. None holds a key, a tag's input or a value of a record."""

from __future__ import annotations

from sceau.errors import InputError


class ConformityError(InputError):
    """Base of all errors of :mod:`sceau.conformity`."""


class KeyMalformed(ConformityError):
    """A text that should be an order key or a group key is none."""

    code = "order-key-malformed"
    en = "The key is not 0x and 64 lower-case hexadecimal digits. Ask its sender for it again."
    fr = "La clé n'est pas 0x et 64 chiffres hexadécimaux minuscules. Redemandez-la à celui qui l'a envoyée."


class GroupKeyOfAnotherGroup(ConformityError):
    """A group's key was given for the values of another group."""

    code = "group-key-of-another-group"
    en = "The key is that of the group '{key}', and the values are those of '{group}'. Use the group's own key."
    fr = "La clé est celle du groupe « {key} » et les valeurs celles de « {group} ». Prenez la clé du groupe."


class SealsMalformed(ConformityError):
    """Locks or tags that are not four words of 32 bytes."""

    code = "seals-malformed"
    en = "{count} locks or tags were given; there are four, each 0x and 64 hexadecimal digits."
    fr = (
        "{count} verrous ou étiquettes sont donnés ; il y en a quatre, chacun 0x et 64 chiffres hexadécimaux."
    )


class OrderContextWrong(ConformityError):
    """A chain, contract, claim or order number that no order can have."""

    code = "order-context-wrong"
    en = "Order: {part} is missing or not as it should be. Orders of a claim are numbered from 1 to 255."
    fr = "Commande : {part} manque ou n'est pas correct. Les commandes d'un dossier vont de 1 à 255."


class RecordNotSealed(ConformityError):
    """The record is of a profile that does not hold the four groups of an order."""

    code = "record-without-groups"
    en = "A record of {profile} holds no groups of an order. Use one of: {known}."
    fr = "Un enregistrement {profile} ne contient pas les groupes d'une commande. Prenez l'un de : {known}."


class StepWrong(ConformityError):
    """The record is not sealed for the step that its profile is written at."""

    code = "record-of-another-step"
    en = "A record of {profile} is written at the step {expected}; this one is sealed for '{step}'. Seal it again."
    fr = "Un enregistrement {profile} s'écrit à l'étape {expected} ; celui-ci est scellé pour « {step} ». Rescellez-le."


class NotForLocks(ConformityError):
    """Locks were asked of a supplier's delivery."""

    code = "locks-of-a-delivery"
    en = "A record of {profile} gives tags, never locks: locks are the practice's, from its order or its invoice."
    fr = (
        "Un enregistrement {profile} donne des étiquettes, jamais des verrous : "
        "ceux-ci sont à l'opticien, tirés de sa commande ou de sa facture."
    )


class NotADelivery(ConformityError):
    """Delivery tags were asked of a record that the supplier did not make."""

    code = "tags-of-no-delivery"
    en = (
        "A record of {profile} gives no delivery tags. Make them from the record of what was produced or "
        "dispatched (lens-delivery), never from the order."
    )
    fr = (
        "Un enregistrement {profile} ne donne pas d'étiquettes de livraison. Tirez-les de l'enregistrement de ce qui a "
        "été fabriqué ou expédié (lens-delivery), jamais de la commande."
    )


class LocksDiffer(ConformityError):
    """The locks on the chain are not those of the order's values and key."""

    code = "order-does-not-fit-its-locks"
    en = "The order does not fit its locks on the chain: {groups}. Do not make it; refuse the order or dispute it."
    fr = (
        "La commande ne correspond pas à ses verrous sur la chaîne : {groups}. "
        "Ne la fabriquez pas ; refusez-la ou contestez-la."
    )


class NoActCode(ConformityError):
    """No grouped code of a lens was given."""

    code = "no-act-code"
    en = "No grouped code of a lens was given (paths {paths}). Give the codes that were authorised or invoiced."
    fr = "Aucun code de regroupement de verre n'est donné (chemins {paths}). Donnez les codes accordés ou facturés."


class GroupEmpty(ConformityError):
    """A group's opening shows nothing of the group, or the record holds nothing of it."""

    code = "group-empty"
    en = "Nothing of the group '{group}' is there. Ask for a new opening of this group."
    fr = "Rien du groupe « {group} » n'est là. Demandez une nouvelle ouverture de ce groupe."


class GroupOpeningShowsMore(ConformityError):
    """The opening of one group shows a path of another: more than an auditor asked for."""

    code = "group-opening-shows-more"
    en = "{path}: this is no part of the group '{group}'. The opening is refused; ask for that group alone."
    fr = "{path} : cela ne fait pas partie du groupe « {group} ». L'ouverture est refusée ; demandez ce groupe seul."


class SealNotReproduced(ConformityError):
    """The key and the values of a group do not give the lock or tag that is on the chain."""

    code = "seal-not-reproduced"
    en = (
        "Group '{group}': the key and the values shown do not give the {seal} on the chain. "
        "Whoever wrote it has not opened it."
    )
    fr = (
        "Groupe « {group} » : la clé et les valeurs montrées ne redonnent pas {seal} de la chaîne. "
        "Celui qui l'a écrit ne l'a pas ouvert."
    )
