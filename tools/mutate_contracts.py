# SPDX-License-Identifier: Apache-2.0
"""Plugin of pytest for `tools.mutate`: tries changes of contracts on the tests of the contracts.

Brownie runs it, by PYTEST_ADDOPTS: `-p tools.mutate_contracts --changes FILE --answers DESCRIPTOR`. Each line of FILE
is a JSON object with `path`, `line` and `text`, the whole file after one change. The child puts the changed code at the
addresses of the deployed contracts, and deploys it where a test deploys one.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Generator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from tools.mutate_served import NO_CHANGE, SURVIVED, Answer, Change, Served, add_options, fail_fast
from tools.slither_findings import COMPILER, standard_input

#: The contracts whose addresses a contract is deployed with, in the order of its constructor.
_BUILT_ON = {
    "PartyRegistry": ("ConsortiumAccessManager",),
    "ConsentRegistry": ("ConsortiumAccessManager", "PartyRegistry"),
    "ClaimRegistry": ("ConsortiumAccessManager", "PartyRegistry", "ConsentRegistry"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of this plugin."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Serves all the changes in this run of pytest."""
    config.pluginmanager.register(_Contracts(config.option), "mutate-served")


def pytest_collection() -> None:
    """A test stops at its first failing example."""
    fail_fast()


class _Contracts(Served):
    world: Any
    containers: Any

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
        """Remembers the deployed contracts, their chain and Brownie's containers."""
        made = yield
        if fixturedef.argname == "consortium":
            self.world = made
            self.nodes.append(made.chain)
        elif fixturedef.argname == "contract_types":
            self.containers = made
        return made

    @cached_property
    def compiler(self) -> _Compiler:
        """The compiler of all changes."""
        return _Compiler()

    @cached_property
    def unchanged(self) -> dict[str, str]:
        """The code as it is, compiled like that of the changes."""
        found = self.compiler.compiled("contracts/governance/ConsortiumPausable.sol")
        if found is None:
            raise RuntimeError("the contracts do not compile")
        return found

    def answer(self, session: pytest.Session, change: Change) -> Answer:
        """What became of a change, by all the tests."""
        code = self.compiler.compiled(change["path"], change["text"])
        if code is None or code.items() <= self.unchanged.items():
            return {"result": NO_CHANGE, "by": "", "tests": 0, "of": 0}
        return self.asked({**change, "code": code}, session.items, self._put)

    def serve(self, session: pytest.Session) -> None:
        """First the code as it is, but for the optimizer: no test may notice that."""
        change = {"path": "contracts/claim/ClaimRegistry.sol", "line": 0, "code": self.unchanged}
        found = self.asked(change, session.items, self._put)
        if found["result"] != SURVIVED:
            raise RuntimeError(f"{found['by']} fails on the code without optimizer")
        super().serve(session)

    def _put(self, change: Change, _items: Sequence[pytest.Item]) -> None:
        chain, contracts = self.world.chain, self.world.contracts
        (anyone, *_) = chain.request("eth_accounts")
        for name, bytecode in change["code"].items():
            self.containers[name].bytecode = bytecode
            words = "".join(contracts[each].address[2:].lower().rjust(64, "0") for each in _BUILT_ON[name])
            # Deployed anew, so that what its constructor fixes in its code is there.
            other = chain.deploy(name, "0x" + bytecode + words, contracts[name].abi, anyone)
            code = chain.request("eth_getCode", other.address, "latest")
            chain.set_code(contracts[name].address, code)


class _Compiler:
    """One process of the compiler for all changes: the second compilation takes a fraction of the first."""

    def __init__(self) -> None:
        command = (str(COMPILER), "--standard-json", "--each-line")
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def compiled(self, path: str, text: str | None = None) -> dict[str, str] | None:
        """The creation code of each contract that a file is part of, by its name; None where it is refused.

        Without optimizer and metadata: quicker, and the same code is then the same bytes. ``text`` is what the file
        holds instead of what it holds now.
        """
        code = ["evm.bytecode.object"]
        own = Path(path).stem in _BUILT_ON
        given = standard_input({path: {"*": code}} if own else {"*": dict.fromkeys(_BUILT_ON, code)})
        given["settings"]["metadata"] = {"appendCBOR": False, "bytecodeHash": "none"}
        if text is not None:
            given["sources"][path] = {"content": text}
        answer = json.loads(self._asked(json.dumps(given)))
        if any(each["severity"] == "error" for each in answer.get("errors", ())):
            return None
        made = {name: each for of_file in answer["contracts"].values() for name, each in of_file.items()}
        return {name: each["evm"]["bytecode"]["object"] for name, each in made.items() if name in _BUILT_ON}

    def _asked(self, line: str) -> str:
        asked, answered = self._process.stdin, self._process.stdout
        if asked is None or answered is None:
            raise RuntimeError("the compiler has no pipes")
        asked.write(line + "\n")
        asked.flush()
        answer = answered.readline()
        if not answer:
            raise RuntimeError("the compiler ended without an answer")
        return answer
