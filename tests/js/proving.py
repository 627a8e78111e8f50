# SPDX-License-Identifier: Apache-2.0
"""What is proved, asked of both languages: ``sceau/proof`` here, ``web/proof`` in one process of Node."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from sceau.chain.errors import (
    LayoutUnknown,
    ManifestInvalid,
    ProofInvalid,
    ProofOfAnotherChain,
    ProofsRequired,
)
from sceau.chain.manifest import Manifest
from sceau.chain.node import Block
from sceau.chain.proved import Prover
from sceau.chain.registries.consents import ConsentState
from sceau.consent.revocation_proof import RevocationProof
from sceau.documents.errors import FileMalformed
from sceau.documents.identifiers import bytes_of, hex_of
from sceau.documents.strict_json import parse_object
from sceau.errors import SceauError, Sentence
from sceau.proof.document import ChainProof
from sceau.proof.errors import Unproved, ValidatorsOutdated
from sceau.proof.header import Header, bytes_of_block, read_header
from sceau.proof.inclusion import Log, included
from sceau.proof.layout import views
from sceau.proof.nodes import Nodes
from sceau.proof.state import nodes_of, proved_words
from sceau.proof.trust import Listed, Trust

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
_NAMES = {
    "state_root": "stateRoot",
    "transactions_root": "transactionsRoot",
    "receipts_root": "receiptsRoot",
    "base_fee": "baseFee",
}


def require_packages() -> None:
    """Skips the tests of a module where Node or the packages that ``web/`` imports are not installed."""
    if shutil.which("node") is None:
        pytest.skip("Node.js is not installed", allow_module_level=True)
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
    for name in ("@noble/curves", "@noble/hashes"):
        installed = ROOT / "node_modules" / name / "package.json"
        if not installed.is_file() or json.loads(installed.read_text("utf-8"))["version"] != wanted[name]:
            pytest.skip("the npm packages are not installed (run: npm ci)", allow_module_level=True)


@dataclass(frozen=True)
class Case:
    """A question to ``proof.mjs``, and what Python answers to it."""

    question: dict[str, Any]
    here: Any
    #: What of the answer is compared.
    told: Callable[[Any], Any] = lambda answer: answer


#: Asserts that both languages answer cases alike; gives how often there was each code, or ``proved``.
Compared = Callable[[Iterable[Case]], Counter[str]]


@contextmanager
def node_program() -> Iterator[subprocess.Popen[str]]:
    """The process that answers in JavaScript."""
    with subprocess.Popen(
        ["node", str(HERE / "proof.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        yield program


def compared_with(program: subprocess.Popen[str]) -> Compared:
    """The comparison with what a process answers."""
    assert program.stdin is not None
    assert program.stdout is not None
    questions, answers = program.stdin, program.stdout

    def compared(cases: Iterable[Case]) -> Counter[str]:
        codes = Counter[str]()
        for case in cases:
            questions.write(json.dumps(case.question) + "\n")
            questions.flush()
            answer = json.loads(answers.readline())
            assert case.told(answer) == case.here, (answer, case.here, json.dumps(case.question))
            codes.update(_codes(answer))
        return codes

    return compared


def _codes(answer: Any) -> list[str]:
    return [
        each["code"] if isinstance(each, dict) and "code" in each else "proved"
        for each in (answer if isinstance(answer, list) else [answer])
    ]


def header_case(raw: bytes, fork: str = "shanghai") -> Case:
    """Reads a header."""
    return Case({"header": hex_of(raw), "fork": fork}, _outcome(lambda: _plain(read_header(raw, fork))))


def block_case(block: Any, fork: str = "shanghai") -> Case:
    """Writes the bytes of a block that JSON-RPC gave."""
    return Case({"block": block, "fork": fork}, _outcome(lambda: hex_of(bytes_of_block(block, fork))))


def words_case(state_root: bytes, address: str, code_hash: str, places: Sequence[int], answer: Any) -> Case:
    """Reads a contract's words from an answer to ``eth_getProof``."""
    question = {
        "stateRoot": hex_of(state_root),
        "address": address,
        "codeHash": code_hash,
        "places": list(map(str, places)),
        "answer": answer,
    }
    return Case(
        {"words": question},
        _outcome(
            lambda: [
                str(each)
                for each in proved_words(state_root, address, code_hash, places, Nodes(nodes_of(answer)))
            ]
        ),
    )


def value_case(root: bytes, path: bytes, nodes: Any) -> Case:
    """Reads the value at a path of a trie."""
    question = {"root": hex_of(root), "path": hex_of(path), "nodes": nodes}
    return Case({"value": question}, _outcome(lambda: hex_of(Nodes(nodes).value(root, path))))


def view_case(contract: str, name: str, keys: Sequence[bytes], words: Sequence[int]) -> Case:
    """Where a view's answer stands in storage, and what words there say."""
    view = views()[contract, name]
    question = {
        "contract": contract,
        "name": name,
        "keys": list(map(hex_of, keys)),
        "words": list(map(str, words)),
    }
    here = {
        "places": view.places(bytes(4) + b"".join(keys)),
        "members": {member.name: member.of(words) for member in view.members},
    }
    return Case({"view": question}, _plain(here))


