# SPDX-License-Identifier: Apache-2.0
"""Encrypting and opening an envelope: JWS ES256 inside JWE ECDH-ES with A256GCM (docs/envelopes.md).

A message is first signed and then encrypted, so that the carrier sees neither content nor sender.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from sceau.chain.times import utc_text
from sceau.documents.strict_json import read_object
from sceau.documents.wrapped import encrypted_in
from sceau.errors import SceauError, Sentence
from sceau.messages.errors import (
    EnvelopeForeign,
    EnvelopeMalformed,
    EnvelopeNotSigned,
    EnvelopeOfAnotherKind,
    EnvelopeStale,
    EnvelopeTooLong,
    EnvelopeUnreadable,
)
from sceau.party.message_keys import AGREEMENT, ENCRYPTION, SIGNING, MessageKeys, PublicKeys

if TYPE_CHECKING:
    from joserfc.jwe import JWERegistry

    from sceau.documents.model import Shape

TYPE = "sceau-envelope/1"

#: How long an envelope may be on its way, in seconds.
LIFETIME = 14 * 86_400

#: Lengths of what is encrypted, in bytes; each kind of message has one, so that its envelopes are all of one length.
KIB_8, KIB_16, KIB_32, KIB_64 = SIZES = (8_192, 16_384, 32_768, 65_536)

_WHAT = Sentence("files.envelope")
_NUMBER = re.compile(r"[1-9][0-9]{0,9}")
_LAST_PARTY = 2**32 - 1
#: Two clocks, or two nodes' heads, may be apart by this much, in seconds.
CLOCK_SECONDS = 300


S = TypeVar("S", bound="Shape")


@dataclass(frozen=True)
class PartyNamespace:
    """The registry in which parties have their numbers: chain id and address of the party registry."""

    chain_id: int
    parties: str

    def name(self, party: int) -> str:
        """A party's name in an envelope: ``sceau:1337:0x…:3``."""
        return f"sceau:{self.chain_id}:{self.parties.lower()}:{party}"

    def number(self, name: object) -> int | None:
        """The party number in a name of this registry, or ``None``."""
        start = self.name(0)[:-1]
        if not isinstance(name, str) or not name.startswith(start):
            return None
        digits = name[len(start) :]
        if not _NUMBER.fullmatch(digits) or int(digits) > _LAST_PARTY:
            return None
        return int(digits)


@dataclass(frozen=True, repr=False)
class Message:
    """What an envelope held.

    ``sender`` and ``recipient`` are party numbers, times in seconds. ``signed`` is the inner JWS: the recipient can
    show it to an auditor as the sender's statement. ``attached`` is what travelled beside it, for the recipient's
    eyes; the signature covers its SHA-256 only, so that showing ``signed`` to an auditor does not show it;
    ``attached_text`` is the very text that was hashed. ``opened_at`` is the chain's time when its reader first opened
    it; ``None`` for a reader of what was signed alone.
    """

    sender: int
    recipient: int
    kind: str
    body: Mapping[str, Any]
    id: str
    issued_at: int
    expires_at: int
    signed: str
    attached: Mapping[str, Any]
    attached_text: str
    opened_at: int | None = None

    def __repr__(self) -> str:
        return f"Message({self.kind} from party {self.sender}, {self.id})"

    @property
    def content(self) -> str:
        """SHA-256 of what it says, the same however often its sender encrypted it."""
        return content_digest(self.kind, self.body, _digest(self.attached_text))


@dataclass(frozen=True, repr=False)
class Draft:
    """The content of an envelope to be made: a message that is encrypted anew stays the same message by its ``id``.

    ``recipient`` is a party number; ``body`` and ``attached`` are JSON values, the latter for the recipient's eyes.
    """

    kind: str
    recipient: int
    body: Mapping[str, Any]
    attached: Mapping[str, Any]
    id: str

    def __repr__(self) -> str:
        return f"Draft({self.kind} to party {self.recipient}, {self.id})"

    @classmethod
    def of(
        cls, kind: str, recipient: int, body: Mapping[str, Any], attached: Mapping[str, Any] | None = None
    ) -> Draft:
        """A new message."""
        return cls(kind, recipient, body, attached or {}, secrets.token_urlsafe(16))

    @property
    def content(self) -> str:
        """SHA-256 of what it says, the same however often it is encrypted; as :attr:`Message.content` of its reader."""
        return content_digest(self.kind, self.body, _digest(_beside(self.attached)))


class EnvelopeText(str):
    """The text of an envelope that was made here, with the message that it holds and the names of the keys used.

    ``signing_key`` is the sender's, ``encryption_key`` the recipient's; ``encrypted_at`` the chain's time, in seconds.
    """

    draft: Draft
    signing_key: str
    encryption_key: str
    encrypted_at: int

    def __repr__(self) -> str:
        return f"EnvelopeText({self.draft!r})"

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        # As the text that a carrier sees: the message that it holds has keys in it, which stay in this process.
        return str, (str(self),)


