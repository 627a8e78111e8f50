# SPDX-License-Identifier: Apache-2.0
"""A private key that signs transactions and typed data, and never shows itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sceau.chain.errors import KeystoreInvalid, WrongPassword, unreadable
from sceau.chain.pairings import accounts
from sceau.documents.files import first_bytes
from sceau.documents.identifiers import hex_of
from sceau.documents.strict_json import parse_object
from sceau.errors import Sentence

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

_MAX_KEYSTORE_BYTES = 100_000

# What wallets ask for at most is 256 MiB (N 2^18, r 8, p 1) or 262,144 rounds.
_MAX_SCRYPT_BYTES = 2**30
_MAX_SCRYPT_WIDTH = 128
_MAX_ROUNDS = 10_000_000
_CIPHER = "aes-128-ctr"
_PRF = "hmac-sha256"
_KEY_BYTES = 32
# 16 bytes; eth_keyfile writes it without the leading zeros that one in 256 has.
_IV = re.compile(r"(?:0x)?((?:[0-9a-fA-F]{2}){1,16})")
_IV_DIGITS = 32
_32_BYTES = re.compile(r"(?:0x)?[0-9a-fA-F]{64}")
_STATED_ADDRESS = re.compile(r"(?:0x)?[0-9a-fA-F]{40}")

_TOO_BIG = Sentence("chain.too-big")
_NOT_KEYSTORE = Sentence("chain.not-v3")
_DAMAGED = Sentence("chain.damaged")
_TOO_COSTLY = Sentence("chain.too-costly")
_OTHER_CIPHER = Sentence("chain.not-standard-cipher")
_OTHER_KDF = Sentence("chain.not-standard-kdf")

TypedData = Mapping[str, list[dict[str, str]]]


class Signer:
    """A key held in memory. Make one with :meth:`generate` or :meth:`from_keystore`."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self.address: str = account.address

    def __repr__(self) -> str:
        return f"Signer({self.address})"

    def __reduce__(self) -> Any:
        raise TypeError("a signer is never pickled: its key would leave the process")

    @classmethod
    def generate(cls) -> Signer:
        """A fresh key from the system's randomness."""
        return cls(accounts().create())

    @classmethod
    def from_key(cls, key: bytes) -> Signer:
        """The signer of a private key of 32 bytes."""
        return cls(accounts().from_key(key))

    @classmethod
    def from_keystore(cls, path: str | Path, password: str) -> Signer:
        """Opens a standard keystore file (version 3).

        Raises:
            KeystoreInvalid: no such file, or not a keystore.
            WrongPassword: the password does not open it.
        """
        return cls.from_keystore_json(_read_keystore(path), password, path=str(path))

    @classmethod
    def from_keystore_json(cls, keystore: Any, password: str, *, path: str = "keystore") -> Signer:
        """As :meth:`from_keystore`, from parsed JSON; ``path`` names it in errors."""
        if not isinstance(keystore, dict) or keystore.get("version") != 3:
            raise KeystoreInvalid(path=path, why=_NOT_KEYSTORE)
        rule = _broken_rule(keystore)
        if rule is not None:
            raise KeystoreInvalid(path=path, why=rule)
        try:
            account = accounts()
            signer = cls(account.from_key(account.decrypt(keystore, password)))
        except ValueError as error:
            if "mac" in str(error).lower():
                raise WrongPassword(path=path) from None
            raise KeystoreInvalid(path=path, why=_DAMAGED) from None
        except (LookupError, TypeError, AttributeError, ArithmeticError, NotImplementedError, MemoryError):
            raise KeystoreInvalid(path=path, why=_DAMAGED) from None
        # The MAC covers neither the IV nor the cipher's name: changed ones give another key without a word.
        stated = keystore.get("address")
        if stated is not None and str(stated).lower().removeprefix("0x") != signer.address[2:].lower():
            raise KeystoreInvalid(path=path, why=_DAMAGED)
        return signer

    def to_keystore(self, password: str, *, iterations: int = 2**18) -> dict[str, Any]:
        """A standard keystore (version 3, scrypt with N = ``iterations``), as JSON values."""
        keystore: dict[str, Any] = accounts().encrypt(
            self._account.key, password, kdf="scrypt", iterations=iterations
        )
        return with_whole_iv(keystore)

    def key_bytes(self) -> bytes:
        """The private key, 32 bytes, for a caller that seals it into a card."""
        return bytes(self._account.key)

    def sign_transaction(self, transaction: Mapping[str, Any]) -> tuple[str, bytes]:
        """The transaction's hash (``0x`` hex) and its signed bytes."""
        signed = self._account.sign_transaction(dict(transaction))
        return hex_of(bytes(signed.hash)), bytes(signed.raw_transaction)

    def sign_typed(self, domain: Mapping[str, Any], types: TypedData, message: Mapping[str, Any]) -> bytes:
        """EIP-712 signature, 65 bytes (r, s, v)."""
        signed = self._account.sign_typed_data(dict(domain), dict(types), dict(message))
        return bytes(signed.signature)


