# SPDX-License-Identifier: Apache-2.0
"""A manifest is read whole or refused by the name of what is wrong, in both languages."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sceau.chain.errors import ManifestInvalid
from sceau.chain.manifest import Manifest

CHECKSUMMED = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
ENTRY = {
    "address": CHECKSUMMED,
    "code_hash": "0x" + "ab" * 32,
    "transaction": "0x" + "cd" * 32,
    "arguments": [CHECKSUMMED],
}
WHOLE = {
    "format": "sceau-deployment/1",
    "chain_id": 1337,
    "genesis_hash": "0x" + "12" * 32,
    "block": 2,
    "block_period": 1,
    "contracts": dict.fromkeys(
        ("ConsortiumAccessManager", "PartyRegistry", "ConsentRegistry", "ClaimRegistry"), ENTRY
    ),
    "compiler": {"version": "0.8.28"},
}
DELETED = object()


def edited(path: tuple[str, ...], value: object) -> dict[str, object]:
    whole = copy.deepcopy(WHOLE)
    place: Any = whole
    for step in path[:-1]:
        place = place[step]
    if value is DELETED:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return whole


def test_what_is_written_is_read_back_equal() -> None:
    manifest = Manifest.from_json(WHOLE)
    assert manifest.to_json() == WHOLE
    assert Manifest.from_json(json.loads(json.dumps(manifest.to_json()))) == manifest


def test_an_address_in_lower_case_is_given_its_checksum() -> None:
    read = Manifest.from_json(edited(("contracts", "PartyRegistry", "address"), CHECKSUMMED.lower()))
    assert read.contracts["PartyRegistry"].address == CHECKSUMMED


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), "sceau-deployment/2"),
        (("chain_id",), "1337"),
        (("chain_id",), True),
        (("chain_id",), -1),
        (("chain_id",), 1.5),
        (("genesis_hash",), "0x12"),
        (("genesis_hash",), "0x" + "AB" * 32),
        (("genesis_hash",), "0x" + "ab" * 32 + "\n"),
        (("block",), None),
        (("block_period",), DELETED),
        (("contracts",), []),
        (("contracts", "ClaimRegistry"), DELETED),
        (("contracts", "ClaimRegistry"), "0x12"),
        (("contracts", "PartyRegistry", "address"), CHECKSUMMED.replace("D", "d", 1)),
        (("contracts", "PartyRegistry", "address"), "0x12"),
        (("contracts", "PartyRegistry", "code_hash"), DELETED),
        (("contracts", "PartyRegistry", "transaction"), "0x12"),
        (("contracts", "PartyRegistry", "arguments"), {}),
        (("compiler",), "0.8.28"),
    ],
)
def test_a_field_that_is_wrong_is_named(path: tuple[str, ...], value: object) -> None:
    with pytest.raises(ManifestInvalid) as told:
        Manifest.from_json(edited(path, value), path="deployment.json")
    for language in ("en", "fr"):
        words = told.value.message(language)
        assert ".".join(path) in words or path[-1] in words
        assert "deployment.json" in words


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "json-broken"),
        (b"{", "json-broken"),
        (b"\xff", "json-not-utf8"),
        (b'\xef\xbb\xbf{"format": 1}', "json-format"),
        (b'{"chain_id": 1337.0}', "json-fraction"),
        (b'{"chain_id": 1, "chain_id": 2}', "json-key-twice"),
        (b"[" * 100_000, "json-too-deep"),
        (b"[]", "json-not-object"),
        (b" " * 1_000_001, "json-too-long"),
    ],
)
def test_a_file_that_is_no_manifest_is_told(tmp_path: Path, content: bytes, rule: str) -> None:
    path = tmp_path / "deployment.json"
    path.write_bytes(content)
    with pytest.raises(ManifestInvalid) as told:
        Manifest.load(path)
    assert told.value.details["why"].code == rule


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    for path, why in ((tmp_path / "absent.json", "absent"), (tmp_path, "unreadable")):
        with pytest.raises(ManifestInvalid) as refused:
            Manifest.load(path)
        assert (refused.value.details["path"], refused.value.details["why"].code) == (path, why)


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    text = json.dumps(WHOLE).encode()
    path = tmp_path / "deployment.json"
    for cut in range(0, len(text), 17):
        path.write_bytes(text[:cut])
        with pytest.raises(ManifestInvalid) as told:
            Manifest.load(path)
        assert told.value.details["why"].code == "json-broken"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
PATHS = st.sampled_from([(k,) for k in WHOLE] + [("contracts", "PartyRegistry", k) for k in ENTRY])


@settings(max_examples=200, deadline=None)
@given(PATHS, JSON)
def test_any_other_value_is_taken_whole_or_refused(path: tuple[str, ...], value: object) -> None:
    data = edited(path, value)
    try:
        read = Manifest.from_json(data)
    except ManifestInvalid:
        return
    assert Manifest.from_json(read.to_json()) == read
