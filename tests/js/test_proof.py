# SPDX-License-Identifier: Apache-2.0
"""``web/proof`` proves and refuses what ``sceau/proof`` does: vectors, and thousands of forged headers and proofs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import rlp
from trie import HexaryTrie

from sceau.documents.hashing import keccak, word
from sceau.documents.identifiers import bytes_of
from sceau.proof.header import FORKS, Header
from sceau.proof.layout import views
from sceau.proof.trust import Listed, quorum
from tests.client.proof.scenes import DAY, INVENTED, NAMES, NOW, Chain, Liars, header_of, made, played, vector
from tests.js import forged
from tests.js.forged import BLOCK, FIELDS
from tests.js.proving import (
    Case,
    Compared,
    block_case,
    header_case,
    require_packages,
    trust_case,
    value_case,
    view_case,
    words_case,
)

require_packages()

HEADERS, VOTES, STATE = vector("headers"), vector("votes"), vector("state")
ROOT = header_of(STATE["header"]).state_root
CONTRACT, PROOFS = STATE["contract"], STATE["proofs"]


# The vectors of a Besu network


def test_the_headers_of_besu_are_read_and_written_alike(compared: Compared) -> None:
    cases = [
        header_case(bytes_of(each["raw"]), fork) for each in HEADERS + VOTES["headers"] for fork in FORKS
    ]
    cases += [block_case(BLOCK, fork) for fork in FORKS]
    found = compared(cases)
    assert found == {
        "proved": len(HEADERS) + len(VOTES["headers"]) + 2,
        "proof.no-header": found["proof.no-header"],
    }


def test_the_walk_over_the_votes_of_besu_is_proved(compared: Compared) -> None:
    headers = {each["number"]: header_of(each["raw"]) for each in VOTES["headers"]}
    before = frozenset(VOTES["trusted_before"])
    cases = [
        trust_case([Listed(3721, NOW, before)], wanted, headers.__getitem__, epoch=3722)
        for wanted in (
            [(each, NOW) for each in headers.values()],
            *([(each, NOW)] for each in headers.values()),
        )
    ]
    assert compared(cases) == {"proved": 16}


def test_the_consents_of_besu_are_proved(compared: Compared) -> None:
    assert compared([words_case(ROOT, CONTRACT, "", places(), answer())]) == {"proved": len(PROOFS)}


def places() -> list[int]:
    """Of the three consents of the vector: recorded, ended, absent."""
    return [int(proof["slot"], 16) for proof in PROOFS.values()]


def answer() -> dict[str, Any]:
    """What a node answers about them."""
    return {
        "accountProof": list(PROOFS["recorded"]["accountProof"]),
        "storageProof": [
            {"key": proof["slot"], "value": proof["value"], "proof": list(proof["storageProof"])}
            for proof in PROOFS.values()
        ],
    }


# Headers that were forged


def test_headers_that_were_changed_are_read_alike(compared: Compared) -> None:
    draw = Random(1)
    found = compared(list(_forged_headers(draw, 420)))
    assert {"proved", "proof.no-header", "proof.no-extra", "proof.no-seal", "proof.no-validators"} == set(
        found
    )


def _forged_headers(draw: Random, count: int) -> Iterator[Case]:
    raws = [bytes_of(each["raw"]) for each in HEADERS + VOTES["headers"]]
    for _ in range(count):
        raw = forged.header(draw, draw.choice(raws))
        yield header_case(raw, "shanghai" if draw.random() < 0.95 else draw.choice(sorted(FORKS)))


_ODD: list[Any] = [
    *[None, 7, True, [], {}, "", "0x", "0x0", "0x00", "0x000", "0x1", "0xf" * 9, "0X1", "1", "0xg1", "0x1é"],
    *["0x 1", "0x 01", "0x01 ", "0x0 1", "0x\t01", "0x1 ", "0x1\n", "0xAb", "0x٣", "0x1_0", "0x-1", "0x+1"],
    *["0x" + "ab" * 20, "0x" + "00" * 40],
]


def test_blocks_of_any_json_are_written_alike(compared: Compared) -> None:
    draw = Random(2)
    cases = [block_case({**BLOCK, name: value}) for name in FIELDS for value in _ODD]
    for name in FIELDS:
        without = dict(BLOCK)
        del without[name]
        cases.append(block_case(without, draw.choice(["shanghai", "london"])))
    assert set(compared(cases)) == {"proved", "proof.no-header"}


# Chains whose validators change, and nodes that lie about them


def test_what_honest_and_lying_nodes_give_is_trusted_alike(compared: Compared) -> None:
    draw = Random(3)
    kinds = ((_honest, 150), (_lying, 250), (_edited, 150), (_changed, 150), (_returned, 20), (_listed, 100))
    found = compared(case for kind, count in kinds for case in kind(draw, count))
    assert set(found) == {
        "proved",
        "validators-outdated",
        "proof.before-deployment",
        "proof.not-linked",
        "proof.not-sealed",
        "proof.not-voted",
        "proof.other-number",
        "proof.other-validators",
    }


def _honest(draw: Random, count: int) -> Iterator[Case]:
    """Chains on which validators are voted in and out, from any block that is listed."""
    for _ in range(count):
        epoch = draw.choice([3, 7, 20, 1000])
        chain = played(draw, draw.randint(1, 10), epoch, draw.randint(1, 6))
        start = draw.randrange(len(chain.headers))
        wanted = draw.sample(chain.headers, min(len(chain.headers), 8))
        yield trust_case([_set(chain.headers[start])], _now(wanted), chain.given, epoch=epoch)


def _set(header: Header) -> Listed:
    return Listed(header.number, NOW, header.validators)


def _now(headers: list[Header]) -> list[tuple[Header, float]]:
    return [(each, NOW) for each in headers]


def _lying(draw: Random, count: int) -> Iterator[Case]:
    """Nodes that give headers of a minority's own, or votes that were withdrawn or replayed."""
    for _ in range(count):
        liars = Liars(draw, draw.randint(1, 10))
        start = draw.randrange(len(liars.chain.headers))
        numbers = [start, start + 1, start + 2, draw.randint(start, 40), 2**40, 2**64 - 1]
        wanted = [liars.forged(draw.choice(numbers)) for _ in range(4)]
        sets = [Listed(start, NOW, frozenset(liars.true))]
        yield trust_case(sets, _now([*wanted, *liars.chain.headers[start:][:3]]), liars.given, epoch=30_000)


