# SPDX-License-Identifier: Apache-2.0
"""Rules between the fields of a whole record: an axis needs a cylinder, a total is the sum of its parts.

A rule is written in the profile file as an object: its name under ``rule`` and the paths it is about under
the keys that :data:`RULES` lists. In a path of a list, ``N`` stands for the place: a key that takes many
paths (``parts``, ``items``, ``paths``) means all places at once, any other each place in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final, cast

from sceau.errors import Sentence
from sceau.record.canonical import Value

Values = Mapping[str, Value]
#: The paths a rule is about, by the key that names their part in it.
Paths = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Rule:
    """One rule of a profile, with the concrete paths it is about."""

    name: str
    paths: Paths

    def broken(self, values: Values) -> Sentence | None:
        """What is wrong in ``values`` (all canonical), or None when the rule holds."""
        return RULES[self.name].check(values, self.paths)


@dataclass(frozen=True)
class Kind:
    """A kind of rule: the keys it takes, which of them hold many paths, and its check."""

    keys: tuple[str, ...]
    check: Callable[[Values, Paths], Sentence | None]
    many: tuple[str, ...] = ()


def _needs(values: Values, paths: Paths) -> Sentence | None:
    path, other = paths["path"][0], paths["other"][0]
    if path in values and other not in values:
        return Sentence("record.needs", path=path, other=other)
    return None


def _excludes(values: Values, paths: Paths) -> Sentence | None:
    path, other = paths["path"][0], paths["other"][0]
    if path in values and other in values:
        return Sentence("record.excludes", path=path, other=other)
    return None


def _any_of(values: Values, paths: Paths) -> Sentence | None:
    if any(path in values for path in paths["paths"]):
        return None
    return Sentence("record.any-of", paths=", ".join(paths["paths"]))


def _axis_with_cylinder(values: Values, paths: Paths) -> Sentence | None:
    cylinder, axis = paths["cylinder"][0], paths["axis"][0]
    bent = values.get(cylinder, "0.00") != "0.00"
    if bent and axis not in values:
        return Sentence("record.axis-missing", cylinder=cylinder, axis=axis)
    if axis in values and not bent:
        return Sentence("record.axis-without-cylinder", cylinder=cylinder, axis=axis)
    return None


def _not_after(values: Values, paths: Paths) -> Sentence | None:
    first, then = paths["first"][0], paths["then"][0]
    # Canonical dates are in the order of their text.
    if first in values and then in values and cast(str, values[first]) > cast(str, values[then]):
        return Sentence("record.not-after", first=first, then=then)
    return None


def _at_most(values: Values, paths: Paths) -> Sentence | None:
    part, whole = paths["part"][0], paths["whole"][0]
    if part in values and whole in values and cast(int, values[part]) > cast(int, values[whole]):
        return Sentence("record.at-most", part=part, whole=whole)
    return None


def _sum(values: Values, paths: Paths) -> Sentence | None:
    total = paths["total"][0]
    parts = [cast(int, values[path]) for path in paths["parts"] if path in values]
    if total in values and parts and sum(parts) != values[total]:
        return Sentence("record.sum", total=total)
    return None


def _ascending(values: Values, paths: Paths) -> Sentence | None:
    items = [(path, cast(str, values[path])) for path in paths["items"] if path in values]
    for (_, before), (path, after) in pairwise(items):
        if before >= after:
            return Sentence("record.ascending", path=path)
    return None


#: Every kind of rule by its name. Read-only.
RULES: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        # If path is there, so is other.
        "needs": Kind(("path", "other"), _needs),
        # Path and other are not both there.
        "excludes": Kind(("path", "other"), _excludes),
        # At least one of the paths is there.
        "any-of": Kind(("paths",), _any_of, many=("paths",)),
        # The axis is there if and only if the cylinder is there and is not 0.00.
        "axis-with-cylinder": Kind(("cylinder", "axis"), _axis_with_cylinder),
        # Two dates, when both are there: first is no later than then.
        "not-after": Kind(("first", "then"), _not_after),
        # Two numbers, when both are there: part is no more than whole.
        "at-most": Kind(("part", "whole"), _at_most),
        # The total, when it and a part are there, is the sum of the parts that are.
        "sum": Kind(("total", "parts"), _sum, many=("parts",)),
        # A set written as a list: strictly ascending in ASCII order, so that one set has one writing.
        "ascending": Kind(("items",), _ascending, many=("items",)),
    }
)
