# SPDX-License-Identifier: Apache-2.0
"""The search and the comparison of test_leaks.py find what they are for: leaks are made on purpose."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any
from unittest import mock

import pytest

from sceau import Practice, Verdict
from sceau.claim.prepared import PreparedStep
from sceau.conformity.keys import GroupKey, OrderKey
from sceau.messages.disclosure import ReceivedDisclosure
from sceau.messages.mailbox import Mailbox
from sceau.messages.order import ReceivedOrder
from sceau.record import SealedRecord
from sceau.roles.errors import VerdictRefused
from sceau.roles.handle import Handle
from sceau.roles.issued import IssuedVerdict
from sceau.store import LocalStore
from sceau.store.errors import StoreUnusable
from tests.leaks import hashes
from tests.leaks.compare import ASKED, differences, explained_fees
from tests.leaks.dump import Dump
from tests.leaks.encodings import INSIDE, encodings, secret
from tests.leaks.facts import Fact
from tests.leaks.overheard import overheard, pieces
from tests.leaks.play import Play, begun, stage
from tests.leaks.private import add_secret, add_value, needles, secrets_of
from tests.leaks.scenario import perform_briefly
from tests.leaks.search import Needles, surely
from tests.leaks.stories import FIRST
from tests.support.stores import rows_of

LABEL = ("something private",)
#: One value of each format, as records hold them.
VALUES = [
    "VXB1",
    "Mme Lefèvre-Dušan",
    "EUR",
    "2026-11-20",
    "0004017390",
    "-1.75",
    "12.25",
    46_700,
    1670,
    12_345_678,
    True,
    "0x" + hashlib.sha256(b"a seal").hexdigest(),
]
RANDOM = hashlib.shake_256(b"what stands on a chain").digest(40_000)


def looking_for(value: Any) -> Needles:
    made = Needles()
    add_value(made, LABEL, value)
    return made


def found_in(made: Needles, planted: dict[str, bytes]) -> set[str]:
    """The places at which something is found, when one thing is planted at each."""
    return {place for hit in made.search(planted.items()) for place in hit.places}


def around(needle: bytes, before: int = 77) -> bytes:
    """A calldata with something in it, at an odd place."""
    return RANDOM[:before] + needle + RANDOM[before : before + 40]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: f"{type(value).__name__} {value}"[:30])
def test_every_writing_of_four_bytes_or_more_is_found(value: Any) -> None:
    ways = {how: each for how, each in encodings(value) if len(each.strip(b"\x00\xff")) >= 4}
    planted = {how: around(each) for how, each in ways.items()}
    assert len(planted) >= 20
    assert found_in(looking_for(value), planted) == planted.keys()


@pytest.mark.parametrize("value", [1670, 46_700, "-1.75", "2026-11-20", "12.25"])
def test_a_short_number_is_found_where_it_fills_a_word(value: Any) -> None:
    """Of a function's arguments and of storage; elsewhere two bytes after zeros are everywhere."""
    ways = encodings(value)
    words = {how: each for how, each in ways if len(each) == 32 and len(each.strip(b"\x00\xff")) >= 2}
    assert len(words) >= 2
    for planted in (words, {how: around(each, 4 + 64) for how, each in words.items()}):
        assert found_in(looking_for(value), planted) == planted.keys()


@pytest.mark.parametrize("value", VALUES, ids=lambda value: f"{type(value).__name__} {value}"[:30])
def test_every_plain_hash_is_found_whole_or_cut(value: Any) -> None:
    ways = {how: each for how, each in encodings(value) if INSIDE not in how}
    digests = {how: digest for way, each in ways.items() for how, digest in hashes.hashes(way, each)}
    made = looking_for(value)
    for cut in (slice(None), slice(20), slice(-20, None), slice(32)):
        planted = {how: around(digest[cut]) for how, digest in digests.items()}
        assert found_in(made, planted) == planted.keys()


def test_a_hash_in_hex_is_found_too() -> None:
    made = looking_for("VXB1")
    digest = hashlib.sha256(b"VXB1").hexdigest()
    dump = Dump(receipts={"0x01": {"logs": [{"data": f"0x{'00' * 32}{digest}"}]}})
    assert made.search(dump.pieces())


