# SPDX-License-Identifier: Apache-2.0
"""Calls and events by the ABIs alone are what web3's own contract objects make of them."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError, EncodingError
from eth_utils.abi import event_abi_to_log_topic
from hypothesis import given, settings
from hypothesis import strategies as st
from web3 import Web3

from sceau.chain import codec
from sceau.chain.abis import CONTRACTS, ContractName, abi
from sceau.chain.words import Reader, writer
from sceau.documents.identifiers import hex_of

ADDRESS = "0x90F8bf6A479f320ead074411a4B0e7944Ea8c9C1"
ENTRIES = [
    (contract, entry)
    for contract in CONTRACTS
    for entry in abi(contract)
    if entry["type"] in ("function", "event")
]
FUNCTIONS = [each for each in ENTRIES if each[1]["type"] == "function"]
EVENTS = [each for each in ENTRIES if each[1]["type"] == "event"]


def named(entries: list[tuple[ContractName, dict[str, Any]]]) -> list[str]:
    return [f"{contract}.{entry['name']}" for contract, entry in entries]


@cache
def of_web3(contract: ContractName) -> Any:
    return Web3().eth.contract(address=ADDRESS, abi=abi(contract))  # type: ignore[call-overload] # text is taken


def values(field: dict[str, Any], kind: str | None = None) -> st.SearchStrategy[Any]:
    """Values of a field's type."""
    kind = field["type"] if kind is None else kind
    if kind.endswith("]"):
        start = kind.rindex("[")
        size = kind[start + 1 : -1]
        items = values(field, kind[:start])
        return st.lists(items, min_size=int(size or 0), max_size=int(size or 3)).map(tuple)
    if kind == "tuple":
        return st.tuples(*map(values, field["components"]))
    if kind == "address":
        return st.binary(min_size=20, max_size=20).map(Web3.to_checksum_address)
    if kind == "bool":
        return st.booleans()
    if kind == "string":
        return st.text(max_size=40)
    if kind == "bytes":
        return st.binary(max_size=70)
    if kind.startswith("bytes"):
        size = int(kind[len("bytes") :])
        return st.binary(min_size=size, max_size=size)
    return st.integers(0, 2 ** int(kind[len("uint") :]) - 1)


@pytest.mark.parametrize(("contract", "entry"), FUNCTIONS, ids=named(FUNCTIONS))
@settings(max_examples=3)
@given(data=st.data())
def test_a_call_is_encoded_as_by_web3(
    contract: ContractName, entry: dict[str, Any], data: st.DataObject
) -> None:
    args = data.draw(st.tuples(*map(values, entry["inputs"])))
    found = codec.function(contract, entry["name"]).encode(args)
    assert hex_of(found) == of_web3(contract).encode_abi(entry["name"], args=list(args))


@pytest.mark.parametrize(("contract", "entry"), FUNCTIONS, ids=named(FUNCTIONS))
@settings(max_examples=3)
@given(data=st.data())
def test_an_answer_is_what_was_encoded(
    contract: ContractName, entry: dict[str, Any], data: st.DataObject
) -> None:
    given_ = data.draw(st.tuples(*map(values, entry["outputs"])))
    answer = encode(codec._types(entry["outputs"]), given_)
    found = codec.function(contract, entry["name"]).decode(answer)
    assert found == (given_[0] if len(given_) == 1 else given_)


