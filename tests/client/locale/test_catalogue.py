# SPDX-License-Identifier: Apache-2.0
"""Every sentence stands in both catalogues under its key, says the same facts in both, and holds no value."""

from __future__ import annotations

import re
import string
import subprocess
import sys

import pytest

from sceau.errors import Joined, Language, SceauError, Sentence
from sceau.locale.catalogue import catalogue, template
from tests.client.locale.tree import errors_of_the_library

LANGUAGES: tuple[Language, ...] = ("en", "fr")
ERRORS = errors_of_the_library()
#: Every key, such as ``errors.no-order``.
KEYS = [f"{namespace}.{code}" for namespace, codes in catalogue("en").items() for code in codes]
#: Those of the library: the command has its own, and some errors of its own.
KEYS_OF_THE_LIBRARY = [
    key
    for key in KEYS
    if not key.startswith(("cli.", "errors.")) or key in {f"errors.{kind.code}" for kind in ERRORS}
]
#: The only names that a detail may have. What is in a record (a value, a name of a person, a salt) has none of them.
DETAILS = {
    "paths and places": "path paths place other cylinder axis first then whole total part where source "
    "what whose name variable",
    "parties and keys": "party fault sender recipient reader writer practice payer supplier recorder caller controller "
    "key keys account address msgsender initialAdmin authority target message_keys country identifier",
    "claims and orders": "claim consent verdict "
    "order orderNumber current by step state mark number group groups seal record "
    "kind finding reason reasons",
    "codes and names of definitions": "policy clause profile version rules known type role roles roleId admin "
    "contract function selector operationId status wanted expected found",
    "dates and durations": "at when day due latest earliest expires expiresAt issued now since compromisedSince delay "
    "seconds age before after",
    "counts and limits": "count limit most low high unit bits needed balance",
    "chain, files, hashes": "url block chain_id hash first second waiting directory file",
    "a call of a contract, and what a node answers": "to data chain genesis code price time blocks",
    "the settings and the machine": "entry there absent source setting megabytes nodes asked ahead newest document "
    "listen client shop characters",
    "validators and their seals": "seals sealers validators quorum days window found known words",
    "sentences and errors": "rule why error",
}
ALLOWED = {name for names in DETAILS.values() for name in names.split()}
#: A number of a contract's own arithmetic, a setting, a time as it was typed: never a value of a record.
OTHER_VALUES = {
    "errors.cast-overflow": {"value"},
    "diagnosis.setting": {"value"},
    "errors.time-invalid": {"text"},
}


def places(text: str) -> set[str]:
    """The places for details in a template."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def shown(kind: type[SceauError], language: Language) -> str:
    """The message of a class, each place filled with its own name in brackets."""
    error = kind.__new__(kind)
    error.details = {name: f"<{name}>" for name in places(template(f"errors.{kind.code}", "en"))}
    return error.message(language)


def test_both_languages_have_the_same_keys() -> None:
    english, french = (
        {(namespace, code) for namespace, codes in catalogue(language).items() for code in codes}
        for language in LANGUAGES
    )
    assert english == french


def test_both_languages_name_the_same_facts() -> None:
    for key in KEYS:
        english, french = template(key, "en"), template(key, "fr")
        assert english, key
        assert french, key
        assert places(english) == places(french), key
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*\.[a-z0-9_]+(-[a-z0-9]+)*", key)


def test_no_template_has_a_place_for_a_value_of_a_record() -> None:
    for key in KEYS_OF_THE_LIBRARY:
        assert places(template(key, "en")) <= ALLOWED | OTHER_VALUES.get(key, set()), key


def test_no_sentence_of_the_library_names_an_option_of_the_command() -> None:
    for key in KEYS_OF_THE_LIBRARY:
        for language in LANGUAGES:
            assert "--" not in template(key, language), key


def test_sentences_of_errors_and_findings_are_whole() -> None:
    for key in KEYS_OF_THE_LIBRARY:
        if key.partition(".")[0] in ("errors", "findings", "rulings", "illegal-steps"):
            for language in LANGUAGES:
                assert template(key, language)[-1] in ".})'", key


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__qualname__)
def test_every_error_can_be_shown_in_both_languages(kind: type[SceauError]) -> None:
    english, french = shown(kind, "en"), shown(kind, "fr")
    assert english != french
    assert "{" not in english + french
    assert kind.__doc__ or kind.__base__.__doc__


def test_a_code_is_in_kebab_case_and_belongs_to_one_error() -> None:
    for kind in ERRORS:
        if "code" not in vars(kind):
            assert kind.__subclasses__(), f"{kind}: only the base of a family has no code of its own"
            continue
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
    assert inner.fr in Sentence("errors.party-lacks-role", party=1, role=inner).fr


def test_sentences_are_joined_in_each_language() -> None:
    both = Joined([Sentence("roles.practice"), Sentence("roles.payer")])
    assert (both.code, both.en, both.fr) == ("practice+payer", "practice, payer", "magasin, payeur")


def test_sentences_are_equal_by_key_and_details() -> None:
    assert Sentence("roles.payer") == Sentence("roles.payer") != Sentence("roles.practice")
    assert Sentence("errors.no-order", claim="a") != Sentence("errors.no-order", claim="b")
    assert len({Sentence("roles.payer"), Sentence("roles.payer")}) == 1


def test_a_catalogue_is_read_when_somebody_reads_a_sentence() -> None:
    program = (
        "import sceau, sceau.settings, sceau.chain.errors; from sceau.locale.catalogue import catalogue; "
        "print(catalogue.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
