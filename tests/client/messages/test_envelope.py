# SPDX-License-Identifier: Apache-2.0
"""Envelopes: what opens, and everything that does not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwe
from joserfc.jws import JWSRegistry

from sceau.messages.envelope import (
    LIFETIME,
    TYPE,
    Message,
    PartyNamespace,
    encrypt_envelope,
    open_envelope,
    read_signed,
)
from sceau.messages.errors import (
    EnvelopeForeign,
    EnvelopeMalformed,
    EnvelopeNotSigned,
    EnvelopeOfAnotherKind,
    EnvelopeStale,
    EnvelopeUnreadable,
)
from sceau.party.message_keys import MessageKeys, PublicKeys

HERE = PartyNamespace(1337, "0x" + "ab" * 20)
NOW = 1_800_000_000
SENDER, READER = 1, 2
SIZE = 8_192
BODY = {"claim": "0x" + "11" * 32}
SECRET = {"key": "0x" + "22" * 32}


@pytest.fixture(scope="module")
def sender() -> MessageKeys:
    return MessageKeys.generate()


@pytest.fixture(scope="module")
def reader() -> MessageKeys:
    return MessageKeys.generate()


@pytest.fixture
def sealed(sender: MessageKeys, reader: MessageKeys) -> str:
    return seal(sender, reader)


@pytest.fixture
def opens(sender: MessageKeys, reader: MessageKeys) -> Callable[..., Message]:
    def open_it(envelope: str, **changes: Any) -> Message:
        given: dict[str, Any] = {
            "kind": "order",
            "namespace": HERE,
            "reader": READER,
            "keys": reader,
            "published": lambda party, _: {SENDER: sender.public, READER: reader.public}[party],
            "now": NOW + 60,
        }
        return open_envelope(envelope, **{**given, **changes})

    return open_it


def seal(own: MessageKeys, reader: MessageKeys, **changes: Any) -> str:
    given: dict[str, Any] = {
        "namespace": HERE,
        "sender": SENDER,
        "keys": own,
        "recipient": READER,
        "recipient_keys": reader.public,
        "now": NOW,
        "size": SIZE,
        "attached": SECRET,
    }
    return encrypt_envelope("order", BODY, **{**given, **changes})


def test_its_recipient_reads_body_and_attachment(sealed: str, opens: Callable[..., Message]) -> None:
    message = opens(sealed)
    assert (message.sender, message.recipient, message.kind) == (SENDER, READER, "order")
    assert (message.body, message.attached) == (BODY, SECRET)


def test_its_carrier_sees_neither_content_nor_sender(sealed: str) -> None:
    header = json.loads(_decoded(sealed.split(".")[0]))
    assert set(header) == {"alg", "enc", "kid", "typ", "cty", "epk"}
    assert (header["alg"], header["enc"]) == ("ECDH-ES", "A256GCM")
    assert b"sceau:1337" not in b"".join(_decoded(part) for part in sealed.split(".")[1:])


def test_one_sealed_anew_has_another_identifier(
    sender: MessageKeys, reader: MessageKeys, opens: Callable[..., Message]
) -> None:
    first, second = (opens(seal(sender, reader)) for _ in range(2))
    assert first.id != second.id


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"reader": 3}, EnvelopeForeign),
        ({"namespace": PartyNamespace(1338, HERE.parties)}, EnvelopeForeign),
        ({"namespace": PartyNamespace(1337, "0x" + "cd" * 20)}, EnvelopeForeign),
        ({"now": NOW + LIFETIME}, EnvelopeStale),
        ({"now": NOW - 301}, EnvelopeStale),
        ({"kind": "disclosure"}, EnvelopeOfAnotherKind),
    ],
)
def test_it_is_refused_to(
    changes: dict[str, Any], error: type[Exception], sealed: str, opens: Callable[..., Message]
) -> None:
    with pytest.raises(error):
        opens(sealed, **changes)


def test_other_keys_do_not_open_it(sealed: str, opens: Callable[..., Message]) -> None:
    with pytest.raises(EnvelopeUnreadable):
        opens(sealed, keys=MessageKeys.generate())


def test_a_signature_by_unpublished_keys_is_refused(sealed: str, opens: Callable[..., Message]) -> None:
    other = MessageKeys.generate().public
    with pytest.raises(EnvelopeNotSigned):
        opens(sealed, published=lambda *_: other)


def test_a_key_of_the_same_name_does_not_pass_for_the_senders(
    sealed: str, sender: MessageKeys, opens: Callable[..., Message]
) -> None:
    forged = MessageKeys.generate().public.jwks["keys"]
    names = [key["kid"] for key in sender.public.jwks["keys"]]
    renamed = {"keys": [{**key, "kid": name} for key, name in zip(forged, names, strict=True)]}
    with pytest.raises(EnvelopeNotSigned):
        opens(sealed, published=lambda *_: PublicKeys.from_jwks(renamed, "forger"))


def test_whoever_signs_cannot_name_another_as_sender(
    sender: MessageKeys, reader: MessageKeys, opens: Callable[..., Message]
) -> None:
    with pytest.raises(EnvelopeNotSigned):
        opens(seal(sender, reader, sender=READER))


@pytest.mark.parametrize("place", range(5))
def test_no_part_can_be_altered(place: int, sealed: str, opens: Callable[..., Message]) -> None:
    parts = sealed.split(".")
    if not parts[place]:
        parts[place] = "AAAA"
    else:
        middle = len(parts[place]) // 2
        other = "A" if parts[place][middle] != "A" else "B"
        parts[place] = parts[place][:middle] + other + parts[place][middle + 1 :]
    with pytest.raises(EnvelopeUnreadable):
        opens(".".join(parts))


@pytest.mark.parametrize("text", ["", "a.b.c.d.e", "x" * 2_000_000, "....", "é.é.é.é.é"])
def test_what_is_no_envelope_is_refused_plainly(text: str, opens: Callable[..., Message]) -> None:
    with pytest.raises(EnvelopeUnreadable):
        opens(text)


def test_an_auditor_reads_what_was_signed_without_the_attachment(
    sealed: str, sender: MessageKeys, opens: Callable[..., Message]
) -> None:
    signed = opens(sealed).signed
    shown = read_signed(signed, namespace=HERE, published=lambda *_: sender.public)
    assert (shown.body, shown.attached) == (BODY, {})
    assert SECRET["key"].encode() not in _decoded(signed.split(".")[1])


def test_another_attachment_than_the_signed_one_is_refused(
    sealed: str, sender: MessageKeys, opens: Callable[..., Message]
) -> None:
    signed = opens(sealed).signed
    with pytest.raises(EnvelopeMalformed):
        read_signed(signed, namespace=HERE, published=lambda *_: sender.public, attached='{"key":"0x33"}')


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256"])
def test_no_other_signature_algorithm_passes(
    algorithm: str, sealed: str, sender: MessageKeys, opens: Callable[..., Message]
) -> None:
    header, payload, signature = opens(sealed).signed.split(".")
    forged = {**json.loads(_decoded(header)), "alg": algorithm}
    text = base64.urlsafe_b64encode(json.dumps(forged).encode()).rstrip(b"=").decode()
    with pytest.raises(EnvelopeNotSigned):
        read_signed(f"{text}.{payload}.{signature}", namespace=HERE, published=lambda *_: sender.public)


# Hostile envelopes: whoever knows the reader's public key can make the outside, any member the inside.


def signed_by(own: MessageKeys, header: object, payload: object) -> str:
    """A JWS with this header and payload, JSON values or bytes, truly signed."""
    first, second = (
        _encoded(part if isinstance(part, bytes) else json.dumps(part).encode()) for part in (header, payload)
    )
    signature = JWSRegistry.algorithms["ES256"].sign(f"{first}.{second}".encode(), own.signing)
    return f"{first}.{second}.{_encoded(signature)}"


def claims(**changes: object) -> dict[str, object]:
    given = {
        "iss": HERE.name(SENDER),
        "aud": HERE.name(READER),
        "jti": "a" * 22,
        "iat": NOW,
        "exp": NOW + 1000,
    }
    nothing = hashlib.sha256(b"{}").hexdigest()
    return {**given, "kind": "order", "body": BODY, "attached": nothing, **changes}


def sealed_as(signed: str, reader: MessageKeys, *, attached: str = "{}", **header: object) -> str:
    """An envelope around anything, with any header."""
    outer = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": "k", "typ": TYPE, "cty": "json", **header}
    content = json.dumps({"signed": signed, "attached": attached}).encode()
    return jwe.encrypt_compact(
        outer, content, reader.public.encryption(), algorithms=["ECDH-ES", "A256GCM", "DEF"]
    )


def header_of(own: MessageKeys, **changes: object) -> dict[str, object]:
    return {"alg": "ES256", "kid": own.signing.kid, "typ": TYPE, **changes}


def test_what_is_signed_and_sealed_by_hand_opens(
    sender: MessageKeys, reader: MessageKeys, opens: Callable[..., Message]
) -> None:
    signed = signed_by(sender, header_of(sender), claims())
    assert opens(sealed_as(signed, reader)).body == BODY


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"iat": True}, "iat"),
        ({"iat": -1}, "iat"),
        ({"iat": 10**40, "exp": 10**40 + 1}, "iat"),
        ({"exp": True}, "exp"),
        ({"exp": str(NOW + 60)}, "exp"),
        ({"exp": 2**63}, "exp"),
        ({"exp": NOW}, "exp"),
        ({"exp": NOW + LIFETIME + 1}, "exp"),
        ({"jti": "a" * 15}, "jti"),
        ({"jti": "a" * 65}, "jti"),
        ({"jti": "\ud800" * 20}, "jti"),
        ({"jti": "\x00" * 20}, "jti"),
        ({"jti": ["a" * 22]}, "jti"),
        ({"kind": "order\nALL HOLDS"}, "kind"),
        ({"kind": "\x1b[2J"}, "kind"),
        ({"kind": "\ud800"}, "kind"),
        ({"kind": "k" * 41}, "kind"),
        ({"kind": True}, "kind"),
        ({"body": []}, "body"),
        ({"attached": None}, "attached"),
        ({"attached": "0" * 64}, "attached"),
        ({"nbf": NOW + 10**6}, "claims"),
    ],
    ids=str,
)
def test_a_claim_that_is_bent_is_named_though_it_is_signed(
    changes: dict[str, object],
    part: str,
    sender: MessageKeys,
    reader: MessageKeys,
    opens: Callable[..., Message],
) -> None:
    signed = signed_by(sender, header_of(sender), claims(**changes))
    with pytest.raises(EnvelopeMalformed) as refused:
        opens(sealed_as(signed, reader))
    assert refused.value.details["part"] == part


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": [HERE.name(READER)]},
        {"aud": HERE.name(READER).upper()},
        {"aud": HERE.name(READER) + "0"},
        {"aud": HERE.name(0)},
        {"iss": HERE.name(2**32)},
        {"iss": HERE.name(9_999_999_999)},
        {"iss": f"{HERE.name(SENDER)} "},
        {"iss": HERE.name(SENDER)[:-1] + "١"},
        {"iss": None},
    ],
    ids=str,
)
def test_a_name_that_no_party_of_this_register_has_is_refused(
    changes: dict[str, object], sender: MessageKeys, reader: MessageKeys, opens: Callable[..., Message]
) -> None:
    signed = signed_by(sender, header_of(sender), claims(**changes))
    with pytest.raises(EnvelopeForeign):
        opens(sealed_as(signed, reader))


@pytest.mark.parametrize(
    "payload",
    [
        json.dumps(claims())[:-1].encode() + b',"kind":"disclosure"}',
        json.dumps(claims())[:-1].encode() + b',"iat":1.8e9}',
        json.dumps(claims(body={"amount": 1.5})).encode(),
        json.dumps(claims(body={"amount": float("nan")})).encode(),
        json.dumps(claims()).encode("utf-16"),
        b"[" * 60_000,
        b'"alg typ"',
        b"[]",
        b"",
    ],
    ids=["a claim twice", "a time twice", "fraction", "no number", "UTF-16", "deep", "text", "list", "empty"],
)
def test_claims_that_two_readers_could_read_in_two_ways_are_refused(
    payload: bytes, sender: MessageKeys, reader: MessageKeys, opens: Callable[..., Message]
) -> None:
    signed = signed_by(sender, header_of(sender), payload)
    with pytest.raises(EnvelopeUnreadable):
        opens(sealed_as(signed, reader))
    with pytest.raises(EnvelopeUnreadable):
        read_signed(signed, namespace=HERE, published=lambda *_: sender.public)


@pytest.mark.parametrize(
    "more",
    [
        {"jku": "https://example.org/keys"},
        {"x5u": "https://example.org/chain"},
        {"jwk": MessageKeys.generate().public.jwks["keys"][0]},
        {"crit": ["b64"], "b64": False},
        {"crit": ["exp"], "exp": 1},
        {"zip": "DEF"},
        {"more": 1},
    ],
    ids=lambda more: next(iter(more)),
)
def test_nothing_but_the_key_of_the_directory_is_taken_from_a_header(
    more: dict[str, object], sender: MessageKeys, reader: MessageKeys, opens: Callable[..., Message]
) -> None:
    signed = signed_by(sender, header_of(sender, **more), claims())
    with pytest.raises(EnvelopeUnreadable):
        opens(sealed_as(signed, reader))


@pytest.mark.parametrize(
    "header",
    [b'"alg kid typ"', b'["alg","kid","typ"]', b"null", b"{}", b"[" * 700, b'{"alg":"ES256","alg":"none"}'],
    ids=["text", "list", "null", "empty", "deep", "twice"],
)
def test_a_header_that_is_none_crashes_nobody(
    header: bytes, sealed: str, sender: MessageKeys, reader: MessageKeys, opens: Callable[..., Message]
) -> None:
    """The outside of an envelope is anybody's: who makes it needs no key at all."""
    with pytest.raises(EnvelopeUnreadable):
        opens(sealed_as(signed_by(sender, header, claims()), reader))
    with pytest.raises(EnvelopeUnreadable):
        opens(".".join((_encoded(header), *sealed.split(".")[1:])))


