# SPDX-License-Identifier: Apache-2.0
"""docs/schemas are those of the program's shapes: its own files fit them, and what does not fit is read by nobody."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from sceau.errors import SceauError
from tests.support.documents import Kind, kinds
from tests.support.stage import Played
from tools.schemas import FOLDER, schemas

TRADE = ("sceau-quote-1", "sceau-lens-order-1", "sceau-lens-delivery-1", "sceau-invoice-1")


@pytest.fixture(scope="module")
def every(played: Played) -> dict[str, Kind]:
    with played.set() as stage:
        return {kind.schema: kind for kind in kinds(stage)}


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


VALIDATORS = {name: validator(schema) for name, schema in schemas().items()}


def test_the_schemas_are_those_of_the_shapes() -> None:
    written = {
        path.name.removesuffix(".schema.json"): json.loads(path.read_text("utf-8"))
        for path in FOLDER.glob("*.schema.json")
    }
    assert written == schemas(), "run: python -m tools.schemas"


def test_every_format_has_a_schema_and_a_file(every: dict[str, Kind]) -> None:
    assert set(every) == set(VALIDATORS)


def test_files_of_the_program_fit_their_schemas_and_are_read(every: dict[str, Kind]) -> None:
    for name, kind in every.items():
        for file in kind.files:
            assert [error.message for error in VALIDATORS[name].iter_errors(file)] == []
            kind.read(json.dumps(file))


def places(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything in a document; of a list, of its first two items."""
    items = (
        value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    )
    for key, each in items:
        yield (*before, key)
        yield from places(each, (*before, key))


def edited(file: dict[str, Any], place: tuple[Any, ...], value: object) -> dict[str, Any]:
    copied = copy.deepcopy(file)
    holder: Any = copied
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    return copied


def is_read(kind: Kind, file: object) -> bool:
    try:
        kind.read(json.dumps(file))
    except SceauError:
        return False
    return True


def test_a_document_with_another_key_or_in_another_format_fits_no_schema(every: dict[str, Kind]) -> None:
    for name, kind in every.items():
        file = kind.files[0]
        for change in ({"more": 1}, {"format": "sceau-other/1"} if "format" in file else {"more": None}):
            assert not VALIDATORS[name].is_valid({**file, **change})
            assert not is_read(kind, {**file, **change})


HOSTILE = [None, True, 5, -1, "", "x", "0x12", [], {}, [None], {"more": 1}, "2026-02-30", "0x" + "AB" * 32]


def test_what_is_read_fits_its_schema(every: dict[str, Kind]) -> None:
    """A value anywhere replaced by another: where a reader takes the document, its schema does, too."""
    taken = refused = 0
    for name, kind in every.items():
        if name in TRADE:
            continue
        file = kind.files[0]
        for place in places(file):
            for value in HOSTILE:
                changed = edited(file, place, value)
                if is_read(kind, changed):
                    taken += 1
                    assert VALIDATORS[name].is_valid(changed), (name, place, value)
                else:
                    refused += 1
    assert taken > 50
    assert refused > 5000


def test_what_does_not_fit_is_told_by_the_schema(every: dict[str, Kind]) -> None:
    """A value of another JSON type fits no schema, except where the format leaves the type open."""
    free = {"compiler", "arguments", "values", "value", "min", "max", "step"}
    for name, kind in every.items():
        file = kind.files[0]
        for place in places(file):
            if free & set(place):
                continue
            others: tuple[object, ...] = (12.5, {"more": [{}]}, [[[]]])
            for value in others:
                changed = edited(file, place, value)
                if name in TRADE and value == 12.5:
                    continue  # an amount may have a fraction
                assert not VALIDATORS[name].is_valid(changed), (name, place, value)


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_a_document_of_one_format_is_none_of_another(every: dict[str, Kind], seed: int) -> None:
    dice = random.Random(seed)
    name, other = dice.sample(sorted(every), 2)
    file = dice.choice(every[name].files)
    assert not VALIDATORS[other].is_valid(file)
    assert not is_read(every[other], file)
