# SPDX-License-Identifier: Apache-2.0
"""Shapes of documents: exact types, and of what is wrong only a rule and a path that the shape itself knows."""

from __future__ import annotations

import importlib
import json
import pkgutil
import traceback
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

import sceau
from sceau.documents.errors import FileMalformed
from sceau.documents.fields import Address, AnyAddress, Day, Hash, Name, PartyNumber, Time
from sceau.documents.model import Fault, Says, Shape, exactly, parse, read
from sceau.errors import Sentence
from sceau.locale.catalogue import catalogue

WHAT = Sentence("files.opening")
SECRET = "0x" + "5e" * 32


class Inner(Shape):
    number: PartyNumber
    flag: bool


class Thing(Shape):
    format: Literal["thing/1"]
    hash: Hash
    inner: Inner | None
    many: Annotated[list[Inner], Field(max_length=2)]
    named: dict[Name, Inner]
    free: dict[str, Inner]
    texts: list[Annotated[str, exactly("[a-z]+"), Says("documents.json-name")]]


WHOLE: dict[str, Any] = {
    "format": "thing/1",
    "hash": SECRET,
    "inner": {"number": 1, "flag": True},
    "many": [{"number": 2, "flag": False}],
    "named": {"a-name": {"number": 3, "flag": True}},
    "free": {"Mrs Martin": {"number": 4, "flag": True}},
    "texts": ["abc"],
}


#: A key that no JSON can have, as a caller may give it.
ODD: dict[Any, Any] = {**WHOLE, 5: 1}


def with_(**changes: Any) -> dict[str, Any]:
    return {**WHOLE, **changes}


def fault(data: Any) -> Fault:
    found = parse(Thing, data)
    assert isinstance(found, Fault)
    return found


def test_a_document_of_the_shape_is_read() -> None:
    for data in (WHOLE, json.dumps(WHOLE), json.dumps(WHOLE).encode()):
        thing = read(Thing, data, WHAT)
        assert (thing.hash, thing.many[0].number) == (SECRET, 2)


