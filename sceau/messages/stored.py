# SPDX-License-Identifier: Apache-2.0
"""A received message as its reader keeps it: an envelope counts once; its content may be used many times.

The file holds what the sender signed and the text that travelled beside it. Both are checked anew whenever it is
read, so an edited file is no longer a message.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sceau.chain.network import Network
from sceau.documents.errors import FileMalformed
from sceau.documents.strict_json import Data
from sceau.errors import Sentence
from sceau.messages.envelope import Message, read_received
from sceau.messages.errors import EnvelopeForeign, EnvelopeMalformed, EnvelopeOfAnotherKind
from sceau.messages.signed import namespace_of, read_signed_message
from sceau.party.directory import Directory

FORMAT = "sceau-message/1"

_WHAT = Sentence("files.message")


@dataclass(frozen=True, repr=False)
class StoredMessage:
    """What was signed (a compact JWS) and the JSON text attached to it. It can hold keys and health data.

    ``opened_at`` is the chain's time when its reader first opened it, in seconds, ``None`` where that was not stored.
    It is a note of the reader's own: :meth:`sceau.messages.mailbox.Mailbox.open` believes its store, and no file.
    """

    signed: str
    attached: str
    opened_at: int | None = None

    @classmethod
    def of(cls, message: Message) -> StoredMessage:
        """The message of an envelope that was opened."""
        return cls(message.signed, message.attached_text, message.opened_at)

    def __repr__(self) -> str:
        return "StoredMessage(…)"

    def to_json(self) -> dict[str, Any]:
        """The message as JSON values: keep it private, as the envelope was."""
        return {
            "format": FORMAT,
            "signed": self.signed,
            "attached": self.attached,
            "opened_at": self.opened_at,
        }

    @classmethod
    def from_json(cls, data: Data) -> StoredMessage:
        """Reads what :meth:`to_json` wrote; nothing is proved before :meth:`read`.

        Raises:
            FileMalformed: it is truncated, or not a stored message.
        """
        from sceau.documents.model import read
        from sceau.messages import shapes

        written = read(shapes.StoredMessage, data, _WHAT)
        return cls(written.signed, written.attached, written.opened_at)

    def read(self, network: Network, directory: Directory, *, reader: int, kind: str | None) -> Message:
        """The message, its signature and attached text checked; ``reader`` is the party that it is made out to.

        Raises:
            FileMalformed, EnvelopeNotSigned, EnvelopeUnreadable: it was edited, or its sender no longer publishes
                the key that signed it.
            EnvelopeForeign, EnvelopeOfAnotherKind: it is not for this reader, or not of this kind.
        """
        try:
            message = read_signed_message(network, directory, self.signed, self.attached)
        except EnvelopeMalformed as error:
            if error.details.get("part") != "attached":
                raise
            raise FileMalformed(what=_WHAT, rule=Sentence("messages.edited")) from None
        if message.recipient != reader:
            raise EnvelopeForeign
        if kind not in (None, message.kind):
            raise EnvelopeOfAnotherKind(expected=kind)
        return message

    def as_received(self, network: Network, *kinds: str) -> Message | None:
        """The message of a party's own store, as its envelope was checked; its signature is not checked again.

        ``None`` for a message of another kind, or of another deployment.

        Raises:
            EnvelopeUnreadable, EnvelopeMalformed: the store was edited.
        """
        try:
            message = read_received(self.signed, namespace=namespace_of(network))
        except EnvelopeForeign:
            return None
        return replace(message, attached_text=self.attached) if message.kind in kinds else None
