# SPDX-License-Identifier: Apache-2.0
"""A key opens with its password, signs, and is never shown."""

from __future__ import annotations

import copy
import json
import pickle
import traceback
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sceau.chain.errors import KeystoreInvalid, WrongPassword
from sceau.chain.signer import Signer

KEY = bytes.fromhex("7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d")
# The test vector of the Web3 Secret Storage Definition, version 3.
PUBLISHED = {
    "crypto": {
        "cipher": "aes-128-ctr",
        "cipherparams": {"iv": "6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext": "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
        "kdf": "pbkdf2",
        "kdfparams": {
            "c": 262144,
            "dklen": 32,
            "prf": "hmac-sha256",
            "salt": "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd",
        },
        "mac": "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2",
    },
    "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
    "version": 3,
}
PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def keystore() -> dict[str, object]:
    return Signer.from_key(KEY).to_keystore(PASSWORD, iterations=2)


def test_the_published_keystore_opens() -> None:
    assert Signer.from_keystore_json(PUBLISHED, "testpassword").key_bytes() == KEY


def test_a_keystore_opens_with_its_password_alone(keystore: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    path.write_text(json.dumps(keystore), encoding="utf-8")
    assert Signer.from_keystore(path, PASSWORD).address == Signer.from_key(KEY).address
    with pytest.raises(WrongPassword, match=r"key\.json"):
        Signer.from_keystore(path, PASSWORD + " ")


def test_a_keystore_is_as_hard_to_open_as_a_wallets() -> None:
    import inspect

    assert inspect.signature(Signer.to_keystore).parameters["iterations"].default == 2**18


def test_keys_differ_every_time() -> None:
    assert len({Signer.generate().address for _ in range(20)}) == 20


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"{}", b'{"version": 3}', b'{"version": 1}', b"[" * 90_000, b" " * 100_001],
)
def test_what_is_no_keystore_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key.json"
    path.write_bytes(content)
    with pytest.raises(KeystoreInvalid, match=r"key\.json") as told:
        Signer.from_keystore(path, PASSWORD)
    assert told.value.message("fr") != told.value.message("en")


def test_a_keystore_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(KeystoreInvalid) as told:
        Signer.from_keystore(tmp_path / "absent.json", PASSWORD)
    assert told.value.details["why"].code == "absent"


@pytest.mark.parametrize(
    "params",
    [{"n": 2**30}, {"r": 2**20}, {"p": 2**24}, {"c": 10**12}],
)
def test_a_keystore_made_to_stop_the_machine_is_not_opened(
    keystore: dict[str, Any], params: dict[str, int]
) -> None:
    for name in ("crypto", "Crypto", "CRYPTO"):
        hostile = copy.deepcopy(keystore)
        hostile[name] = hostile.pop("crypto")
        hostile[name]["kdfparams"].update(params)
        with pytest.raises(KeystoreInvalid, match="more memory or time"):
            Signer.from_keystore_json(hostile, PASSWORD)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"cipher": "aes-128-cbc"}, "not-standard-cipher"),
        ({"cipher": "aes-256-ctr"}, "not-standard-cipher"),
        ({"cipher": None}, "damaged"),
        ({"kdf": "argon2id"}, "not-standard-kdf"),
        ({"kdfparams": {"dklen": 64}}, "not-standard-kdf"),
        ({"kdfparams": {"dklen": 2**40}}, "not-standard-kdf"),
        ({"kdfparams": {"dklen": 16}}, "not-standard-kdf"),
        ({"cipherparams": {"iv": "00" * 17}}, "damaged"),
        ({"cipherparams": {"iv": ""}}, "damaged"),
        ({"cipherparams": {}}, "damaged"),
        ({"ciphertext": "00" * 31}, "damaged"),
        ({"ciphertext": ""}, "damaged"),
        ({"mac": ""}, "damaged"),
        ({"Cipher": "aes-128-cbc"}, "damaged"),
        ({"cipher": "AES-128-CTR"}, "not-standard-cipher"),
        ({"kdf": "SCRYPT"}, "not-standard-kdf"),
    ],
)
@pytest.mark.parametrize("stated", [True, False])
def test_what_the_standard_does_not_allow_opens_no_other_key(
    keystore: dict[str, Any], change: dict[str, Any], rule: str, stated: bool
) -> None:
    """The format's own check covers neither the cipher nor the IV: the file may state no address to compare with."""
    other = copy.deepcopy(keystore)
    for name, value in change.items():
        if isinstance(value, dict) and value and name == "kdfparams":
            other["crypto"][name].update(value)
        else:
            other["crypto"][name] = value
    if not stated:
        del other["address"]
    with pytest.raises(KeystoreInvalid) as told:
        Signer.from_keystore_json(other, PASSWORD)
    assert told.value.details["why"].code == rule


def test_an_iv_may_be_written_without_its_leading_zeros(monkeypatch: pytest.MonkeyPatch) -> None:
    """As some versions of eth_keyfile do: one keystore in 256 has such an IV."""
    monkeypatch.setattr("eth_keyfile.keyfile.Random.get_random_bytes", lambda size: bytes(size - 1) + b"\x07")
    keystore = Signer.from_key(KEY).to_keystore(PASSWORD, iterations=2)
    keystore["crypto"]["cipherparams"]["iv"] = (
        keystore["crypto"]["cipherparams"]["iv"].lstrip("0").rjust(2, "0")
    )
    assert keystore["crypto"]["cipherparams"]["iv"] == "07"
    assert Signer.from_keystore_json(keystore, PASSWORD).key_bytes() == KEY


