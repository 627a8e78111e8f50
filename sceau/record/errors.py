# SPDX-License-Identifier: Apache-2.0
"""Every refusal of a record, its opening or a part of it. None ever echoes a value, a salt or a seed."""

from __future__ import annotations

import re

from sceau.errors import InputError, Sentence

_PATH = re.compile(r"[a-z0-9.-]{1,64}")
_UNREADABLE = Sentence("record.unreadable-name")


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


class ProfileBroken(RecordError):
    """A profile file does not follow its own format."""

    code = "profile-broken"


class ScopeNotCanonical(RecordError):
    """A part of a scope is missing, or is not written the one way it may be."""

    code = "scope-not-canonical"


# Values and records


class ValueNotCanonical(PathError):
    """A value is not written the one way its format allows."""

    code = "value-not-canonical"


class PathUnknown(PathError):
    """The profile has no such path."""

    code = "path-unknown"


class PathMissing(PathError):
    """A path that the profile requires has no value."""

    code = "path-missing"


class RuleBroken(RecordError):
    """Two or more values of a record do not fit together."""

    code = "record-rule-broken"


class PathNotInRecord(PathError):
    """A disclosure was asked of a path that this record does not hold."""

    code = "path-not-in-record"


class NothingToShow(RecordError):
    """A disclosure was asked of no path at all."""

    code = "nothing-to-show"


# Files


class OpeningDoesNotFit(RecordError):
    """The values and the secret of an opening do not give the root that is named."""

    code = "opening-does-not-fit"


# Disclosures


class DisclosureRefused(RecordError):
    """Base of the refusals of a disclosed part of a record."""


class NoLeaf(DisclosureRefused):
    """The disclosure shows nothing; libraries accept such a proof for any root."""

    code = "disclosure-empty"


class LeafUnknown(PathError, DisclosureRefused):
    """A leaf is at a path that the profile has not."""

    code = "disclosure-path-unknown"


class LeafTypeWrong(PathError, DisclosureRefused):
    """A leaf has another type than the profile gives to its path."""

    code = "disclosure-type-wrong"


class LeafNotCanonical(ValueNotCanonical, DisclosureRefused):
    """A leaf holds a value that is not written the one way its format allows."""

    code = "disclosure-value-not-canonical"


class PathTwice(PathError, DisclosureRefused):
    """Two leaves are at one path. When both fit one root, they prove that its author cheated."""

    code = "disclosure-path-twice"


class RecordLeafMissing(DisclosureRefused):
    """The leaf that says which record this is was not shown: a root alone carries no domain."""

    code = "disclosure-without-record"


class RecordForeign(DisclosureRefused):
    """The leaf ``sceau.record`` names another record than the one asked for."""

    code = "disclosure-of-another-record"


class RecordLeafAlone(DisclosureRefused):
    """Only the leaf ``sceau.record`` was shown."""

    code = "disclosure-of-nothing-else"


class ProofDoesNotFit(DisclosureRefused):
    """The leaves and hashes do not lead to the root, or not through a tree of the profile's size."""

    code = "disclosure-proof-wrong"


class NotFull(DisclosureRefused):
    """A full opening was asked for, and leaves are missing or too many."""

    code = "disclosure-not-full"
