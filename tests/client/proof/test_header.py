# SPDX-License-Identifier: Apache-2.0
"""A header is read in one way only, and a forged one is not sealed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import rlp
from coincurve import PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from sceau.proof.errors import Unproved
from sceau.proof.header import FORKS, Header, Vote, bytes_of_block, read_header
from sceau.proof.trust import require_sealed
from tests.client.proof.scenes import NOW, trust_in, vector
from tests.support.qbft import Seals, address_of, validator_keys

FORK = "shanghai"
KEYS = validator_keys(4)
STRANGERS = validator_keys(3, "stranger")
FOUR = frozenset(map(address_of, KEYS))
NAMES = [name for name, _ in FORKS[FORK]]
EXTRA = NAMES.index("extraData")
BLOCK: dict[str, Any] = vector("state")["block"]
#: The order of the curve that seals are made on.
_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def sealed(seals: Seals | None = None, **changes: Any) -> bytes:
    """A header of the Besu network with changed fields, sealed by keys of the test."""
    return bytes_of_block((seals or Seals(KEYS)).sealed({**BLOCK, **changes}), FORK)


TRUE = sealed()


def fields(raw: bytes = TRUE) -> list[Any]:
    """The fields of a header."""
    return list(rlp.decode(raw))


def with_field(name: str, value: Any) -> bytes:
    """The header with another value in a field, and the same seals."""
    made = fields()
    made[NAMES.index(name)] = value
    return bytes(rlp.encode(made))


def extra() -> list[Any]:
    """The extra data's parts: vanity, validators, vote, round, seals."""
    return list(rlp.decode(fields()[EXTRA]))


def with_extra(part: int, value: Any) -> bytes:
    """The header with another part of its extra data, and the same seals but for that."""
    parts = extra()
    parts[part] = value
    return with_field("extraData", rlp.encode(parts))


def why(raw: bytes, fork: str = FORK) -> str:
    """Why a header is not proved by four validators that are listed."""
    with pytest.raises(Unproved) as caught:
        trust_in(FOUR).require(read_header(raw, fork), _asks_nobody, NOW)
    return caught.value.why.code


def _asks_nobody(number: int) -> Header:
    raise AssertionError(f"header {number} was asked for")


def test_what_validators_sealed_is_read() -> None:
    seals = Seals(KEYS, proposer=KEYS[2], vote=(address_of(STRANGERS[0]), True), round=300)
    raw = sealed(seals, number="0x12c", timestamp="0x100", baseFeePerGas="0x7", parentHash="0x" + "12" * 32)
    header = read_header(raw, FORK)
    trust_in(FOUR).require(header, _asks_nobody, NOW)
    assert (header.number, header.timestamp, header.base_fee, header.round) == (300, 256, 7, 300)
    assert header.parent == "0x" + "12" * 32
    assert header.proposer == address_of(KEYS[2])
    assert header.vote == Vote(address_of(STRANGERS[0]), adds=True)
    assert header.validators == FOUR
    assert header.sealers == frozenset(map(address_of, KEYS[:3]))
    roots = (header.state_root, header.transactions_root, header.receipts_root)
    assert [each.hex() for each in roots] == [
        BLOCK[name][2:] for name in ("stateRoot", "transactionsRoot", "receiptsRoot")
    ]


def test_a_vote_to_drop_is_read() -> None:
    header = read_header(sealed(Seals(KEYS, vote=(address_of(KEYS[3]), False))), FORK)
    assert header.vote == Vote(address_of(KEYS[3]), adds=False)
    assert read_header(TRUE, FORK).vote is None


def test_the_hash_is_the_same_whoever_sealed_the_block_in_whichever_round() -> None:
    others = sealed(Seals(KEYS, sealers=KEYS[1:], round=6))
    assert read_header(others, FORK).hash == read_header(TRUE, FORK).hash
    assert read_header(sealed(number="0x1"), FORK).hash != read_header(TRUE, FORK).hash


# What is no header


@pytest.mark.parametrize("length", [0, 1, 2, 31, 300, len(TRUE) - 1])
def test_a_header_that_was_cut_is_none(length: int) -> None:
    assert why(TRUE[:length]) == "no-header"


@pytest.mark.parametrize("more", [b"\0", b"\x80", b"\xc0", TRUE])
def test_a_header_with_more_behind_it_is_none(more: bytes) -> None:
    assert why(TRUE + more) == "no-header"


