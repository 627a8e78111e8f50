# SPDX-License-Identifier: Apache-2.0
"""Errors are for people: a stable code, and the same facts in English and in French."""

import copy
import importlib
import pickle
import pkgutil
import string
import subprocess
import sys

import pytest

import sceau
from sceau.documents.errors import FileMalformed
from sceau.errors import SceauError, Sentence
from sceau.record.errors import ValueNotCanonical, shown

RULE = Sentence("rule", "must be {so}", "doit être {ainsi}")


def error_classes() -> list[type[SceauError]]:
    for module in pkgutil.walk_packages(sceau.__path__, "sceau."):
        if module.name.endswith(("errors", "refusals")):
            importlib.import_module(module.name)

    def below(error: type[SceauError]) -> set[type[SceauError]]:
        return {error} | {found for each in error.__subclasses__() for found in below(each)}

    found = below(SceauError)
    return sorted(
        (each for each in found if each.__module__.startswith("sceau.")), key=lambda each: each.__qualname__
    )


ERRORS = error_classes()


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__qualname__)
def test_both_languages_name_the_same_facts(error: type[SceauError]) -> None:
    assert fields(error.en) == fields(error.fr)
    assert error.en != error.fr
    assert error.__doc__ or error.__base__.__doc__


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__qualname__)
def test_a_code_is_in_kebab_case_and_belongs_to_one_error(error: type[SceauError]) -> None:
    if "code" not in vars(error):
        # The base of a family, or one that takes code and message from the error it wraps.
        assert error.__subclasses__() or "message" in vars(error)
        return
    assert set(error.code) <= set(string.ascii_lowercase + string.digits + "-")
    if error.__module__.startswith("sceau.cli."):
        # The command line says some errors of the client in its own words, under their codes.
        return
    client = [each for each in ERRORS if not each.__module__.startswith("sceau.cli.")]
    assert [each for each in client if vars(each).get("code") == error.code] == [error]


def test_a_rule_is_shown_in_the_language_of_the_reader() -> None:
    error = ValueNotCanonical("payer", rule=RULE)
    assert str(error) == "payer: must be {so}. Correct this value."
    assert error.message("fr") == "payer : doit être {ainsi}. Corrigez cette valeur."
    assert error.message("de") == str(error)  # type: ignore[arg-type]  # a language there is not


def test_an_error_survives_pickling_and_copying() -> None:
    for error in (ValueNotCanonical("payer", rule=RULE), FileMalformed(what=RULE, rule=RULE)):
        pickled = pickle.loads(pickle.dumps(error))  # noqa: S301  # what this test wrote itself
        for again in (pickled, copy.copy(error), copy.deepcopy(error)):
            assert type(again) is type(error)
            assert again.message("fr") == error.message("fr")
            assert again.details == error.details


@pytest.mark.parametrize("name", ["a\nb", "x" * 65, "SECRET", "é", "", 5, None, b"a", "-2.00 dioptres"])
def test_a_name_that_is_no_path_is_not_printed(name: object) -> None:
    assert str(shown(name)) == "(a name that is no path)"


def test_the_package_is_light_to_import() -> None:
    code = (
        "import sys, sceau.record; "
        "print([name for name in ('web3', 'eth_account', 'brownie', 'sceau.chain') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
