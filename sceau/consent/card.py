# SPDX-License-Identifier: Apache-2.0
"""The consent card: the key that can revoke, locked by a PIN, and where to use it.

A card holds nothing of what was consented to. A person who copies it and finds the PIN can revoke, which fails
safe, and nothing worse. The file is a standard keystore (version 3, scrypt) with a few more keys beside, so
any Ethereum wallet opens it as it is.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sceau.consent import errors
from sceau.consent.pin import check_pin, is_pin
from sceau.consent.typed_data import consent_id
from sceau.deployment import RegistryId
from sceau.documents import files
from sceau.documents.identifiers import bytes_of
from sceau.documents.strict_json import Data
from sceau.errors import Sentence

if TYPE_CHECKING:
    from sceau.chain.network import MadeForRegistry
    from sceau.chain.signer import Signer

FORMAT = "sceau-consent-card/1"

#: The standard's strong setting: about a second and 256 MB for each try of a PIN.
SCRYPT_N = 2**18

_WHAT = Sentence("files.consent-card")
THE_CARD = Sentence("consent.the-card")
_KEYSTORE = ("address", "crypto", "id", "version")


@dataclass(frozen=True)
class UnlockedCard:
    """A card whose PIN was given: what it revokes, and the key that does it."""

    registry: RegistryId
    commitment: str
    key: Signer
    called: ClassVar[Sentence] = THE_CARD

    @property
    def consent(self) -> str:
        """The consent's identifier, '0x' hex."""
        return consent_id(self.commitment, self.key.address)

    def check(self, here: RegistryId) -> None:
        """Raises :class:`SignedForeign` unless the card is for this register."""
        check_registry(self, here)

    def sender(self) -> Signer:
        """The key that sends the revocation where nobody pays: always the same, and of no use to know the consent's.

        So the same revocation gives the same transaction, which a node that has it takes for what it is. Only who has
        the card's key can make it.
        """
        from sceau.chain.signer import Signer

        label = b"sceau revocation sender 1" + bytes_of(self.consent)
        return Signer.from_key(hmac.digest(self.key.key_bytes(), label, "sha256"))

    def save_printed(self, path: str | Path, pin: str) -> None:
        """Lays the card out for printing (PDF or PNG), its key locked by ``pin``. Takes about a second.

        Raises:
            PinRefused, PrintFormatUnknown, CardExtraMissing, FileExists, FileNotWritten.
        """
        from sceau.consent.compact import CompactCard
        from sceau.consent.printed import save_printed

        save_printed(CompactCard.lock(self, pin), path)


@dataclass(frozen=True, repr=False)
class Card:
    """A locked card. ``commitment`` is '0x' hex, ``address`` the key's, ``keystore`` opens with the PIN."""

    registry: RegistryId
    commitment: str
    address: str
    keystore: Mapping[str, Any]
    called: ClassVar[Sentence] = THE_CARD

    def __repr__(self) -> str:
        return f"Card(consent {self.consent})"

    @property
    def consent(self) -> str:
        """The consent's identifier, '0x' hex: can be looked up on the chain without the PIN."""
        return consent_id(self.commitment, self.address)

    def check(self, here: RegistryId) -> None:
        """Raises :class:`SignedForeign` unless the card is for this register."""
        check_registry(self, here)

    @classmethod
    def lock(cls, registry: RegistryId, commitment: str, key: Signer, pin: str) -> Card:
        """Locks a key into a card. Raises :class:`PinRefused`. Takes about a second."""
        check_pin(pin)
        try:
            keystore = key.to_keystore(pin, iterations=SCRYPT_N)
        except MemoryError:
            raise errors.NoMemory from None
        # eth-account writes the address in mixed case; a file has one writing.
        address = key.address.lower()
        return cls(registry, commitment, address, {**keystore, "address": address[2:]})

    def unlock(self, pin: str) -> UnlockedCard:
        """Opens the card. Raises :class:`WrongPin`, :class:`CardContradictory`, :class:`NoMemory`.

        Takes about a second.
        """
        from sceau.chain.errors import KeystoreInvalid, WrongPassword
        from sceau.chain.signer import Signer, with_whole_iv

        if not is_pin(pin):
            raise errors.WrongPin
        try:
            # Without the address: a key that is not this card's has an error of its own, below.
            keystore = {name: part for name, part in self.keystore.items() if name != "address"}
            key = Signer.from_keystore_json(with_whole_iv(keystore), pin)
        except WrongPassword:
            raise errors.WrongPin from None
        except KeystoreInvalid:
            # Its shape was checked when it was read: what is left is 256 MB that this device does not have.
            raise errors.NoMemory from None
        if key.address.lower() != self.address:
            raise errors.CardContradictory
        return UnlockedCard(self.registry, self.commitment, key)

    def to_json(self) -> dict[str, Any]:
        """The card as JSON values: a keystore, with the card's own keys before it."""
        return {
            "format": FORMAT,
            **self.registry.to_json(),
            "commitment": self.commitment,
            "consent": self.consent,
            **{key: self.keystore[key] for key in _KEYSTORE},
        }

    @classmethod
    def from_json(cls, data: Data) -> Card:
        """Reads a card.

        Raises :class:`FileMalformed`, and :class:`CardContradictory` when it was edited so that the consent's
        identifier is no longer that of its commitment and key.
        """
        from sceau.consent import shapes
        from sceau.documents.model import malformed_at, read

        written = read(shapes.Card, data, _WHAT)
        if written.crypto.kdfparams.n != SCRYPT_N:
            raise malformed_at("crypto.kdfparams.n", "consent.keystore", _WHAT)
        card = cls(
            registry=RegistryId.of_shape(written),
            commitment=written.commitment,
            address="0x" + written.address,
            keystore=written.model_dump(include=set(_KEYSTORE)),
        )
        if written.consent != card.consent:
            raise errors.CardContradictory
        return card

    def save(self, path: str | Path) -> None:
        """Writes the card to a new file (mode 0600). Raises :class:`FileExists`, :class:`FileNotWritten`."""
        files.save_json(path, self.to_json())

    @classmethod
    def load(cls, path: str | Path) -> Card:
        """Reads a file; raises :class:`FileNotRead` and as :meth:`from_json`."""
        return cls.from_json(files.load(path))


def check_registry(made: MadeForRegistry, here: RegistryId) -> None:
    """Raises :class:`SignedForeign` unless what was made for one register is used on the same."""
    part = made.registry.difference(here)
    if part is not None:
        raise errors.SignedForeign(what=made.called, part=part)
