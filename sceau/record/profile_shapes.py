# SPDX-License-Identifier: Apache-2.0
"""Shape of a profile file. Specified in docs/records.md."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from sceau.documents.fields import Name
from sceau.documents.model import Says, Shape, exactly
from sceau.record.canonical import FORMATS
from sceau.record.rules import RULES
from sceau.record.shapes import MOST_LEAVES

_SEGMENT = "[a-z][a-z0-9-]*"

Path = Annotated[
    str, exactly(rf"{_SEGMENT}(?:\.(?:{_SEGMENT}|N))*"), Field(max_length=60), Says("profile.not-a-path")
]
"""A path; the segment N stands for the places of a list."""

ListName = Annotated[str, exactly(rf"{_SEGMENT}(?:\.{_SEGMENT})*"), Says("profile.not-a-path")]


def _not_null(written: object) -> object:
    if written is None:
        raise PydanticCustomError("null", "null")
    return written


def _format(written: object) -> str:
    if isinstance(written, str) and written in FORMATS:
        return written
    raise PydanticCustomError("format", "not a format")


def _limit(written: object) -> int | str:
    if type(written) is int or isinstance(written, str):
        return written
    raise PydanticCustomError("limit", "not a limit")


def _rule(written: object) -> dict[str, str | list[str]]:
    if isinstance(written, dict) and isinstance(written.get("rule"), str):
        kind = RULES.get(written["rule"])
        if (
            kind is not None
            and set(written) == {"rule", *kind.keys}
            and all(map(_is_paths, written.values()))
        ):
            return written
    raise PydanticCustomError("rule", "not a rule")


def _is_paths(written: object) -> bool:
    return isinstance(written, str) or (
        isinstance(written, list) and all(isinstance(each, str) for each in written)
    )


def _rule_schema() -> dict[str, Any]:
    one: dict[str, Any] = {"type": "string"}
    many: dict[str, Any] = {"anyOf": [one, {"type": "array", "items": one}]}
    return {
        "oneOf": [
            {
                "type": "object",
                "properties": {
                    "rule": {"const": name},
                    **{key: many if key in kind.many else one for key in kind.keys},
                },
                "required": ["rule", *kind.keys],
                "additionalProperties": False,
            }
            for name, kind in RULES.items()
        ]
    }


Limit = Annotated[
    int | str,
    BeforeValidator(_limit),
    WithJsonSchema({"type": ["integer", "string"]}),
    Says("profile.not-a-limit"),
]
"""A whole number or, for dioptre, prism and decimal, text with two decimals."""

Rule = Annotated[
    dict[str, Any],
    BeforeValidator(_rule),
    WithJsonSchema(_rule_schema()),
    Says("profile.not-a-rule"),
]
"""A rule between fields: its name under ``rule``, and the paths that it is about."""


class Title(Shape):
    """A name for people, in both languages."""

    en: str
    fr: str


class Places(Shape):
    """How many places a list has, and how many of them are always used."""

    places: Annotated[int, Field(ge=0, lt=MOST_LEAVES), Says("profile.places")]
    at_least: Annotated[int, Field(ge=0)]


class ProfileField(Shape):
    """One path of a record, or one for each place of a list."""

    path: Path
    format: Annotated[
        str,
        BeforeValidator(_format),
        WithJsonSchema({"enum": sorted(FORMATS)}),
        Says("profile.format-unknown"),
    ]
    required: bool
    group: Annotated[str, exactly("[A-Z0-9]+(?:-[A-Z0-9]+)*"), Says("documents.json-code")]
    """The data group that a consent names."""
    title: Annotated[Title | None, BeforeValidator(_not_null)] = None
    min: Limit | None = None
    max: Limit | None = None
    step: Limit | None = None
    longest: int | None = None
    """In characters."""
    values: list[str] | None = None
    """A closed list."""
    zero: bool | None = None
    """False where zero is left out."""


class Profile(Shape):
    """One version of one type of record: its paths, how each value is written, and how many leaves there are."""

    format: Literal["sceau-profile/1"]
    name: Name
    version: Annotated[int, Field(ge=1, le=9999)]
    title: Title
    bound_to: Literal["contract", "claim"]
    leaves: Annotated[
        int,
        Field(ge=2, le=MOST_LEAVES, json_schema_extra={"enum": [2**n for n in range(1, 11)]}),
        Says("profile.power-of-two"),
    ]
    lists: Annotated[dict[ListName, Places], Field(default_factory=dict)]
    fields: list[ProfileField]
    rules: Annotated[list[Rule], Field(default_factory=list)]