def test_every_writing_of_a_secret_and_every_quarter_of_it_are_found() -> None:
    made, content = Needles(), RANDOM[100:132]
    add_secret(made, "a seed", content)
    written = [*(each for _, each in secret(content)), *(content[n : n + 8] for n in (0, 8, 16, 24))]
    assert all(
        made.search([("calldata", around(each))]) or made.search(pieces("log", [each.decode("latin-1")]))
        for each in written
    )


def test_nothing_is_found_where_nothing_is() -> None:
    for value in VALUES:
        assert not [
            hit for hit in looking_for(value).search([("calldata", RANDOM[:20_000])]) if hit.size >= 6
        ]


def test_a_short_find_counts_when_the_other_play_has_its_like() -> None:
    first, second = Needles(), Needles()
    add_value(first, LABEL, "VXB1", hashed=False)
    add_value(second, LABEL, "VUA3", hashed=False)
    found = first.search([("calldata", around(b"VXB1"))])
    assert surely(found, second.search([("calldata", around(b"VUA3"))]), second.labels)
    assert not surely(found, second.search([("calldata", around(b"VXB1"))]), second.labels)
    assert surely(found, [], set()), "a path that the other play does not have cannot be called chance"


def test_what_is_logged_printed_or_raised_is_heard() -> None:
    made = Needles()
    add_secret(made, "a seed", RANDOM[:32])
    add_secret(made, "a PIN", b"482915")
    with overheard() as said:
        logging.getLogger("sceau.deep").debug("seed %r", RANDOM[:32])
        print("the PIN is 482915", file=sys.stderr)
    assert {hit.labels[0] for hit in made.search(pieces("said", said))} == {"a seed", "a PIN"}
    assert made.search(pieces("said", [f"seed 0x{RANDOM[:32].hex()}"]))


# Leaks made in the client, found on a real chain


@pytest.fixture(scope="module")
def ready() -> Iterator[Play]:
    with stage(FIRST) as play:
        yield play


@pytest.fixture
def play(ready: Play) -> Iterator[Play]:
    """A play on the chain as it was before each test."""
    with ready.chain.rolled_back():
        yield begun(ready.chain, FIRST, ready.published)


def written_by(play: Play, before: int) -> list[tuple[str, bytes]]:
    """The calldata of every block after ``before``."""
    node, dump = play.chain.test_node, Dump()
    for number in range(before + 1, play.network.node.head().number + 1):
        block: Any = node.request("eth_getBlockByNumber", hex(number), True)
        dump.blocks.append({"transactions": [{"input": each["input"]} for each in block["transactions"]]})
    return list(dump.pieces())


def found_after(play: Play, *, payer_refuses: bool = False) -> list[str]:
    """What is found on the chain of a brief play; ``payer_refuses``: the play stops after the claim's opening."""
    before = play.network.node.head().number
    with pytest.raises(VerdictRefused) if payer_refuses else nullcontext():
        perform_briefly(play)
    return [
        f"{hit.labels[0]}, {hit.how}"
        for hit in needles(play).search(written_by(play, before))
        if hit.size >= 8
    ]


def test_a_sound_client_leaves_nothing(play: Play) -> None:
    assert not found_after(play)


def test_leaves_without_salts_are_found(play: Play) -> None:
    with mock.patch("sceau.record.leaf.salt", return_value=hashes.ZEROS):
        assert any("root with one public salt" in each for each in found_after(play))


def test_a_public_seed_is_found(play: Play) -> None:
    from sceau.record.leaf import salt

    with mock.patch("sceau.record.leaf.salt", lambda _seed, path: salt(hashes.ZEROS, path)):
        assert any("root with salts from a public seed" in each for each in found_after(play))


def test_a_plain_hash_as_a_commitment_is_found(play: Play) -> None:
    def plain(record: SealedRecord) -> str:
        text = json.dumps(dict(record.values), separators=(",", ":"), ensure_ascii=False)
        return "0x" + hashlib.sha256(text.encode()).hexdigest()

    with mock.patch.object(SealedRecord, "root", property(plain)):
        found = found_after(play, payer_refuses=True)
    assert any("SHA-256 of the record in JSON" in each for each in found)