def _edited(draw: Random, count: int) -> Iterator[Case]:
    """A change of one validator, with votes as they fall, and headers on the way edited."""
    for _ in range(count):
        true = NAMES[: draw.randint(1, 6)]
        chain = Chain(true, epoch=draw.choice([5, 1000]))
        chain.blocks(draw.randint(0, 6))
        subject = draw.choice([*true, INVENTED[0]])
        for _ in range(draw.randint(0, 2 * len(true))):
            adds = (subject not in true) ^ (draw.random() < 0.2)
            vote = draw.choice([(subject, adds), (subject, adds), None, (draw.choice(true), False)])
            chain.block(draw.choice([*true, *true, INVENTED[1]]), vote)
            if chain.validators != set(true):
                break
        last = chain.headers[-1]
        listed = set(true) ^ {subject} or {subject}
        by = draw.randint(quorum(len(listed)), len(listed))
        target = made(last.number + 1, listed, sealers=draw.sample(sorted(listed), by))
        if len(true) > 1 and draw.random() < 0.6:
            edits: list[dict[str, Any]] = [
                {"validators": frozenset(draw.sample([*true, *INVENTED], len(true)))},
                {"sealers": frozenset(true[:1])},
                {"vote": None},
                {"hash": "block 0"},
                {"number": last.number + 7},
            ]
            at = draw.choice([last.number, draw.randrange(len(chain.headers))])
            chain.headers[at] = replace(chain.headers[at], **draw.choice(edits))
        start = draw.choice([0, max(0, last.number - 1)])
        yield trust_case(
            [Listed(start, NOW, frozenset(true))], _now([target, last]), chain.given, epoch=chain.epoch
        )


