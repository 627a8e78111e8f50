# SPDX-License-Identifier: Apache-2.0
"""Typed reading of a JSON object that knows where it is, so that every refusal names the field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sceau.errors import Sentence
from sceau.formats.fhir import rules
from sceau.formats.fhir.errors import FieldRefused
from sceau.record.canonical import Limits, broken_rule
from sceau.record.normalise import normalised_code

# FHIR dateTime: a date, or a date with a time (a leap second too, never 24:00) and its zone. The day is the one the
# author wrote.
_DAY = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:T(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9]))?"
)


@dataclass(frozen=True)
class Element:
    """One JSON object of a FHIR resource and its path, such as ``Claim.item[0].net``."""

    path: str
    data: Mapping[str, Any]

    def at(self, name: str) -> str:
        """The path of the field ``name``."""
        return f"{self.path}.{name}"

    def refused(self, name: str, rule: Sentence) -> FieldRefused:
        """The error to raise for the field ``name``."""
        return FieldRefused(path=self.at(name), rule=rule)

    def has(self, name: str) -> bool:
        """Whether the field is there at all. Raises :class:`FieldRefused` when its value is withheld."""
        if name not in self.data and f"_{name}" in self.data:
            # FHIR R4, "JSON representation of primitive elements": an extension without a value says why there
            # is none (masked, unknown). Taken for absent, a withheld cylinder would be sealed as no cylinder.
            raise self.refused(name, rules.WITHHELD)
        return name in self.data

    def text(self, name: str) -> str | None:
        """The text of a field, or None when the field is absent."""
        if not self.has(name):
            return None
        value = self.data[name]
        if not isinstance(value, str) or not value:
            raise self.refused(name, rules.NOT_TEXT)
        return value

    def required_text(self, name: str) -> str:
        """The text of a field that must be there."""
        value = self.text(name)
        if value is None:
            raise self.refused(name, rules.MISSING)
        return value

    def texts(self, name: str) -> list[str]:
        """The texts of a list, empty when the field is absent."""
        values = self.data[name] if self.has(name) else []
        if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
            raise self.refused(name, rules.NOT_TEXT)
        return values

    def number(self, name: str) -> Decimal | int | None:
        """The exact number of a field (the file was parsed without floats), or None when it is absent."""
        if not self.has(name):
            return None
        value = self.data[name]
        # A number written as text is refused: FHIR wants a JSON number.
        if isinstance(value, bool) or not isinstance(value, Decimal | int):
            raise self.refused(name, rules.NOT_A_NUMBER)
        return value

    def flag(self, name: str) -> bool | None:
        """True, false, or None when the field is absent."""
        if not self.has(name):
            return None
        value = self.data[name]
        if not isinstance(value, bool):
            raise self.refused(name, rules.NOT_FLAG)
        return value

    def day(self, name: str) -> str | None:
        """The day of a date or dateTime as YYYY-MM-DD, or None when the field is absent."""
        written = self.text(name)
        if written is None:
            return None
        found = _DAY.fullmatch(written)
        if found is None or broken_rule("date", found[1]) is not None:
            raise self.refused(name, rules.DAY_WANTED)
        return found[1]

    def required_day(self, name: str) -> str:
        """The day of a field that must be there."""
        value = self.day(name)
        if value is None:
            raise self.refused(name, rules.MISSING)
        return value

    def element(self, name: str) -> Element | None:
        """The object of a field, or None when it is absent."""
        if name not in self.data:
            return None
        value = self.data[name]
        if not isinstance(value, dict):
            raise self.refused(name, rules.NOT_OBJECT)
        return Element(self.at(name), value)

    def required_element(self, name: str) -> Element:
        """The object of a field that must be there."""
        value = self.element(name)
        if value is None:
            raise self.refused(name, rules.MISSING)
        return value

    def elements(self, name: str) -> list[Element]:
        """The objects of a list, each with its place in it; empty when the field is absent."""
        values = self.data.get(name, [])
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise self.refused(name, rules.NOT_LIST)
        return [Element(f"{self.at(name)}[{place}]", value) for place, value in enumerate(values)]

    def normalised_code(self, name: str, limits: Limits | None = None, *, grouped: bool = False) -> str:
        """The code or number of a field that must be there, in its one writing; ``grouped``: no individual one."""
        return self.normalised(name, self.required_text(name), limits, grouped=grouped)

    def normalised(
        self, name: str, written: str, limits: Limits | None = None, *, grouped: bool = False
    ) -> str:
        """``written``, found in the field ``name``, as a code: without blanks, in capitals."""
        normalise = normalised_code(written)
        rule = broken_rule("grouped-code" if grouped else "code", normalise, limits)
        if rule is not None:
            raise self.refused(name, rule)
        return normalise

    def has_coding(self, name: str, system: str, code: str) -> bool:
        """Whether a CodeableConcept has the ``code`` of a ``system`` among its codings, whatever others it has."""
        codings = self.required_element(name).elements("coding")
        return any((one.text("system"), one.text("code")) == (system, code) for one in codings)

    def code(self, name: str, *, grouped: bool = False) -> str:
        """The one code of a CodeableConcept: of its only coding, or of the one marked userSelected."""
        codings = self.required_element(name).elements("coding")
        chosen = [one for one in codings if one.flag("userSelected")] or codings
        if not chosen:
            raise self.refused(name, rules.CODE_WANTED)
        if len(chosen) > 1:
            raise self.refused(name, rules.CODE_AMBIGUOUS)
        return chosen[0].normalised_code("code", grouped=grouped)
