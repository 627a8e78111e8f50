# SPDX-License-Identifier: Apache-2.0
"""The card's short form: the same key and coordinates, in a text for a small QR code."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from sceau.chain.signer import Signer
from sceau.consent import compact as compact_module
from sceau.consent.card import Card, UnlockedCard
from sceau.consent.compact import CompactCard, load_card
from sceau.consent.errors import CardContradictory, PinRefused, QrUnreadable, SignedForeign, WrongPin
from sceau.deployment import RegistryId
from sceau.documents.errors import FileMalformed


@pytest.fixture(scope="module")
def compact(unlocked: UnlockedCard, pin: str) -> CompactCard:
    return CompactCard.lock(unlocked, pin)


def test_the_text_holds_the_same_card(
    compact: CompactCard, unlocked: UnlockedCard, locked: Card, pin: str
) -> None:
    read = CompactCard.from_text(compact.to_text())
    assert read == compact
    assert read.consent == locked.consent
    opened = read.unlock(pin)
    assert opened.key.key_bytes() == unlocked.key.key_bytes()
    assert (opened.registry, opened.commitment) == (unlocked.registry, unlocked.commitment)


def test_the_text_fits_a_small_qr_code(compact: CompactCard) -> None:
    text = compact.to_text()
    assert re.fullmatch(r"SCEAU1:[A-Z2-7]{288}", text)
    # 311 characters fit version 10, level M, in QR's alphanumeric mode.
    assert len(text) == 295


def test_the_pin_opens_it_and_nothing_else_does(compact: CompactCard, pin: str) -> None:
    for wrong in ("482916", "", "48291", "\ud800", pin + " "):
        with pytest.raises(WrongPin):
            compact.unlock(wrong)


def test_it_is_as_strong_as_the_card_file(
    unlocked: UnlockedCard, pin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compact_module, "SCRYPT_N", 2**18)
    strong = CompactCard.lock(unlocked, pin)
    assert strong.unlock(pin).consent == unlocked.consent
    monkeypatch.setattr(compact_module, "SCRYPT_N", 2**10)
    with pytest.raises(WrongPin):
        strong.unlock(pin)


def test_an_obvious_pin_locks_nothing(unlocked: UnlockedCard) -> None:
    with pytest.raises(PinRefused):
        CompactCard.lock(unlocked, "000000")


@pytest.mark.parametrize("number", [bytes(32), b"\xff" * 32])
def test_a_sealed_number_that_is_no_key_is_refused(compact: CompactCard, pin: str, number: bytes) -> None:
    key, nonce = compact_module._derive(pin, compact.salt)
    hostile = replace(compact, sealed=AESGCM(key).encrypt(nonce, number, compact._public()))
    with pytest.raises(CardContradictory):
        CompactCard.from_text(hostile.to_text()).unlock(pin)


@pytest.mark.parametrize(
    "change",
    [
        str.lower,
        lambda text: f"\ufeff{text}\r\n",
        lambda text: "\n".join(textwrap.wrap(text, 40)),
        lambda text: f" {text[:7]} {text[7:]} ",
    ],
)
def test_what_telephones_mail_and_editors_do_to_the_text_is_undone(
    compact: CompactCard, change: Callable[[str], str], tmp_path: Path
) -> None:
    (tmp_path / "card.txt").write_text(change(compact.to_text()), encoding="utf-8")
    assert load_card(tmp_path / "card.txt") == compact


def test_two_prints_of_one_card_differ(compact: CompactCard, unlocked: UnlockedCard, pin: str) -> None:
    assert CompactCard.lock(unlocked, pin).sealed != compact.sealed


@pytest.mark.parametrize(
    "changes", [{"chain_id": 1}, {"genesis_hash": "0x" + "00" * 32}, {"contract": "0x" + "00" * 20}]
)
def test_the_key_is_bound_to_its_register(
    compact: CompactCard, here: RegistryId, pin: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(WrongPin):
        replace(compact, registry=replace(here, **changes)).unlock(pin)
    with pytest.raises(SignedForeign):
        compact.check(replace(here, **changes))


def test_the_key_is_bound_to_its_consent(compact: CompactCard, pin: str) -> None:
    with pytest.raises(WrongPin):
        replace(compact, commitment="0x" + "11" * 32).unlock(pin)
    with pytest.raises(WrongPin):
        replace(compact, address="0x" + "11" * 20).unlock(pin)


def test_another_key_sealed_under_this_address_is_refused(compact: CompactCard, pin: str) -> None:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key, nonce = compact_module._derive(pin, compact.salt)
    other = AESGCM(key).encrypt(nonce, Signer.generate().key_bytes(), compact._public())
    with pytest.raises(CardContradictory):
        replace(compact, sealed=other).unlock(pin)


@given(at=st.integers(0, 294), to=st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567 :-\néa0"))
def test_a_text_with_any_other_character_is_refused(compact: CompactCard, at: int, to: str) -> None:
    text = compact.to_text()
    changed = text[:at] + to + text[at + 1 :]
    # Capitals and blanks are what telephones change: the text is the same without them.
    if changed.upper() != text:
        with pytest.raises(QrUnreadable):
            CompactCard.from_text(changed)


@given(length=st.integers(0, 294), rest=st.text(max_size=20))
def test_a_text_that_is_not_whole_is_refused(compact: CompactCard, length: int, rest: str) -> None:
    text = compact.to_text()
    cut = text[:length] + rest
    if "".join(cut.split()).upper() != text:
        with pytest.raises(QrUnreadable):
            CompactCard.from_text(cut)


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(QrUnreadable):
        CompactCard.from_text(text)


def test_a_scanned_text_saved_in_a_file_is_a_card(compact: CompactCard, locked: Card, tmp_path: Path) -> None:
    (tmp_path / "carte.txt").write_text(f" {compact.to_text()}\n")
    assert load_card(tmp_path / "carte.txt") == compact
    locked.save(tmp_path / "card.json")
    assert load_card(tmp_path / "card.json") == locked


def test_a_file_that_is_neither_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xff\xfe")
    with pytest.raises(FileMalformed):
        load_card(tmp_path / "a")
    (tmp_path / "b").write_bytes(b"SCEAU1:\xff\xfe")
    with pytest.raises(QrUnreadable):
        load_card(tmp_path / "b")


def test_it_shows_no_key(compact: CompactCard, unlocked: UnlockedCard) -> None:
    assert repr(compact) == f"CompactCard(consent {unlocked.consent})"


@pytest.mark.parametrize(
    "begin", [b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"\0\0\0\x18ftypheic"]
)
def test_a_picture_of_a_card_is_answered_with_what_to_do(tmp_path: Path, begin: bytes) -> None:
    (tmp_path / "card").write_bytes(begin + bytes(100))
    with pytest.raises(QrUnreadable) as refused:
        load_card(tmp_path / "card")
    assert refused.value.details["rule"].code == "card-is-a-picture"
