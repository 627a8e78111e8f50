# SPDX-License-Identifier: Apache-2.0
"""Every sentence stands in both catalogues under its key, says the same facts in both, and holds no value."""

from __future__ import annotations

import re
import string

import pytest

from sceau.errors import Joined, SceauError, Sentence
from sceau.locale.catalogue import catalogue
from tests.client.locale.tree import errors_of_the_library

LANGUAGES = ("en", "fr")
ERRORS = errors_of_the_library()
KEYS = sorted(f"{namespace}.{code}" for namespace, codes in catalogue("en").items() for code in codes)


def template(key: str, language: str) -> str:
    namespace, _, code = key.partition(".")
    return catalogue(language)[namespace][code]


def places(text: str) -> set[str]:
    """The places for details in a template."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def shown(kind: type[SceauError], language: str) -> str:
    """The message of a class, each place filled with its own name in brackets."""
    error = kind.__new__(kind)
    error.details = {name: f"<{name}>" for name in places(template(f"errors.{kind.code}", "en"))}
    return error.message("fr" if language == "fr" else "en")


def test_both_languages_have_the_same_keys() -> None:
    english, french = (
        {(namespace, code) for namespace, codes in catalogue(language).items() for code in codes}
        for language in LANGUAGES
    )
    assert english == french


@pytest.mark.parametrize("key", KEYS)
def test_both_languages_name_the_same_facts(key: str) -> None:
    english, french = template(key, "en"), template(key, "fr")
    assert english
    assert french
    assert places(english) == places(french)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*\.[a-z0-9_]+(-[a-z0-9]+)*", key)


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__qualname__)
def test_every_error_can_be_shown_in_both_languages(kind: type[SceauError]) -> None:
    english, french = shown(kind, "en"), shown(kind, "fr")
    assert english != french
    assert english[-1] in ".}>)'"
    assert "{" not in english + french
    assert kind.__doc__ or kind.__base__.__doc__


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__qualname__)
def test_a_code_is_in_kebab_case_and_belongs_to_one_error(kind: type[SceauError]) -> None:
    if "code" not in vars(kind):
        assert kind.__subclasses__(), "only the base of a family has no code of its own"
        return
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", kind.code)
    assert [each for each in ERRORS if vars(each).get("code") == kind.code] == [kind]


def test_a_sentence_is_written_for_its_reader() -> None:
    sentence = Sentence("errors.no-order", claim="0x12")
    assert (sentence.code, sentence.key) == ("no-order", "errors.no-order")
    assert sentence.text("en") == sentence.en == str(sentence) != sentence.text("fr") == sentence.fr
    assert sentence.text("de") == sentence.en  # type: ignore[arg-type]  # a language there is not
    assert "0x12" in sentence.en


def test_a_detail_is_written_in_the_language_of_the_sentence() -> None:
    inner = Sentence("roles.practice")
    assert Sentence("errors.party-lacks-role", party=1, role=inner).fr.count(inner.fr) == 1


def test_sentences_are_joined_in_each_language() -> None:
    both = Joined([Sentence("roles.practice"), Sentence("roles.payer")])
    assert (both.code, both.en, both.fr) == ("practice+payer", "practice, payer", "magasin, payeur")


def test_sentences_are_equal_by_key_and_details() -> None:
    assert Sentence("roles.payer") == Sentence("roles.payer") != Sentence("roles.practice")
    assert Sentence("errors.no-order", claim="a") != Sentence("errors.no-order", claim="b")
    assert len({Sentence("roles.payer"), Sentence("roles.payer")}) == 1