def encrypt_envelope(
    kind: str,
    body: Mapping[str, Any],
    *,
    namespace: PartyNamespace,
    sender: int,
    keys: MessageKeys,
    recipient: int,
    recipient_keys: PublicKeys,
    now: int,
    size: int,
    attached: Mapping[str, Any] | None = None,
    id: str | None = None,  # noqa: A002 # as the message has it
) -> str:
    """A message as one line of text, for ``recipient`` alone.

    Args:
        kind: what the body is, such as ``order``.
        body: JSON values.
        namespace: the registry to which the party numbers belong.
        sender, recipient: party numbers.
        keys: the sender's own.
        recipient_keys: those that the recipient published.
        now: time of the chain's head, in seconds; the envelope is valid from it for :data:`LIFETIME`.
        size: length of what is encrypted, in bytes: the message is filled up to it with blanks, so that the length of
            the envelope does not depend on what it holds.
        attached: JSON values for the recipient's eyes, which hold secrets: the signature covers their hash.
        id: the message's identifier; a fresh one if not given.

    Raises:
        EnvelopeTooLong: the message is longer than ``size``.
    """
    from joserfc import jwe, jws

    beside = _beside(attached or {})
    claims = {
        "iss": namespace.name(sender),
        "aud": namespace.name(recipient),
        "jti": id or secrets.token_urlsafe(16),
        "iat": now,
        "exp": now + LIFETIME,
        "kind": kind,
        "body": body,
        "attached": _digest(beside),
    }
    header = {"alg": SIGNING, "kid": keys.signing.kid, "typ": TYPE}
    signed = jws.serialize_compact(
        header, json.dumps(claims, separators=(",", ":")).encode(), keys.signing, algorithms=[SIGNING]
    )
    encryption = recipient_keys.encryption()
    outer = {"alg": AGREEMENT, "enc": ENCRYPTION, "kid": encryption.kid, "typ": TYPE, "cty": "json"}
    content = json.dumps({"signed": signed, "attached": beside}).encode()
    if len(content) > size:
        raise EnvelopeTooLong(kind=kind, limit=size)
    # Blanks after a JSON text mean nothing to whoever reads it.
    content = content.ljust(size)
    return jwe.encrypt_compact(outer, content, encryption, algorithms=[AGREEMENT, ENCRYPTION])


def open_envelope(
    envelope: str,
    *,
    kind: str | None,
    namespace: PartyNamespace,
    reader: int,
    keys: MessageKeys,
    published: Callable[[int, int], PublicKeys],
    now: int,
) -> Message:
    """The message of an envelope, once everything about it has been checked.

    Args:
        envelope: the text.
        kind: the kind of message expected, ``None`` for any.
        namespace, reader: where, and the reader's party number.
        keys: the reader's own.
        published: gives the keys of a party by which what it signed at a time (seconds) is held, checked against the
            chain.
        now: time of the chain's head, in seconds.

    Raises:
        EnvelopeUnreadable, EnvelopeForeign, EnvelopeNotSigned, EnvelopeMalformed, EnvelopeOfAnotherKind,
        EnvelopeStale.
    """
    signed, beside = _decrypt(envelope, keys)
    message = read_signed(signed, namespace=namespace, published=published, attached=beside)
    if message.recipient != reader:
        raise EnvelopeForeign
    if kind not in (None, message.kind):
        raise EnvelopeOfAnotherKind(expected=kind)
    require_time(message, now)
    return replace(message, opened_at=now)


def require_time(message: Message, now: int) -> None:
    """Raises :class:`EnvelopeStale` unless what was signed may be opened at a time (seconds)."""
    if not message.issued_at - CLOCK_SECONDS <= now < message.expires_at:
        raise EnvelopeStale(
            issued=utc_text(message.issued_at), expires=utc_text(message.expires_at), now=utc_text(now)
        )


def read_signed(
    signed: str,
    *,
    namespace: PartyNamespace,
    published: Callable[[int, int], PublicKeys],
    attached: str | None = None,
) -> Message:
    """What a sender signed, from the inner JWS of an envelope: an auditor's view, to whichever party it was made out.

    ``attached`` is the text that travelled beside it, ``None`` if the caller was not shown it.

    Raises:
        EnvelopeUnreadable, EnvelopeForeign, EnvelopeNotSigned, EnvelopeMalformed.
    """
    kid, claims = _unverified(signed)
    sender, recipient = _between(claims, namespace)
    _verify(signed, kid, published(sender, _signed_at(claims)), sender)
    return _message(claims, sender, recipient, signed, attached)


