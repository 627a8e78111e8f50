# SPDX-License-Identifier: Apache-2.0
"""Errors of records: a rule in the reader's language, a name that is not a path never printed, a light import."""

import copy
import pickle
import subprocess
import sys

import pytest

from sceau.documents.errors import FileMalformed
from sceau.errors import Sentence
from sceau.record.errors import ValueNotCanonical, shown

RULE = Sentence("rule", "must be {so}", "doit être {ainsi}")


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
    assert shown(name) == Sentence("record.unreadable-name")


def test_the_package_is_light_to_import() -> None:
    code = (
        "import sys, sceau.record; "
        "print([name for name in ('web3', 'eth_account', 'brownie', 'sceau.chain') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
