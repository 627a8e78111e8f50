# SPDX-License-Identifier: Apache-2.0
"""Pages of help: both languages, 80 columns, and at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from sceau.cli.app import ENTRIES, build
from sceau.cli.words import speak
from tests.client.cli.conftest import Desk


def commands(node: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and group with the words that lead to it, each imported as when it is called."""
    node = getattr(node or build(), "loaded", node) or build()
    yield path, node
    for name, child in getattr(node, "commands", {}).items():
        yield from commands(child, (*path, name))


PATHS = [path for path, _ in commands()]


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_a_page_of_help_fits_80_columns_in_both_languages(bare: Desk, path: tuple[str, ...]) -> None:
    english = bare.run(*path, "--help", COLUMNS="80")
    french = bare.run(*path, "--help", COLUMNS="80", LANG="fr_FR.UTF-8")
    assert english.code == french.code == 0
    assert english.err == french.err == ""
    assert english.out != french.out
    for line in (english.out + french.out).splitlines():
        assert len(line) <= 80
    assert "Afficher cette page" in french.out
    assert "[required]" not in french.out


def test_every_text_of_help_is_given_in_french() -> None:
    texts = {}
    for language in ("en", "fr"):
        speak(language)
        texts[language] = {
            (*path, name): text
            for path, command in commands()
            for name, text in [("", command.help), *((p.name, p.help) for p in command.params)]
        }
    speak("en")
    same = {where for where, text in texts["en"].items() if texts["fr"][where] == text}
    assert all(texts["en"].values())
    assert same == set()


def test_every_command_takes_json_and_a_language() -> None:
    for path, command in commands():
        names = {option for parameter in command.params for option in parameter.opts}
        assert "--language" in names, path
        if not hasattr(command, "commands"):
            assert "--json" in names, path


def test_no_option_takes_a_secret() -> None:
    for _, command in commands():
        for parameter in command.params:
            assert not any(word in parameter.name for word in ("secret", "private", "seed", "mnemonic"))
            if any(word in parameter.name for word in ("password", "pin")):
                assert parameter.name.endswith("_file")


@pytest.mark.parametrize("code", ["import sceau", "from sceau.cli.main import run; run(['--help'])"])
def test_starting_loads_nothing_heavy(code: str) -> None:
    """What keeps the start under a second."""
    check = (
        f"{code}\nimport sys\n"
        "heavy = {'web3', 'eth_account', 'eth_abi', 'requests', 'fhir', 'reportlab', 'brownie', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    command = [sys.executable, "-c", check]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_the_first_page_says_of_each_command_what_it_says_itself() -> None:
    for language in ("en", "fr"):
        speak(language)
        for name, later in build().commands.items():
            assert later.help == later.loaded.help.partition("\n")[0], name
    speak("en")


@pytest.mark.parametrize(
    ("words", "there"),
    [("--help", ""), ("party list --help", "party"), ("doctor --help", "doctor"), ("nothing", "")],
)
def test_only_the_group_that_is_called_is_imported(words: str, there: str) -> None:
    modules = [f"sceau.cli.{entry.module}" for entry in ENTRIES]
    check = (
        f"from sceau.cli.main import run; run({words.split()!r})\nimport sys\n"
        f"print([name for name in {modules!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == str([f"sceau.cli.{there}"] if there else [])


def test_the_version_is_said_by_the_command(bare: Desk) -> None:
    from sceau import __version__

    result = bare.run("--version")
    assert result.code == 0
    assert result.out.startswith(f"sceau {__version__} ")