def test_an_iv_that_lost_its_end_opens_no_other_key(keystore: dict[str, Any]) -> None:
    """It looks like one without its leading zeros: where no address is stated nothing tells which."""
    damaged = copy.deepcopy(keystore)
    damaged["crypto"]["cipherparams"]["iv"] = keystore["crypto"]["cipherparams"]["iv"][:-2]
    for stated in (True, False):
        if not stated:
            del damaged["address"]
        with pytest.raises(KeystoreInvalid) as told:
            Signer.from_keystore_json(damaged, PASSWORD)
        assert told.value.details["why"].code == "damaged"


def test_two_parts_that_differ_in_case_alone_are_refused(keystore: dict[str, Any]) -> None:
    other = {**keystore["crypto"], "cipherparams": {"iv": "00" * 16}}
    with pytest.raises(KeystoreInvalid, match="damaged"):
        Signer.from_keystore_json({**keystore, "address": None, "Crypto": other}, PASSWORD)


def test_another_pseudorandom_function_is_named() -> None:
    other = copy.deepcopy(PUBLISHED)
    other["crypto"]["kdfparams"]["prf"] = "hmac-sha512"  # type: ignore[index] # a plain object
    with pytest.raises(KeystoreInvalid) as told:
        Signer.from_keystore_json(other, "testpassword")
    assert told.value.details["why"].code == "not-standard-kdf"


def test_a_change_that_the_formats_own_check_misses_is_noticed(keystore: dict[str, Any]) -> None:
    """The MAC of a version 3 keystore leaves the IV out: another one opens, and gives another key."""
    damaged = copy.deepcopy(keystore)
    damaged["crypto"]["cipherparams"]["iv"] = "00" * 16
    with pytest.raises(KeystoreInvalid, match="damaged"):
        Signer.from_keystore_json(damaged, PASSWORD)


DAMAGE = (
    st.none()
    | st.booleans()
    | st.integers(-2, 64)
    | st.text(max_size=40)
    | st.lists(st.integers(), max_size=2)
)
PLACES = st.sampled_from(
    [("crypto",), ("version",)]
    + [("crypto", k) for k in ("cipher", "cipherparams", "ciphertext", "kdf", "kdfparams", "mac")]
    + [("crypto", "kdfparams", k) for k in ("dklen", "n", "r", "p", "salt")]
    + [("crypto", "cipherparams", "iv")]
)


@settings(max_examples=150, deadline=None)
@given(place=PLACES, value=DAMAGE)
def test_a_damaged_keystore_is_refused_and_its_error_holds_nothing_secret(
    keystore: dict[str, Any], place: tuple[str, ...], value: object
) -> None:
    damaged = copy.deepcopy(keystore)
    at = damaged
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    try:
        signer = Signer.from_keystore_json(damaged, PASSWORD)
    except (KeystoreInvalid, WrongPassword) as error:
        shown = "".join(traceback.format_exception(type(error), error, None))
        assert PASSWORD not in shown
        assert KEY.hex() not in shown
    else:
        # A change that changes nothing, such as dklen 32 or an unused r.
        assert signer.key_bytes() == KEY


def test_a_signer_shows_its_address_and_never_its_key() -> None:
    signer = Signer.from_key(KEY)
    assert repr(signer) == str(signer) == f"Signer({signer.address})"
    for shown in (repr(signer), str(signer), f"{signer!r}", repr(vars(signer)), repr([signer])):
        assert KEY.hex() not in shown.lower()
        assert str(int.from_bytes(KEY, "big")) not in shown
    for leave in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="never pickled"):
            leave(signer)


def test_a_transactions_hash_is_that_of_its_bytes() -> None:
    from eth_utils.crypto import keccak

    hash_, raw = Signer.from_key(KEY).sign_transaction(
        {
            "to": "0x" + "12" * 20,
            "value": 0,
            "gas": 21_000,
            "nonce": 0,
            "chainId": 5,
            "gasPrice": 0,
            "data": "0x",
        }
    )
    assert hash_ == "0x" + keccak(raw).hex()


def test_typed_data_is_signed_for_its_domain() -> None:
    from eth_account import Account
    from eth_account.messages import encode_typed_data

    signer = Signer.from_key(KEY)
    domain = {"name": "Sceau", "version": "1", "chainId": 5, "verifyingContract": "0x" + "12" * 20}
    types = {"Consent": [{"name": "commitment", "type": "bytes32"}]}
    message = {"commitment": b"\x34" * 32}
    signature = signer.sign_typed(domain, types, message)
    assert len(signature) == 65
    recovered = Account.recover_message(encode_typed_data(domain, types, message), signature=signature)
    assert recovered == signer.address
    elsewhere = {**domain, "chainId": 6}
    assert (
        Account.recover_message(encode_typed_data(elsewhere, types, message), signature=signature)
        != recovered
    )
