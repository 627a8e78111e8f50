# SPDX-License-Identifier: Apache-2.0
"""What a real Besu network sealed is proved, and what was taken out of it is missed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from eth_abi import decode

from sceau.documents.hashing import keccak
from sceau.proof.errors import Unproved
from sceau.proof.header import Header, Vote, bytes_of_block
from sceau.proof.layout import views
from sceau.proof.nodes import Nodes
from sceau.proof.state import proved_words
from sceau.proof.trust import Trust, quorum, require_sealed
from tests.client.proof.scenes import NOW, header_of, trust_in, vector

HEADERS = vector("headers")
VOTES = vector("votes")
STATE = vector("state")
TARGET = VOTES["target"]
DROPPED, ADDED = 3726, 3729


@pytest.mark.parametrize("given", HEADERS, ids=lambda given: f"round {given['round']}")
def test_a_header_of_besu_has_its_hash_and_round_and_a_quorum_of_seals(given: dict[str, Any]) -> None:
    header = header_of(given["raw"])
    assert (header.hash, header.round) == (given["hash"], given["round"])
    assert header.sealers <= header.validators
    assert len(header.sealers) == quorum(len(header.validators)) == 3
    require_sealed(header)


def test_the_rounds_are_those_that_the_network_needed() -> None:
    assert sorted({given["round"] for given in HEADERS}) == [0, 1, 2, 3, 6]


def walked() -> dict[int, Header]:
    """The headers of the vector by their numbers."""
    return {given["number"]: header_of(given["raw"]) for given in VOTES["headers"]}


def trusted() -> Trust:
    """Trust in the four validators before the votes, with an epoch that begins there."""
    return trust_in(VOTES["trusted_before"], 3721, epoch=3722)


def test_the_votes_are_read() -> None:
    votes = [header.vote for header in walked().values()]
    assert votes == [None, *[Vote(TARGET, adds=False)] * 3, None, *[Vote(TARGET, adds=True)] * 2, None]


@pytest.mark.parametrize("last", [*range(3722, 3730)])
def test_a_validator_that_was_dropped_and_added_again_is_followed(last: int) -> None:
    headers = walked()
    trusted().require(headers[last], headers.__getitem__, NOW)


def test_the_walk_is_followed_header_by_header() -> None:
    headers, trust = walked(), trusted()
    for header in headers.values():
        trust.require(header, headers.__getitem__, NOW)


@pytest.mark.parametrize("without", [3723, 3724, 3725])
@pytest.mark.parametrize(
    "vote",
    [None, Vote("0x" + "11" * 20, adds=False), Vote(TARGET, adds=True)],
    ids=["none", "other", "withdrawn"],
)
def test_two_of_the_three_votes_are_not_enough(without: int, vote: Vote | None) -> None:
    # The hash of such a header would be another one: here even somebody that could keep it is refused.
    headers = walked()
    headers[without] = replace(headers[without], vote=vote)
    with pytest.raises(Unproved) as refused:
        trusted().require(headers[DROPPED], headers.__getitem__, NOW)
    assert refused.value.why.code == "not-voted"


@pytest.mark.parametrize("number", [3723, 3724, 3725])
def test_votes_in_headers_that_are_not_linked_do_not_count(number: int) -> None:
    headers = walked()
    headers[number] = replace(headers[number], hash="0x" + "22" * 32)
    with pytest.raises(Unproved) as refused:
        trusted().require(headers[DROPPED], headers.__getitem__, NOW)
    assert refused.value.why.code == "not-linked"
    assert refused.value.why.details == {"number": number}


def test_the_added_validator_needs_no_votes_where_a_quorum_of_those_before_sealed_too() -> None:
    headers = walked()
    none: dict[int, Header] = {}
    trust_in(headers[DROPPED].validators, DROPPED).require(headers[ADDED], none.__getitem__, NOW)


def test_the_header_of_json_is_the_header_of_bytes() -> None:
    raw = bytes_of_block(STATE["block"], "shanghai")
    assert "0x" + raw.hex() == STATE["header"]
    header = header_of(STATE["header"])
    assert header.hash == STATE["block"]["hash"]
    assert header.number == int(STATE["block"]["number"], 16)
    assert header.timestamp == int(STATE["block"]["timestamp"], 16)
    assert header.parent == STATE["block"]["parentHash"]
    assert header.proposer == STATE["block"]["miner"]
    assert header.base_fee == 0
    for name in ("stateRoot", "transactionsRoot", "receiptsRoot"):
        found = {"s": header.state_root, "t": header.transactions_root, "r": header.receipts_root}[name[0]]
        assert "0x" + found.hex() == STATE["block"][name]


@pytest.mark.parametrize("name", ["recorded", "ended", "absent"])
def test_a_consent_is_proved(name: str) -> None:
    proof = STATE["proofs"][name]
    view = views()["ConsentRegistry", "consentOf"]
    consent = bytes.fromhex(proof["consent"][2:])
    places = view.places(keccak(b"consentOf(bytes32)")[:4] + consent)
    assert [hex(place) for place in places] == [hex(int(proof["slot"], 16))]
    words = proved_words(
        header_of(STATE["header"]).state_root,
        STATE["contract"],
        "",
        places,
        Nodes([*proof["accountProof"], *proof["storageProof"]]),
    )
    assert words == [int(proof["value"], 16)]
    types = ["uint32", "uint40", "uint40", "uint40", "uint40", "bool"]
    recorder, recorded, expires, revoked, withdrawn, attested = decode(types, view.answer(words, b"", 0))
    assert (recorder, withdrawn, attested) == (0 if name == "absent" else 1, 0, False)
    assert (recorded > 0) == (name != "absent")
    assert (expires > recorded) == (name != "absent")
    assert (revoked > recorded) == (name == "ended")
