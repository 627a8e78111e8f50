# SPDX-License-Identifier: Apache-2.0
"""docs/cli.md says what the command does: its round is played, its tables are compared."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from sceau.cli.exits import Exit
from sceau.settings import SETTINGS, Kind, Setting, Settings
from tests.client.cli.conftest import Desk
from tests.client.cli.test_help import commands

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")


def rows(heading: str) -> Iterator[list[str]]:
    """The rows of the first table below a heading, without its own two lines."""
    below = TEXT.split(f"## {heading}\n", 1)[1]
    lines = re.findall(r"^\|.*\|$", below.split("\n## ", 1)[0], flags=re.M)
    for line in lines[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def round_commands() -> list[str]:
    block = re.search(r"```sh\n(sceau doctor.*?)```", TEXT, flags=re.S)
    assert block
    return block[1].strip().splitlines()


def documented_keys(command: str) -> set[str]:
    cell = next(row[2] for row in rows("Commands") if row[0] == f"`{command}`")
    return set(re.findall(r"`([a-z_]+)`", cell))


def test_the_round_works_as_it_is_written_and_prints_what_is_documented(shop: Desk) -> None:
    shutil.copy(ROOT / "tests" / "data" / "quote.json", shop.directory)
    for line in round_commands():
        words = shlex.split(line)[1:]
        result = shop.run(*words, "--json")
        assert result.code == 0, (line, result)
        name = " ".join(["sceau", *(w for w in words[:2] if "." not in w)])
        if name == "sceau consent revoke":
            assert set(result.data) == documented_keys("sceau consent check") | {
                "transaction",
                "witnessed",
                "revocation_code",
            }
        elif not name.startswith("sceau import"):
            assert set(result.data) == documented_keys(name), line
    assert shop.run("verify", "disclosure.json", "--as", "3").code == 3


def test_every_command_is_in_the_table_and_none_other() -> None:
    real = {" ".join(["sceau", *path]) for path, node in commands() if not hasattr(node, "commands")}
    assert {row[0].strip("`") for row in rows("Commands")} == real


def test_every_exit_code_is_in_the_table_and_none_other() -> None:
    assert [int(row[0]) for row in rows("Exit codes")] == [int(code) for code in Exit]


def row(setting: Setting) -> list[str]:
    """A setting as the table describes it."""
    value = "en` or `fr" if setting.kind is Kind.LANGUAGE else setting.kind.value
    return [setting.words.en, f"`{setting.flag} {value}`", f"`{setting.variable}`", f"`{setting.name}`"]


def test_the_table_of_settings_is_that_of_the_program() -> None:
    itself = ["the file itself", "`--config FILE`", "`SCEAU_CONFIG`", ""]
    assert list(rows("Settings")) == [*map(row, SETTINGS.values()), itself]


def test_every_setting_is_kept_under_its_name() -> None:
    assert {each.name for each in fields(Settings)} == {*SETTINGS, "sources"}


def test_the_example_of_a_file_is_one(bare: Desk) -> None:
    block = re.search(r"```toml\n(.*?)```", TEXT, flags=re.S)
    assert block
    bare.write("sceau.toml", block[1])
    result = bare.run("doctor", "--json")
    settings = [check for check in result.data["checks"] if check["name"].startswith("setting")]
    assert len(settings) == 5