def test_a_salt_as_a_commitment_is_found(play: Play) -> None:
    with mock.patch.object(SealedRecord, "root", property(lambda record: "0x" + record.leaves[0].salt.hex())):
        found = found_after(play, payer_refuses=True)
    assert any("glasses open 0: salt of" in each for each in found)


def test_plain_hashes_as_tags_are_found(play: Play) -> None:
    with mock.patch.object(GroupKey, "authenticate", lambda _key, message: hashlib.sha256(message).digest()):
        found = found_after(play)
    for group in range(4):
        assert any(f"SHA-256 of group {group}" in each for each in found)
        assert any(f"lock of SHA-256 of group {group}" in each for each in found)


def test_an_order_key_that_everybody_knows_is_found(play: Play) -> None:
    with mock.patch.object(OrderKey, "draw", return_value=OrderKey(bytes(32))):
        assert any("tag of group 2 under a public order key" in each for each in found_after(play))


def test_a_file_number_as_a_nonce_is_found(play: Play) -> None:
    number = str(FIRST.claims["glasses"].says["pec.number"])
    draw = secrets.token_bytes

    def token_bytes(nbytes: int = 32) -> bytes:
        drawn_by = sys._getframe(1).f_code.co_name
        return number.encode().ljust(nbytes, b"\0") if drawn_by == "_seal_claim" else draw(nbytes)

    with mock.patch.object(secrets, "token_bytes", token_bytes):
        assert any("pec.number" in each for each in found_after(play))


def test_an_order_key_in_calldata_is_found(play: Play) -> None:
    """As a supplier's faulty software might send it, in a call that the contract does not know."""
    perform_briefly(play)
    kept = play.secrets["glasses order 1: order key"]
    found = secrets_of(play).search([("calldata", b"\1\2\3\4" + kept + bytes(64))])
    assert [hit.labels for hit in found if hit.size >= 8]


# Leaks made in what the client says and shows


def shown(play: Play, looked_for: Needles) -> set[str]:
    """What is found in what the play's objects and errors said of themselves."""
    said = [*pieces("repr", play.shown), *pieces("errors", (each.whole for each in play.spoken))]
    return {label for hit in looked_for.search(said) if hit.size >= 8 for label in hit.labels}


def test_a_sound_client_shows_nothing(play: Play) -> None:
    perform_briefly(play)
    assert not shown(play, secrets_of(play))
    assert not [each for each in shown(play, needles(play, hashed=False)) if "number" in each]


@pytest.mark.parametrize(
    ("kind", "shows", "label"),
    [
        (SealedRecord, lambda record: dict(record.values), "glasses open 0: pec.number"),
        (PreparedStep, lambda step: step.to_json(), "glasses open 0: pec.number"),
        (IssuedVerdict, lambda verdict: verdict.values, "glasses open 0: pec.number"),
        (Verdict, lambda verdict: verdict.values, "glasses open 0: pec.number"),
        (ReceivedDisclosure, lambda received: received.disclosure.to_json(), "glasses open 0: pec.number"),
        (Practice, lambda practice: practice.signer.key_bytes(), "key of practice"),
        (Mailbox, lambda mailbox: mailbox.keys.private, "message key of payer, sig"),
        (LocalStore, rows_of, "glasses open 0: seed"),
        (Handle, lambda handle: handle.step.record.seed, "glasses order 1: seed"),
        (ReceivedOrder, lambda order: order.key.reveal(), "glasses order 1: order key"),
        (SealedRecord, lambda record: record.leaves[3].salt, "glasses deliver 1: salt of left.addition"),
    ],
    ids=lambda each: each.__name__ if isinstance(each, type) else "",
)
def test_an_object_that_shows_what_it_holds_is_found(
    kind: type, shows: Callable[[Any], object], label: str, play: Play
) -> None:
    with mock.patch.object(kind, "__repr__", lambda self: repr(shows(self)), create=True):
        perform_briefly(play)
        for role in (play.practice, play.supplier, play.payer):
            for each in (role, role.store, role.mailbox):
                play.show(each)
    assert label in shown(play, needles(play, hashed=False))


def test_a_number_in_an_error_of_the_store_is_found(play: Play) -> None:
    def reserve(_store: object, _kind: object, number: str, _claim: str, **_: object) -> None:
        raise StoreUnusable(path=number)

    with mock.patch.object(LocalStore, "reserve", reserve):
        play.refused(StoreUnusable.code, perform_briefly, play)
    assert "glasses open 0: pec.number" in shown(play, needles(play, hashed=False))


