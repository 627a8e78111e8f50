# SPDX-License-Identifier: Apache-2.0
"""The text that patients are shown: published under a hash, and with words for everything that it asks."""

from __future__ import annotations

import hashlib
import re
from importlib import resources
from string import Formatter
from typing import Any

import pytest

from sceau.consent import wording
from sceau.consent.errors import NotInWords, TextChanged, TextUnknown
from sceau.consent.wording import CURRENT, PUBLISHED, Terms, consent_text, published_hash
from sceau.policy import load_policy
from sceau.record import load_profile, profile_names

# Published texts, for ever: consents name them. A change to a text is a new version, and one more line here.
FOR_EVER = {"fr-1": "0x7fdb3ba67afcffe2ffb0913fea5ccc93f9eb3860fe25d45caa6b9c51152f71d5"}

NEVER_SHOWN_TO_A_PAYER = {"CORRECTION", "PRESCRIPTION", "PRODUCT", "LPP-CODES"}


def terms(**changes: Any) -> Terms:
    values = {
        "practice": 7,
        "payer": 9,
        "purpose": "THIRD-PARTY-PAYMENT",
        "groups": ("AMOUNTS", "DETAIL-AMOUNTS"),
        "expires_at": 1_811_808_000,
        "attested": False,
    }
    return Terms(**{**values, **changes})


def content(name: str) -> bytes:
    return (resources.files("sceau.consent") / "text" / name).read_bytes()


def test_a_published_text_never_changes() -> None:
    assert dict(PUBLISHED) == FOR_EVER
    for version, expected in FOR_EVER.items():
        assert "0x" + hashlib.sha256(content(f"{version}.txt")).hexdigest() == expected


def test_every_text_file_is_published_and_has_a_reading_version() -> None:
    folder = resources.files("sceau.consent") / "text"
    names = {each.name for each in folder.iterdir() if each.name.endswith(".txt")}
    assert names == {f"{version}{end}" for version in PUBLISHED for end in (".txt", ".en.txt")}


def test_a_text_that_was_changed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "_read", lambda name: content(name) + b" ")
    consent_text.cache_clear()
    with pytest.raises(TextChanged):
        consent_text("fr-1")
    consent_text.cache_clear()


@pytest.mark.parametrize("version", ["fr-2", "", "../fr-1", "fr-1.en"])
def test_an_unknown_version_is_refused(version: str) -> None:
    with pytest.raises(TextUnknown):
        published_hash(version)
    with pytest.raises(TextUnknown):
        consent_text(version)


@pytest.mark.parametrize("version", PUBLISHED)
def test_the_reading_version_says_as_much_as_the_text(version: str) -> None:
    french, english = consent_text(version), consent_text(version, "en")
    assert french._words.keys() == english._words.keys()
    assert fields(french._body) == fields(english._body)
    for key, words in french._words.items():
        assert fields(words) == fields(english._words[key]), key


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_group_that_a_payer_may_be_shown_has_words_and_no_other() -> None:
    groups = {group for name, version in profile_names() for group in load_profile(name, version).groups()}
    allowed = consent_text(CURRENT["fr"]).groups
    assert not allowed & NEVER_SHOWN_TO_A_PAYER
    assert allowed <= groups
    policy = load_policy("fr-responsible-contract")
    for clause in policy.clauses.values():
        for profile_key in clause.allow:
            name, version = profile_key.split("/")
            for field in load_profile(name, int(version)).fields.values():
                if clause.allowed(profile_key, field.path):
                    assert field.group in allowed | {"RECORD"}, field.path


def test_the_text_is_read_with_every_value_in_words() -> None:
    text = consent_text("fr-1").filled(terms(), {9: "Mutuelle du Port"})
    assert "Le membre n° 7 du registre" in text
    assert "Mutuelle du Port (membre n° 9 du registre)" in text
    assert "- montants totaux\n- montants et quantités ligne par ligne\n" in text
    assert "Il prend fin le 1er juin 2027 à 0 h (temps universel)." in text
    assert "Vous le signez vous-même" in text
    assert not re.search(r"[{}]|[A-Z]+-[A-Z]+", text)
    assert "-----" not in text
    later = consent_text("fr-1").filled(terms(expires_at=1_811_808_000 + 86_400), {})
    assert "Il prend fin le 2 juin 2027" in later


def test_the_text_says_what_it_must() -> None:
    """Who, what, for what, to whom, until when, how to withdraw, what refusing changes: domain.md §2.3."""
    text = consent_text("fr-1")._body
    assert {"practice", "payer", "purpose", "groups", "expires", "attested"} == fields(text)
    for needed in (
        "sceau consent revoke CARTE",
        "n'importe quel membre du registre",
        "sans frais",
        "n'en dépend pas",
        "Si vous refusez",
    ):
        assert needed in text


def test_the_text_tells_an_attested_consent_from_a_signed_one() -> None:
    assert "Le magasin atteste votre accord" in consent_text("fr-1").filled(terms(attested=True), {})
    assert "The shop vouches" in consent_text("fr-1", "en").filled(terms(attested=True), {})


@pytest.mark.parametrize("group", ["CORRECTION", "PRESCRIPTION", "PRODUCT", "RECORD", "UNHEARD-OF"])
def test_what_has_no_words_cannot_be_shown(group: str) -> None:
    with pytest.raises(NotInWords, match=r"group\.2"):
        consent_text("fr-1").filled(terms(groups=("AMOUNTS", group)), {})


def test_a_purpose_without_words_cannot_be_shown() -> None:
    with pytest.raises(NotInWords, match="purpose"):
        consent_text("fr-1").filled(terms(purpose="MARKETING"), {})


@pytest.mark.parametrize("name", ["Mutuelle\n\nQuelles données\n- aucune", "", "a\u202eb", "  ", "x{groups}"])
def test_a_name_cannot_pass_for_a_part_of_the_text(name: str) -> None:
    text = consent_text("fr-1").filled(terms(), {9: name})
    assert len(text.splitlines()) == len(consent_text("fr-1").filled(terms(), {}).splitlines())
    assert "\u202e" not in text
