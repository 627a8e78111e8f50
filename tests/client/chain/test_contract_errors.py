# SPDX-License-Identifier: Apache-2.0
"""One exception for each error of the contracts, whatever the node; nothing a node sends breaks the reading."""

from __future__ import annotations

import inspect
import re
import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from eth_abi.abi import encode
from hypothesis import given
from hypothesis import strategies as st

from sceau.chain import contract_errors
from sceau.chain.abis import CONTRACTS, abi, error_entries
from sceau.chain.contract_errors import ContractError, UnknownContractError
from sceau.chain.revert import decode_revert
from sceau.errors import Language
from sceau.locale.catalogue import template
from tests.support.deployed import Deployed

SOURCES = Path(__file__).resolve().parents[3]
ENTRIES = {entry["name"]: entry for name in CONTRACTS for entry in abi(name) if entry["type"] == "error"}
CLASSES = {
    name: kind
    for name, kind in vars(contract_errors).items()
    if inspect.isclass(kind) and issubclass(kind, ContractError)
}
SAMPLES = {
    "address": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
    "bytes32": b"\xab" * 32,
    "bytes4": b"\xcd" * 4,
    "bool": True,
    "string": "text",
    "uint8": 1,
    "uint32": 7,
    "uint40": 1_795_428_000,
    "uint48": 7,
    "uint64": 3,
    "uint256": 5,
}


def revert_of(entry: Mapping[str, Any], samples: Mapping[str, object] = SAMPLES) -> str:
    from eth_utils.crypto import keccak

    types = [i["type"] for i in entry["inputs"]]
    selector = keccak(text=f"{entry['name']}({','.join(types)})")[:4]
    return "0x" + (selector + encode(types, [samples[t] for t in types])).hex()


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_error_of_every_abi_has_its_class_and_every_class_its_error() -> None:
    assert set(ENTRIES) == set(CLASSES) - {"ContractError", "UnknownContractError"}


def test_every_error_of_the_interfaces_is_in_an_abi() -> None:
    declared = {
        name
        for source in (SOURCES / "interfaces").glob("*.sol")
        for name in re.findall(r"^    error (\w+)\(", source.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(declared) > 30
    assert declared <= set(ENTRIES)


def test_selectors_are_all_different() -> None:
    assert len(error_entries()) == len(ENTRIES)


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_an_error_is_decoded_into_its_class_and_worded_from_its_own_arguments(name: str) -> None:
    entry = ENTRIES[name]
    error = decode_revert(revert_of(entry))
    assert type(error) is CLASSES[name]
    assert set(error.details) == {i["name"] for i in entry["inputs"]}
    languages: tuple[Language, ...] = ("en", "fr")
    for language in languages:
        assert fields(template(f"errors.{error.code}", language)) <= set(error.details)
        words = error.message(language)
        assert "{" not in words
        assert words[-1] == "."


def test_codes_of_errors_are_all_different_and_kebab_case() -> None:
    codes = [kind.code for kind in CLASSES.values()]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) for code in codes)


def test_numbers_are_put_into_words_in_both_languages() -> None:
    error = decode_revert(revert_of(ENTRIES["PartyLacksRole"], {**SAMPLES, "uint8": 5}))
    assert "practice, payer" in error.message("en")
    assert "magasin, payeur" in error.message("fr")
    error = decode_revert(revert_of(ENTRIES["ClaimStepIllegal"], {**SAMPLES, "uint8": 3}))
    assert "ordered" in error.message("en")
    error = decode_revert(revert_of(ENTRIES["ConsentExpiryInvalid"]))
    assert "2026-11-23" in error.message("en")


@pytest.mark.parametrize("name", sorted(name for name in ENTRIES if ENTRIES[name]["inputs"]))
def test_data_cut_short_is_told_as_unknown_and_never_breaks(name: str) -> None:
    whole = revert_of(ENTRIES[name])
    for length in (10, 12, 11, len(whole) - 2):
        assert type(decode_revert(whole[:length])) is UnknownContractError


def test_a_state_that_this_version_has_no_word_for_is_told_as_unknown() -> None:
    error = decode_revert(revert_of(ENTRIES["ClaimStepIllegal"], {**SAMPLES, "uint8": 200}))
    assert type(error) is UnknownContractError


@given(st.binary(max_size=200), st.sampled_from([*error_entries(), ""]))
def test_whatever_a_node_sends_gives_an_exception_with_words(data: bytes, selector: str) -> None:
    error = decode_revert((selector or "0x") + data.hex())
    assert isinstance(error, ContractError)
    assert error.message("fr")


def test_no_data_is_a_refusal_without_reason() -> None:
    for data in ("0x", "", "0x12"):
        assert type(decode_revert(data)) is ContractError


# The same contract error reaches the caller by different ways: a call, an estimate, each node's own shape.


def test_a_call_that_reverts_is_decoded_on_every_node(either_chain: Deployed) -> None:
    with pytest.raises(contract_errors.PartyUnknown) as refused:
        either_chain.network.read("PartyRegistry", "partyOf", 999)
    assert refused.value.details == {"party": 999}


def test_an_estimate_that_reverts_is_decoded_on_every_node(either_chain: Deployed) -> None:
    chain = either_chain
    stranger = chain.signers["stranger"].address
    data = chain.network.encode("PartyRegistry", "suspend", 1)
    request: Any = {"from": stranger, "to": chain.network.address("PartyRegistry"), "data": data}
    node = chain.network.node
    with pytest.raises(contract_errors.AccessManagedUnauthorized) as refused:
        node.ask(lambda: node.web3.eth.estimate_gas(request))
    assert refused.value.details["caller"].lower() == stranger.lower()
