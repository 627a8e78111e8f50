# SPDX-License-Identifier: Apache-2.0
"""Run a Brownie command, on a Ganache of its own where it needs the network `development`.

Brownie's own way is a fixed port and a node that outlives it when it is killed.
"""

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.ganache import ganache

ROOT = Path(__file__).resolve().parent.parent

NEEDS_A_NODE = frozenset({"console", "run", "test"})


def needs_ganache(arguments: Sequence[str]) -> bool:
    """Whether this command line (without the program's name) runs on the network `development`."""
    if not arguments or arguments[0] not in NEEDS_A_NODE or {"-h", "--help"} & set(arguments):
        return False
    for position, argument in enumerate(arguments):
        if argument == "--network":
            return arguments[position + 1 : position + 2] == ["development"]
        if argument.startswith("--network="):
            return argument == "--network=development"
    return True


def main() -> None:
    """Entry of `tools/brownie`."""
    arguments = sys.argv[1:]
    # The variable of the `sceau` command may name several nodes; Brownie's network takes one, the first.
    for first in os.environ.get("SCEAU_NODE", "").replace(",", " ").split()[:1]:
        os.environ.setdefault("SCEAU_NODE_URL", first)
    _offer_script(arguments)
    if not needs_ganache(arguments):
        _brownie()
        return
    with ganache(for_brownie=True) as node:
        # Brownie is imported only now: it reads its configuration on import, and takes a second.
        from brownie._config import CONFIG

        CONFIG.networks["development"]["host"] = node.url
        CONFIG.networks["development"]["cmd_settings"]["port"] = node.port
        _brownie()


def _offer_script(arguments: Sequence[str]) -> None:
    """Load the script of `brownie run SCRIPT` where Brownie cannot.

    It imports a script by its path from `/` with dots for slashes, so never from under a folder with a dot in its
    name. What it finds in its cache under that name it takes.
    """
    if arguments[:1] != ["run"] or len(arguments) < 2 or "." not in str(ROOT):
        return
    path = ROOT / "scripts" / Path(arguments[1]).with_suffix(".py").name
    if path.exists():
        from brownie.project.scripts import _import_cache

        name = f"{'.'.join(path.parts[1:-1])}.{path.stem}"
        _import_cache[name] = importlib.import_module(f"scripts.{path.stem}")


def _brownie() -> None:
    from brownie._cli.__main__ import main as brownie

    sys.argv[0] = "brownie"
    brownie()


if __name__ == "__main__":
    main()
