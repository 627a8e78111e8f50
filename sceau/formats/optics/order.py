# SPDX-License-Identifier: Apache-2.0
"""Orders, deliveries and invoices of lenses from plain JSON files to the values of their profiles.

An optician's software and a lens maker's write the same lens differently: plus or minus cylinder, a prism in
parts, codes with blanks or in lower case, supplements in another order, catalogue numbers for words. Here each
becomes the one writing of the profiles ``lens-order``, ``lens-delivery`` and ``fr-optical-invoice``, so that the
same lens gives the same seals (:mod:`sceau.conformity`). docs/conformity.md describes the files; examples are
tests/data/order.json, delivery.json and invoice.json.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from sceau.errors import Sentence
from sceau.formats.optics.correction import PrismPart, addition, correction, fold_prism, lens_values
from sceau.formats.optics.errors import LensFileRefused, ReasonWrong
from sceau.formats.optics.flat_file import (
    MISSING,
    Entry,
    canonical_values,
    entries,
    part,
    read_file,
    require_fields,
)
from sceau.formats.source import Source
from sceau.record import Value, load_profile
from sceau.record.normalise import normalised_code

ORDER_FORMAT = "sceau-lens-order/1"
DELIVERY_FORMAT = "sceau-lens-delivery/1"
INVOICE_FORMAT = "sceau-invoice/1"

EYES: Final = ("right", "left")

# Catalogue numbers, by the words of the profiles. Source: lens and supplement records of the catalogue formats
# of Optimeyes and Sévéane (docs/conformity.md gives the addresses). Other catalogues number them otherwise (that
# of B2BOptic has 0 for unifocal), so the record holds words.
_GEOMETRY: Final = ("AFOCAL", "UNIFOCAL", "BIFOCAL", "TRIFOCAL", "PROGRESSIVE", "MID-DISTANCE")
_MATERIAL: Final = ("MINERAL", "ORGANIC", "POLYCARBONATE", "TRIVEX")
_SUPPLEMENT: Final = {1: "SPECIAL", 4: "TINT", 5: "COATING", 6: "COMBINED", 7: "PACK"}

_POWER = ("sphere", "cylinder", "axis", "addition", "prism")
_CATALOGUE_NUMBER = re.compile(r"0?[0-9]")
_PLACE = re.compile(r"\.[0-9]+")
_INDEX = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,3})?")

_REASON_NEEDED = Sentence("optics.reason-needed")
_REASON_TOO_MUCH = Sentence("optics.reason-of-a-first-order")
_REASON_AFTER_DELIVERY = Sentence("optics.reason-after-delivery")


def load_order(source: Source | Mapping[str, Any]) -> dict[str, Value]:
    """The values of ``lens-order/1`` in ``source``: a path, the file's bytes, or the object already parsed.

    Raises :class:`LensFileRefused` or :class:`~sceau.formats.optics.errors.CorrectionRefused`, which name the place in
    the file and the rule, and :class:`~sceau.record.errors.RuleBroken` when two fields do not fit together.
    """
    return _load(source, ORDER_FORMAT, "lens-order")


def load_delivery(source: Source | Mapping[str, Any]) -> dict[str, Value]:
    """The values of ``lens-delivery/1`` in ``source``, a supplier's record of what it produced or dispatched.

    Raises what :func:`load_order` raises.
    """
    return _load(source, DELIVERY_FORMAT, "lens-delivery")


def load_invoice(source: Source | Mapping[str, Any]) -> dict[str, Value]:
    """The values of ``fr-optical-invoice/1`` in ``source``; amounts are in euros in the file.

    Raises what :func:`load_order` raises.
    """
    return _load(source, INVOICE_FORMAT, "fr-optical-invoice")


def check_reason(values: Mapping[str, Value], *, order_number: int, replaced_delivered: bool = False) -> None:
    """Raises :class:`ReasonWrong` unless an order numbered ``order_number`` (from 1) has the reason that it needs.

    A first order has none. Any other has one; ``CORRECTION`` only while the order that it replaces is not
    attested as delivered (``replaced_delivered``).
    """
    reason = values.get("order.reason")
    if order_number == 1:
        if reason is not None:
            raise ReasonWrong(rule=_REASON_TOO_MUCH)
    elif reason is None:
        raise ReasonWrong(rule=_REASON_NEEDED)
    elif reason == "CORRECTION" and replaced_delivered:
        raise ReasonWrong(rule=_REASON_AFTER_DELIVERY)


def _load(source: Source | Mapping[str, Any], file_format: str, profile_name: str) -> dict[str, Value]:
    profile = load_profile(profile_name, 1)
    data = read_file(source, file_format, LensFileRefused)
    powers: dict[str, Value] = {}
    for eye in EYES:
        if data.get(eye) is None:
            data.pop(eye, None)
        else:
            lens = part(data, eye, LensFileRefused)
            powers.update(_power(eye, {name: lens.pop(name) for name in _POWER if name in lens}))
            data[eye] = lens
    values = canonical_values(profile, _in_words(entries(data, LensFileRefused)), LensFileRefused)
    require_fields(profile, values, LensFileRefused)
    for eye in EYES:
        values = _sorted_list(values, f"{eye}.supplement", ".code")
        values = _sorted_list(values, f"{eye}.serial", "")
    return profile.validate(values | powers)


def _power(eye: str, given: Mapping[str, Any]) -> dict[str, str | int]:
    """The correction of one lens in its one writing: transposed, its prism folded."""
    if given.get("sphere") is None:
        raise LensFileRefused(path=f"{eye}.sphere", rule=MISSING)
    lens = correction(given["sphere"], given.get("cylinder"), given.get("axis"), path=eye)
    near = addition(given.get("addition"), path=f"{eye}.addition")
    prism = fold_prism(_prism_parts(eye, given.get("prism")), eye, path=f"{eye}.prism")
    return lens_values(eye, lens, near, prism)


def _prism_parts(eye: str, given: object) -> Iterator[PrismPart]:
    if given is None:
        return
    if not isinstance(given, list):
        raise LensFileRefused(path=f"{eye}.prism", rule=_NOT_LIST)
    for number, each in enumerate(given):
        place = f"{eye}.prism[{number}]"
        if not isinstance(each, Mapping) or not set(each) <= {"amount", "base"}:
            raise LensFileRefused(path=place, rule=_PRISM_SHAPE)
        for key in ("amount", "base"):
            if each.get(key) is None:
                raise LensFileRefused(path=f"{place}.{key}", rule=MISSING)
        yield PrismPart(each["amount"], each["base"], place)


def _in_words(given: Iterable[Entry]) -> Iterator[Entry]:
    """The entries with catalogue numbers in words and the index in thousandths; what is neither stays as it is."""
    for entry in given:
        field = _PLACE.sub(".N", entry.path.partition(".")[2])
        translate = _TRANSLATED.get(field)
        yield entry if translate is None else replace(entry, written=translate(entry.written))


def _sorted_list(values: Mapping[str, Value], name: str, by: str) -> dict[str, Value]:
    """``values`` with the places of the list ``name`` in the order of the value at ``by``: a set has one writing."""
    items: dict[str, dict[str, Value]] = {}
    others: dict[str, Value] = {}
    for path, value in values.items():
        if path.startswith(f"{name}."):
            place, dot, rest = path[len(name) + 1 :].partition(".")
            items.setdefault(place, {})[dot + rest] = value
        else:
            others[path] = value
    for number, item in enumerate(sorted(items.values(), key=lambda item: str(item[by])), 1):
        others |= {f"{name}.{number}{rest}": value for rest, value in item.items()}
    return others


def _word(words: Mapping[int, str]) -> Callable[[object], object]:
    def translate(written: object) -> object:
        if isinstance(written, str):
            code = normalised_code(written)
            return words.get(int(code), code) if _CATALOGUE_NUMBER.fullmatch(code) else code
        return words.get(written, written) if type(written) is int else written

    return translate


def _thousandths(written: object) -> object:
    """A refractive index, 1.6 or '1,60' or the catalogue's 1600, in whole thousandths."""
    if isinstance(written, str) and _INDEX.fullmatch(written.strip(" ")):
        written = Decimal(written.strip(" ").replace(",", "."))
    if type(written) not in (int, Decimal):
        return written
    number = Decimal(str(written))
    if not number.is_finite() or not 0 < number < 10_000:
        return written
    if number >= 10:
        return int(number) if number == int(number) else written
    rounded = number.quantize(Decimal("0.001"))
    return int(rounded * 1000) if rounded == number else written


_TRANSLATED: Mapping[str, Callable[[object], object]] = MappingProxyType(
    {
        "lens.geometry": _word(dict(enumerate(_GEOMETRY))),
        "lens.material": _word(dict(enumerate(_MATERIAL))),
        "lens.index": _thousandths,
        "supplement.N.type": _word(_SUPPLEMENT),
    }
)

_NOT_LIST = Sentence("optics.not-a-list")
_PRISM_SHAPE = Sentence("optics.prism-shape")
