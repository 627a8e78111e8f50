# SPDX-License-Identifier: Apache-2.0
"""Schemas of the trade's files (quote, order, delivery, invoice), made from the profiles that say what they hold.

Such a file is read by its profile, which also takes other writings of the same value (a code in lower case, a
catalogue's number for a word): the schema describes what an author should write.
"""

from __future__ import annotations

from typing import Any

from sceau.formats.optics.order import DELIVERY_FORMAT, EYES, INVOICE_FORMAT, ORDER_FORMAT
from sceau.formats.optics.quote import FORMAT as QUOTE_FORMAT
from sceau.record import Field, Profile, load_profile

_PROFILES = {
    QUOTE_FORMAT: "fr-optical-quote",
    ORDER_FORMAT: "lens-order",
    DELIVERY_FORMAT: "lens-delivery",
    INVOICE_FORMAT: "fr-optical-invoice",
}
#: Formats that describe a whole lens, with its correction.
_LENSES = (ORDER_FORMAT, DELIVERY_FORMAT, INVOICE_FORMAT)

_POWER = {"type": ["number", "string"], "pattern": "^[+-]?[0-9]{1,2}(?:[.][0-9]{1,2})?$"}
_CORRECTION: dict[str, Any] = {
    "sphere": {**_POWER, "description": "Dioptres, a multiple of 0.25."},
    "cylinder": {**_POWER, "description": "Dioptres; plus or minus cylinder, with an axis."},
    "axis": {"type": "integer", "minimum": 0, "maximum": 180},
    "addition": {**_POWER, "description": "Dioptres."},
    "prism": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "amount": _POWER,
                "base": {
                    "anyOf": [{"enum": ["up", "down", "in", "out"]}, {"type": "integer", "multipleOf": 90}]
                },
            },
            "required": ["amount", "base"],
            "additionalProperties": False,
        },
    },
}
_AMOUNT = {"type": ["number", "string"], "minimum": 0, "pattern": "^[0-9]{1,10}(?:[.][0-9]{1,2})?$"}
_BY_FORMAT: dict[str, dict[str, Any]] = {
    "code": {"type": "string"},
    "grouped-code": {"type": "string", "not": {"pattern": "^[0-9]{7}$"}},
    "text": {"type": "string"},
    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    "date": {"type": "string", "format": "date"},
    "bytes32": {"type": "string", "pattern": "^0x[0-9a-f]{64}$"},
    "cents": _AMOUNT,
    "count": {"type": "integer", "minimum": 0},
    "decimal": {"type": ["number", "string"]},
    "flag": {"type": "boolean"},
}
#: Words that a catalogue's number may stand for, and the index, which may be 1.6 or 1600.
_BY_PATH: dict[str, dict[str, Any]] = {
    "lens.geometry": {"type": ["string", "integer"]},
    "lens.material": {"type": ["string", "integer"]},
    "lens.index": {"type": ["number", "string"]},
    "supplement.N.type": {"type": ["string", "integer"]},
}


def trade_schemas() -> dict[str, dict[str, Any]]:
    """Schemas by format."""
    return {name: _schema(name, load_profile(profile, 1)) for name, profile in _PROFILES.items()}


def _schema(name: str, profile: Profile) -> dict[str, Any]:
    whole = _object()
    whole["description"] = f"{profile.title('en')}, as a file; its record is of the profile {profile.key}."
    whole["properties"]["format"] = {"type": "string", "const": name}
    whole["required"].append("format")
    seen = set()
    for field in profile.fields.values():
        template = field.template or field.path
        if template not in seen and not (name in _LENSES and _is_correction(template)):
            seen.add(template)
            _place(whole, template.split("."), field, profile)
    if name in _LENSES:
        for eye in EYES:
            lens = whole["properties"][eye]
            lens["properties"] |= _CORRECTION
            lens["required"].append("sphere")
    return whole


def _place(holder: dict[str, Any], steps: list[str], field: Field, profile: Profile) -> None:
    """Puts a field where its path says; a list is an array."""
    name, *rest = steps
    inner = holder["properties"]
    if rest[:1] == ["N"]:
        most = profile.lists[field.template.partition(".N")[0]]
        items = inner.setdefault(name, {"type": "array", "maxItems": most, "items": _object()})
        if len(rest) == 1:
            items["items"] = _value(field)
        else:
            _place(items["items"], rest[1:], field, profile)
    elif rest:
        _place(inner.setdefault(name, _object()), rest, field, profile)
    else:
        inner[name] = _value(field)
    if (field.required or field.required_in_place) and "N" not in rest and name not in holder["required"]:
        holder["required"].append(name)


def _value(field: Field) -> dict[str, Any]:
    own = next((schema for path, schema in _BY_PATH.items() if field.template.endswith(f".{path}")), None)
    schema = dict(own or _BY_FORMAT[field.format])
    if own is None and field.limits.values is not None:
        schema["enum"] = list(field.limits.values)
    if own is None and field.format in ("code", "grouped-code", "text") and field.limits.longest is not None:
        schema["maxLength"] = field.limits.longest
    return {**schema, "description": field.title("en")}


def _is_correction(template: str) -> bool:
    eye, _, rest = template.partition(".")
    return eye in EYES and rest.split(".")[0] in _CORRECTION


def _object() -> dict[str, Any]:
    return {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
