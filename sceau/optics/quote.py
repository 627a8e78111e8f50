# SPDX-License-Identifier: Apache-2.0
"""A French optical quote (devis normalisé) from a plain JSON file to the values of ``fr-optical-quote/1``.

The file follows the profile's paths (docs/profiles.md): ``right.code`` is the key ``code`` of the object
``right``, and the services are a list. Amounts are in euros, ``149.00`` as a number or a text; everything
else is as in the profile. An example is tests/data/quote.json.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sceau.errors import Sentence
from sceau.optics.amount import broken_amount, to_cents
from sceau.optics.errors import QuoteRefused
from sceau.optics.exact_json import Source, name_of, read_exact
from sceau.record.canonical import Value, broken_rule
from sceau.record.profile import Profile
from sceau.record.profile_file import load_profile
from sceau.record.tidy import tidy

PROFILE = "fr-optical-quote/1"
FORMAT = "sceau-quote/1"

_AMOUNT = re.compile(r"[0-9]{1,10}(\.[0-9]{1,2})?")
_FIELD_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_DEEPEST = 4

_WRONG_FORMAT = Sentence(
    "wrong-format", f"this is no quote file ('{FORMAT}')", f"ce n'est pas un fichier de devis (« {FORMAT} »)"
)
_UNKNOWN = Sentence("unknown", "a quote has no such field", "un devis n'a pas ce champ")
_MISSING = Sentence("missing", "the field is missing", "le champ manque")
_NOT_AMOUNT = Sentence(
    "not-an-amount",
    "an amount in euros is wanted, such as 149.00",
    "un montant en euros est attendu, par exemple 149.00",
)


def load_quote(source: Source) -> dict[str, Value]:
    """The values of the quote in ``source``, a path or the file's bytes, ready to be sealed.

    Codes may be written with blanks or in lower case. Raises :class:`QuoteRefused`, which names the place in
    the file and the rule, and :class:`~sceau.record.errors.RuleBroken` when two fields do not fit together.
    """
    data = read_exact(source)
    if isinstance(data, Sentence):
        raise QuoteRefused(path=name_of(source), rule=data)
    if data.get("format") != FORMAT:
        raise QuoteRefused(path="format", rule=_WRONG_FORMAT)
    name, version = PROFILE.split("/")
    profile = load_profile(name, int(version))
    values: dict[str, Value] = {}
    for path, place, written in _leaves({key: data[key] for key in data if key != "format"}):
        if path not in profile.fields:
            raise QuoteRefused(path=place, rule=_UNKNOWN)
        values.update(_value(profile, path, place, written))
    _require(profile, values)
    return profile.validate(values)


def _leaves(value: object, path: str = "", place: str = "", depth: int = 0) -> Iterator[tuple[str, str, Any]]:
    """Each value with its path in the profile ('service.1.code') and its place in the file ('service[0].code')."""
    if depth > _DEEPEST:
        raise QuoteRefused(path=place, rule=_UNKNOWN)
    if isinstance(value, dict):
        for key, inner in value.items():
            # A key of a damaged file can be anything, and the place is printed.
            name = key if _FIELD_NAME.fullmatch(key) else "(?)"
            yield from _leaves(inner, f"{path}.{name}".lstrip("."), f"{place}.{name}".lstrip("."), depth + 1)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{path}.{number + 1}", f"{place}[{number}]", depth + 1)
    else:
        yield path, place, value


def _value(profile: Profile, path: str, place: str, written: object) -> Mapping[str, Value]:
    """The canonical value at ``path``, alone in a mapping; an empty one for a value left empty."""
    field = profile.fields[path]
    tidied = {path: _cents(place, written)} if field.format == "cents" else tidy(profile, {path: written})
    for value in tidied.values():
        rule = broken_rule(field.format, value, field.limits)
        if rule is not None:
            raise QuoteRefused(path=place, rule=rule)
    return tidied


def _cents(place: str, written: object) -> int:
    if isinstance(written, str) and _AMOUNT.fullmatch(written):
        written = Decimal(written)
    if isinstance(written, bool) or not isinstance(written, Decimal | int):
        raise QuoteRefused(path=place, rule=_NOT_AMOUNT)
    rule = broken_amount(written)
    if rule is not None:
        raise QuoteRefused(path=place, rule=rule)
    return to_cents(written)


def _require(profile: Profile, values: Mapping[str, Value]) -> None:
    """Refuses a missing field by its place in the file, which for a service is not its path."""
    used = {field.place for field in profile.fields.values() if field.place and field.path in values}
    for field in profile.fields.values():
        wanted = field.required or (field.required_in_place and field.place in used)
        if wanted and field.path not in values:
            place = field.path
            if field.place:
                place = field.template.replace(".N.", f"[{field.place - 1}].")
            raise QuoteRefused(path=place, rule=_MISSING)