def document_case(document: str, manifest: Manifest, consent: str, now: float) -> Case:
    """Reads a consent and the receipts from a proof."""

    def read() -> Any:
        proof = ChainProof.from_json(document)
        listed = manifest.validators
        if (proof.chain_id, proof.genesis_hash) != (manifest.chain_id, manifest.genesis_hash):
            raise ProofOfAnotherChain
        if listed is None:
            raise ProofsRequired
        headers = {each.number: each for each in (read_header(raw, listed.fork) for raw in proof.headers)}
        trust = Trust(listed.sets, epoch=listed.epoch, window_days=listed.window_days)

        def given(number: int) -> Header:
            if number not in headers:
                raise Unproved(Sentence("proof.not-there"))
            return headers[number]

        def proved(number: int) -> Header:
            trust.require(given(number), given, now)
            return given(number)

        receipts = [included(proved(block), place, proof.nodes) for block, place in proof.receipts]
        state = _consent(proved(proof.block), proof.nodes, manifest, consent)
        shown = [_plain({**vars(each), "block": each.block.number}) for each in receipts]
        return {**state, "receipts": shown}

    question = {
        "document": document,
        "manifest": json.dumps(manifest.to_json()),
        "consent": consent,
        "now": now,
    }
    return Case(question, _outcome(read))


def manifest_case(text: str) -> Case:
    """Reads a manifest."""

    def read() -> Any:
        found = parse_object(text)
        if isinstance(found, Sentence):
            return {"code": ManifestInvalid.code, "details": {}}
        manifest = Manifest.from_json(found)
        if manifest.validators is None:
            raise ProofsRequired
        Prover(manifest)
        return {
            "chainId": str(manifest.chain_id),
            "genesisHash": manifest.genesis_hash,
            "fork": manifest.validators.fork,
            "epoch": str(manifest.validators.epoch),
            "windowDays": str(manifest.validators.window_days),
            "listed": [_plain(vars(each)) for each in manifest.validators.sets],
        }

    return Case({"manifest": text}, _outcome(read))


def revocation_case(document: str, manifest: Manifest) -> Case:
    """Checks the proof of a revocation now, as :mod:`sceau.consent.revocation_proof` does."""

    def check() -> Any:
        try:
            return RevocationProof.from_json(document).check(manifest).status.value
        except ProofInvalid as error:
            return error.details["why"].key
        except SceauError as error:
            return error.code

    def told(answer: Any) -> Any:
        return _less_told(answer.get("code", answer.get("status")))

    question = {"revocation": document, "manifest": json.dumps(manifest.to_json()), "now": time.time()}
    return Case(question, _less_told(check()), told)


def _less_told(code: str) -> str:
    """Python asks a proof as it asks a node: of nodes that lead nowhere it says that something is not there."""
    return "proof.not-there" if code in _NO_NODES else code


_NO_NODES = ("proof.no-branch", "proof.no-account", "proof.other-code")


def _consent(header: Header, nodes: Nodes, manifest: Manifest, consent: str) -> dict[str, Any]:
    view, contract = views()["ConsentRegistry", "consentOf"], manifest.contracts["ConsentRegistry"]
    places = view.places(bytes(4) + bytes_of(consent))
    words = proved_words(header.state_root, contract.address, contract.code_hash, places, nodes)
    recorder, recorded_at, expires_at, revoked_at, withdrawn_at, attested = (
        member.of(words) for member in view.members
    )
    block = Block(header.number, header.hash, header.timestamp, header.base_fee)
    state = ConsentState(
        consent, recorder, recorded_at, expires_at, revoked_at, withdrawn_at, bool(attested), block
    )
    numbers = {
        "recorder": recorder,
        "recordedAt": recorded_at,
        "expiresAt": expires_at,
        "revokedAt": revoked_at,
        "withdrawnAt": withdrawn_at,
        "block": header.number,
    }
    return {"status": state.status.value, "attested": state.attested, **_plain(numbers)}


def trust_case(
    listed: Sequence[Listed],
    wanted: Iterable[tuple[Header, float]],
    given: Callable[[int], Header],
    *,
    epoch: int,
    window_days: int = 90,
) -> Case:
    """Asks for proofs of headers at clocks, one after the other; ``given`` is what a node gives by a number."""
    trust = Trust(listed, epoch=epoch, window_days=window_days)
    asked, here = [], []
    for header, now in wanted:
        transcript: list[tuple[str, Any]] = []

        def headers(number: int, transcript: list[tuple[str, Any]] = transcript) -> Header:
            found = given(number)
            transcript.append((str(number), _plain(found)))
            return found

        def required(header: Header = header, now: float = now, headers: Any = headers) -> None:
            trust.require(header, headers, now)

        here.append(_outcome(required))
        asked.append({"header": _plain(header), "now": now, "given": transcript})
    rules = {
        "listed": [
            {"block": each.block, "time": each.time, "validators": sorted(each.validators)} for each in listed
        ],
        "epoch": epoch,
        "windowDays": window_days,
    }
    return Case({"trust": rules, "asked": asked}, here)


def _outcome(answer: Callable[[], Any]) -> Any:
    try:
        return answer()
    except Unproved as error:
        return {"code": error.why.key, "details": _plain(error.why.details)}
    except ValidatorsOutdated as error:
        return {"code": error.code, "details": _plain(error.details)}
    except (FileMalformed, LayoutUnknown, ManifestInvalid, ProofOfAnotherChain, ProofsRequired) as error:
        return {"code": error.code, "details": {}}


def _plain(value: Any) -> Any:
    """A value as ``proof.mjs`` prints it."""
    if isinstance(value, Header):
        return {_NAMES.get(name, name): _plain(each) for name, each in vars(value).items()}
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, bytes):
        return hex_of(value)
    if isinstance(value, list | tuple):
        return list(map(_plain, value))
    if isinstance(value, Log):
        return _plain(vars(value))
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str | bool | None) else asdict(value)