# Differences made on purpose

FACTS: tuple[Fact, ...] = (
    ("code of ClaimRegistry", "0x60"),
    ("block: number", "0x1"),
    ("block: gasLimit", "0x1c9c380"),
    ("block: gasUsed", "0xa411"),
    ("block: baseFeePerGas", "0x3b9aca00"),
    ("transaction: length of calldata", 132),
    ("receipt: number of logs", 1),
    ("receipt: gas used beside calldata", 52_000),
    ("ClaimRegistry.open: payer", 3),
    ("ClaimRegistry.open: consent", bytes(32)),
    ("ClaimRegistry.open: commitment", b"\1" * 32),
    ("ClaimRegistry.order: locks", b"\2" * 32),
    ("ClaimRegistry.order: locks", b"\3" * 32),
    ("storage of ClaimRegistry: parties, state, marks", "0x03"),
    ("block: number", "0x2"),
    ("block: gasLimit", "0x1c9c380"),
    ("block: gasUsed", "0x0"),
    ("block: baseFeePerGas", "0x342cc7f9"),
)


def changed(number: int, value: object) -> list[Fact]:
    return [(name, value if n == number else old) for n, (name, old) in enumerate(FACTS)]


def other_seals(facts: list[Fact] | tuple[Fact, ...]) -> list[Fact]:
    """The same play with other private values."""

    def sealed(value: object) -> object:
        return hashlib.sha256(value).digest() if isinstance(value, bytes) and any(value) else value

    return [(name, sealed(value)) for name, value in facts]


def test_other_seals_are_no_difference() -> None:
    assert not list(differences(FACTS, other_seals(FACTS)))


@pytest.mark.parametrize(
    "number", [n for n, (name, _) in enumerate(FACTS) if "gasUsed" not in name and "baseFee" not in name]
)
def test_whatever_else_differs_is_named(number: int) -> None:
    name, value = FACTS[number]
    other = b"\7" * 32 if value == bytes(32) else b"\2" * 33 if isinstance(value, bytes) else f"{value}0"
    assert any(name in each for each in differences(FACTS, changed(number, other)))


def test_only_numbers_of_parties_may_be_asked_otherwise() -> None:
    (asked,) = ASKED
    assert not list(differences([(asked, 3)], [(asked, 7)]))
    assert list(differences([(asked, 3)], [(asked, 8)]))
    assert list(differences([(asked, 0)], [(asked, 3)]))


@pytest.mark.parametrize(
    "less",
    [
        lambda facts: facts[:-1],
        lambda facts: [*facts[:6], *facts[7:]],
        lambda facts: [*facts, ("log: event", "X")],
    ],
)
def test_a_fact_more_or_less_is_a_difference(less: Callable[[Any], Any]) -> None:
    assert list(differences(FACTS, less(other_seals(FACTS))))
    assert list(differences(less(FACTS), other_seals(FACTS)))


def test_one_seal_for_two_glasses_is_a_difference() -> None:
    """Locks that come again with the same glasses, as plain or badly keyed hashes do, link two claims."""
    linked = [(name, b"\2" * 32 if name.endswith("locks") else value) for name, value in FACTS]
    assert list(differences(linked, other_seals(FACTS)))
    assert list(differences(other_seals(FACTS), linked))


def test_a_constant_in_the_place_of_a_seal_is_a_difference() -> None:
    assert list(differences(changed(10, bytes(32)), other_seals(FACTS)))


def test_a_fee_that_does_not_follow_is_named() -> None:
    assert not list(explained_fees(FACTS))
    assert list(explained_fees(changed(17, "0x342cc7fa")))


def test_what_is_compared_is_never_shown() -> None:
    shown = " ".join(differences(FACTS, other_seals(changed(8, "PEC20260417338"))))
    assert "payer" in shown
    assert "PEC2026" not in shown


def test_a_hit_names_no_value() -> None:
    hit = dataclasses.replace(looking_for("VXB1").search([("calldata", around(b"VXB1"))])[0])
    assert "VXB1" not in str(hit)