@pytest.mark.parametrize(
    "header",
    [{"zip": "DEF"}, {"jku": "https://example.org/keys"}, {"apu": "QQ"}, {"typ": "JOSE"}],
    ids=str,
)
def test_an_envelope_holds_no_other_header_and_unpacks_nothing(
    header: dict[str, Any], sender: MessageKeys, reader: MessageKeys, opens: Callable[..., Message]
) -> None:
    signed = signed_by(sender, header_of(sender), claims())
    with pytest.raises(EnvelopeUnreadable):
        opens(sealed_as(signed, reader, **header))


@pytest.mark.parametrize("curve", ["X25519", "P-384", "x", 5, None, []], ids=str)
def test_a_key_on_another_curve_crashes_nobody(
    curve: object, sealed: str, opens: Callable[..., Message]
) -> None:
    first, *others = sealed.split(".")
    header = json.loads(_decoded(first))
    header["epk"]["crv"] = curve
    with pytest.raises(EnvelopeUnreadable):
        opens(".".join((_encoded(json.dumps(header).encode()), *others)))


def test_the_encryption_key_signs_nothing(
    sender: MessageKeys, reader: MessageKeys, opens: Callable[..., Message]
) -> None:
    swapped = MessageKeys({"sig": sender.private["enc"], "enc": sender.private["sig"]})
    for kid in (sender.encryption.kid, sender.signing.kid):
        signed = signed_by(swapped, header_of(sender, kid=kid), claims())
        with pytest.raises(EnvelopeNotSigned):
            opens(sealed_as(signed, reader))


def test_the_public_key_is_no_secret_to_sign_with(
    sender: MessageKeys, reader: MessageKeys, opens: Callable[..., Message]
) -> None:
    first = _encoded(json.dumps(header_of(sender, alg="HS256")).encode())
    second = _encoded(json.dumps(claims()).encode())
    public = sender.signing.as_pem(private=False)
    signature = hmac.new(public, f"{first}.{second}".encode(), hashlib.sha256).digest()
    for forged in (f"{first}.{second}.{_encoded(signature)}", f"{first}.{second}."):
        with pytest.raises(EnvelopeNotSigned):
            opens(sealed_as(forged, reader))


@pytest.mark.parametrize("attached", ["[]", "1", '{"a":1,"a":2}', '{"a":1.5}', "", "\ud800"], ids=repr)
def test_what_is_attached_is_one_object_read_in_one_way(
    attached: str, sender: MessageKeys, reader: MessageKeys, opens: Callable[..., Message]
) -> None:
    digest = hashlib.sha256(attached.encode(errors="replace")).hexdigest()
    signed = signed_by(sender, header_of(sender), claims(attached=digest))
    with pytest.raises(EnvelopeMalformed):
        opens(sealed_as(signed, reader, attached=attached))


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
