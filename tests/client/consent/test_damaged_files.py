# SPDX-License-Identifier: Apache-2.0
"""Every file that is handed over, cut short or changed at random: one clear error, or the very same thing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sceau.consent.card import Card, UnlockedCard
from sceau.consent.errors import SignatureNotByKey
from sceau.consent.request import ConsentRequest, read_request
from sceau.consent.revocation import Revocation, sign_revocation
from sceau.consent.signing import SignedConsent
from sceau.deployment import RegistryId
from sceau.errors import SceauError

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def readers(
    request_made: ConsentRequest,
    signed: SignedConsent,
    locked: Card,
    unlocked: UnlockedCard,
    here: RegistryId,
    head_time: int,
) -> dict[str, tuple[dict[str, Any], Callable[[Any], Any]]]:
    """Each kind of file: its values, and what its reader does with them up to the first use."""

    def revocation(data: Any) -> Revocation:
        read = Revocation.from_json(data)
        read.check(here)
        if not read.signed_by_key():
            raise SignatureNotByKey
        return read

    def signed_consent(data: Any) -> SignedConsent:
        read = SignedConsent.from_json(data)
        read.check(request_made)
        return read

    def card(data: Any) -> Card:
        read = Card.from_json(data)
        read.check(here)
        return read

    return {
        "request": (request_made.to_json(), lambda data: read_request(data, here, head_time)),
        "signed": (signed.to_json(), signed_consent),
        "card": (locked.to_json(), card),
        "revocation": (sign_revocation(unlocked).to_json(), revocation),
    }


KINDS = st.sampled_from(["request", "signed", "card", "revocation"])


def refused_or_same(
    readers: dict[str, tuple[dict[str, Any], Callable[[Any], Any]]], kind: str, data: object
) -> None:
    """The reader's answer is an error of Sceau's that says something in both languages, or the file as it was."""
    values, read = readers[kind]
    found, error = outcome(read, data)
    if error is not None:
        assert error.message("en")
        assert error.message("fr")
        assert len(str(error)) < 400
        secret = values.get("opening", {}).get("seed", "")[2:]
        assert not secret or secret not in str(error)
    # Only a card may differ and be read: nobody can tell an edited lock from a wrong PIN.
    elif kind == "card":
        assert {**found.to_json(), "crypto": 0, "id": 0} == {**values, "crypto": 0, "id": 0}
    else:
        assert found.to_json() == values


def outcome(read: Callable[[Any], Any], data: object) -> tuple[Any, SceauError | None]:
    """What ``read`` answers, and the error of Sceau's that it raises; any other exception fails the test."""
    try:
        return read(data), None
    except SceauError as error:
        return None, error


@SLOW
@given(kind=KINDS, data=st.data())
def test_a_file_cut_short(
    readers: dict[str, tuple[dict[str, Any], Callable[[Any], Any]]], kind: str, data: st.DataObject
) -> None:
    text = json.dumps(readers[kind][0])
    refused_or_same(readers, kind, text[: data.draw(st.integers(0, len(text) - 1))])


@SLOW
@given(kind=KINDS, data=st.data())
def test_a_file_with_some_characters_changed(
    readers: dict[str, tuple[dict[str, Any], Callable[[Any], Any]]], kind: str, data: st.DataObject
) -> None:
    text = json.dumps(readers[kind][0])
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text) - 1))
        text = (
            text[:at]
            + data.draw(st.characters() | st.sampled_from('0123456789abcdef"{}[],:'))
            + text[at + 1 :]
        )
    refused_or_same(readers, kind, text)


@SLOW
@given(kind=KINDS, data=st.data())
def test_a_file_with_a_value_changed(
    readers: dict[str, tuple[dict[str, Any], Callable[[Any], Any]]], kind: str, data: st.DataObject
) -> None:
    values = json.loads(json.dumps(readers[kind][0]))
    place = values
    while True:
        key = data.draw(st.sampled_from(sorted(place)))
        if isinstance(place[key], dict) and data.draw(st.booleans()):
            place = place[key]
            continue
        break
    place[key] = data.draw(ANYTHING)
    refused_or_same(readers, kind, values)
    refused_or_same(readers, kind, json.dumps(values))


@SLOW
@given(kind=KINDS, data=st.data())
def test_a_file_with_a_key_more_or_less(
    readers: dict[str, tuple[dict[str, Any], Callable[[Any], Any]]], kind: str, data: st.DataObject
) -> None:
    values = json.loads(json.dumps(readers[kind][0]))
    if data.draw(st.booleans()):
        del values[data.draw(st.sampled_from(sorted(values)))]
    else:
        values[data.draw(st.text())] = data.draw(ANYTHING)
    refused_or_same(readers, kind, values)


@SLOW
@given(kind=KINDS, bytes_=st.binary())
def test_a_file_of_anything(
    readers: dict[str, tuple[dict[str, Any], Callable[[Any], Any]]], kind: str, bytes_: bytes
) -> None:
    refused_or_same(readers, kind, bytes_)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "1" * 10_000, '{"format": ' + "9" * 9_000 + "}", "null", "[]", ""]
)
@pytest.mark.parametrize("kind", ["request", "signed", "card", "revocation"])
def test_a_file_that_stops_a_parser(
    readers: dict[str, tuple[dict[str, Any], Callable[[Any], Any]]], kind: str, text: str
) -> None:
    with pytest.raises(SceauError):
        readers[kind][1](text)


@pytest.mark.parametrize("kind", ["request", "signed", "card", "revocation"])
def test_one_kind_of_file_is_not_taken_for_another(
    readers: dict[str, tuple[dict[str, Any], Callable[[Any], Any]]], kind: str
) -> None:
    for other in {"request", "signed", "card", "revocation"} - {kind}:
        with pytest.raises(SceauError, match="format"):
            readers[kind][1](readers[other][0])


@SLOW
@given(data=st.data())
def test_a_card_whose_lock_was_changed_does_not_open(
    readers: dict[str, tuple[dict[str, Any], Callable[[Any], Any]]], pin: str, data: st.DataObject
) -> None:
    values = json.loads(json.dumps(readers["card"][0]))
    inner = values["crypto"]
    flat = {
        **dict.fromkeys(("ciphertext", "mac"), inner),
        "iv": inner["cipherparams"],
        "salt": inner["kdfparams"],
    }
    name = data.draw(st.sampled_from(sorted(flat)))
    text = flat[name][name]
    at = data.draw(st.integers(0, len(text) - 1))
    changed = text[:at] + data.draw(st.sampled_from("0123456789abcdef")) + text[at + 1 :]
    flat[name][name] = changed
    opened, error = outcome(lambda given: Card.from_json(given).unlock(pin), values)
    assert (error is None) == (changed == text)
    assert opened is None or opened.consent == values["consent"]


def test_a_damaged_file_writes_nothing(tmp_path: Path, request_made: ConsentRequest) -> None:
    (tmp_path / "request.json").write_text(json.dumps(request_made.to_json())[:-20])
    with pytest.raises(SceauError):
        ConsentRequest.load(tmp_path / "request.json")
    assert [each.name for each in tmp_path.iterdir()] == ["request.json"]