@pytest.mark.parametrize("place", range(len(NAMES)))
def test_a_field_more_or_less_is_no_header_of_that_fork(place: int) -> None:
    without, twice = fields(), fields()
    del without[place]
    twice.insert(place, twice[place])
    assert why(rlp.encode(without)) == "no-header"
    assert why(rlp.encode(twice)) == "no-header"


@pytest.mark.parametrize("fork", [fork for fork in FORKS if fork != FORK])
def test_another_forks_header_is_none(fork: str) -> None:
    assert why(TRUE, fork) == "no-header"


@pytest.mark.parametrize("fork", FORKS)
def test_a_header_of_each_fork_is_read_on_its_chain_alone(fork: str) -> None:
    values: dict[str, Any] = {
        "blobGasUsed": "0x0",
        "excessBlobGas": "0x20000",
        "parentBeaconBlockRoot": "0x" + "33" * 32,
        "requestsHash": "0x" + "44" * 32,
        **BLOCK,
    }
    raw = bytes_of_block(values, fork)
    assert read_header(raw, fork).number == int(BLOCK["number"], 16)
    assert len(rlp.decode(raw)) == {"london": 16, "shanghai": 17, "cancun": 20, "prague": 21}[fork]
    assert (read_header(raw, fork).hash == BLOCK["hash"]) == (fork == FORK)
    for other in FORKS:
        if other != fork:
            with pytest.raises(Unproved):
                read_header(raw, other)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "extraData"])
def test_a_field_of_another_kind_or_size_is_none(name: str) -> None:
    value = fields()[NAMES.index(name)]
    for other in (value + b"\1" * 9, [value], []):
        assert why(with_field(name, other)) == "no-header"
    if dict(FORKS[FORK])[name] > 0:
        for other in (value[:-1], b"", value + b"\0", b"\0" + value):
            assert why(with_field(name, other)) == "no-header"
    else:
        # A number has no leading zeros; it may have 64 bits.
        for other in (b"\0" + value, b"\0"):
            assert why(with_field(name, other)) == "no-header"
        read_header(with_field(name, b"\xff" * 8), FORK)
        assert why(with_field(name, b"\1" + bytes(8))) == "no-header"


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("extraData", "number", "miner")])
def test_a_field_that_was_changed_is_not_sealed(name: str) -> None:
    value = fields()[NAMES.index(name)] or b"\1"
    assert why(with_field(name, bytes([value[0] ^ 0x40]) + value[1:])) in ("not-sealed", "no-seal")


@pytest.mark.parametrize(
    "data",
    [b"", b"\x80", b"\xc0", bytes(32), [], [b""], rlp.encode([b""] * 4), rlp.encode([b""] * 6), b"\xf9"],
)
def test_other_extra_data_are_not_those_of_qbft(data: Any) -> None:
    assert why(with_field("extraData", data)) == ("no-header" if isinstance(data, list) else "no-extra")


def test_extra_data_with_more_behind_them_are_none() -> None:
    assert why(with_field("extraData", fields()[EXTRA] + b"\x80")) == "no-extra"


@pytest.mark.parametrize(
    ("part", "value"),
    [
        (0, []),
        (0, bytes(31)),
        (0, bytes(33)),
        (1, [bytes(20), bytes(20)]),
        (1, [bytes(19)]),
        (1, [bytes(21)]),
        (1, [[bytes(20)]]),
        (2, b""),
        (2, b"\xff"),
        (2, [bytes(20)]),
        (2, [bytes(20), b"\xff", b""]),
        (2, [bytes(20), b"\1"]),
        (2, [bytes(20), b"\0"]),
        (2, [bytes(20), []]),
        (2, [bytes(19), b""]),
        (2, [[], b""]),
        (3, []),
        (3, b"\0"),
        (3, b"\0\1"),
        (3, b"\1" * 9),
        (4, b""),
        (4, b"\1"),
    ],
)
def test_a_part_of_the_extra_data_that_is_another_is_refused(part: int, value: Any) -> None:
    assert why(with_extra(part, value)) == "no-extra"


@pytest.mark.parametrize("listed", [[], b"", bytes(20)])
def test_a_chain_whose_validators_stand_in_a_contract_proves_nothing(listed: Any) -> None:
    assert why(with_extra(1, listed)) == "no-validators"


def test_a_validator_listed_twice_is_refused() -> None:
    twice = [*map(address_of, KEYS[:3]), address_of(KEYS[2])]
    assert why(sealed_as_it_is(twice)) == "no-extra"


