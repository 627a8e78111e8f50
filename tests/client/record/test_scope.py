# SPDX-License-Identifier: Apache-2.0
"""The leaf that says which record a root belongs to."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau.record import Scope
from sceau.record.errors import ScopeNotCanonical
from tests.client.record.records import CLAIM, CONTRACT, LENS_SCOPE

LENS = (
    "sceau:1;profile=optical-prescription;version=1;chain=20261"
    f";contract={CONTRACT};claim={CLAIM};order=0;step=opened"
)
CONSENT = f"sceau:1;profile=consent;version=1;chain=1;contract={CONTRACT}"

words = st.text("abyz019", min_size=1, max_size=5)
names = st.lists(words, max_size=3).map(lambda parts: "-".join(["x", *parts]))


@st.composite
def scopes(draw: st.DrawFn) -> Scope:
    scope = Scope(
        draw(names),
        draw(st.integers(1, 9999)),
        draw(st.integers(1, 2**63 - 1)),
        f"0x{draw(st.integers(0, 2**160 - 1)):040x}",
    )
    if draw(st.booleans()):
        return scope
    claim = f"0x{draw(st.integers(0, 2**256 - 1)):064x}"
    return dataclasses.replace(
        scope, claim=claim, order_number=draw(st.integers(0, 2**32 - 1)), step=draw(names)
    )


@given(scopes())
def test_a_scope_has_one_writing_that_reads_back(scope: Scope) -> None:
    assert Scope.parse(scope.text()) == scope


@given(scopes(), scopes())
def test_two_scopes_with_one_writing_are_one(first: Scope, second: Scope) -> None:
    assert (first.text() == second.text()) == (first == second)
    assert (first.difference(second) is None) == (first == second)


def test_its_writing_is_the_one_of_the_specification() -> None:
    assert LENS_SCOPE.text() == LENS
    assert Scope("consent", 1, 1, CONTRACT).text() == CONSENT


def test_a_checksummed_address_is_lowered() -> None:
    assert Scope("consent", 1, 1, "0x5FbDB2315678afecb367f032d93F642f64180aa3").text() == CONSENT


@pytest.mark.parametrize(
    "text",
    [
        "",
        CONSENT + ";",
        CONSENT + "\n",
        " " + CONSENT,
        CONSENT.upper(),
        CONSENT.replace("sceau:1", "sceau:2"),
        CONSENT.replace("chain=1", "chain=01"),
        CONSENT.replace("chain=1", "chain=+1"),
        CONSENT.replace("chain=1", "chain=0"),
        CONSENT.replace("chain=1", "chain=" + "9" * 19),
        CONSENT.replace("chain=1", "chain=" + "9" * 5000),
        CONSENT.replace("chain=1", "chain=١"),
        CONSENT.replace("version=1;", ""),
        CONSENT.replace("version=1;chain=1", "chain=1;version=1"),
        CONSENT.replace("version=1", "version=10000"),
        CONSENT.replace(";chain=1", ";chain=1;chain=1"),
        CONSENT.replace("consent", "Consent"),
        CONSENT.replace("consent", "con--sent"),
        CONSENT.replace("consent", "x" * 41),
        CONSENT.replace("0x5f", "0x5F"),
        CONSENT.replace("0x5f", "0X5f"),
        CONSENT[:-1],
        LENS.replace(";step=opened", ""),
        LENS.replace(";order=0", ""),
        LENS.replace("order=0", "order=4294967296"),
        LENS.replace("order=0", "order=None"),
        LENS.replace("step=opened", "step="),
        LENS + ";extra=1",
        None,
        5,
        b"sceau:1",
    ],
    ids=lambda text: repr(text)[-40:],
)
def test_any_other_writing_is_refused(text: Any) -> None:
    with pytest.raises(ScopeNotCanonical) as caught:
        Scope.parse(text)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "change",
    [
        {"profile": "x;y"},
        {"profile": 5},
        {"version": 0},
        {"version": True},
        {"version": "1"},
        {"chain_id": 0},
        {"chain_id": -1},
        {"chain_id": 2**63},
        {"contract": "0x00"},
        {"contract": b"\x00" * 20},
        {"contract": None},
        {"claim": None},
        {"claim": CLAIM + "0"},
        {"order_number": None},
        {"order_number": -1},
        {"order_number": True},
        {"step": None},
        {"step": "Opened"},
        {"step": "a=b"},
    ],
    ids=str,
)
def test_a_scope_with_a_part_that_is_none_cannot_be_made(change: dict[str, Any]) -> None:
    with pytest.raises(ScopeNotCanonical) as caught:
        dataclasses.replace(LENS_SCOPE, **change)
    assert caught.value.details["part"]


def test_the_first_part_that_differs_is_named() -> None:
    for change in (
        {"profile": "optical-claim"},
        {"version": 2},
        {"chain_id": 1},
        {"contract": "0x" + "00" * 20},
        {"claim": "0x" + "00" * 32},
        {"order_number": 1},
        {"step": "ordered"},
    ):
        assert [LENS_SCOPE.difference(dataclasses.replace(LENS_SCOPE, **change))] == list(change)
