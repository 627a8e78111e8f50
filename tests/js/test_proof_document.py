# SPDX-License-Identifier: Apache-2.0
"""A proof as a file shows a patient in JavaScript what it shows in Python: a consent's state, and receipts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
import rlp
from trie import HexaryTrie

from sceau.consent.revocation_proof import RevocationCode, RevocationProof
from sceau.deployment import RegistryId
from sceau.documents.hashing import keccak, word
from sceau.documents.identifiers import hex_of
from sceau.proof.document import ChainProof
from sceau.proof.header import bytes_of_block, read_header
from sceau.proof.nodes import Nodes
from sceau.proof.trust import Listed
from tests.client.proof.scenes import DAY
from tests.js import forged
from tests.js.forged import BLOCK, KEYS, STRANGERS
from tests.js.kept import HEADER, NOW, STATE, deployment, of_besu
from tests.js.proving import Case, Compared, document_case, manifest_case, require_packages, revocation_case
from tests.support.qbft import Seals, address_of

require_packages()

_ZERO = "0x" + "00" * 32

CONSENTS = {name: proof["consent"] for name, proof in STATE["proofs"].items()}


# Of a Besu network


@pytest.mark.parametrize(
    ("name", "status"), [("recorded", "valid"), ("ended", "revoked"), ("absent", "unknown")]
)
def test_a_consent_of_besu_is_shown(compared: Compared, name: str, status: str) -> None:
    proof, manifest = of_besu()
    case = document_case(json.dumps(proof.to_json()), manifest, CONSENTS[name], NOW)
    assert compared([case]) == {"proved": 1}
    assert case.here["status"] == status


@pytest.mark.parametrize("days", [90, 91])
def test_it_is_shown_within_the_window(compared: Compared, days: int) -> None:
    proof, manifest = of_besu()
    consent = CONSENTS["ended"]
    case = document_case(json.dumps(proof.to_json()), manifest, consent, HEADER.timestamp + days * DAY)
    assert compared([case]) == {"proved" if days == 90 else "validators-outdated": 1}


# Of a state of the test's own


class World:
    """A block with a state in which there are consents, with transactions and their receipts."""

    def __init__(
        self, draw: Random, count: int = 1, *, transaction: bytes | None = None, receipt: bytes | None = None
    ) -> None:
        self.draw = draw
        self.consents = [hex_of(draw.randbytes(32)) for _ in range(8)]
        nodes: dict[bytes, bytes] = {}
        storage = HexaryTrie(nodes)
        for consent in self.consents[2:]:
            place = keccak(bytes.fromhex(consent[2:]) + word(3))
            storage[keccak(place)] = rlp.encode(self._consent())
        state = HexaryTrie(nodes)
        address = draw.randbytes(20)
        for each in [address, *(draw.randbytes(20) for _ in range(20))]:
            state[keccak(each)] = rlp.encode([b"\1", b"", storage.root_hash, keccak(b"code")])
        transactions, receipts = HexaryTrie(nodes), HexaryTrie(nodes)
        for place_ in range(count):
            kind = draw.choice([b"", b"", b"\1", b"\2"])
            drawn = (
                kind + rlp.encode([draw.randbytes(draw.randrange(1, 30))] * 9),
                kind + rlp.encode(self.receipt()),
            )
            # An empty value is none.
            transactions[rlp.encode(place_)] = drawn[0] if transaction is None else transaction
            receipts[rlp.encode(place_)] = drawn[1] if receipt is None else receipt
        shown = tuple((HEADER.number, draw.randrange(count)) for _ in range(3))
        every = Nodes(map(hex_of, nodes.values()))
        branches = [every.branch(state.root_hash, keccak(address))]
        for consent in self.consents:
            place = keccak(bytes.fromhex(consent[2:]) + word(3))
            branches.append(every.branch(storage.root_hash, keccak(place)))
        for _, place_ in shown:
            branches += [
                every.branch(each.root_hash, rlp.encode(place_)) for each in (transactions, receipts)
            ]
        roots = {"stateRoot": state, "transactionsRoot": transactions, "receiptsRoot": receipts}
        number = HEADER.number
        block = {**BLOCK, **{name: hex_of(each.root_hash) for name, each in roots.items()}}
        self.block = block
        self.manifest = deployment(
            hex_of(address), hex_of(keccak(b"code")), number - 3, frozenset(map(address_of, KEYS))
        )
        self.proof = ChainProof(
            self.manifest.chain_id,
            self.manifest.genesis_hash,
            number,
            (bytes_of_block(Seals(KEYS).sealed(block), "shanghai"),),
            Nodes(node for branch in branches for node in branch),
            shown,
        )

    def _consent(self) -> bytes:
        """A storage word: recorder, recorded, expires, revoked, withdrawn, attested, from the right."""
        draw, time = self.draw, HEADER.timestamp
        times = [draw.choice([*[0] * zeros, time - 9, time, time + 9, 2**37]) for zeros in (1, 0, 8, 8)]
        packed = draw.randrange(2**32)
        for place, each in enumerate(times):
            packed |= each << 32 + 40 * place
        packed |= draw.randrange(2) << 192
        return (packed or 1).to_bytes(32, "big").lstrip(b"\0")

    def receipt(self) -> list[Any]:
        """The fields of a receipt."""
        draw = self.draw
        logs = [
            [draw.randbytes(20), [draw.randbytes(32)] * draw.randrange(4), draw.randbytes(draw.randrange(90))]
            for _ in range(draw.randrange(3))
        ]
        return [draw.choice([b"", b"\1"]), draw.randbytes(3), bytes(256), logs]

    def outlive(self) -> None:
        """Lets the window of its manifest be open, whenever the tests run."""
        validators = replace(self.manifest.validators, window_days=1_000_000)  # type: ignore[type-var]
        self.manifest = replace(self.manifest, validators=validators)

    def case(self, proof: ChainProof | str, **changes: Any) -> Case:
        """The reading of one of the consents from a proof."""
        text = proof if isinstance(proof, str) else json.dumps(proof.to_json())
        manifest = replace(self.manifest, **changes)
        return document_case(text, manifest, self.draw.choice(self.consents), NOW)


def test_consents_and_receipts_are_shown_alike(compared: Compared) -> None:
    cases = []
    for seed, count in enumerate([1, 2, 17, 60, 130, 200]):
        world = World(Random(seed), count)
        cases += [world.case(world.proof) for _ in range(10)]
    assert compared(cases) == {"proved": 60}
    assert {case.here["status"] for case in cases} == {
        *("unknown", "valid", "expired", "revoked", "revoked-early", "withdrawn")
    }
    assert any(receipt["logs"] for case in cases for receipt in case.here["receipts"])


def test_proofs_that_were_changed_show_the_same_or_nothing(compared: Compared) -> None:
    draw = Random(7)
    world, small = World(draw, 20), World(draw)
    cases = [each.case(_changed(draw, each.proof)) for _ in range(80) for each in (world, small)]
    other = replace(world.manifest.validators, sets=(_strangers(),))  # type: ignore[type-var]
    cases += [
        world.case(world.proof, chain_id=1),
        world.case(world.proof, genesis_hash="0x" + "12" * 32),
        world.case(world.proof, validators=None),
        world.case(world.proof, validators=other),
    ]
    found = compared(cases)
    assert {"proved", "proof.no-branch", "proof.no-receipt", "proof.not-there", "proof.not-sealed"} <= set(
        found
    )
    assert {"proof-of-another-chain", "proofs-required", "proof.other-validators"} <= set(found)


def test_receipts_of_another_shape_are_refused_alike(compared: Compared) -> None:
    draw = Random(9)
    fields = World(draw).receipt()
    log = [bytes(20), [bytes(32)], b"data"]
    odd: list[Any] = [
        b"",
        b"receipt",
        [],
        fields[:3],
        [*fields, b""],
        [b"\2", *fields[1:]],
        [[], *fields[1:]],
    ]
    odd += [[bytes(32), *fields[1:]], [*fields[:3], b""], [*fields[:3], [[]]], [*fields[:3], [b""]]]
    for place in range(3):
        odd += [
            [*fields[:3], [[*log[:place], each, *log[place + 1 :]]]] for each in (b"", [], [b""], b"\1" * 19)
        ]
    odd += [[*fields[:3], [each]] for each in (log[:2], [*log, b""])]
    cases = [World(draw, receipt=rlp.encode(each)) for each in odd]
    cases += [World(draw, receipt=each) for each in (b"\0", b"\1", b"\x7f\xc0", b"\2\2" + rlp.encode(fields))]
    cases += [World(draw, transaction=b""), World(draw, receipt=b"")]
    whole = [World(draw, receipt=kind + rlp.encode(fields)) for kind in (b"", b"\1", b"\2", b"\x7f", b"\xbf")]
    found = compared([each.case(each.proof) for each in (*cases, *whole)])
    # There may be no topics, and data of any length.
    assert found == {"proof.no-receipt": len(cases) - 3, "proved": len(whole) + 3}


def _walked(world: World) -> list[bytes]:
    """Six headers before the world's and its own; in the last three before, three of four vote to drop the fourth."""
    headers: list[bytes] = []
    parent = _ZERO
    for number in range(HEADER.number - 6, HEADER.number + 1):
        votes = number >= HEADER.number - 3
        seals = Seals(
            KEYS if number < HEADER.number else KEYS[:3],
            proposer=KEYS[number % 3],
            vote=(address_of(KEYS[3]), False) if votes else None,
        )
        sealed = seals.sealed({**world.block, "number": hex(number), "parentHash": parent})
        parent = sealed["hash"]
        headers.append(bytes_of_block(sealed, "shanghai"))
    return headers


