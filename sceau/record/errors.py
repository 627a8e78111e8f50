# SPDX-License-Identifier: Apache-2.0
"""Every refusal of a record, its opening or a part of it. None ever echoes a value, a salt or a seed."""

from __future__ import annotations

import re

from sceau.errors import InputError, Sentence

_PATH = re.compile(r"[a-z0-9.-]{1,64}")
_UNREADABLE = Sentence("unreadable-name", "(a name that is no path)", "(un nom qui n'est pas un chemin)")


def shown(path: object) -> str | Sentence:
    """``path`` as it may be printed: a name in a hostile or damaged file can be long, or hold anything."""
    return path if isinstance(path, str) and _PATH.fullmatch(path) else _UNREADABLE


class RecordError(InputError):
    """Base of all errors of :mod:`sceau.record`."""


class PathError(RecordError):
    """An error about one path; the name is printed only when it has the shape of a path."""

    def __init__(self, path: object, **details: object) -> None:
        super().__init__(path=shown(path), **details)


# Profiles and scopes


class ProfileUnknown(RecordError):
    """No profile of that name and version is in this package."""

    code = "profile-unknown"
    en = "No profile {profile} is known here. Update the software, or correct the name."
    fr = "Le profil {profile} est inconnu ici. Mettez le logiciel à jour, ou corrigez le nom."


class ProfileBroken(RecordError):
    """A profile file does not follow its own format."""

    code = "profile-broken"
    en = "Profile file {profile}: {rule}. Correct the file (docs/records.md gives its format)."
    fr = "Fichier de profil {profile} : {rule}. Corrigez le fichier (format : docs/records.md)."


class ScopeNotCanonical(RecordError):
    """A part of a scope is missing, or is not written the one way it may be."""

    code = "scope-not-canonical"
    en = "Record scope, {part}: {rule}."
    fr = "Portée de l'enregistrement, {part} : {rule}."


# Values and records


class ValueNotCanonical(PathError):
    """A value is not written the one way its format allows."""

    code = "value-not-canonical"
    en = "{path}: {rule}. Correct this value."
    fr = "{path} : {rule}. Corrigez cette valeur."


class PathUnknown(PathError):
    """The profile has no such path."""

    code = "path-unknown"
    en = "{path}: profile {profile} has no such path. Remove it, or correct its name."
    fr = "{path} : le profil {profile} n'a pas ce chemin. Retirez-le, ou corrigez son nom."


class PathMissing(PathError):
    """A path that the profile requires has no value."""

    code = "path-missing"
    en = "{path}: profile {profile} requires it and it is missing. Give it a value."
    fr = "{path} : le profil {profile} l'exige et il manque. Donnez-lui une valeur."


class RuleBroken(RecordError):
    """Two or more values of a record do not fit together."""

    code = "record-rule-broken"
    en = "Profile {profile}: {rule}. Correct the record."
    fr = "Profil {profile} : {rule}. Corrigez l'enregistrement."


class PathNotInRecord(PathError):
    """A disclosure was asked of a path that this record does not hold."""

    code = "path-not-in-record"
    en = "{path}: this record holds no value there, so it cannot be shown. Ask for another path."
    fr = "{path} : cet enregistrement n'y a pas de valeur à montrer. Demandez un autre chemin."


class NothingToShow(RecordError):
    """A disclosure was asked of no path at all."""

    code = "nothing-to-show"
    en = "No path was chosen: a disclosure shows at least one value. Name at least one path."
    fr = "Aucun chemin n'est choisi : une divulgation montre au moins une valeur. Nommez un chemin."


# Files


class OpeningDoesNotFit(RecordError):
    """The values and the secret of an opening do not give the root that is named."""

    code = "opening-does-not-fit"
    en = "The opening does not give its root: a value, the scope or the secret was changed. Discard it."
    fr = "L'ouverture ne redonne pas sa racine : une valeur, la portée ou le secret a changé. Écartez-la."


# Disclosures


class DisclosureRefused(RecordError):
    """Base of the refusals of a disclosed part of a record."""


class NoLeaf(DisclosureRefused):
    """The disclosure shows nothing; libraries accept such a proof for any root."""

    code = "disclosure-empty"
    en = "The disclosure shows no leaf, and so proves nothing. Ask for another."
    fr = "La divulgation ne montre aucune feuille et ne prouve donc rien. Demandez-en une autre."


class LeafUnknown(PathError, DisclosureRefused):
    """A leaf is at a path that the profile has not."""

    code = "disclosure-path-unknown"
    en = "{path}: profile {profile} has no such path. The disclosure is refused."
    fr = "{path} : le profil {profile} n'a pas ce chemin. La divulgation est refusée."


class LeafTypeWrong(PathError, DisclosureRefused):
    """A leaf has another type than the profile gives to its path."""

    code = "disclosure-type-wrong"
    en = "{path}: shown as {type}, but profile {profile} says {expected}. The disclosure is refused."
    fr = "{path} : montré en {type}, mais le profil {profile} dit {expected}. La divulgation est refusée."


class LeafNotCanonical(ValueNotCanonical, DisclosureRefused):
    """A leaf holds a value that is not written the one way its format allows."""

    code = "disclosure-value-not-canonical"
    en = "{path}: {rule}. The disclosure is refused."
    fr = "{path} : {rule}. La divulgation est refusée."


class PathTwice(PathError, DisclosureRefused):
    """Two leaves are at one path. When both fit one root, they prove that its author cheated."""

    code = "disclosure-path-twice"
    en = "{path}: shown twice. The disclosure is refused; keep it if the values differ."
    fr = "{path} : montré deux fois. La divulgation est refusée ; gardez-la si les valeurs diffèrent."


class RecordLeafMissing(DisclosureRefused):
    """The leaf that says which record this is was not shown: a root alone carries no domain."""

    code = "disclosure-without-record"
    en = "The disclosure does not show which record it is part of (leaf sceau.record). It is refused."
    fr = "La divulgation ne montre pas son enregistrement (feuille sceau.record). Elle est refusée."


class RecordForeign(DisclosureRefused):
    """The leaf ``sceau.record`` names another record than the one asked for."""

    code = "disclosure-of-another-record"
    en = "The disclosure is part of another record: its {part} is not the one asked for. Refused."
    fr = "La divulgation vient d'un autre enregistrement : {part} ne correspond pas. Elle est refusée."


class RecordLeafAlone(DisclosureRefused):
    """Only the leaf ``sceau.record`` was shown."""

    code = "disclosure-of-nothing-else"
    en = "The disclosure shows only which record it is part of, and no value. It is refused."
    fr = "La divulgation ne montre que son enregistrement et aucune valeur. Elle est refusée."


class ProofDoesNotFit(DisclosureRefused):
    """The leaves and hashes do not lead to the root, or not through a tree of the profile's size."""

    code = "disclosure-proof-wrong"
    en = "The proof does not lead from the values shown to the sealed root. The disclosure is refused."
    fr = "La preuve ne mène pas des valeurs montrées à la racine scellée. La divulgation est refusée."


class NotFull(DisclosureRefused):
    """A full opening was asked for, and leaves are missing or too many."""

    code = "disclosure-not-full"
    en = "A full opening of {profile} has {expected} leaves; {count} are shown. It is refused."
    fr = (
        "Une ouverture complète de {profile} a {expected} feuilles ; {count} sont montrées. Elle est refusée."
    )