def _between(claims: Mapping[str, Any], namespace: PartyNamespace) -> tuple[int, int]:
    """Sender and recipient. Raises :class:`EnvelopeForeign`."""
    sender, recipient = namespace.number(claims.get("iss")), namespace.number(claims.get("aud"))
    if sender is None or recipient is None:
        raise EnvelopeForeign
    return sender, recipient


def read_received(signed: str, *, namespace: PartyNamespace) -> Message:
    """The message of a JWS whose signature was checked when its envelope was opened; it is not checked again.

    Raises:
        EnvelopeUnreadable, EnvelopeForeign, EnvelopeMalformed.
    """
    _, claims = _unverified(signed)
    return _message(claims, *_between(claims, namespace), signed, None)


def content_digest(kind: str, body: Mapping[str, Any], attached: str) -> str:
    """SHA-256 of what a message says; ``attached`` is the SHA-256 of the text that travels beside it."""
    return _digest(json.dumps([kind, body, attached], sort_keys=True, separators=(",", ":")))


def _beside(attached: Mapping[str, Any]) -> str:
    return json.dumps(attached, separators=(",", ":"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _header(text: str, shape: type[S]) -> S:
    """The first part of a JWS or JWE, read before a library acts on it: its keys, each once, and no other."""
    from sceau.documents.model import read

    return read(shape, _bytes(text.partition(".")[0]), _WHAT)


def _bytes(part: str) -> bytes:
    from joserfc.util import urlsafe_b64decode

    return urlsafe_b64decode(part.encode())


def _decrypt(envelope: str, keys: MessageKeys) -> tuple[str, str]:
    """The signed part and the text attached beside it."""
    from joserfc import jwe
    from joserfc.errors import JoseError

    from sceau.documents.model import read
    from sceau.messages import shapes

    envelope = encrypted_in(envelope)
    try:
        _header(envelope, shapes.EncryptedHeader)
        opened = jwe.decrypt_compact(envelope, keys.encryption, registry=_registry())
        content = read(shapes.Content, opened.plaintext or b"", _WHAT)
        return content.signed, content.attached
    except (SceauError, JoseError, ValueError, TypeError, KeyError):
        # The library looks curves up without asking whether they are there: KeyError.
        raise EnvelopeUnreadable from None


def _registry() -> JWERegistry:
    """The algorithms taken, and the longest text: joserfc's own limit is below the largest size."""
    from joserfc.jwe import JWERegistry

    registry = JWERegistry(algorithms=[AGREEMENT, ENCRYPTION])
    registry.max_ciphertext_length = 4 * -(-SIZES[-1] // 3)
    return registry


def _unverified(signed: str) -> tuple[str, Mapping[str, Any]]:
    """The key's name and the claims, read only to find whose keys must have signed them."""
    from sceau.messages import shapes

    try:
        header = _header(signed, shapes.SignedHeader)
        claims = read_object(_bytes(signed.split(".")[1]), _WHAT)
    except (SceauError, ValueError, IndexError):
        raise EnvelopeUnreadable from None
    return header.kid, claims


def _signed_at(claims: Mapping[str, Any]) -> int:
    """The time at which a sender signed, by its own word, in seconds."""
    time = claims.get("iat")
    if type(time) is not int or time < 0:
        raise EnvelopeMalformed(part="iat")
    return time


def _verify(signed: str, kid: str, published: PublicKeys, sender: int) -> None:
    from joserfc import jws
    from joserfc.errors import JoseError

    key = published.signing(kid)
    if key is None:
        raise EnvelopeNotSigned(sender=sender)
    try:
        jws.deserialize_compact(signed, key, algorithms=[SIGNING])
    except (JoseError, ValueError):
        raise EnvelopeNotSigned(sender=sender) from None


def _message(
    claims: Mapping[str, Any], sender: int, recipient: int, signed: str, attached: str | None
) -> Message:
    from sceau.documents.model import Fault, parse
    from sceau.messages import shapes

    written = parse(shapes.Claims, claims)
    if isinstance(written, Fault):
        raise EnvelopeMalformed(part=written.place or "claims")
    if not 0 < written.exp - written.iat <= LIFETIME:
        raise EnvelopeMalformed(part="exp")
    return Message(
        sender=sender,
        recipient=recipient,
        kind=written.kind,
        body=written.body,
        id=written.jti,
        issued_at=written.iat,
        expires_at=written.exp,
        signed=signed,
        attached={} if attached is None else _attached(attached, written.attached),
        attached_text=attached or "",
    )


def _attached(text: str, digest: str) -> Mapping[str, Any]:
    """What travelled beside a message, if it is what its sender signed for."""
    try:
        if _digest(text) != digest:
            raise ValueError
        return read_object(text, _WHAT)
    except (SceauError, ValueError):
        raise EnvelopeMalformed(part="attached") from None
