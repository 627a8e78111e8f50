# SPDX-License-Identifier: Apache-2.0
"""Shapes of files of renewal rules, and of what a payer knows of a beneficiary. Specified in docs/verdicts.md."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sceau.documents.fields import Dated, Day
from sceau.documents.model import Says, Shape, exactly

_OLDEST = 150
_LONGEST = 120
_FARTHEST = 366

Code = Annotated[str, exactly("[A-Z0-9]+(?:-[A-Z0-9]+)*"), Says("documents.json-code")]
Months = Annotated[int, Field(ge=0, le=_LONGEST), Says("renewal.months")]
Days = Annotated[int, Field(ge=0, le=_FARTHEST), Says("renewal.days")]
Text = Annotated[str, Field(min_length=1)]


class Title(Shape):
    """A name for people, in both languages."""

    en: Text
    fr: Text


class Band(Shape):
    """A band of ages, up to the next one."""

    code: Code
    from_age: Annotated[int, Field(ge=0, le=_OLDEST), Says("renewal.age")]
    """Whole years."""
    months: Months
    """Between two equipments."""
    title: Title


class EarlyCase(Shape):
    """A case in which the next equipment is due earlier."""

    code: Code
    months: Annotated[dict[Code, Months], Field(min_length=1)]
    """By band; a band that is not named has no such case."""
    title: Title


class CareDates(Shape):
    """How far a date of care may lie from the day of the block that took its step."""

    days_before: Days = 92
    days_after: Days = 2


class RenewalRules(Dated):
    """How long after one pair of spectacles the next is paid for, by age."""

    format: Literal["sceau-renewal/1"]
    bands: list[Band]
    """Ascending from age 0."""
    early: list[EarlyCase]
    care_dates: CareDates = CareDates()
    """92 days before and 2 days after by default."""


class Beneficiary(Shape):
    """What a payer's own files say of a beneficiary. It holds personal data; each part may be left out, or null."""

    format: Literal["sceau-beneficiary/1"]
    last_equipment: Day | None = None
    """Day of the last purchase that the payer paid for."""
    born: Day | None = None
    band: str | None = None
    """Code of a band of ages."""
    early: bool | None = None
    """The practice's yes or no to "a legal case allows it early"."""