@pytest.mark.parametrize(
    ("data", "place", "where", "rule"),
    [
        (with_(format="thing/2"), "format", "format", "json-format"),
        (with_(format=1), "format", "format", "json-format"),
        ({"format": "thing/2"}, "format", "format", "json-format"),
        ({key: value for key, value in WHOLE.items() if key != "hash"}, "hash", "", "json-key-missing"),
        (with_(inner={"number": 1}), "inner.flag", "inner", "json-key-missing"),
        (with_(secret=1), "", "", "json-key-unknown"),
        (with_(inner={"number": 1, "flag": True, "x": 1}), "inner", "inner", "json-key-unknown"),
        (with_(many=[{"number": 1, "flag": True, "x": 1}]), "many[0]", "many[0]", "json-key-unknown"),
        (with_(hash="0x12"), "hash", "hash", "json-hash"),
        (with_(hash=SECRET + "\n"), "hash", "hash", "json-hash"),
        (with_(hash=5), "hash", "hash", "json-hash"),
        (with_(inner=5), "inner", "inner", "json-object"),
        (with_(inner=[]), "inner", "inner", "json-object"),
        (with_(inner={"number": 0, "flag": True}), "inner.number", "inner.number", "json-range"),
        (with_(inner={"number": True, "flag": True}), "inner.number", "inner.number", "json-number"),
        (with_(inner={"number": "1", "flag": True}), "inner.number", "inner.number", "json-number"),
        (with_(inner={"number": 1, "flag": 1}), "inner.flag", "inner.flag", "json-boolean"),
        (with_(inner={"number": 1, "flag": "true"}), "inner.flag", "inner.flag", "json-boolean"),
        (with_(many={}), "many", "many", "json-a-list"),
        (with_(many=WHOLE["many"] * 3), "many", "many", "json-length"),
        (with_(named={"A Name": {"number": 3, "flag": True}}), "named", "named", "json-name"),
        (with_(named={"a-name": {"number": 3, "flag": 3}}), "named.a-name.flag", "named.a-name.flag", "json-boolean"),
        (with_(free={"Mrs Martin": {"number": 3, "flag": 3}}), "free", "free", "json-boolean"),
        (with_(free={"Mrs Martin": 3}), "free", "free", "json-object"),
        (with_(texts=["abc", "5"]), "texts[1]", "texts[1]", "json-name"),
        (with_(texts=["\ud800"]), "texts[0]", "texts[0]", "json-name"),
        ({**WHOLE, "\ud800": 1}, "", "", "json-key-unknown"),
        (ODD, "", "", "json-key-unknown"),
        ("{", "", "", "json-broken"),
        ("[]", "", "", "json-not-object"),
        (None, "", "", "json-not-object"),
        (json.dumps(WHOLE).replace('"number": 1', '"number": 1.0'), "", "", "json-fraction"),
        (json.dumps(WHOLE).replace('"number": 1', '"number": 1, "number": 1'), "", "", "json-key-twice"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_what_is_wrong_is_told_by_its_place_and_rule(data: Any, place: str, where: str, rule: str) -> None:
    found = fault(data)
    assert (found.place, found.where, found.sentence.code, found.rule.code) == (place, where, rule, rule)
    for language in ("en", "fr"):
        assert place in found.sentence.text(language)
        assert "Martin" not in found.sentence.text(language)


def test_a_float_in_a_parsed_object_is_no_whole_number() -> None:
    assert fault(with_(inner={"number": 1.0, "flag": True})).place == "inner.number"


def test_nothing_of_the_document_hangs_on_the_error() -> None:
    with pytest.raises(FileMalformed) as refused:
        read(Thing, with_(hash=SECRET, inner={"number": SECRET, "flag": True}, more=SECRET), WHAT)
    assert refused.value.__cause__ is refused.value.__context__ is None
    shown = "".join(traceback.format_exception(refused.value)) + repr(vars(refused.value))
    assert SECRET not in shown


def test_a_shape_shows_no_value_and_cannot_be_changed() -> None:
    thing = read(Thing, WHOLE, WHAT)
    for printed in (repr(thing), str(thing), f"{thing}", repr([thing])):
        assert "5e5e" not in printed
    with pytest.raises(ValueError, match="frozen"):
        setattr(thing, "hash", "0x")  # noqa: B010  # what must not work


class Values(Shape):
    address: Address
    any_address: AnyAddress
    day: Day
    time: Time


GOOD = {
    "address": "0x" + "ab" * 20,
    "any_address": "0x5fbdb2315678afecb367f032d93f642f64180aa3",
    "day": "2026-11-29",
    "time": "2026-11-29T16:30:00Z",
}


def test_addresses_get_their_checksum_and_dates_become_dates() -> None:
    values = read(Values, GOOD, WHAT)
    assert values.any_address == "0x5FbDB2315678afecb367f032d93F642f64180aa3"
    assert (values.day.isoformat(), values.time.isoformat()) == ("2026-11-29", "2026-11-29T16:30:00+00:00")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("address", GOOD["any_address"].upper()),
        ("address", "0x" + "AB" * 20),
        ("any_address", "0x5FBdB2315678afecb367f032d93F642f64180aa3"),
        ("any_address", "5fbdb2315678afecb367f032d93f642f64180aa3"),
        ("day", "20261129"),
        ("day", "2026-02-30"),
        ("day", "2026-W48-7"),
        ("day", "２０２６-11-29"),
        ("day", 5),
        ("time", "2026-11-29T16:30:00+00:00"),
        ("time", "2026-11-29T16:30:00.5Z"),
        ("time", "2026-11-29T6:30:00Z"),
        ("time", None),
    ],
)
def test_another_writing_is_refused(name: str, written: object) -> None:
    found = parse(Values, {**GOOD, name: written})
    assert isinstance(found, Fault)
    assert found.place == name


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
        max_leaves=6,
    )
)
def test_whatever_is_given_is_read_or_told(data: Any) -> None:
    for given_ in (data, with_(inner=data), with_(many=data), with_(named=data), with_(free=data)):
        found = parse(Thing, given_)
        if isinstance(found, Fault):
            assert found.sentence.text("en") != found.sentence.text("fr")


def shapes() -> Iterator[type[Shape]]:
    """Every shape of the library."""
    for module in pkgutil.walk_packages(sceau.__path__, "sceau."):
        if module.name.endswith(("shapes", "documents.fields")):
            for found in vars(importlib.import_module(module.name)).values():
                if isinstance(found, type) and issubclass(found, Shape):
                    yield found


def marks(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    for each in getattr(annotation, "__args__", ()):
        yield from marks(each)


@pytest.mark.parametrize("shape", sorted(set(shapes()), key=str), ids=str)
def test_every_shape_is_strict_and_says_what_the_catalogues_hold(shape: type[Shape]) -> None:
    config = shape.model_config
    assert (config["strict"], config["frozen"], config["extra"]) == (True, True, "forbid")
    assert shape.__doc__
    for field in shape.model_fields.values():
        for mark in (*field.metadata, *marks(field.annotation)):
            if isinstance(mark, Says):
                namespace, _, code = mark.rule.partition(".")
                assert "{place}" in catalogue("en")[namespace][code]
