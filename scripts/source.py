# SPDX-License-Identifier: Apache-2.0
"""Compiling the published source: what is deployed, and what a deployment is compared with.

Brownie's own build is not used for that: it compiles again only what changed beside comments, so that the hash
of the source that Solidity writes into the code can be an older one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sceau.chain.abis import CONTRACTS, ContractName
from sceau.errors import SceauError
from scripts.deployment import Code

ROOT = Path(__file__).resolve().parent.parent
_CACHE = Path("build") / "published.json"
_OUTPUT = ["evm.bytecode.object", "evm.deployedBytecode"]


class SourceNotCompiled(SceauError):
    """The source, or the settings that a manifest gives for it, cannot be compiled."""

    code = "source-not-compiled"
    en = "The published source does not compile: {why}"
    fr = "La source publiée ne se compile pas : {why}"


def project_settings(root: Path = ROOT) -> dict[str, Any]:
    """The compiler settings of `brownie-config.yaml`, as a manifest keeps them."""
    import yaml  # type: ignore[import-untyped] # Brownie brings it; its types are a package apart

    compiler = yaml.safe_load((root / "brownie-config.yaml").read_text(encoding="utf-8"))["compiler"]
    solc = compiler["solc"]
    return {
        "version": solc["version"],
        "evm_version": compiler["evm_version"],
        "optimizer_runs": solc["optimizer"]["runs"] if solc["optimizer"]["enabled"] else None,
        "via_ir": solc["viaIR"],
        "remappings": solc["remappings"],
        "openzeppelin": _openzeppelin(root),
    }


def compile_published(
    settings: Mapping[str, Any], *, root: Path = ROOT, contracts: Iterable[ContractName] = CONTRACTS
) -> dict[ContractName, Code]:
    """Code of the contracts, compiled now from the files under `root`; about 20 s for all four.

    Raises SourceNotCompiled: the settings are incomplete or for a compiler or library that is not here, or the
    compiler reports an error.
    """
    names = tuple(contracts)
    output = compile_output(
        settings, _sources(root, "contracts"), {"*": dict.fromkeys(names, _OUTPUT)}, root=root
    )
    found = {name: made for file in output["contracts"].values() for name, made in file.items()}
    return {name: _code(found[name]["evm"]) for name in names}


def compile_output(
    settings: Mapping[str, Any], paths: Iterable[str], selection: Mapping[str, Any], *, root: Path = ROOT
) -> dict[str, Any]:
    """What the compiler gives for files under `root`, chosen as its standard JSON does. Raises SourceNotCompiled."""
    return _run(_compiler(settings, root), _standard_input(settings, root, paths, selection), root)


def compile_once(settings: Mapping[str, Any], *, root: Path = ROOT) -> dict[ContractName, Code]:
    """As `compile_published`, or what it made the last time from the very same files and settings."""
    key = _fingerprint(settings, root)
    path = root / _CACHE
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if kept.get("key") != key:
        made = compile_published(settings, root=root)
        kept = {"key": key, "contracts": {name: _to_json(code) for name, code in made.items()}}
        path.parent.mkdir(exist_ok=True)
        # Several programs may compile at once; none may read half a file.
        written = path.with_name(f"{path.name}.{os.getpid()}")
        written.write_text(json.dumps(kept), encoding="utf-8")
        written.replace(path)
    return {name: _from_json(kept["contracts"][name]) for name in CONTRACTS}


def _standard_input(
    settings: Mapping[str, Any], root: Path, paths: Iterable[str], selection: Mapping[str, Any]
) -> dict[str, Any]:
    """What Brownie gives the compiler, without the parts that change no code; imports are read from disk."""
    try:
        runs = settings["optimizer_runs"]
        optimizer = {"enabled": False, "runs": 0} if runs is None else {"enabled": True, "runs": runs}
        chosen = {
            "evmVersion": settings["evm_version"],
            "optimizer": optimizer,
            "viaIR": settings["via_ir"],
            "remappings": settings["remappings"],
        }
    except KeyError as missing:
        raise SourceNotCompiled(why=f"the manifest's compiler settings lack {missing}.") from None
    sources = {path: {"content": (root / path).read_text(encoding="utf-8")} for path in paths}
    return {
        "language": "Solidity",
        "sources": sources,
        "settings": {**chosen, "outputSelection": selection},
    }


def _compiler(settings: Mapping[str, Any], root: Path) -> Path:
    version = str(settings.get("version"))
    compiler = ROOT / "tools" / "solc" / f"solc-v{version}"
    if not re.fullmatch(r"[0-9.]+", version) or not compiler.is_file():
        raise SourceNotCompiled(
            why=f"solc {version} is not in this version of the project; check out its own."
        )
    library = settings.get("openzeppelin")
    if library != _openzeppelin(root):
        raise SourceNotCompiled(why=f"OpenZeppelin {library} is not installed here; run `make setup`.")
    return compiler


def _run(compiler: Path, standard_input: Mapping[str, Any], root: Path) -> dict[str, Any]:
    ended = subprocess.run(
        [compiler, "--standard-json", "--allow-paths", str(root)],
        input=json.dumps(standard_input),
        capture_output=True,
        text=True,
        cwd=root,
        check=False,
    )
    try:
        output: dict[str, Any] = json.loads(ended.stdout)
    except ValueError:
        raise SourceNotCompiled(why=ended.stderr.strip()[:500] or "the compiler says nothing.") from None
    errors = [e["formattedMessage"] for e in output.get("errors", ()) if e["severity"] == "error"]
    if errors:
        raise SourceNotCompiled(why=errors[0].strip())
    return output


def _code(evm: Mapping[str, Any]) -> Code:
    references = evm["deployedBytecode"]["immutableReferences"].values()
    places = sorted((place["start"], place["length"]) for group in references for place in group)
    return Code(
        creation=bytes.fromhex(evm["bytecode"]["object"]),
        runtime=bytes.fromhex(evm["deployedBytecode"]["object"]),
        immutables=tuple(places),
    )


def _sources(root: Path, *folders: str) -> list[str]:
    """The files of the source in these folders. Like Brownie, we give the compiler those of `contracts` alone."""
    paths = (path for folder in folders for path in (root / folder).rglob("*.sol"))
    return sorted(path.relative_to(root).as_posix() for path in paths)


def _openzeppelin(root: Path) -> str:
    package = root / "node_modules" / "@openzeppelin" / "contracts" / "package.json"
    try:
        return str(json.loads(package.read_text(encoding="utf-8"))["version"])
    except FileNotFoundError:
        raise SourceNotCompiled(why="OpenZeppelin is not installed here; run `make setup`.") from None


def _fingerprint(settings: Mapping[str, Any], root: Path) -> str:
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for path in _sources(root, "contracts", "interfaces"):
        content = (root / path).read_bytes()
        digest.update(f"{path} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _to_json(code: Code) -> dict[str, Any]:
    return {"creation": code.creation.hex(), "runtime": code.runtime.hex(), "immutables": code.immutables}


def _from_json(kept: Mapping[str, Any]) -> Code:
    return Code(
        creation=bytes.fromhex(kept["creation"]),
        runtime=bytes.fromhex(kept["runtime"]),
        immutables=tuple((start, length) for start, length in kept["immutables"]),
    )


if __name__ == "__main__":
    # So that whatever asks for it next finds it made.
    compile_once(project_settings())
