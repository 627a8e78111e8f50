# SPDX-License-Identifier: Apache-2.0
"""The imports of the client point down, as docs/architecture.md says, and every room is on that page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLIENT = ROOT / "sceau"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

#: Files of the package that are no room.
NOT_ROOMS = {"__init__", "py", "__pycache__"}


def rooms() -> dict[str, int]:
    """Rank of each room in the page's table: the lower a room stands there, the higher its rank."""
    table = PAGE.split("## Rooms")[1].split("\n\n")[2]
    ranked: dict[str, int] = {}
    for rank, row in enumerate(table.splitlines()[2:]):
        for name in re.findall(r"`([a-z_]+)/?`", row.split("|")[1]):
            ranked[name] = rank
    return ranked


def imports(path: Path) -> Iterator[str]:
    """The modules of the client that a module imports when it runs; those for types alone are left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and id(node) not in for_types and node.module:
            if node.module == "sceau":
                yield from (f"sceau.{alias.name}" for alias in node.names)
            else:
                yield node.module


def test_every_room_is_on_the_page() -> None:
    there = {path.stem for path in CLIENT.iterdir()} - NOT_ROOMS
    assert there == set(rooms())


def test_no_import_points_up() -> None:
    ranked = rooms()
    upwards = []
    for path in sorted(CLIENT.rglob("*.py")):
        own = path.relative_to(CLIENT).parts[0].removesuffix(".py")
        for module in imports(path):
            parts = module.split(".")
            if parts[0] != "sceau" or own in NOT_ROOMS or len(parts) < 2 or parts[1] not in ranked:
                continue
            if ranked[parts[1]] < ranked[own]:
                upwards.append(f"{path.relative_to(ROOT)} imports {module}")
    assert upwards == []


def test_no_rule_of_the_library_asks_a_surface() -> None:
    """The public face and the roles run where neither typer nor rich is installed."""
    for path in sorted(CLIENT.rglob("*.py")):
        if path.relative_to(CLIENT).parts[0] == "cli":
            continue
        text = path.read_text(encoding="utf-8")
        assert "import typer" not in text, path
        assert "import rich" not in text, path
        assert "from rich" not in text, path


def test_its_pictures_and_ten_changes_are_there() -> None:
    assert (ROOT / "docs" / "images" / "rooms.svg").is_file()
    changes = PAGE.split("## Where do I put…")[1].strip().splitlines()[2:]
    assert len(changes) >= 10


def test_one_room_alone_imports_web3() -> None:
    """On both versions of web3 the tests of that room run, and of the others only some."""
    found = {
        path.relative_to(ROOT).parts[:2]
        for path in (ROOT / "sceau").rglob("*.py")
        if re.search(
            r"^\s*(?:import|from) (?:web3|eth_account)\b", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    assert found == {("sceau", "chain")}