def sealed_as_it_is(listed: list[str]) -> bytes:
    """A header with any list, with the seals of another."""
    return with_extra(1, [bytes.fromhex(each[2:]) for each in listed])


# Seals


@pytest.mark.parametrize("seal", [b"", bytes(64), bytes(66), [], [b""], bytes(65), b"\xff" * 65])
def test_a_seal_that_is_none_is_refused(seal: Any) -> None:
    assert why(with_extra(4, [*extra()[4][:2], seal])) == "no-seal"


@pytest.mark.parametrize("recovery", [4, 27, 255])
def test_a_seal_of_another_recovery_number_is_none(recovery: int) -> None:
    seals = extra()[4]
    assert why(with_extra(4, [*seals[:2], seals[2][:64] + bytes([recovery])])) == "no-seal"


def test_seals_of_strangers_do_not_count() -> None:
    for sealers in (STRANGERS, [*KEYS[:2], *STRANGERS[:2]]):
        assert why(sealed(Seals(KEYS, sealers=sealers))) == "not-sealed"


def test_the_same_seal_twice_counts_once() -> None:
    seals = extra()[4]
    assert why(with_extra(4, [*seals[:2], seals[1]])) == "not-sealed"


def test_a_seal_written_in_its_second_way_is_the_same_ones() -> None:
    seals = extra()[4]
    r, s, v = seals[1][:32], int.from_bytes(seals[1][32:64], "big"), seals[1][64]
    second = r + (_ORDER - s).to_bytes(32, "big") + bytes([v ^ 1])
    header = read_header(with_extra(4, [*seals[:2], second]), FORK)
    assert header.sealers == frozenset(map(address_of, KEYS[:2]))


@pytest.mark.parametrize("sealers", [[], KEYS[:1], KEYS[:2]])
def test_fewer_seals_than_the_quorum_are_not_enough(sealers: list[PrivateKey]) -> None:
    assert why(sealed(Seals(KEYS, sealers=sealers))) == "not-sealed"


def test_more_seals_than_validators_are_refused_before_any_is_recovered() -> None:
    read_header(sealed(Seals(KEYS, sealers=KEYS)), FORK)
    assert why(with_extra(4, [b"\1"] * 5)) == "no-extra"


def test_seals_count_in_any_order() -> None:
    require_sealed(read_header(with_extra(4, extra()[4][::-1]), FORK))


def test_validators_listed_in_another_order_are_another_header() -> None:
    raw = with_extra(1, extra()[1][::-1])
    assert read_header(raw, FORK).hash != read_header(TRUE, FORK).hash
    assert why(raw) == "not-sealed"


def test_a_header_written_into_another_round_is_not_sealed() -> None:
    raw = with_extra(3, b"\1")
    assert read_header(raw, FORK).hash == read_header(TRUE, FORK).hash
    assert why(raw) == "not-sealed"


def test_another_chains_header_is_not_proved() -> None:
    header = read_header(sealed(Seals(validator_keys(4, "elsewhere"))), FORK)
    require_sealed(header)
    with pytest.raises(Unproved) as caught:
        trust_in(FOUR, header.number).require(header, _asks_nobody, NOW)
    assert caught.value.why.code == "other-validators"


def test_the_proposer_vanity_and_vote_are_sealed() -> None:
    address = bytes.fromhex(address_of(KEYS[1])[2:])
    for raw in (
        with_field("miner", address),
        with_extra(0, b"\1" * 32),
        with_extra(2, [address, b""]),
        with_extra(2, [address, b"\xff"]),
    ):
        assert why(raw) == "not-sealed"


# JSON and bytes of any kind


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [None, 1, "", "12", "0X12", "0xzz", "0x1é", [], {}, b"\1", True])
def test_a_field_that_is_no_hexadecimal_text_is_refused(name: str, value: Any) -> None:
    with pytest.raises(Unproved):
        bytes_of_block({**BLOCK, name: value}, FORK)


@pytest.mark.parametrize("name", NAMES)
def test_a_field_that_is_missing_is_refused(name: str) -> None:
    with pytest.raises(Unproved):
        bytes_of_block({key: value for key, value in BLOCK.items() if key != name}, FORK)


def test_data_of_an_odd_number_of_digits_are_refused_and_numbers_are_read() -> None:
    with pytest.raises(Unproved):
        bytes_of_block({**BLOCK, "miner": "0x1"}, FORK)
    numbers = {"difficulty": "0x1", "gasUsed": "0x0", "number": "0x00e79", "baseFeePerGas": "0x"}
    assert bytes_of_block({**BLOCK, **numbers}, FORK).hex() == vector("state")["header"][2:]


