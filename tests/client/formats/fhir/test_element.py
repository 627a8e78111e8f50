# SPDX-License-Identifier: Apache-2.0
"""A field is read as what it is, or refused where it is; nothing is guessed from another type."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sceau.formats.fhir.element import Element
from sceau.formats.fhir.errors import FieldRefused

READERS: dict[str, tuple[Any, list[object]]] = {
    "text": ("a", [None, "", 1, True, [], {}]),
    "number": (Decimal("-2.00"), [None, "-2.00", True, [], {}, -2.0]),
    "flag": (True, [None, 1, "true", [], {}]),
    "day": ("2014-06-15", [None, "", 2014, "2014", "2014-06", "15/06/2014", "2014-02-30", "2014-06-15 "]),
    "texts": (["a"], [None, "a", [1], [""], {}]),
    "element": ({"a": 1}, [None, 1, "a", []]),
    "elements": ([{}], [None, {}, "a", [1], [None]]),
}
WRONG = [(reader, value) for reader, (_, values) in READERS.items() for value in values]


@pytest.mark.parametrize(("reader", "value"), WRONG)
def test_a_field_of_another_kind_is_refused_where_it_is(reader: str, value: object) -> None:
    with pytest.raises(FieldRefused) as refused:
        getattr(Element("Claim.item[0]", {"field": value}), reader)("field")
    assert refused.value.details["path"] == "Claim.item[0].field"


@pytest.mark.parametrize("reader", READERS)
def test_a_field_that_is_not_there_is_nothing(reader: str) -> None:
    assert getattr(Element("Claim", {}), reader)("field") in (None, [])


@pytest.mark.parametrize("reader", ["required_text", "required_day", "required_element"])
def test_a_required_field_that_is_not_there_is_refused(reader: str) -> None:
    with pytest.raises(FieldRefused) as refused:
        getattr(Element("Claim", {}), reader)("field")
    assert (refused.value.details["path"], refused.value.details["rule"].code) == ("Claim.field", "missing")


def test_what_is_there_is_read() -> None:
    for reader, (value, _) in READERS.items():
        read = getattr(Element("Claim", {"field": value}), reader)("field")
        if reader == "element":
            assert read == Element("Claim.field", value)
        elif reader == "elements":
            assert read == [Element("Claim.field[0]", {})]
        else:
            assert read == value
