# SPDX-License-Identifier: Apache-2.0
"""What the pages say is there is there."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sceau.cli.app import build
from sceau.cli.main import run
from tests.docs.pages import PAGES, ROOT, blocks, links, path_of_a_newcomer

_TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)


def commands() -> list[tuple[str, str]]:
    """Every command line of a console block, with its page."""
    found = []
    for page in PAGES:
        for block in blocks(page, "console"):
            joined = block.replace("\\\n", " ")
            found += [
                (page.name, line.removeprefix("$ ").strip())
                for line in joined.splitlines()
                if line.strip() and not line.startswith("#")
            ]
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    missing = [target for target in links(page) if not (page.parent / target).exists()]
    assert missing == []


def named_options() -> list[tuple[str, str]]:
    """Every option that a page names in a sentence together with its command, as `sceau party apply --jwks`."""
    return [
        (page.name, span)
        for page in PAGES
        for span in re.findall(r"`(sceau [a-z][^`]* --[^`]*)`", page.read_text(encoding="utf-8"))
    ]


def shown_options() -> list[tuple[str, str]]:
    """Every command line that a page shows in a block, as far as the shell gives it to ``sceau``."""
    found = []
    for page in PAGES:
        for block in (*blocks(page, "console"), *blocks(page, "sh")):
            for line in block.replace("\\\n", " ").splitlines():
                begun = re.search(r"(?:^|\$ |\()(sceau [a-z].*)", line)
                if begun is not None and "--" in begun[1]:
                    found.append((page.name, re.split(r"[|;>)]|&&|#", begun[1])[0]))
    return found


def test_the_command_is_where_the_page_says_and_nowhere_before() -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    (told,) = re.findall(r"`(export PATH=[^`]*)`", text)
    for before, ends in (("true", 127), (told, 0)):
        done = subprocess.run(
            ["sh", "-c", f"{before}; sceau --version"],
            cwd=ROOT,
            env={"PATH": path_of_a_newcomer(), "HOME": str(ROOT / "no-home")},
            capture_output=True,
            check=False,
        )
        assert done.returncode == ends, done.stderr
    pages = [page for page in PAGES if re.search(r"^(?:\$ )?sceau ", page.read_text("utf-8"), re.MULTILINE)]
    assert all("cli.md" in page.read_text("utf-8") for page in pages if page.name != "cli.md")


@pytest.mark.parametrize(("page", "span"), [*named_options(), *shown_options()])
def test_every_option_named_with_its_command_exists(page: str, span: str) -> None:
    words = shlex.split(span)
    command: Any = build()
    for word in words[1:]:
        command = getattr(command, "loaded", command)
        if word not in getattr(command, "commands", {}):
            break
        command = command.commands[word]
    command = getattr(command, "loaded", command)
    known = {name for parameter in command.params for name in parameter.opts}
    assert {word.partition("=")[0] for word in words if word.startswith("--")} <= known | {"--help"}, page


@pytest.mark.parametrize(("page", "line"), commands())
def test_every_command_exists(page: str, line: str) -> None:
    words = shlex.split(re.sub(r"\[[^\]]*\]", "", line), comments=True)
    words = [word for word in words if not re.fullmatch(r"[A-Z_]+=.*", word)]
    if words[0] == "make":
        targets = set(_TARGET.findall((ROOT / "Makefile").read_text()))
        assert set(words[1:2]) <= targets
    elif words[0] == "sceau":
        assert run([*_command_path(words[1:]), "--help"]) == 0, (page, line)
    elif words[0].rpartition("/")[2] in ("python", "python3", "brownie"):
        files = [word for word in words if word.endswith(".py")]
        assert all((ROOT / name).is_file() for name in files)
    elif words[0] == "pip":
        assert words[1] == "install"
    else:
        assert words[0] in ("cp", "mkdir", "export", "cd", "git"), (page, line)


def _command_path(words: list[str]) -> list[str]:
    """The words that name a command: those before the first option, file or capital word."""
    path = []
    for word in words[:2]:
        if word.startswith("-") or not re.fullmatch(r"[a-z-]+", word):
            break
        path.append(word)
    return path
