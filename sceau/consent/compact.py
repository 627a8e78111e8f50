# SPDX-License-Identifier: Apache-2.0
"""The same card as a short text that fits a small QR code: 180 bytes instead of 900.

Layout, numbers big-endian: chain id (8 bytes), genesis hash (32), consent contract (20), commitment (32),
key's address (20), salt (16), sealed key (48), checksum (4). The key is sealed with AES-256-GCM under
scrypt(PIN, salt, N = 2^18, r = 8, p = 1), 44 bytes: 32 of key, 12 of nonce; everything before the salt is
associated data, so a copy with other coordinates does not open. The checksum distinguishes a bad copy from a wrong PIN.
The text is 'SCEAU1:' and base32 (:mod:`sceau.documents.code_text`).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from sceau.consent import errors
from sceau.consent.card import SCRYPT_N, THE_CARD, Card, UnlockedCard, check_registry
from sceau.consent.pin import check_pin, is_pin
from sceau.consent.typed_data import consent_id
from sceau.deployment import RegistryId
from sceau.documents import files
from sceau.documents.code_text import from_code, is_code, to_code
from sceau.documents.identifiers import bytes_of, hex_of
from sceau.documents.wrapped import text_of
from sceau.errors import Sentence

PREFIX = "SCEAU1:"

_SIZES = (8, 32, 20, 32, 20, 16, 48)
_SALT = _SIZES[5]
_NONCE = 12

_PICTURE = Sentence("consent.card-is-a-picture")
# How PDF, PNG, JPEG, GIF, TIFF, WebP and HEIF files begin.
_PICTURES = (
    *(b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"RIFF"),
    *(b"\0\0\0\x18ftyp", b"\0\0\0\x1cftyp"),
)
_OTHER = Sentence("consent.qr-other")
_DAMAGED = Sentence("consent.qr-damaged")


@dataclass(frozen=True, repr=False)
class CompactCard:
    """A locked card in its short form. ``commitment`` is '0x' hex, ``address`` the key's."""

    registry: RegistryId
    commitment: str
    address: str
    salt: bytes
    sealed: bytes
    called: ClassVar[Sentence] = THE_CARD

    def __repr__(self) -> str:
        return f"CompactCard(consent {self.consent})"

    @property
    def consent(self) -> str:
        """The consent's identifier, '0x' hex."""
        return consent_id(self.commitment, self.address)

    def check(self, here: RegistryId) -> None:
        """Raises :class:`SignedForeign` unless the card is for this register."""
        check_registry(self, here)

    @classmethod
    def lock(cls, card: UnlockedCard, pin: str) -> CompactCard:
        """Locks a card's key again, for printing. Raises :class:`PinRefused`. Takes about a second."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        check_pin(pin)
        address = card.key.address.lower()
        unsealed = cls(card.registry, card.commitment, address, secrets.token_bytes(_SALT), b"")
        key, nonce = _derive(pin, unsealed.salt)
        sealed = AESGCM(key).encrypt(nonce, card.key.key_bytes(), unsealed._public())
        return replace(unsealed, sealed=sealed)

    def unlock(self, pin: str) -> UnlockedCard:
        """Opens the card. Raises :class:`WrongPin`, :class:`CardContradictory`, :class:`NoMemory`.

        Takes about a second.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        from sceau.chain.signer import Signer

        if not is_pin(pin):
            raise errors.WrongPin
        key, nonce = _derive(pin, self.salt)
        try:
            plain = AESGCM(key).decrypt(nonce, self.sealed, self._public())
        except InvalidTag:
            raise errors.WrongPin from None
        try:
            signer = Signer.from_key(plain)
        except ValueError:
            # A number that is no key: only whoever made the card can have sealed it.
            raise errors.CardContradictory from None
        if signer.address.lower() != self.address:
            raise errors.CardContradictory
        return UnlockedCard(self.registry, self.commitment, signer)

    def to_text(self) -> str:
        """The text of the QR code."""
        return to_code(PREFIX, self._public() + self.salt + self.sealed)

    @classmethod
    def from_text(cls, text: str) -> CompactCard:
        """Reads the text of a QR code, in capitals or not, on one line or several. Raises :class:`QrUnreadable`."""
        if not is_code(PREFIX, text):
            raise errors.QrUnreadable(rule=_OTHER)
        data = from_code(PREFIX, text, sum(_SIZES))
        if data is None:
            raise errors.QrUnreadable(rule=_DAMAGED)
        chain_id, genesis, contract, commitment, address, salt, sealed = _split(data)
        return cls(
            registry=RegistryId(int.from_bytes(chain_id, "big"), hex_of(genesis), hex_of(contract)),
            commitment=hex_of(commitment),
            address=hex_of(address),
            salt=salt,
            sealed=sealed,
        )

    def _public(self) -> bytes:
        """Everything that can be read without the PIN, and that the sealed key is bound to."""
        where = self.registry
        return where.chain_id.to_bytes(8, "big") + b"".join(
            bytes_of(text) for text in (where.genesis_hash, where.contract, self.commitment, self.address)
        )


def load_card(path: str | Path) -> Card | CompactCard:
    """Reads a card file, or a text file in which the text of a printed card's QR code was saved.

    Raises :class:`FileNotRead`, :class:`QrUnreadable` for a picture of the card, and as :meth:`Card.from_json` or
    :meth:`CompactCard.from_text`.
    """
    data = files.load(path)
    if data.startswith(_PICTURES):
        raise errors.QrUnreadable(rule=_PICTURE)
    text = text_of(data)
    return CompactCard.from_text(text) if is_code(PREFIX, text) else Card.from_json(data)


def _derive(pin: str, salt: bytes) -> tuple[bytes, bytes]:
    """Key and nonce: the salt is fresh for each card, so neither serves twice."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    try:
        derived = Scrypt(salt=salt, length=32 + _NONCE, n=SCRYPT_N, r=8, p=1).derive(pin.encode())
    except MemoryError:
        raise errors.NoMemory from None
    return derived[:32], derived[32:]


def _split(data: bytes) -> list[bytes]:
    parts = []
    for size in _SIZES:
        parts.append(data[:size])
        data = data[size:]
    return parts