def nested(depth: int) -> bytes:
    """So many lists in one another, as RLP."""
    made = b"\xc0"
    for _ in range(depth):
        made = rlp.codec.length_prefix(len(made), 0xC0) + made
    return made


def _row(parts: list[bytes]) -> bytes:
    return bytes(rlp.codec.length_prefix(sum(map(len, parts)), 0xC0)) + b"".join(parts)


@pytest.mark.parametrize("depth", [10, 300, 600, 900, 1200, 3000])
@pytest.mark.parametrize("place", ["header", "field", *range(5)])
def test_lists_in_lists_are_refused(depth: int, place: str | int) -> None:
    deep = nested(depth)
    if place == "header":
        raw = deep
    elif place == "field":
        raw = _row([rlp.encode(each) for each in fields()[:-1]] + [deep])
    else:
        parts = [rlp.encode(each) for each in extra()]
        parts[int(place)] = deep
        raw = with_field("extraData", _row(parts))
    assert why(raw) in ("no-header", "no-extra", "no-seal")


def test_a_header_is_at_most_32_kib() -> None:
    def of(size: int) -> bytes:
        return _row([rlp.encode(each) for each in fields()[:-1]] + [rlp.encode(bytes(size))])

    over = len(of(32_700)) - 32_700
    most = 32_768 - over
    assert len(of(most)) == 32_768
    listed = [each.to_bytes(20, "big") for each in range(1500)]
    read_header(with_extra(1, listed), FORK)
    assert len(with_extra(1, [*listed, *listed])) > 32_768
    assert why(with_extra(1, [each.to_bytes(20, "big") for each in range(1560)])) == "no-header"


def _unproved_or(read: Callable[[], Header], true: Header) -> None:
    try:
        header = read()
        require_sealed(header)
    except Unproved:
        return
    assert header.hash == true.hash


@given(place=st.integers(0, len(TRUE) - 1), flips=st.integers(1, 255))
def test_no_byte_of_a_header_can_be_changed(place: int, flips: int) -> None:
    raw = bytearray(TRUE)
    raw[place] ^= flips
    _unproved_or(lambda: read_header(bytes(raw), FORK), read_header(TRUE, FORK))


@given(raw=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with pytest.raises(Unproved):
        read_header(raw, FORK)


_ANY = st.recursive(st.binary(max_size=40), lambda each: st.lists(each, max_size=5), max_leaves=12)


@given(part=st.integers(0, 4), value=_ANY)
def test_any_part_of_the_extra_data_is_read_or_refused(part: int, value: Any) -> None:
    _unproved_or(lambda: read_header(with_extra(part, value), FORK), read_header(TRUE, FORK))


@given(
    name=st.sampled_from(NAMES),
    value=st.one_of(st.none(), st.integers(), st.text("0x1aé "), st.lists(st.text("0x")), st.binary()),
)
def test_any_json_is_read_or_refused(name: str, value: Any) -> None:
    _unproved_or(
        lambda: read_header(bytes_of_block({**BLOCK, name: value}, FORK), FORK),
        read_header(bytes_of_block(BLOCK, FORK), FORK),
    )


def of_length(length: int) -> bytes:
    """A header of so many bytes: of as many validators as fit, and with numbers as long as it takes."""
    numbers = ["gasUsed", "gasLimit", "timestamp", "baseFeePerGas", "number"]
    keys = validator_keys(600)

    def filled(validators: int, more: int) -> bytes:
        sizes = {name: min(8, max(0, more - 8 * place)) for place, name in enumerate(numbers)}
        written = {name: hex(2 ** (8 * size) - 1) if size else "0x1" for name, size in sizes.items()}
        return sealed(Seals(keys[:validators], sealers=keys[:300]), **written)

    validators = next(each for each in range(600, 0, -1) if len(filled(each, 0)) <= length)
    return next(raw for more in range(41) for raw in [filled(validators, more)] if len(raw) == length)


def test_a_header_has_32_kib_at_most() -> None:
    longest = of_length(32_768)
    assert read_header(longest, FORK).raw == longest
    with pytest.raises(Unproved):
        read_header(of_length(32_769), FORK)


def test_a_header_is_shown_without_its_bytes() -> None:
    assert "raw" not in repr(read_header(TRUE, FORK))