def _changed(draw: Random, count: int) -> Iterator[Case]:
    """Changes of one validator that only votes can prove, after others came, went and came back."""
    for _ in range(count):
        chain = played(draw, draw.randint(3, 6), draw.choice([20, 1000]), draw.randint(2, 8))
        subject = draw.choice(NAMES)
        for _ in range(draw.randint(0, 12)):
            if chain.validators != chain.headers[-1].validators:
                break
            chain.block(draw.choice(sorted(chain.validators)), (subject, subject not in chain.validators))
        last = chain.headers[-1]
        if draw.random() < 0.3:
            last = replace(
                last, sealers=frozenset(draw.sample(sorted(last.validators), len(last.validators) // 2))
            )
            chain.headers[-1] = last
        next_ = frozenset(chain.validators)
        yield _voted(chain, next_ if next_ != last.validators else last.validators ^ {draw.choice(NAMES)})


def _returned(draw: Random, count: int) -> Iterator[Case]:
    """A validator votes, is dropped and comes back: its vote counts no more."""
    for _ in range(count):
        one, other, voter, subject = draw.sample(NAMES, 4)
        chain = Chain([one, other, voter, subject])
        chain.vote(subject, False, voter)
        chain.vote(voter, False, one, other, subject)
        chain.vote(voter, True, one, other)
        chain.vote(subject, False, one, other, *([voter] if draw.random() < 0.5 else []))
        yield _voted(chain, frozenset((one, other, voter)))


def _voted(chain: Chain, listed: frozenset[str]) -> Case:
    """The header after a chain's last, of another list, where that last one's list is known."""
    last, listed = chain.headers[-1], listed or chain.headers[-1].validators
    # As few as seal it, and of those before fewer than seal theirs, where that can be.
    by = [*sorted(listed - last.validators), *sorted(listed & last.validators)][: quorum(len(listed))]
    target = made(last.number + 1, listed, sealers=by)
    return trust_case([_set(last)], _now([target]), chain.given, epoch=chain.epoch)


def _listed(draw: Random, count: int) -> Iterator[Case]:
    """Several sets that are listed, and clocks before and after the end of the window."""
    for _ in range(count):
        sets = [
            Listed(10 * (each + 1), NOW + each * DAY, frozenset(draw.sample(NAMES, draw.randint(1, 4))))
            for each in range(draw.randint(1, 3))
        ]
        end = sets[-1].time + 90 * DAY
        clocks = [NOW, end - 0.5, end, end + 0.5, end + DAY, end + 10_000 * DAY]
        wanted = []
        for _ in range(6):
            number = draw.choice([9, 10, 11, 19, 20, 21, 29, 30, 31, 2**53 + 1, 2**64 - 1])
            validators = draw.choice([each.validators for each in sets])
            wanted.append((made(number, validators, sealers=validators), draw.choice(clocks)))
        same = wanted[0][0].validators

        def given(number: int, same: frozenset[str] = same) -> Header:
            return made(number, same)

        yield trust_case(sets, wanted, given, epoch=30_000)


def test_votes_are_looked_for_in_as_many_headers(compared: Compared) -> None:
    cases = []
    for quiet in (996, 997, 998, 999):
        chain = Chain(NAMES[:4])
        chain.blocks(300)
        chain.vote("v3", False, "v0")
        chain.blocks(quiet)
        chain.vote("v3", False, "v1", "v2")
        target = made(len(chain.headers), NAMES[:3], sealers=NAMES[:2])
        listed = [_set(chain.headers[-1])]
        cases.append(trust_case(listed, _now([target]), chain.given, epoch=30_000))
    assert compared(cases) == {"proved": 2, "proof.not-voted": 2}


# Proofs that were forged


def test_proofs_that_were_changed_are_read_alike(compared: Compared) -> None:
    draw = Random(4)
    cases = []
    for _ in range(500):
        given = forged.answer(draw, answer())
        asked = draw.choice([places(), places()[:1], [places()[0] + 1], [0, 2**256 - 1], []])
        root = ROOT if draw.random() < 0.95 else keccak(b"\x80")
        code = draw.choice(["", "", "", "0x" + "11" * 32])
        address = CONTRACT if draw.random() < 0.95 else "0x" + "11" * 20
        cases.append(words_case(root, address, code, asked, given))
    assert set(compared(cases)) == {"proved", "proof.no-branch", "proof.no-account", "proof.other-code"}


def test_nodes_of_any_shape_under_a_root_are_read_alike(compared: Compared) -> None:
    """No true header has such a root."""
    draw = Random(5)
    cases = []
    for _ in range(1200):
        path = draw.randbytes(draw.choice([1, 2, 32]))
        nodes: list[str] = []
        root = keccak(rlp.encode(forged.grown(draw, path.hex(), nodes)))
        cases.append(value_case(root, path, nodes))
    assert set(compared(cases)) == {"proved", "proof.no-branch"}


def test_accounts_and_words_of_any_shape_are_read_alike(compared: Compared) -> None:
    draw = Random(10)
    empty, code = keccak(b"\x80"), keccak(b"code")
    values: list[Any] = [b"\0", b"\1", b"\x81\1", b"\x80", b"\xc0", b"\xc1\1", b"\1\1", b"\x82\0\1"]
    values += [rlp.encode(draw.randbytes(size)) for size in (1, 2, 31, 32, 33, 40)]
    values += [rlp.encode(b"\0" * size) for size in (1, 2, 32, 33)]
    accounts: list[Any] = [b"\1", b"account", [], [b"", b"", empty], [b"", b"", empty, code, b""]]
    accounts += [[b"", b"", root, code] for root in (b"", [], [empty], empty[1:], empty + b"\0", empty)]
    accounts += [[b"", b"", empty, each] for each in (b"", [], [code], code[1:], code + b"\0")]
    accounts += [[[], [b""], empty, code], [b"\0", b"\0", empty, code]]
    cases = []
    for value in values:
        storage = HexaryTrie({})
        storage[keccak(word(1))] = value
        cases.append(
            _of_account(rlp.encode([b"", b"", storage.root_hash, code]), _branch(storage, keccak(word(1))))
        )
    cases += [_of_account(rlp.encode(each), []) for each in accounts]
    cases += [
        _of_account(each, []) for each in (b"\xc1", b"\x81\1", rlp.encode([b"", b"", empty, code]) + b"\0")
    ]
    assert set(compared(cases)) == {"proved", "proof.no-account", "proof.no-branch"}


def _of_account(account: bytes, storage: list[str]) -> Case:
    """The reading of one word of an account that is alone in its state."""
    state = HexaryTrie({})
    state[keccak(b"\1" * 20)] = account
    answered = {"accountProof": _branch(state, keccak(b"\1" * 20)), "storageProof": [{"proof": storage}]}
    return words_case(state.root_hash, "0x" + "01" * 20, "", [1], answered)


def test_views_stand_at_the_same_places_and_have_the_same_members(compared: Compared) -> None:
    draw = Random(14)
    cases = []
    for (contract, name), view in views().items():
        keys = [draw.randbytes(32) for _ in range(view.mapped + (view.inner is not None))]
        count = len(view.places(bytes(4) + b"".join(keys)))
        cases += [
            view_case(contract, name, keys, [draw.getrandbits(256) for _ in range(count)]) for _ in range(3)
        ]
    assert compared(cases) == {"proved": 3 * len(views())}


def test_any_storage_is_read_alike(compared: Compared) -> None:
    draw = Random(6)
    cases = []
    for _ in range(25):
        sizes = [draw.choice([8, 64, 256]) for _ in range(draw.randint(1, 60))]
        stored = {draw.randrange(80): draw.randrange(1, 2**size) for size in sizes}
        storage = HexaryTrie({})
        for place, value in stored.items():
            storage[keccak(word(place))] = rlp.encode(value)
        accounts = HexaryTrie({})
        for each in range(draw.randint(1, 30)):
            account = [b"", b"\1", storage.root_hash, keccak(b"code")]
            accounts[keccak(bytes([each]) * 20)] = rlp.encode(account)
        asked = [draw.randrange(90) for _ in range(5)]
        address = bytes([draw.randrange(32)]) * 20
        given = {
            "accountProof": _branch(accounts, keccak(address)),
            "storageProof": [{"proof": _branch(storage, keccak(word(place)))} for place in asked],
        }
        code = "0x" + keccak(b"code").hex()
        cases.append(words_case(accounts.root_hash, "0x" + address.hex(), code, asked, given))
    assert set(compared(cases)) == {"proved", "proof.no-account"}


def _branch(trie: HexaryTrie, path: bytes) -> list[str]:
    return [forged.hex_(rlp.encode(node)) for node in trie.get_proof(path)]
