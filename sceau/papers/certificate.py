# SPDX-License-Identifier: Apache-2.0
"""The certificate of erasure: a party's signed word on what it erased, what it kept, and what remains with others.

It is typed data (EIP-712) of the party registry, signed by one of the party's signing keys: whoever has a node can
check who signed it and when, and needs nothing else. It proves that the party said so, not that it is true.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sceau.chain.network import Network
from sceau.chain.registries.parties import key_standing
from sceau.chain.signatures import TypedMessage, signed_by_key
from sceau.chain.signer import Signer
from sceau.chain.times import iso_text, seconds_of
from sceau.deployment import RegistryId
from sceau.documents import files
from sceau.documents.identifiers import bytes_of, hex_of
from sceau.documents.strict_json import Data, read_object
from sceau.errors import Sentence
from sceau.papers.errors import (
    CertificateElsewhere,
    CertificateKeyInvalid,
    CertificateNotSigned,
    CertificateUndated,
)
from sceau.party.possession import registry_domain

FORMAT = "sceau-erasure-certificate/1"

#: Types and fields as they are signed.
ERASURE_CERTIFICATE: Mapping[str, list[dict[str, str]]] = {
    "ErasureCertificate": [
        {"name": "party", "type": "uint32"},
        {"name": "issuedAt", "type": "uint40"},
        {"name": "genesis", "type": "bytes32"},
        {"name": "content", "type": "bytes32"},
    ]
}

_WHAT = Sentence("files.erasure-certificate")


@dataclass(frozen=True)
class ErasureCertificate:
    """A certificate: ``content`` is all that was signed, as JSON values (docs/erasure.md), ``key`` who signed it."""

    content: Mapping[str, Any]
    key: str
    signature: str

    @property
    def party(self) -> int:
        """The party whose word it is."""
        return int(self.content["party"])

    @property
    def issued_at(self) -> int:
        """When it was made, in seconds: the time of the block that it names."""
        return seconds_of(self.content["issued_at"])

    def check(self, network: Network) -> None:
        """Checks it against the chain: the party's key signed all of it, at the time that it states.

        Raises:
            CertificateElsewhere: it is of another deployment.
            CertificateNotSigned: it was changed, or another key signed it.
            CertificateUndated: the block that dates it does not stand on the chain.
            CertificateKeyInvalid: the key was not the party's at that time, or is in doubt from then on.
        """
        here = RegistryId.of(network.manifest, "PartyRegistry")
        registry = RegistryId(*(self.content[part] for part in here.to_json()))
        difference = registry.difference(here)
        if difference is not None:
            raise CertificateElsewhere(what=difference)
        if not signed_by_key(self.key, bytes_of(self.signature), _typed(self.content, registry)):
            raise CertificateNotSigned(party=self.party)
        head, at = network.head(), self.issued_at
        self._require_dated(network, head.number)
        state = key_standing(network, self.key, block=head.number)
        ended = any(time and time <= at for time in (state.retired_at, state.compromised_since))
        if state.party != self.party or state.added_at > at or ended:
            raise CertificateKeyInvalid(party=self.party, key=self.key)

    def to_json(self) -> dict[str, Any]:
        """The certificate as JSON values."""
        return {**self.content, "key": self.key, "signature": self.signature}

    @classmethod
    def from_json(cls, data: Data) -> ErasureCertificate:
        """Reads what :meth:`to_json` wrote; :meth:`check` says what it is worth. Raises :class:`FileMalformed`."""
        from sceau.documents.model import read
        from sceau.papers import shapes

        content = dict(read_object(data, _WHAT))
        written = read(shapes.ErasureCertificate, content, _WHAT)
        del content["key"], content["signature"]
        return cls(content, written.key, written.signature)

    def save(self, path: str | Path, *, force: bool = False) -> None:
        """Writes it to a file (mode 0600). Raises :class:`FileExists`, :class:`FileNotWritten`."""
        files.save_json(path, self.to_json(), force=force)

    @classmethod
    def load(cls, path: str | Path) -> ErasureCertificate:
        """Reads a file; raises :class:`FileNotRead` and as :meth:`from_json`."""
        return cls.from_json(files.load(path))

    def _require_dated(self, network: Network, newest: int) -> None:
        named = self.content["block"]
        block = network.node.block(named["number"]) if named["number"] <= newest else None
        if block is None or (block.hash.lower(), iso_text(block.timestamp)) != (
            named["hash"],
            self.content["issued_at"],
        ):
            raise CertificateUndated(party=self.party)


def certify(content: Mapping[str, Any], signer: Signer, registry: RegistryId) -> ErasureCertificate:
    """Signs what a certificate says. Raises ``ValueError`` for what is no certificate."""
    signature = signer.sign_typed(
        registry_domain(registry), ERASURE_CERTIFICATE, _typed(content, registry).values
    )
    made = ErasureCertificate(content, signer.address.lower(), hex_of(signature))
    # What is written is what will be read: a field that is not specified must not leave in silence.
    return ErasureCertificate.from_json(json.dumps(made.to_json()))


def _typed(content: Mapping[str, Any], registry: RegistryId) -> TypedMessage:
    values = {
        "party": content["party"],
        "issuedAt": seconds_of(content["issued_at"]),
        "genesis": bytes_of(registry.genesis_hash),
        "content": _digest(content),
    }
    return TypedMessage(registry_domain(registry), ERASURE_CERTIFICATE, values)


def _digest(content: Mapping[str, Any]) -> bytes:
    """SHA-256 of the content as JSON: keys in order, no blanks, ASCII alone."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).digest()
