# SPDX-License-Identifier: Apache-2.0
"""The card file: opened by its PIN alone, telling nothing, and of no use once changed."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from Crypto import Random
from eth_account import Account

from sceau.chain.signer import Signer
from sceau.consent import card as card_module
from sceau.consent.card import Card, UnlockedCard
from sceau.consent.errors import CardContradictory, PinRefused, SignedForeign, WrongPin
from sceau.consent.request import ConsentRequest
from sceau.consent.typed_data import consent_id
from sceau.deployment import RegistryId
from sceau.documents.errors import FileExists, FileMalformed, FileNotRead


@pytest.fixture
def form(locked: Card) -> Any:
    return json.loads(json.dumps(locked.to_json()))


def test_the_pin_opens_the_card_and_nothing_else_does(locked: Card, key: Signer, pin: str) -> None:
    opened = locked.unlock(pin)
    assert opened.key.key_bytes() == key.key_bytes()
    assert opened.consent == locked.consent == consent_id(locked.commitment, key.address)
    for wrong in ("482916", "", "48291", "4829155", "abc", "\ud800", "482915 "):
        with pytest.raises(WrongPin):
            locked.unlock(wrong)


def test_a_card_is_as_strong_as_the_standard_asks(
    request_made: ConsentRequest, here: RegistryId, key: Signer, pin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N = 2^18, so that trying 10^6 PINs takes 17 days of a core; and any wallet opens the file as it is."""
    monkeypatch.setattr(card_module, "SCRYPT_N", 2**18)
    card = Card.lock(here, request_made.commitment, key, pin)
    file = json.loads(json.dumps(card.to_json()))
    assert file["crypto"]["kdfparams"] == {**file["crypto"]["kdfparams"], "n": 262_144, "r": 8, "p": 1}
    assert bytes(Account.decrypt(file, pin)) == key.key_bytes()
    assert Card.from_json(file).unlock(pin).key.address == key.address


def test_a_card_whose_number_begins_with_zeros_opens(
    here: RegistryId, request_made: ConsentRequest, key: Signer, pin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One card in 256: some versions of the library that locks it leave out leading zero bytes of the number."""
    drawn = Random.get_random_bytes
    monkeypatch.setattr(Random, "get_random_bytes", lambda size: bytes(2) + drawn(size - 2))
    made = Card.lock(here, request_made.commitment, key, pin).to_json()
    monkeypatch.undo()
    assert made["crypto"]["cipherparams"]["iv"].startswith("0000")
    assert len(made["crypto"]["cipherparams"]["iv"]) == 32
    assert Card.from_json(json.dumps(made)).unlock(pin).key.key_bytes() == key.key_bytes()
    # As such a version wrote it.
    made["crypto"]["cipherparams"]["iv"] = made["crypto"]["cipherparams"]["iv"][4:]
    assert Card.from_json(json.dumps(made)).unlock(pin).key.key_bytes() == key.key_bytes()


def test_an_obvious_pin_locks_nothing(here: RegistryId, request_made: ConsentRequest, key: Signer) -> None:
    with pytest.raises(PinRefused):
        Card.lock(here, request_made.commitment, key, "123456")


def test_a_card_tells_no_word_of_what_was_consented_to(
    locked: Card, request_made: ConsentRequest, key: Signer, pin: str
) -> None:
    text = json.dumps(locked.to_json())
    assert set(locked.to_json()) == {
        "format",
        "chain_id",
        "genesis_hash",
        "contract",
        "commitment",
        "consent",
        "address",
        "crypto",
        "id",
        "version",
    }
    for value in request_made.values.values():
        assert f'"{value}"' not in text
        assert f": {value}," not in text
    assert request_made.record.seed.hex() not in text
    assert key.key_bytes().hex() not in text
    assert pin not in text


def test_no_key_is_shown_or_leaves_the_process(locked: Card, unlocked: UnlockedCard, key: Signer) -> None:
    for thing in (locked, unlocked, key):
        assert key.key_bytes().hex() not in repr(thing) + str(thing)
    with pytest.raises(TypeError):
        pickle.dumps(unlocked)


def test_a_card_file_is_private_whole_and_not_written_over(locked: Card, tmp_path: Path, pin: str) -> None:
    path = tmp_path / "card.json"
    locked.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Card.load(path).unlock(pin).consent == locked.consent
    before = path.read_bytes()
    with pytest.raises(FileExists):
        locked.save(path)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["card.json"]


@pytest.mark.parametrize("name", ["missing.json", "no/such/folder.json", "", "\0"])
def test_a_card_that_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotRead):
        Card.load(tmp_path / name)


@pytest.mark.parametrize("key_name", ["commitment", "consent"])
def test_an_edited_consent_is_refused_without_the_pin(form: dict[str, Any], key_name: str) -> None:
    form[key_name] = "0x" + "11" * 32
    with pytest.raises(CardContradictory):
        Card.from_json(form)


def test_an_edited_address_is_refused_without_the_pin(form: dict[str, Any]) -> None:
    form["address"] = "11" * 20
    with pytest.raises(CardContradictory):
        Card.from_json(form)


def test_another_persons_key_under_this_cards_name_is_refused(
    locked: Card, form: dict[str, Any], pin: str
) -> None:
    """Edited so that all outer parts agree: the key inside does not."""
    form["address"] = "11" * 20
    form["consent"] = consent_id(locked.commitment, "0x" + "11" * 20)
    with pytest.raises(CardContradictory):
        Card.from_json(form).unlock(pin)


def test_two_cards_mixed_up_are_refused(
    form: dict[str, Any], here: RegistryId, request_made: ConsentRequest, pin: str
) -> None:
    other = Card.lock(here, request_made.commitment, Signer.generate(), pin).to_json()
    form["crypto"] = other["crypto"]
    with pytest.raises(CardContradictory):
        Card.from_json(form).unlock(pin)


@pytest.mark.parametrize("part", ["ciphertext", "mac"])
def test_a_damaged_key_does_not_open(form: dict[str, Any], part: str, pin: str) -> None:
    form["crypto"][part] = "00" * 32
    with pytest.raises(WrongPin):
        Card.from_json(form).unlock(pin)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", 2**30),
        ("n", 2),
        ("n", True),
        ("r", 2**20),
        ("p", 2**20),
        ("p", True),
        ("dklen", 16),
        ("salt", ""),
        ("extra", 1),
    ],
)
def test_a_card_cannot_ask_for_any_amount_of_memory(form: dict[str, Any], name: str, value: object) -> None:
    form["crypto"]["kdfparams"][name] = value
    with pytest.raises(FileMalformed):
        Card.from_json(form)


@pytest.mark.parametrize("crypto", [None, [], {}, "x", 3, {"kdfparams": {}}])
def test_a_card_without_a_keystore_is_refused(form: dict[str, Any], crypto: object) -> None:
    form["crypto"] = crypto
    with pytest.raises(FileMalformed):
        Card.from_json(form)


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        ("chain id", {"chain_id": 1337}),
        ("genesis", {"genesis_hash": "0x" + "00" * 32}),
        ("contract", {"contract": "0x" + "00" * 20}),
    ],
)
def test_a_card_for_another_register_says_which_part_differs(
    locked: Card, unlocked: UnlockedCard, here: RegistryId, part: str, changes: dict[str, Any]
) -> None:
    for card in (locked, unlocked):
        card.check(here)
        with pytest.raises(SignedForeign, match=part):
            card.check(replace(here, **changes))
