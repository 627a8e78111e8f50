# SPDX-License-Identifier: Apache-2.0
"""Signing a consent, by a fresh key or by a wallet, and the signed consent that the practice records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sceau.consent import errors
from sceau.consent.request import ConsentRequest
from sceau.consent.typed_data import (
    CONSENT,
    TypedDataSigner,
    consent_id,
    consent_message,
    domain,
    is_signed_by,
    not_signed,
    usual_signature,
)
from sceau.deployment import RegistryId
from sceau.documents import files
from sceau.documents.identifiers import bytes_of, hex_of
from sceau.documents.strict_json import Data
from sceau.errors import Sentence

if TYPE_CHECKING:
    from sceau.chain.network import Network

FORMAT = "sceau-signed-consent/1"

_WHAT = Sentence("files.signed-consent")
_PARTS = {
    "commitment": Sentence("consent.commitment"),
    "recorder": Sentence("consent.recorder"),
    "expires_at": Sentence("consent.expires_at"),
    "attested": Sentence("consent.attested"),
    "registry": Sentence("consent.registry"),
}


@dataclass(frozen=True)
class SignedConsent:
    """What the practice sends to the chain: nothing in it says what was consented to.

    ``commitment`` and ``signature`` are '0x' hex, ``key`` the lower-case address of the key that signed,
    ``recorder`` a party number, ``expires_at`` seconds.
    """

    commitment: str
    key: str
    recorder: int
    expires_at: int
    attested: bool
    signature: str
    registry: RegistryId
    called: ClassVar[Sentence] = Sentence("consent.the-signed-consent")

    @property
    def consent(self) -> str:
        """The consent's identifier on the chain, '0x' hex."""
        return consent_id(self.commitment, self.key)

    def signed_by_key(self) -> bool:
        """Whether the signature is the key's own; False for a contract wallet: only the chain can ask it."""
        message = consent_message(self.commitment, self.recorder, self.expires_at, self.attested)
        return is_signed_by(self.key, bytes_of(self.signature), self.registry, CONSENT, message)

    def check(self, request: ConsentRequest, network: Network | None = None) -> None:
        """The practice's check, before it records: this is the answer to its request, and it is signed.

        A contract wallet's signature passes only with ``network``, on which code is found at its address; the
        chain then asks the wallet itself. Raises :class:`NotWhatWasAsked`, :class:`SignatureNotByKey`.
        """
        for name, part in _PARTS.items():
            if getattr(self, name) != getattr(request, name):
                raise errors.NotWhatWasAsked(part=part)
        if not self.signed_by_key() and not (network is not None and network.node.code(self.key)):
            raise not_signed(bytes_of(self.signature))

    def to_json(self) -> dict[str, Any]:
        """The signed consent as JSON values."""
        return {
            "format": FORMAT,
            "commitment": self.commitment,
            "key": self.key,
            "recorder": self.recorder,
            "expires_at": self.expires_at,
            "attested": self.attested,
            "signature": self.signature,
            **self.registry.to_json(),
        }

    @classmethod
    def from_json(cls, data: Data) -> SignedConsent:
        """Reads what :meth:`to_json` wrote; :meth:`check` judges it. Raises :class:`FileMalformed`."""
        from sceau.consent import shapes
        from sceau.documents.model import read

        written = read(shapes.SignedConsent, data, _WHAT)
        return cls(
            commitment=written.commitment,
            key=written.key,
            recorder=written.recorder,
            expires_at=written.expires_at,
            attested=written.attested,
            signature=written.signature,
            registry=RegistryId.of_shape(written),
        )._in_usual_writing()

    def _in_usual_writing(self) -> SignedConsent:
        message = consent_message(self.commitment, self.recorder, self.expires_at, self.attested)
        signature = usual_signature(self.key, bytes_of(self.signature), self.registry, CONSENT, message)
        return replace(self, signature=hex_of(signature))

    def save(self, path: str | Path) -> None:
        """Writes it to a new file (mode 0600). Raises :class:`FileExists`, :class:`FileNotWritten`."""
        files.save_json(path, self.to_json())

    @classmethod
    def load(cls, path: str | Path) -> SignedConsent:
        """Reads a file; raises :class:`FileNotRead` and as :meth:`from_json`."""
        return cls.from_json(files.load(path))


def sign_consent(request: ConsentRequest, key: TypedDataSigner) -> SignedConsent:
    """Signs a request that was read by :func:`read_request` and shown to the patient.

    ``key`` should be fresh (``Signer.generate()``): an address that was used before is an identifier, so ask
    :func:`has_history` before using another. Raises :class:`SignatureNotByKey` when the wallet signed
    something else than it was given.
    """
    message = consent_message(request.commitment, request.recorder, request.expires_at, request.attested)
    signature = key.sign_typed(domain(request.registry), CONSENT, message)
    signed = signed_by_wallet(request, key.address, signature)
    if not signed.signed_by_key():
        raise errors.SignatureNotByKey
    return signed


def signed_by_wallet(request: ConsentRequest, key: str, signature: bytes) -> SignedConsent:
    """The signed consent, from a signature that a wallet made of :meth:`ConsentRequest.for_wallet`.

    ``key`` is the wallet's address; for a contract wallet (ERC-1271) that of the contract. A key's signature may be
    written in another usual way (:func:`usual_signature`): the one that the contract takes comes out.
    """
    return SignedConsent(
        commitment=request.commitment,
        key=key.lower(),
        recorder=request.recorder,
        expires_at=request.expires_at,
        attested=request.attested,
        signature=hex_of(signature),
        registry=request.registry,
    )._in_usual_writing()


def has_history(network: Network, address: str) -> bool:
    """Whether an address is known on the chain: it sent something, holds something, is a contract, or signed
    a consent before.

    Such a key links the consent to whatever else the address did; warn before it signs.
    """
    from eth_utils.address import to_checksum_address

    head = network.head()
    node, where = network.node, to_checksum_address(address)
    sent: int = node.ask(lambda: node.web3.eth.get_transaction_count(where))
    held: int = node.ask(lambda: node.web3.eth.get_balance(where))
    if sent > 0 or held > 0 or node.code(address):
        return True
    # A relayed consent leaves nothing at its key's address, but its event names the key.
    by_key = (None, None, "0x" + address[2:].lower().rjust(64, "0"))
    return bool(network.events("ConsentRegistry", by_key, to_block=head.number))
