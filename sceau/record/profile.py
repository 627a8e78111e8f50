# SPDX-License-Identifier: Apache-2.0
"""Profiles: which paths a type of record has, how each value is written, and how many leaves there are.

A profile is a file ``profiles/<name>-<version>.json``, specified in docs/records.md. A published version
never changes: commitments were made under it. A change is a new version beside it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from sceau.errors import Language, Sentence
from sceau.record.canonical import LeafType, Limits, Value, canonical, checks
from sceau.record.errors import PathMissing, PathUnknown, RuleBroken
from sceau.record.rules import Rule


@dataclass(frozen=True)
class Field:
    """One path of a profile. ``group`` is the data group that a consent names (such as 'AMOUNTS').

    ``required`` paths are in every record. A path of a list has its ``template`` ('line.N.code') and its
    ``place`` (from 1; 0 elsewhere); when ``required_in_place``, it is there in every place that is used.
    """

    path: str
    type: LeafType
    format: str
    required: bool
    group: str
    limits: Limits = dataclasses.field(default_factory=Limits)
    template: str = ""
    place: int = 0
    required_in_place: bool = False
    titles: Mapping[str, str] | None = None

    @cached_property
    def broken_rule(self) -> Callable[[object], Sentence | None]:
        """What gives the first rule that a value here breaks, ``None`` for a canonical one."""
        return checks(self.format, self.limits)

    def title(self, language: Language = "en") -> str:
        """The field's name for a person, in ``language``; its path when the profile gives none."""
        return self.path if self.titles is None else self.titles[language]


@dataclass(frozen=True)
class Profile:
    """One version of one type of record.

    ``leaves`` is the fixed number of leaves, a power of two. ``bound_to`` says whether its scope ends with
    the contract (a consent) or names claim, order and step. ``lists`` gives the places of each list.
    """

    name: str
    version: int
    leaves: int
    bound_to: Literal["contract", "claim"]
    titles: Mapping[str, str]
    fields: Mapping[str, Field]
    lists: Mapping[str, int]
    rules: tuple[Rule, ...]

    @property
    def key(self) -> str:
        """Name and version, such as 'consent/1'."""
        return f"{self.name}/{self.version}"

    def title(self, language: Language = "en") -> str:
        """The profile's name for a person."""
        return self.titles[language]

    def groups(self) -> frozenset[str]:
        """The data groups of its fields."""
        return frozenset(field.group for field in self.fields.values())

    def field(self, path: str) -> Field:
        """The field at ``path``. Raises :class:`PathUnknown`."""
        try:
            return self.fields[path]
        except (KeyError, TypeError):
            pass
        raise PathUnknown(path, profile=self.key)

    def validate(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """``values`` in the order of their paths, when they are a whole record of this profile.

        Raises :class:`PathUnknown`, :class:`ValueNotCanonical`, :class:`PathMissing` or :class:`RuleBroken`.
        """
        checked: dict[str, Value] = {}
        for path in values:
            field = self.field(path)
            checked[path] = canonical(path, field.format, values[path], field.limits)
        for field in self.fields.values():
            if field.required and field.path not in checked:
                raise PathMissing(field.path, profile=self.key)
        for name in self.lists:
            self._validate_list(name, checked)
        for rule in self.rules:
            broken = rule.broken(checked)
            if broken is not None:
                raise RuleBroken(profile=self.key, rule=broken)
        return {path: checked[path] for path in sorted(checked)}

    def _validate_list(self, name: str, values: Mapping[str, Value]) -> None:
        """Places are used from 1 without a gap, so that one list has one writing."""
        fields = [field for field in self.fields.values() if field.template.startswith(f"{name}.N")]
        used = {field.place for field in fields if field.path in values}
        if used != set(range(1, len(used) + 1)):
            raise RuleBroken(profile=self.key, rule=Sentence("record.list-gap", name=name))
        for field in fields:
            if field.required_in_place and field.place in used and field.path not in values:
                raise PathMissing(field.path, profile=self.key)