def test_a_proof_leads_over_changes_of_the_validators(compared: Compared) -> None:
    draw = Random(11)
    world = World(draw)
    headers, number = _walked(world), HEADER.number
    (_, place), *_ = world.proof.receipts
    proofs = [replace(world.proof, headers=tuple(headers))]
    proofs += [
        replace(world.proof, headers=(*headers[:at], *headers[at + 1 :])) for at in range(len(headers))
    ]
    # Receipts of earlier blocks are proved first, and lead to the newest.
    for _ in range(12):
        earlier = sorted((number - draw.randint(0, 6), place) for _ in range(draw.randint(0, 3)))
        chosen = draw.sample(headers, draw.randint(3, 7))
        proofs.append(replace(world.proof, headers=tuple(chosen), receipts=tuple(earlier)))
    listed = Listed(number - 7, HEADER.timestamp, frozenset(map(address_of, KEYS)))
    validators = replace(world.manifest.validators, sets=(listed,))  # type: ignore[type-var]
    cases = [world.case(each, validators=validators, block=number - 7) for each in proofs]
    assert "code" not in cases[0].here
    assert {"proved", "proof.not-there"} <= set(compared(cases))


def _strangers() -> Listed:
    return Listed(HEADER.number, HEADER.timestamp, frozenset(map(address_of, STRANGERS)))


