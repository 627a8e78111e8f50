# SPDX-License-Identifier: Apache-2.0
"""Signed consents and revocations: good for one commitment, one shop, one chain and one contract."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from sceau.chain.signer import Signer
from sceau.consent.card import UnlockedCard
from sceau.consent.errors import NotWhatWasAsked, SignatureNotByKey, SignatureOfAnotherShape, SignedForeign
from sceau.consent.request import ConsentRequest
from sceau.consent.revocation import (
    Revocation,
    revocation_by_wallet,
    revocation_for_wallet,
    sign_revocation,
    sign_revocation_of,
)
from sceau.consent.signing import SignedConsent, sign_consent, signed_by_wallet
from sceau.consent.typed_data import REVOCATION, consent_id, domain, revocation_message, wallet_request
from sceau.deployment import RegistryId
from sceau.documents.errors import FileMalformed

CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


@pytest.fixture
def revocation(unlocked: UnlockedCard) -> Revocation:
    return sign_revocation(unlocked)


def test_a_signed_consent_says_nothing_of_what_was_consented_to(
    signed: SignedConsent, request_made: ConsentRequest
) -> None:
    file = signed.to_json()
    assert set(file) == {
        "format",
        "commitment",
        "key",
        "recorder",
        "expires_at",
        "attested",
        "signature",
        "chain_id",
        "genesis_hash",
        "contract",
    }
    assert request_made.record.seed.hex() not in json.dumps(file)


def test_the_identifier_binds_the_consent_to_its_key(signed: SignedConsent) -> None:
    """keccak256(abi.encode(bytes32, address)), computed here by another library."""
    from eth_abi import encode
    from eth_utils import keccak

    encoded = encode(["bytes32", "address"], [bytes.fromhex(signed.commitment[2:]), signed.key])
    assert signed.consent == "0x" + keccak(encoded).hex()
    assert consent_id(signed.commitment, "0x" + "11" * 20) != signed.consent


def test_a_signed_consent_answers_its_request(signed: SignedConsent, request_made: ConsentRequest) -> None:
    SignedConsent.from_json(json.dumps(signed.to_json())).check(request_made)


@pytest.mark.parametrize("name", ["commitment", "recorder", "expires_at", "attested"])
def test_an_answer_to_another_request_is_refused(
    signed: SignedConsent, request_made: ConsentRequest, name: str
) -> None:
    other: dict[str, Any] = {
        "commitment": "0x" + "11" * 32,
        "recorder": 8,
        "expires_at": 86_400,
        "attested": True,
    }
    with pytest.raises(NotWhatWasAsked):
        replace(signed, **{name: other[name]}).check(request_made)


@pytest.mark.parametrize("name", ["commitment", "recorder", "expires_at", "attested"])
def test_a_signature_is_good_for_nothing_else(signed: SignedConsent, name: str) -> None:
    other: dict[str, Any] = {
        "commitment": "0x" + "11" * 32,
        "recorder": 8,
        "expires_at": 86_400,
        "attested": True,
    }
    assert signed.signed_by_key()
    assert not replace(signed, **{name: other[name]}).signed_by_key()


@pytest.mark.parametrize("changes", [{"chain_id": 1337}, {"contract": "0x" + "00" * 20}])
def test_a_signature_is_good_on_one_chain_and_contract_only(
    signed: SignedConsent, revocation: Revocation, here: RegistryId, changes: dict[str, Any]
) -> None:
    elsewhere = replace(here, **changes)
    assert not replace(signed, registry=elsewhere).signed_by_key()
    assert not replace(revocation, registry=elsewhere).signed_by_key()


def test_another_keys_signature_is_refused(signed: SignedConsent, request_made: ConsentRequest) -> None:
    forged = replace(signed, key=Signer.generate().address.lower())
    assert not forged.signed_by_key()
    with pytest.raises(SignatureNotByKey):
        forged.check(request_made)


def test_the_twin_of_a_signature_is_refused(signed: SignedConsent) -> None:
    """(r, n − s) recovers the same key; the contract refuses it, so the client does."""
    raw = bytes.fromhex(signed.signature[2:])
    twin = CURVE_ORDER - int.from_bytes(raw[32:64], "big")
    turned = raw[:32] + twin.to_bytes(32, "big") + bytes([55 - raw[64]])
    assert not replace(signed, signature="0x" + turned.hex()).signed_by_key()


@pytest.mark.parametrize("signature", ["0x00", "0x" + "00" * 65, "0x" + "ff" * 65, "0x" + "00" * 64 + "1b"])
def test_what_is_no_signature_is_not_the_keys(signed: SignedConsent, signature: str) -> None:
    assert not replace(signed, signature=signature).signed_by_key()


def test_a_wallet_signs_the_same(signed: SignedConsent, request_made: ConsentRequest, key: Signer) -> None:
    """eth_signTypedData_v4 takes the request as JSON; the signature is the same 65 bytes."""
    message = json.loads(json.dumps(request_made.for_wallet()))
    by_wallet = Account.from_key(key.key_bytes()).sign_message(encode_typed_data(full_message=message))
    answer = signed_by_wallet(request_made, key.address, bytes(by_wallet.signature))
    assert answer == signed


def test_a_wallet_that_signs_something_else_is_noticed(request_made: ConsentRequest, key: Signer) -> None:
    class Careless:
        address = key.address

        def sign_typed(
            self, domain: Mapping[str, Any], types: Mapping[str, Any], message: Mapping[str, Any]
        ) -> bytes:
            return key.sign_typed(domain, types, {**message, "attested": True})

    with pytest.raises(SignatureNotByKey):
        sign_consent(request_made, Careless())


def test_a_wallet_revokes_the_same(revocation: Revocation, unlocked: UnlockedCard, key: Signer) -> None:
    message = revocation_for_wallet(unlocked.commitment, key.address, unlocked.registry)
    wallet = Account.from_key(key.key_bytes())
    signature = wallet.sign_message(encode_typed_data(full_message=json.loads(json.dumps(message))))
    assert "0x" + bytes(signature.signature).hex() == revocation.signature
    assert sign_revocation_of(unlocked.commitment, key, unlocked.registry) == revocation


def test_a_revocation_goes_through_a_file(
    revocation: Revocation, signed: SignedConsent, tmp_path: Path
) -> None:
    revocation.save(tmp_path / "revocation.json")
    read = Revocation.load(tmp_path / "revocation.json")
    assert read == revocation
    assert read.consent == signed.consent
    assert read.signed_by_key()


def test_a_consents_signature_does_not_revoke(signed: SignedConsent, revocation: Revocation) -> None:
    assert not replace(revocation, signature=signed.signature).signed_by_key()


@pytest.mark.parametrize("name", ["consent", "commitment", "key"])
def test_a_revocation_of_another_consent_is_refused(revocation: Revocation, name: str) -> None:
    file = revocation.to_json()
    file[name] = "0x" + "11" * ((len(file[name]) - 2) // 2)
    with pytest.raises(SignatureNotByKey):
        Revocation.from_json(file)


def test_a_revocation_for_another_register_says_which_part_differs(
    revocation: Revocation, here: RegistryId
) -> None:
    revocation.check(here)
    with pytest.raises(SignedForeign, match="genesis"):
        revocation.check(replace(here, genesis_hash="0x" + "00" * 32))


@pytest.mark.parametrize(
    "signature", ["", "0x", "0x0", "0xGG", "0x" + "AA" * 65, "0x" + "00" * 5000, 7, None]
)
def test_a_signature_is_hexadecimal_of_some_length(signed: SignedConsent, signature: object) -> None:
    with pytest.raises(FileMalformed, match="signature"):
        SignedConsent.from_json({**signed.to_json(), "signature": signature})


def as_ledger(signature: bytes) -> bytes:
    """The last byte as 0 or 1."""
    return signature[:64] + bytes([signature[64] - 27])


def as_compact(signature: bytes) -> bytes:
    """EIP-2098: 64 bytes, the parity in the highest bit of s."""
    return signature[:32] + bytes([signature[32] | (signature[64] - 27) << 7]) + signature[33:64]


def as_twin(signature: bytes) -> bytes:
    """The other s of the same point."""
    twin = CURVE_ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + twin.to_bytes(32, "big") + bytes([55 - signature[64]])


def as_der(signature: bytes) -> bytes:
    """As cards and hardware modules give it, without the parity."""

    def integer(number: bytes) -> bytes:
        shortest = number.lstrip(b"\0")
        written = b"\0" + shortest if shortest[0] > 127 else shortest
        return b"\x02" + bytes([len(written)]) + written

    both = integer(signature[:32]) + integer(signature[32:64])
    return b"\x30" + bytes([len(both)]) + both


def as_eip155(signature: bytes) -> bytes:
    """With the chain id in the last part, as that of a transaction."""
    return signature[:64] + (20_261 * 2 + 35 + signature[64] - 27).to_bytes(2, "big")


DRESSES = [
    as_ledger,
    as_compact,
    as_twin,
    as_der,
    as_eip155,
    lambda signature: as_der(as_twin(signature)),
    lambda signature: as_der(signature) + signature[64:],
    lambda signature: as_ledger(as_twin(signature)),
    lambda signature: signature[:64],
    lambda signature: signature[64:] + signature[:64],
    lambda signature: signature[:64] + bytes([signature[64] + 4]),
    lambda signature: signature[:64] + bytes([35 + signature[64] - 27]),
]


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("number", range(1, 5))
def test_a_signature_in_another_usual_writing_is_the_keys(
    request_made: ConsentRequest, dress: Callable[[bytes], bytes], number: int
) -> None:
    """Both parities: four keys sign."""
    key = Signer.from_key(number.to_bytes(32, "big"))
    signed = sign_consent(request_made, key)
    dressed = dress(bytes.fromhex(signed.signature[2:]))
    taken = signed_by_wallet(request_made, key.address, dressed)
    taken.check(request_made)
    assert taken == signed
    in_a_file = {**signed.to_json(), "signature": "0x" + dressed.hex()}
    assert SignedConsent.from_json(in_a_file) == signed

    revocation = sign_revocation_of(signed.commitment, key, signed.registry)
    dressed = dress(bytes.fromhex(revocation.signature[2:]))
    assert revocation_by_wallet(signed.commitment, key.address, dressed, signed.registry) == revocation
    assert Revocation.from_json({**revocation.to_json(), "signature": "0x" + dressed.hex()}) == revocation


@pytest.mark.parametrize(
    "changed",
    [
        b"",
        bytes(65),
        bytes(64),
        b"\x30",
        b"\x30\x02\x02\x00\x02\x00",
        b"\x30\x44\x02\xff" + bytes(66),
        b"\xff" * 65,
    ],
)
def test_what_is_no_signature_is_left_as_it_is(
    request_made: ConsentRequest, key: Signer, changed: bytes
) -> None:
    taken = signed_by_wallet(request_made, key.address, changed)
    assert taken.signature == "0x" + changed.hex()
    with pytest.raises(SignatureNotByKey):
        taken.check(request_made)


@pytest.mark.parametrize("length", [0, 63, 96, 97, 132])
def test_what_cannot_be_a_keys_signature_is_told_by_its_length(
    request_made: ConsentRequest, key: Signer, length: int
) -> None:
    with pytest.raises(SignatureOfAnotherShape, match=f"is {length} bytes"):
        signed_by_wallet(request_made, key.address, b"\x01" * length).check(request_made)


@pytest.mark.parametrize("dress", DRESSES)
def test_anothers_signature_is_left_as_it_is(
    request_made: ConsentRequest, key: Signer, dress: Callable[[bytes], bytes]
) -> None:
    """It may be that of a contract wallet, which alone can say what it means."""
    dressed = dress(bytes.fromhex(sign_consent(request_made, Signer.generate()).signature[2:]))
    taken = signed_by_wallet(request_made, key.address, dressed)
    assert taken.signature == "0x" + dressed.hex()
    with pytest.raises(SignatureNotByKey):
        taken.check(request_made)


@pytest.mark.parametrize(
    ("chain_id", "written"),
    [(2**53 - 1, 2**53 - 1), (2**53, "9007199254740992"), (2**63 - 1, str(2**63 - 1))],
)
def test_a_chain_id_is_exact_in_javascript(
    request_made: ConsentRequest, key: Signer, chain_id: int, written: object
) -> None:
    registry = replace(request_made.registry, chain_id=chain_id)
    asked = wallet_request(registry, REVOCATION, revocation_message("0x" + "12" * 32))
    assert asked["domain"]["chainId"] == written
    by_wallet = Account.from_key(key.key_bytes()).sign_message(encode_typed_data(full_message=asked))
    revocation = sign_revocation_of("0x" + "34" * 32, key, registry)
    message = revocation_message(revocation.consent)
    assert wallet_request(registry, REVOCATION, message)["domain"]["chainId"] == written
    assert bytes(by_wallet.signature) == key.sign_typed(
        domain(registry), REVOCATION, revocation_message("0x" + "12" * 32)
    )
