# SPDX-License-Identifier: Apache-2.0
"""From a nested JSON file to the values of a profile: ``right.lens.code`` is the key ``code`` of the object
``lens`` of ``right``, and the places of a list are a JSON list.

Amounts are in euros in the file, ``149.00`` as a number or a text (``149,00``), and whole cents in the record. Codes
may have blanks or be in lower case. A refusal names the place in the file (``service[0].price``) and the rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sceau.errors import SceauError, Sentence
from sceau.formats.optics.amount import broken_amount, to_cents
from sceau.formats.source import Source, name_of, read_source
from sceau.record.canonical import Value, broken_rule
from sceau.record.normalise import normalise, number_in
from sceau.record.profile import Field, Profile

Refused = Callable[..., SceauError]
"""The error to raise: a class that takes ``path`` and ``rule``."""

UNKNOWN = Sentence("optics.unknown")
MISSING = Sentence("optics.missing")
_NOT_OBJECT = Sentence("optics.not-an-object")
NOT_AMOUNT = Sentence("optics.not-an-amount")

_FIELD_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_DEEPEST = 4


@dataclass(frozen=True)
class Entry:
    """One value of a file: its ``path`` in the profile, its ``place`` in the file, and what is written there."""

    path: str
    place: str
    written: object


def read_file(source: Source | Mapping[str, Any], format: str, refused: Refused) -> dict[str, Any]:  # noqa: A002  # its key
    """The object in ``source`` (path, bytes, or already parsed) without its ``format``, which must be this one."""
    data = _exact(source) if isinstance(source, Mapping) else read_source(source)
    if isinstance(data, Sentence):
        raise refused(path="JSON" if isinstance(source, Mapping) else name_of(source), rule=data)
    if data.pop("format", None) != format:
        raise refused(path="format", rule=Sentence("optics.wrong-format", expected=format))
    return data


def _exact(value: Any, depth: int = 0) -> Any:
    """An object that Python's own ``json`` parsed, with each float as the decimal that the file wrote.

    A float's shortest writing is the file's, up to 15 digits; no amount or power has more.
    """
    if isinstance(value, float):
        return Decimal(repr(value))
    if depth > 2 * _DEEPEST:
        # No file has that; where it is, :func:`entries` refuses it.
        return value
    if isinstance(value, Mapping):
        return {name: _exact(each, depth + 1) for name, each in value.items()}
    return [_exact(each, depth + 1) for each in value] if isinstance(value, list) else value


def entries(
    value: object, refused: Refused, path: str = "", place: str = "", depth: int = 0
) -> Iterator[Entry]:
    """Each value below ``value``, in the file's order."""
    if depth > _DEEPEST:
        raise refused(path=place, rule=UNKNOWN)
    if isinstance(value, Mapping):
        for key, inner in value.items():
            # A key of a damaged file can be anything, and the place is printed.
            name = key if isinstance(key, str) and _FIELD_NAME.fullmatch(key) else "(?)"
            yield from entries(
                inner, refused, f"{path}.{name}".lstrip("."), f"{place}.{name}".lstrip("."), depth + 1
            )
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from entries(inner, refused, f"{path}.{number + 1}", f"{place}[{number}]", depth + 1)
    else:
        yield Entry(path, place, value)


def canonical_values(profile: Profile, given: Iterable[Entry], refused: Refused) -> dict[str, Value]:
    """The canonical value of each entry that is not left empty, by path; a path that is no field is refused."""
    values: dict[str, Value] = {}
    for entry in given:
        field = profile.fields.get(entry.path)
        if field is None:
            raise refused(path=entry.place, rule=UNKNOWN)
        values.update(_value(profile, field, entry, refused))
    return values


def require_fields(profile: Profile, values: Mapping[str, Value], refused: Refused) -> None:
    """Refuses a missing field by its place in the file, which for a list is not its path."""
    used = {(_list_of(field), field.place) for field in profile.fields.values() if field.path in values}
    for field in profile.fields.values():
        in_use = field.required_in_place and (_list_of(field), field.place) in used
        if (field.required or in_use) and field.path not in values:
            raise refused(path=_place(field), rule=MISSING)


def part(data: Mapping[str, Any], key: str, refused: Refused) -> dict[str, Any]:
    """The object under ``key``, a copy; empty when the key is left out."""
    given = data.get(key, {})
    if not isinstance(given, Mapping):
        raise refused(path=key, rule=_NOT_OBJECT)
    return dict(given)


def _value(profile: Profile, field: Field, entry: Entry, refused: Refused) -> Mapping[str, Value]:
    if field.format == "cents":
        normalised: Mapping[str, Value] = {field.path: _cents(entry, refused)}
    else:
        normalised = normalise(profile, {field.path: entry.written})
    for value in normalised.values():
        rule = broken_rule(field.format, value, field.limits)
        if rule is not None:
            raise refused(path=entry.place, rule=rule)
    return normalised


def _cents(entry: Entry, refused: Refused) -> Value:
    amount = number_in(entry.written)
    rule = NOT_AMOUNT if amount is None else broken_amount(amount)
    if amount is None or rule is not None:
        raise refused(path=entry.place, rule=rule)
    return to_cents(amount)


def _list_of(field: Field) -> str:
    """The list that a field is in, such as 'service'; empty outside lists."""
    return field.template.partition(".N")[0] if field.place else ""


def _place(field: Field) -> str:
    return field.template.replace(".N", f"[{field.place - 1}]") if field.place else field.path
