# SPDX-License-Identifier: Apache-2.0
"""What a patient keeps of a revocation: a file that proves it without a node, and a short code to print.

The code has, numbers big-endian: consent (32 bytes), block (5), the block's hash (32), its time (5); as 'SCEAUR1:' and
base32 with a checksum (:mod:`sceau.documents.code_text`). It proves nothing by itself: it says where to look.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from sceau.chain.manifest import Manifest
from sceau.chain.network import Network
from sceau.chain.proof_reading import block_of, reading
from sceau.chain.proof_taking import Read, take_proof
from sceau.chain.registries.consents import ConsentState, prove_revoked
from sceau.consent import errors
from sceau.consent.card import check_registry
from sceau.deployment import RegistryId
from sceau.documents import files
from sceau.documents.code_text import from_code, is_code, to_code
from sceau.documents.identifiers import bytes_of, hex_of
from sceau.documents.strict_json import Data
from sceau.errors import Sentence
from sceau.proof.document import ChainProof

FORMAT = "sceau-revocation-proof/1"
PREFIX = "SCEAUR1:"

_WHAT = Sentence("files.revocation-proof")
_HASH, _NUMBER = 32, 5
_LENGTH = 2 * _HASH + 2 * _NUMBER


@dataclass(frozen=True)
class RevocationCode:
    """That a consent was revoked at a block: the consent, and the block's number, hash and time (seconds)."""

    consent: str
    block: int
    hash: str
    time: int

    @classmethod
    def of(cls, state: ConsentState) -> RevocationCode:
        """The code of a consent that is revoked at the block at which it was read."""
        return cls(state.consent, state.block.number, state.block.hash, state.block.timestamp)

    def to_text(self) -> str:
        """The code as a text, for a QR code or a sheet of paper."""
        numbers = (self.block.to_bytes(_NUMBER, "big"), self.time.to_bytes(_NUMBER, "big"))
        return to_code(PREFIX, bytes_of(self.consent) + numbers[0] + bytes_of(self.hash) + numbers[1])

    @classmethod
    def from_text(cls, text: str) -> RevocationCode:
        """Reads a code, in capitals or not, on one line or several. Raises :class:`RevocationCodeUnreadable`."""
        data = from_code(PREFIX, text, _LENGTH) if is_code(PREFIX, text) else None
        if data is None:
            raise errors.RevocationCodeUnreadable
        return cls(
            hex_of(data[:_HASH]),
            int.from_bytes(data[_HASH : _HASH + _NUMBER], "big"),
            hex_of(data[_HASH + _NUMBER : -_NUMBER]),
            int.from_bytes(data[-_NUMBER:], "big"),
        )

    def check(self, network: Network) -> ConsentState:
        """The state of the consent now, once the chain shows that it was revoked by the code's block.

        Whether it is proved or believed is said by the state's block.

        Raises:
            RevocationNotShown: the chain has another block there, or the consent was revoked later.
            NoConsentKnown, NotRevoked: the consent is not revoked.
            NodeUnreachable, NotANode, AnswerUnproved: as :meth:`Network.look`.
        """
        head, _ = network.look()
        if self.block > head.number:
            raise errors.RevocationNotShown(consent=self.consent, block=self.block)
        state, block = prove_revoked(network, self.consent, head), network.node.block(self.block)
        if (block.hash, block.timestamp) != (self.hash, self.time) or state.revoked_at > self.time:
            raise errors.RevocationNotShown(consent=self.consent, block=self.block)
        return state


@dataclass(frozen=True)
class RevocationProof:
    """The proof of a revocation as a file: the code, the consent's registry, and what the chain held at that block."""

    code: RevocationCode
    registry: RegistryId
    proof: ChainProof
    called: ClassVar[Sentence] = Sentence("consent.the-revocation-proof")

    @classmethod
    def take(cls, network: Network, state: ConsentState) -> RevocationProof | None:
        """The proof of a revocation that was read; ``None`` where the chain's headers bear no seals.

        With a manifest that lists the validators it is checked before it is given; else whoever has one checks it.

        Raises:
            RevocationNotShown: the node has another block there by now.
            AnswerUnproved: the node gives no proof, or one that does not hold.
        """
        read: Read = ("ConsentRegistry", "consentOf", (bytes_of(state.consent),))
        proof = take_proof(network, [read], block=state.block.number)
        if proof is None:
            return None
        return cls(RevocationCode.of(state), RegistryId.of(network.manifest), proof)

    def check(self, manifest: Manifest) -> ConsentState:
        """The consent as the proof shows it, revoked; no node is asked.

        Raises:
            SignedForeign: it is of another registry than the manifest's.
            RevocationNotShown: the file names another block than the proof.
            NoConsentKnown, NotRevoked: the proof shows something else.
            ProofInvalid, ProofsRequired, ProofOfAnotherChain, ValidatorsOutdated: as
                :func:`sceau.chain.proof_reading.reading`.
        """
        check_registry(self, RegistryId.of(manifest))
        with reading(self.proof, manifest) as network:
            state = prove_revoked(network, self.code.consent, block_of(network))
        if RevocationCode.of(state) != self.code:
            raise errors.RevocationNotShown(consent=self.code.consent, block=self.code.block)
        return state

    def to_json(self) -> dict[str, Any]:
        """The file as JSON values."""
        return {
            "format": FORMAT,
            **self.registry.to_json(),
            "consent": self.code.consent,
            "block": self.code.block,
            "hash": self.code.hash,
            "time": self.code.time,
            "proof": self.proof.to_json(),
        }

    @classmethod
    def from_json(cls, data: Data) -> RevocationProof:
        """Reads what :meth:`to_json` wrote; :meth:`check` says what it is worth. Raises :class:`FileMalformed`."""
        from sceau.consent import shapes
        from sceau.documents.model import read

        written = read(shapes.RevocationProof, data, _WHAT)
        return cls(
            RevocationCode(written.consent, written.block, written.hash, written.time),
            RegistryId.of_shape(written),
            ChainProof.of_shape(written.proof),
        )

    def save(self, path: str | Path, *, force: bool = False) -> None:
        """Writes it to a file (mode 0600). Raises :class:`FileExists`, :class:`FileNotWritten`."""
        files.save_json(path, self.to_json(), force=force)

    @classmethod
    def load(cls, path: str | Path) -> RevocationProof:
        """Reads a file; raises :class:`FileNotRead` and as :meth:`from_json`."""
        return cls.from_json(files.load(path))
