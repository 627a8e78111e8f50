# SPDX-License-Identifier: Apache-2.0
"""Whatever is changed in a file, it is imported to a record that can be sealed, or refused in one clear line."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sceau.errors import SceauError
from sceau.formats.fhir import import_claim, import_prescription
from sceau.formats.fhir.imported import Imported
from sceau.record import load_profile
from tests.client.formats.fhir.conftest import Examples

MARK = "Dupont 87.25"
ABSURD: list[object] = [
    None, True, False, 0, -1, 10**40, 10**400, 1e300, -1e-30, float("nan"), "", MARK, MARK * 500, "-2.00",
    "\ud800", "2014-13-45", [], {}, [[]], [{}], {"value": 1}, {"reference": 5}, {MARK: MARK}, [None],
    {"resourceType": None}, {"resourceType": "Foo"}, {"resourceType": "Patient"},
]  # fmt: skip


def places(value: Any, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a JSON value, as a tuple of keys."""
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in pairs:
            yield (*above, key)
            yield from places(inner, (*above, key))


@st.composite
def mutated(draw: st.DrawFn, data: Any) -> bytes:
    """``data`` with one to three places removed, doubled or replaced."""
    data = copy.deepcopy(data)
    for _ in range(draw(st.integers(1, 3))):
        known = list(places(data))
        if not known:
            break
        *above, last = draw(st.sampled_from(known))
        holder = data
        for step in above:
            holder = holder[step]
        how = draw(st.sampled_from(["remove", "replace", "double", "swap"]))
        if how == "remove":
            del holder[last]
        elif how == "double" and isinstance(last, int):
            holder.append(copy.deepcopy(holder[last]))
        elif how == "swap":
            other = draw(st.sampled_from(known))
            inner: Any = data
            for step in other:
                inner = inner[step] if _has(inner, step) else None
            holder[last] = copy.deepcopy(inner)
        else:
            holder[last] = copy.deepcopy(draw(st.sampled_from(ABSURD)))
    return json.dumps(data).encode()


def _has(holder: Any, key: str | int) -> bool:
    if isinstance(holder, list):
        return isinstance(key, int) and key < len(holder)
    return isinstance(holder, dict) and key in holder


def check(read: Callable[[], Imported]) -> None:
    """Imports, or is refused with a message that shows nothing of what was put in."""
    try:
        imported = read()
    except SceauError as refused:
        shown = refused.message("en") + refused.message("fr")
        assert "Dupont" not in shown
        assert "87.25" not in shown
        assert "\n" not in shown
        assert len(shown) < 1200
        return
    name, version = imported.profile.split("/")
    assert load_profile(name, int(version)).validate(imported.values) == dict(imported.values)


slow = settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))


@slow
@given(data=st.data())
def test_a_changed_prescription(examples: Examples, data: st.DataObject) -> None:
    file = data.draw(mutated(examples.data("VisionPrescription-33123")))
    check(lambda: import_prescription(file))


@slow
@given(data=st.data())
def test_a_changed_claim(examples: Examples, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["Claim-660150", "Claim-660151", "Claim-660152"]))
    file = data.draw(mutated(examples.data(name)))
    check(lambda: import_claim(file, examples.path("Coverage-9876B1")))


@slow
@given(data=st.data())
def test_a_changed_coverage(examples: Examples, data: st.DataObject) -> None:
    file = data.draw(mutated(examples.data("Coverage-9876B1")))
    check(lambda: import_claim(examples.path("Claim-660151"), file))


@slow
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_bytes_of_any_kind(content: bytes) -> None:
    check(lambda: import_prescription(content))


@slow
@given(cut=st.integers(0, 1400))
def test_a_truncated_file(examples: Examples, cut: int) -> None:
    content = examples.path("VisionPrescription-33123").read_bytes()[:cut]
    check(lambda: import_prescription(content))