def _changed(draw: Random, proof: ChainProof) -> ChainProof:
    nodes = list(proof.nodes)
    at = draw.randrange(len(nodes))
    first, *_ = proof.receipts
    changes: list[Callable[[], ChainProof]] = [
        lambda: replace(proof, nodes=Nodes(nodes[:at] + nodes[at + 1 :])),
        lambda: replace(proof, nodes=Nodes(draw.sample(nodes, len(nodes) // 2))),
        lambda: replace(
            proof, nodes=Nodes([*nodes[:at], hex_of(forged.flipped(draw, bytes.fromhex(nodes[at][2:])))])
        ),
        lambda: replace(proof, headers=(forged.header(draw, proof.headers[0]),)),
        lambda: replace(proof, headers=(forged.header(draw, proof.headers[0]), *proof.headers)),
        lambda: replace(proof, block=proof.block + draw.choice([-1, 1, 10**6])),
        lambda: replace(proof, receipts=((first[0], draw.choice([131, 10**9, 2**53 - 1])),)),
        lambda: replace(proof, receipts=((first[0] - 1, 0),)),
    ]
    return draw.choice(changes)()


# Manifests


def test_manifests_are_read_alike(compared: Compared) -> None:
    _, manifest = of_besu()
    written = manifest.to_json()
    listed = written["validators"]
    (first,) = listed["sets"]
    deep: Any = []
    for _ in range(28):
        deep = [deep]
    registry = {**written["contracts"]["ConsentRegistry"]}
    second = {**first, "block": first["block"] + 1}
    wrong: list[Any] = [None, True, "1", -1, 1.5, [], {}]
    others: list[dict[str, Any]] = [
        {},
        *({"compiler": {"deep": each}} for each in (deep, [deep], [[deep]], [[[deep]]])),
        {"validators": None},
        *({name: value} for name in ("format", "chain_id", "genesis_hash", "contracts") for value in wrong),
        *({"validators": value} for value in wrong if value is not None),
        *({"validators": {**listed, name: value}} for name in listed for value in wrong),
        *({"validators": {**listed, "sets": [{**first, name: value}]}} for name in first for value in wrong),
        *(
            {"validators": {**listed, "sets": sets}}
            for sets in ([first, second], [second, first], [first, first])
        ),
        *(
            {"validators": {**listed, "fork": fork}}
            for fork in ("london", "prague", "Shanghai", "__proto__", "size")
        ),
        {"validators": {**listed, "layout": "0x" + "11" * 32}},
        *(
            {"contracts": {**written["contracts"], "ConsentRegistry": {**registry, name: value}}}
            for name in ("address", "code_hash")
            for value in (*wrong, "0x12", "0x" + "12" * 33, "0x" + "12" * 20)
        ),
    ]
    texts = [json.dumps({**written, **each}) for each in others]
    texts += [
        texts[0][:-1] + ', "chain_id": 1337}',
        texts[0].replace("1337", "1337.0"),
        "",
        "[]",
        texts[0] * 2,
    ]
    found = compared(map(manifest_case, texts))
    assert set(found) == {"proved", "manifest-invalid", "proofs-required", "layout-unknown"}


# What a patient keeps of a revocation


def _kept(world: World, consent: str) -> dict[str, Any]:
    """The file of a revocation, whatever the consent's state is."""
    header = read_header(world.proof.headers[-1], "shanghai")
    code = RevocationCode(consent, header.number, header.hash, header.timestamp)
    return RevocationProof(code, RegistryId.of(world.manifest), world.proof).to_json()


def test_the_proof_of_a_revocation_is_checked_alike(compared: Compared) -> None:
    draw = Random(12)
    cases = []
    for _ in range(8):
        world = World(draw)
        world.outlive()
        cases += [revocation_case(json.dumps(_kept(world, each)), world.manifest) for each in world.consents]
    assert {case.here for case in cases} == {
        *("revoked", "revoked-early", "consent-unknown", "consent-not-revoked")
    }
    compared(cases)


def test_the_proof_of_a_revocation_that_was_changed_shows_nothing(compared: Compared) -> None:
    draw = Random(13)
    world = World(draw)
    world.outlive()
    revoked = next(
        each
        for each in world.consents
        if revocation_case(json.dumps(_kept(world, each)), world.manifest).here.startswith("revoked")
    )
    written, cases = _kept(world, revoked), []
    other: dict[str, list[Any]] = {
        "chain_id": [1, 0, "1337"],
        "genesis_hash": [_ZERO, _ZERO[2:]],
        "contract": ["0x" + "12" * 20, written["contract"].upper()],
        "consent": [world.consents[0], world.consents[1], "0x12"],
        "block": [written["block"] - 1, 0, 2**40 - 1, 2**40, -1],
        "hash": [_ZERO, "0x" + "ab" * 32, None],
        "time": [written["time"] + 1, 0, 1, 2**40],
        "format": ["sceau-proof/1", "sceau-revocation-proof/2", "__proto__"],
        "proof": [{}, None, written],
    }
    for name, values in other.items():
        cases += [revocation_case(json.dumps({**written, name: each}), world.manifest) for each in values]
    for _ in range(60):
        proof = _changed(draw, world.proof)
        text = json.dumps({**written, "proof": proof.to_json()})
        cases.append(revocation_case(text, world.manifest))
    found = {case.here for case in cases}
    assert {"consent-foreign", "revocation-not-shown", "file-malformed", "proof.not-there"} <= found
    compared(cases)


# Files


def test_texts_that_were_changed_are_read_alike(compared: Compared) -> None:
    draw = Random(8)
    proof, manifest = of_besu()
    written = proof.to_json()
    few = json.dumps({**written, "nodes": written["nodes"][:1], "headers": ["0x" + "00" * 8], "receipts": []})
    consent = CONSENTS["ended"]
    cases = []
    for _ in range(700):
        text = list(few)
        for _ in range(draw.randint(1, 2)):
            at = draw.randrange(len(text))
            text[at] = draw.choice(["", text[at] * 2, *'"{}[]:,\\ .0e-xA\té\u2028\0', '","a":"'])
        cases.append(document_case("".join(text), manifest, consent, NOW))
    assert {"file-malformed", "proof.no-header", "proof-of-another-chain"} <= set(compared(cases))


def test_a_file_has_one_reading_and_one_shape(compared: Compared) -> None:
    proof, manifest = of_besu()
    consent = CONSENTS["ended"]
    written = proof.to_json()
    whole = json.dumps(written)

    def code(text: str) -> str:
        case = document_case(text, manifest, consent, NOW)
        (found,) = compared([case])
        return found

    assert code(whole) == code("\ufeff" + whole) == code(json.dumps(written, indent=3)) == "proved"
    assert code(whole.ljust(1_000_000)) == "proved"
    assert code(whole.ljust(1_000_001)) == "file-malformed"
    # A key may be written with escapes; two writings of it are the same key.
    assert code(whole.replace('"block"', '"bl\\u006fck"')) == "proved"
    for text in (
        whole[:-1] + ', "block": 7}',
        whole[:-1] + ', "bl\\u006fck": 7}',
        whole[:-1] + ', "__proto__": {"block": 7}}',
        whole[:-1] + ', "constructor": 7}',
        whole.replace('"block"', '"__proto__"'),
        whole.replace('"receipts": []', '"receipts": [{"block": 1, "place": 0, "place": 0}]'),
        whole.replace('"receipts": []', '"receipts": [{"block": 1, "place": 0, "__proto__": 0}]'),
        whole.replace('"receipts": []', '"receipts": [{"block": 1}]'),
        whole.replace('"receipts": []', '"receipts": [[1, 0]]'),
        whole.replace('"receipts": []', '"receipts": {}'),
        whole.replace('"receipts": []', '"receipts": null'),
        json.dumps({**written, "headers": []}),
        "[" * 500_000,
        '{"a":' * 100_000,
        whole[:-1] + ', "deep": ' + "[" * 40 + "]" * 40 + "}",
        "[]",
        "null",
        "7",
        '""',
        "",
        whole + " x",
        whole + whole,
        " " * 1_000_001,
        '"' + '\\"' * 499_000,
        "\\" * 999_999,
        whole.replace("0x", "0X"),
        *(json.dumps({key: value for key, value in written.items() if key != name}) for name in written),
        *(json.dumps({**written, name: value}) for name in written for value in _NONE),
        *(json.dumps({**written, name: value}) for name in ("headers", "nodes") for value in _NO_BYTES),
    ):
        assert code(text) == "file-malformed", text[:200]
    assert code(whole.replace(str(proof.block), f"{proof.block}.0")) == "file-malformed"
    assert code(whole.replace("1337", "1337e0")) == "file-malformed"


def test_a_file_has_so_many_headers_nodes_and_receipts(compared: Compared) -> None:
    proof, manifest = of_besu()
    written = proof.to_json()
    receipt = {"block": 0, "place": 0}
    for name, values, found in (
        ("headers", ["0x"] * 5_000, "proof.no-header"),
        ("nodes", [*written["nodes"], *["0x"] * 50_000][:50_000], "proved"),
        ("receipts", [receipt] * 5_000, "proof.not-there"),
    ):
        for more, code in ((0, found), (1, "file-malformed")):
            text = json.dumps({**written, name: [*values, *values[-1:] * more]})
            assert compared([document_case(text, manifest, CONSENTS["ended"], NOW)]) == {code: 1}


def test_a_number_that_javascript_cannot_hold_is_refused(compared: Compared) -> None:
    """Python knows all numbers: no block has one of these."""
    proof, manifest = of_besu()
    for number in (2**53, 2**53 + 1, 10**400):
        text = json.dumps({**proof.to_json(), "block": number})
        case = document_case(text, manifest, CONSENTS["ended"], NOW)
        compared([Case(case.question, {"code": "file-malformed", "details": {}})])


_NONE: list[Any] = [None, True, -1.5, "7", {}, {"length": 1}, [None], [[]]]
_NO_BYTES: list[Any] = [["0x1"], ["0xAB"], [" 0x"], ["0x\n"], ["ab"], ["0x" + "00" * 32_769], [7], [["0x"]]]
