# SPDX-License-Identifier: Apache-2.0
"""Sealing and opening an envelope: JWS ES256 inside JWE ECDH-ES with A256GCM (docs/envelopes.md).

Signed first and encrypted then, so that the carrier sees neither content nor sender.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sceau.chain.times import utc_text
from sceau.envelope.errors import (
    EnvelopeForeign,
    EnvelopeMalformed,
    EnvelopeNotSigned,
    EnvelopeOfAnotherKind,
    EnvelopeStale,
    EnvelopeUnreadable,
)
from sceau.envelope.keys import AGREEMENT, ENCRYPTION, SIGNING, MessageKeys, PublicKeys
from sceau.envelope.seen import SeenEnvelopes
from sceau.record.strict_json import loads_shallow

TYPE = "sceau-envelope/1"

#: How long an envelope may be on its way, in seconds.
LIFETIME = 14 * 86_400

_LONGEST = 1_000_000
# A sender's clock, or its node's head, may run ahead of the reader's by this much.
_CLOCK_SECONDS = 300


@dataclass(frozen=True)
class Place:
    """The register in which parties have their numbers: chain id and address of the party registry."""

    chain_id: int
    parties: str

    def name(self, party: int) -> str:
        """A party's name in an envelope: ``sceau:1337:0x…:3``."""
        return f"sceau:{self.chain_id}:{self.parties.lower()}:{party}"

    def number(self, name: object) -> int | None:
        """The party number that a name of this register writes, or ``None``."""
        start = self.name(0)[:-1]
        if not isinstance(name, str) or not name.startswith(start):
            return None
        digits = name[len(start) :]
        if not digits.isascii() or not digits.isdigit() or digits[0] == "0" or len(digits) > 10:
            return None
        return int(digits)


