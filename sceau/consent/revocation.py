# SPDX-License-Identifier: Apache-2.0
"""Taking a consent back: signed by its key, sent by anyone or directly, for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sceau.consent import errors
from sceau.consent.card import UnlockedCard, check_registry
from sceau.consent.typed_data import (
    REVOCATION,
    TypedDataSigner,
    consent_id,
    domain,
    is_signed_by,
    not_signed,
    revocation_message,
    usual_signature,
    wallet_request,
)
from sceau.deployment import RegistryId
from sceau.documents import files
from sceau.documents.identifiers import bytes_of, hex_of
from sceau.documents.strict_json import Data
from sceau.errors import Sentence

if TYPE_CHECKING:
    from sceau.chain.following import Transaction
    from sceau.chain.network import Network
    from sceau.chain.signer import Signer

FORMAT = "sceau-revocation/1"

_WHAT = Sentence("files.revocation")
_FUNCTION = "revokeBySignature"


@dataclass(frozen=True)
class Revocation:
    """A signed revocation: anybody who holds it can send it, and nobody can turn it into anything else.

    ``commitment`` and ``signature`` are '0x' hex, ``key`` the lower-case address that signed the consent.
    """

    commitment: str
    key: str
    signature: str
    registry: RegistryId
    called: ClassVar[Sentence] = Sentence("consent.the-revocation")

    @property
    def consent(self) -> str:
        """The identifier of the consent that it revokes, '0x' hex."""
        return consent_id(self.commitment, self.key)

    def signed_by_key(self) -> bool:
        """Whether the signature is the key's own; False for a contract wallet: only the chain can ask it."""
        signature = bytes_of(self.signature)
        return is_signed_by(self.key, signature, self.registry, REVOCATION, revocation_message(self.consent))

    def check(self, here: RegistryId) -> None:
        """Raises :class:`SignedForeign` unless it is for this register."""
        check_registry(self, here)

    def to_json(self) -> dict[str, Any]:
        """The revocation as JSON values."""
        return {
            "format": FORMAT,
            "consent": self.consent,
            "commitment": self.commitment,
            "key": self.key,
            "signature": self.signature,
            **self.registry.to_json(),
        }

    @classmethod
    def from_json(cls, data: Data) -> Revocation:
        """Reads what :meth:`to_json` wrote.

        Raises :class:`FileMalformed`, and :class:`SignatureNotByKey` when its consent is not that of its
        commitment and key.
        """
        from sceau.consent import shapes
        from sceau.documents.model import read

        written = read(shapes.Revocation, data, _WHAT)
        revocation = cls(
            commitment=written.commitment,
            key=written.key,
            signature=written.signature,
            registry=RegistryId.of_shape(written),
        )._in_usual_writing()
        if written.consent != revocation.consent:
            raise errors.SignatureNotByKey
        return revocation

    def _in_usual_writing(self) -> Revocation:
        message = revocation_message(self.consent)
        signature = usual_signature(self.key, bytes_of(self.signature), self.registry, REVOCATION, message)
        return replace(self, signature=hex_of(signature))

    def save(self, path: str | Path) -> None:
        """Writes it to a new file (mode 0600). Raises :class:`FileExists`, :class:`FileNotWritten`."""
        files.save_json(path, self.to_json())

    @classmethod
    def load(cls, path: str | Path) -> Revocation:
        """Reads a file; raises :class:`FileNotRead` and as :meth:`from_json`."""
        return cls.from_json(files.load(path))


def sign_revocation(card: UnlockedCard) -> Revocation:
    """The revocation of a card's consent; works before the consent is recorded, too."""
    return sign_revocation_of(card.commitment, card.key, card.registry)


def sign_revocation_of(commitment: str, key: TypedDataSigner, registry: RegistryId) -> Revocation:
    """The revocation of the consent that ``key`` signed for ``commitment``, for a key that is on no card."""
    message = revocation_message(consent_id(commitment, key.address))
    signature = key.sign_typed(domain(registry), REVOCATION, message)
    return Revocation(commitment, key.address.lower(), hex_of(signature), registry)


def revocation_by_wallet(commitment: str, key: str, signature: bytes, registry: RegistryId) -> Revocation:
    """The revocation, from the signature that a wallet made of :func:`revocation_for_wallet`.

    A key's signature may be written in another usual way (:func:`sceau.consent.typed_data.usual_signature`).
    """
    return Revocation(commitment, key.lower(), hex_of(signature), registry)._in_usual_writing()


def revocation_for_wallet(commitment: str, key: str, registry: RegistryId) -> Mapping[str, Any]:
    """The typed data for a wallet that signed the consent with ``key`` (``eth_signTypedData_v4``)."""
    return wallet_request(registry, REVOCATION, revocation_message(consent_id(commitment, key)))


def relay(network: Network, sender: Signer, revocation: Revocation) -> Transaction:
    """Sends a signed revocation from any account.

    Raises :class:`SignedForeign` and :class:`SignatureNotByKey` before anything is sent, and what
    :func:`sceau.chain.transaction.send` raises, :class:`ConsentAlreadyRevoked` among them.
    """
    from sceau.chain.transaction import send

    _check(network, revocation)
    return send(network, sender, "ConsentRegistry", _FUNCTION, *_arguments(revocation), insist=True)


def waiting(network: Network, sender: Signer, revocation: Revocation) -> Transaction | None:
    """The transaction by which ``sender`` relayed a revocation before, if the node has it and no block does.

    Raises as :func:`relay`.
    """
    from sceau.chain.transaction import find_waiting

    _check(network, revocation)
    return find_waiting(network, sender, "ConsentRegistry", _FUNCTION, *_arguments(revocation))


def revoke_directly(network: Network, card: UnlockedCard) -> Transaction:
    """Revokes by a transaction of the card's own key; on a chain that charges fees the key must hold some.

    Raises :class:`SignedForeign`, and what :func:`sceau.chain.transaction.send` raises.
    """
    from sceau.chain.transaction import send

    card.check(RegistryId.of(network.manifest))
    return send(network, card.key, "ConsentRegistry", "revoke", bytes_of(card.commitment), insist=True)


def _check(network: Network, revocation: Revocation) -> None:
    revocation.check(RegistryId.of(network.manifest))
    if not revocation.signed_by_key() and not network.node.code(revocation.key):
        raise not_signed(bytes_of(revocation.signature))


def _arguments(revocation: Revocation) -> tuple[bytes, str, bytes]:
    return bytes_of(revocation.commitment), _checksum(revocation.key), bytes_of(revocation.signature)


def _checksum(address: str) -> str:
    from eth_utils.address import to_checksum_address

    return to_checksum_address(address)