@pytest.mark.parametrize(("contract", "entry"), EVENTS, ids=named(EVENTS))
@settings(max_examples=3)
@given(data=st.data())
def test_an_event_is_decoded_as_by_web3(
    contract: ContractName, entry: dict[str, Any], data: st.DataObject
) -> None:
    drawn = {each["name"]: data.draw(values(each)) for each in entry["inputs"]}
    indexed, others = ([e for e in entry["inputs"] if e["indexed"] is yes] for yes in (True, False))
    topic = event_abi_to_log_topic(entry)  # type: ignore[arg-type] # ABI entries are plain dicts here
    topics = [topic, *(encode(codec._types([e]), [drawn[e["name"]]]) for e in indexed)]
    body = encode(codec._types(others), [drawn[e["name"]] for e in others])
    kind = codec.event_kinds(contract)[hex_of(topic)]
    log: Any = {
        "address": ADDRESS,
        "topics": topics,
        "data": body,
        "blockNumber": 1,
        "transactionHash": topic,
        "transactionIndex": 0,
        "blockHash": topic,
        "logIndex": 0,
    }
    of_web3_ = of_web3(contract).events[entry["name"]]().process_log(log)
    assert kind.name == of_web3_["event"]
    found = kind.decode(topics, body)
    assert list(found) == [each["name"] for each in entry["inputs"]]
    assert found == {name: codec._plain(value) for name, value in of_web3_["args"].items()}
    assert found == {name: codec._plain(value) for name, value in drawn.items()}


def test_what_is_no_answer_and_no_event_is_refused() -> None:
    party = codec.function("PartyRegistry", "partyOf")
    with pytest.raises(DecodingError):
        party.decode(b"")
    with pytest.raises(DecodingError):
        party.decode(bytes(31))
    with pytest.raises(EncodingError):
        party.encode(["one"])
    with pytest.raises(EncodingError):
        party.encode([2**32])
    for kind in codec.event_kinds("PartyRegistry").values():
        topics = [bytes.fromhex(kind.topic[2:])] + [bytes(32) for field in kind.fields if field["indexed"]]
        with pytest.raises(ValueError, match="topics"):
            kind.decode([*topics, bytes(32)], bytes(320))
        with pytest.raises(ValueError, match="topics"):
            kind.decode(topics[:-1], bytes(320))
        with pytest.raises(ValueError, match="topics"):
            kind.decode([topic[:31] for topic in topics], bytes(320))


PLAIN = ("address", "bool", "bytes32", "uint8", "uint32", "uint40", "uint256", "bytes32[4]", "uint8[2]")
#: Words as a lying node could send them: any, and those that differ from a plain value in their padding alone.
WORDS = st.one_of(
    st.binary(min_size=32, max_size=32),
    st.builds(lambda n: n.to_bytes(32, "big"), st.sampled_from([0, 1, 2, 255, 256, 2**32, 2**40, 2**160])),
    st.binary(min_size=20, max_size=20).map(lambda each: bytes(12) + each),
)


@given(
    kinds=st.lists(st.sampled_from(PLAIN), min_size=1, max_size=4),
    words=st.lists(WORDS, max_size=14),
    cut=st.integers(0, 31),
)
def test_words_are_read_as_by_eth_abi_or_left_to_it(kinds: list[str], words: list[bytes], cut: int) -> None:
    data = b"".join(words)
    data = data[: len(data) - cut]
    fields = [{"type": kind} for kind in kinds]
    reader = Reader.of(fields)
    assert reader is not None
    found = reader.read(data)
    try:
        expected = tuple(codec._value(*each) for each in zip(fields, decode(kinds, data), strict=True))
    except DecodingError:
        expected = None
    assert found == expected
    assert [type(each) for each in found or ()] == [type(each) for each in expected or ()]


@given(
    kind=st.sampled_from(PLAIN),
    value=st.one_of(
        st.integers(-2, 2**256),
        st.booleans(),
        st.binary(max_size=33),
        st.text(max_size=44),
        st.binary(min_size=20, max_size=20).map(Web3.to_checksum_address),
        st.binary(min_size=20, max_size=20).map(hex_of),
    ),
)
def test_values_are_written_as_by_eth_abi_or_left_to_it(kind: str, value: Any) -> None:
    try:
        found = writer([kind])([value])
    except EncodingError:
        found = None
    if found is not None:
        assert found == encode([kind], [value])


def test_a_type_of_no_fixed_length_is_left_to_eth_abi() -> None:
    for kind in ("string", "bytes", "bytes4", "int256", "uint8[]"):
        assert Reader.of([{"type": "uint8"}, {"type": kind}]) is None
    assert writer(["string"])(["x"]) is None