@dataclass(frozen=True, repr=False)
class Message:
    """What an envelope held.

    ``sender`` and ``recipient`` are party numbers, times in seconds. ``signed`` is the inner JWS: the recipient can
    show it to an auditor as what the sender said. ``attached`` is what travelled beside it, for the recipient's
    eyes; the signature covers its SHA-256 only, so that showing ``signed`` to an auditor does not show it;
    ``attached_text`` is the very text that was hashed.
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

    def __repr__(self) -> str:
        return f"Message({self.kind} from party {self.sender}, {self.id})"


def seal_envelope(
    kind: str,
    body: Mapping[str, Any],
    *,
    place: Place,
    sender: int,
    keys: MessageKeys,
    recipient: int,
    recipient_keys: PublicKeys,
    now: int,
    attached: Mapping[str, Any] | None = None,
    lifetime: int = LIFETIME,
) -> str:
    """A message as one line of text, for ``recipient`` alone.

    Args:
        kind: what the body is, such as ``order``.
        body: JSON values.
        place: the register that the party numbers belong to.
        sender, recipient: party numbers.
        keys: the sender's own.
        recipient_keys: those that the recipient published.
        now: time of the chain's head, in seconds; the envelope is valid from it for ``lifetime`` seconds.
        attached: JSON values for the recipient's eyes, which hold secrets: the signature covers their hash.
    """
    from joserfc import jwe, jws

    beside = json.dumps(attached or {}, separators=(",", ":"))

    claims = {
        "iss": place.name(sender),
        "aud": place.name(recipient),
        "jti": secrets.token_urlsafe(16),
        "iat": now,
        "exp": now + lifetime,
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
    return jwe.encrypt_compact(outer, content, encryption, algorithms=[AGREEMENT, ENCRYPTION])


def open_envelope(
    envelope: str,
    *,
    kind: str | None,
    place: Place,
    reader: int,
    keys: MessageKeys,
    published: Callable[[int], PublicKeys],
    seen: SeenEnvelopes,
    now: int,
) -> Message:
    """The message of an envelope, once everything about it has been checked.

    Args:
        envelope: the text.
        kind: the kind of message expected, ``None`` for any.
        place, reader: where, and the reader's party number.
        keys: the reader's own.
        published: gives the keys that a party published, checked against the chain.
        seen: what was received before; the envelope is entered into it last.
        now: time of the chain's head, in seconds.

    Raises:
        EnvelopeUnreadable, EnvelopeForeign, EnvelopeNotSigned, EnvelopeMalformed, EnvelopeOfAnotherKind,
        EnvelopeStale, EnvelopeReplayed.
    """
    signed, beside = _decrypt(envelope, keys)
    message = read_signed(signed, place=place, published=published, attached=beside)
    if message.recipient != reader:
        raise EnvelopeForeign
    if kind not in (None, message.kind):
        raise EnvelopeOfAnotherKind(expected=kind)
    if not message.issued_at - _CLOCK_SECONDS <= now < message.expires_at:
        raise EnvelopeStale(
            issued=utc_text(message.issued_at), expires=utc_text(message.expires_at), now=utc_text(now)
        )
    seen.enter(message.sender, message.id, message.expires_at)
    return message


def read_signed(
    signed: str, *, place: Place, published: Callable[[int], PublicKeys], attached: str | None = None
) -> Message:
    """What a sender signed, from the inner JWS of an envelope: an auditor's view, whoever it was made out to.

    ``attached`` is the text that travelled beside it, ``None`` for who was not shown it.

    Raises:
        EnvelopeUnreadable, EnvelopeForeign, EnvelopeNotSigned, EnvelopeMalformed.
    """
    header, claims = _unverified(signed)
    sender, recipient = place.number(claims.get("iss")), place.number(claims.get("aud"))
    if sender is None or recipient is None:
        raise EnvelopeForeign
    _verify(signed, header, published(sender), sender)
    if attached is not None and claims.get("attached") != _digest(attached):
        raise EnvelopeMalformed(part="attached")
    return _message(claims, sender, recipient, signed, attached)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _decrypt(envelope: str, keys: MessageKeys) -> tuple[str, str]:
    """The signed part and the text attached beside it."""
    from joserfc import jwe
    from joserfc.errors import JoseError

    try:
        if len(envelope) > _LONGEST:
            raise ValueError
        opened = jwe.decrypt_compact(envelope.strip(), keys.encryption, algorithms=[AGREEMENT, ENCRYPTION])
        if opened.headers().get("typ") != TYPE:
            raise ValueError
        content = loads_shallow(opened.plaintext or b"")
        signed, beside = content["signed"], content["attached"]
        if not isinstance(signed, str) or not isinstance(beside, str):
            raise ValueError
        return signed, beside
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        raise EnvelopeUnreadable from None


def _unverified(signed: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims, read only to find whose keys must have signed them."""
    from joserfc import jws
    from joserfc.errors import JoseError

    try:
        extracted = jws.extract_compact(signed.encode())
        header: Any = extracted.headers()
        claims: Any = loads_shallow(extracted.payload)
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        raise EnvelopeUnreadable from None
    if not isinstance(claims, dict) or header.get("typ") != TYPE:
        raise EnvelopeUnreadable
    return header, claims


def _verify(signed: str, header: Mapping[str, Any], published: PublicKeys, sender: int) -> None:
    from joserfc import jws
    from joserfc.errors import JoseError

    key = published.signing(header.get("kid"))
    if key is None:
        raise EnvelopeNotSigned(sender=sender)
    try:
        jws.deserialize_compact(signed, key, algorithms=[SIGNING])
    except (JoseError, ValueError):
        raise EnvelopeNotSigned(sender=sender) from None


def _message(
    claims: Mapping[str, Any], sender: int, recipient: int, signed: str, attached: str | None
) -> Message:
    for part, kind in (
        ("jti", str),
        ("iat", int),
        ("exp", int),
        ("kind", str),
        ("body", dict),
        ("attached", str),
    ):
        if type(claims.get(part)) is not kind:
            raise EnvelopeMalformed(part=part)
    if not 16 <= len(claims["jti"]) <= 64:
        raise EnvelopeMalformed(part="jti")
    if claims["exp"] <= claims["iat"]:
        raise EnvelopeMalformed(part="exp")
    beside = _object(attached or "{}")
    return Message(
        sender=sender,
        recipient=recipient,
        kind=claims["kind"],
        body=claims["body"],
        id=claims["jti"],
        issued_at=claims["iat"],
        expires_at=claims["exp"],
        signed=signed,
        attached=beside,
        attached_text=attached or "",
    )


def _object(text: str) -> Mapping[str, Any]:
    try:
        parsed: Any = loads_shallow(text)
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        raise EnvelopeMalformed(part="attached")
    return parsed