def with_whole_iv(keystore: Mapping[str, Any]) -> dict[str, Any]:
    """A keystore with the 16 bytes of its IV: eth_keyfile leaves out the leading zeros that one in 256 has.

    A keystore of which it is not known that nothing but zeros is missing must not be mended so.
    """
    crypto = keystore["crypto"]
    whole = crypto["cipherparams"]["iv"].rjust(_IV_DIGITS, "0")
    return {**keystore, "crypto": {**crypto, "cipherparams": {"iv": whole}}}


def stated_address(path: str | Path) -> str | None:
    """The address that a keystore file says its key has, checksummed; ``None`` where it says none.

    It is the file's word: opening the key proves it. Raises :class:`KeystoreInvalid`.
    """
    stated = _read_keystore(path).get("address")
    if not isinstance(stated, str) or not _STATED_ADDRESS.fullmatch(stated):
        return None
    from eth_utils.address import to_checksum_address

    return str(to_checksum_address(stated))


def _read_keystore(path: str | Path) -> dict[str, Any]:
    try:
        text = first_bytes(path, _MAX_KEYSTORE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise KeystoreInvalid(path=path, why=unreadable(error)) from None
    if len(text) > _MAX_KEYSTORE_BYTES:
        raise KeystoreInvalid(path=path, why=_TOO_BIG)
    keystore = parse_object(text)
    if isinstance(keystore, Sentence):
        raise KeystoreInvalid(path=path, why=keystore)
    return keystore


def _broken_rule(keystore: Mapping[str, Any]) -> Sentence | None:
    """The rule of the standard that a keystore breaks without its MAC showing it, if there is one.

    The MAC covers neither the cipher's name nor the IV: the library would decrypt by its own cipher, to another key.
    Source: Web3 Secret Storage Definition, version 3.
    """
    inner = _lowered(keystore).get("crypto")
    crypto = _lowered(inner)
    params = _lowered(crypto.get("kdfparams"))
    if any(
        len(_lowered(each)) < len(each) for each in (keystore, inner, params) if isinstance(each, Mapping)
    ):
        # Two keys that differ in case alone: readers take one or the other.
        return _DAMAGED
    held = [crypto.get(name) for name in ("ciphertext", "mac")]
    if not all(isinstance(each, str) and _32_BYTES.fullmatch(each) for each in held):
        return _DAMAGED
    if not isinstance(crypto.get("cipher"), str) or not isinstance(crypto.get("kdf"), str):
        return _DAMAGED
    if crypto["cipher"] != _CIPHER:
        return _OTHER_CIPHER
    standard = crypto.get("kdf") == "scrypt" or (crypto.get("kdf") == "pbkdf2" and params.get("prf") == _PRF)
    if not standard or params.get("dklen") != _KEY_BYTES:
        return _OTHER_KDF
    iv = _lowered(crypto.get("cipherparams")).get("iv")
    written = _IV.fullmatch(iv) if isinstance(iv, str) else None
    if written is None:
        return _DAMAGED
    if len(written[1]) < _IV_DIGITS and _lowered(keystore).get("address") is None:
        # Its leading zeros are left out, or its end was lost: only the address tells which.
        return _DAMAGED
    return _TOO_COSTLY if _costs_too_much(params) else None


def _costs_too_much(params: Mapping[str, Any]) -> bool:
    """Whether the key derivation that a keystore asks for could stop the machine: the file may be anybody's."""
    numbers = {name: value for name, value in params.items() if isinstance(value, int)}
    width = numbers.get("r", 1) * numbers.get("p", 1)
    return (
        128 * numbers.get("n", 1) * width > _MAX_SCRYPT_BYTES
        or width > _MAX_SCRYPT_WIDTH
        or numbers.get("c", 0) > _MAX_ROUNDS
    )


def _lowered(value: object) -> dict[str, Any]:
    """An object with its keys in lower case, as eth_keyfile reads them; empty for anything else."""
    return {str(name).lower(): each for name, each in value.items()} if isinstance(value, Mapping) else {}
