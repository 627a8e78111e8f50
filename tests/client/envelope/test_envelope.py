# SPDX-License-Identifier: Apache-2.0
"""Envelopes: what opens, and everything that does not."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from sceau.envelope.envelope import LIFETIME, Message, Place, open_envelope, read_signed, seal_envelope
from sceau.envelope.errors import (
    EnvelopeForeign,
    EnvelopeMalformed,
    EnvelopeNotSigned,
    EnvelopeOfAnotherKind,
    EnvelopeReplayed,
    EnvelopeStale,
    EnvelopeUnreadable,
)
from sceau.envelope.keys import MessageKeys, PublicKeys
from sceau.envelope.seen import SeenEnvelopes

HERE = Place(1337, "0x" + "ab" * 20)
NOW = 1_800_000_000
SENDER, READER = 1, 2
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
            "place": HERE,
            "reader": READER,
            "keys": reader,
            "published": {SENDER: sender.public, READER: reader.public}.__getitem__,
            "seen": SeenEnvelopes(None),
            "now": NOW + 60,
        }
        return open_envelope(envelope, **{**given, **changes})

    return open_it


def seal(own: MessageKeys, reader: MessageKeys, **changes: Any) -> str:
    given: dict[str, Any] = {
        "place": HERE,
        "sender": SENDER,
        "keys": own,
        "recipient": READER,
        "recipient_keys": reader.public,
        "now": NOW,
        "attached": SECRET,
    }
    return seal_envelope("order", BODY, **{**given, **changes})


def test_its_recipient_reads_body_and_attachment(sealed: str, opens: Callable[..., Message]) -> None:
    message = opens(sealed)
    assert (message.sender, message.recipient, message.kind) == (SENDER, READER, "order")
    assert (message.body, message.attached) == (BODY, SECRET)


def test_its_carrier_sees_neither_content_nor_sender(sealed: str) -> None:
    header = json.loads(_decoded(sealed.split(".")[0]))
    assert set(header) == {"alg", "enc", "kid", "typ", "cty", "epk"}
    assert (header["alg"], header["enc"]) == ("ECDH-ES", "A256GCM")
    assert b"sceau:1337" not in b"".join(_decoded(part) for part in sealed.split(".")[1:])


def test_it_counts_once(sealed: str, opens: Callable[..., Message]) -> None:
    seen = SeenEnvelopes(None)
    opens(sealed, seen=seen)
    with pytest.raises(EnvelopeReplayed):
        opens(sealed, seen=seen)


def test_it_counts_once_across_processes(sealed: str, opens: Callable[..., Message], tmp_path: Any) -> None:
    first, second = (SeenEnvelopes(tmp_path / "seen.db") for _ in range(2))
    opens(sealed, seen=first)
    with pytest.raises(EnvelopeReplayed):
        opens(sealed, seen=second)


def test_one_sealed_anew_has_another_identifier(
    sender: MessageKeys, reader: MessageKeys, opens: Callable[..., Message]
) -> None:
    seen = SeenEnvelopes(None)
    first, second = (opens(seal(sender, reader), seen=seen) for _ in range(2))
    assert first.id != second.id


def test_a_refused_envelope_is_not_entered_as_received(sealed: str, opens: Callable[..., Message]) -> None:
    seen = SeenEnvelopes(None)
    with pytest.raises(EnvelopeOfAnotherKind):
        opens(sealed, seen=seen, kind="disclosure")
    assert opens(sealed, seen=seen).kind == "order"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"reader": 3}, EnvelopeForeign),
        ({"place": Place(1338, HERE.parties)}, EnvelopeForeign),
        ({"place": Place(1337, "0x" + "cd" * 20)}, EnvelopeForeign),
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
        opens(sealed, published=lambda _: other)


def test_a_key_of_the_same_name_does_not_pass_for_the_senders(
    sealed: str, sender: MessageKeys, opens: Callable[..., Message]
) -> None:
    forged = MessageKeys.generate().public.jwks["keys"]
    names = [key["kid"] for key in sender.public.jwks["keys"]]
    renamed = {"keys": [{**key, "kid": name} for key, name in zip(forged, names, strict=True)]}
    with pytest.raises(EnvelopeNotSigned):
        opens(sealed, published=lambda _: PublicKeys.from_jwks(renamed, "forger"))


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
    shown = read_signed(signed, place=HERE, published=lambda _: sender.public)
    assert (shown.body, shown.attached) == (BODY, {})
    assert SECRET["key"].encode() not in _decoded(signed.split(".")[1])


def test_another_attachment_than_the_signed_one_is_refused(
    sealed: str, sender: MessageKeys, opens: Callable[..., Message]
) -> None:
    signed = opens(sealed).signed
    with pytest.raises(EnvelopeMalformed):
        read_signed(signed, place=HERE, published=lambda _: sender.public, attached='{"key":"0x33"}')


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256"])
def test_no_other_signature_algorithm_passes(
    algorithm: str, sealed: str, sender: MessageKeys, opens: Callable[..., Message]
) -> None:
    header, payload, signature = opens(sealed).signed.split(".")
    forged = {**json.loads(_decoded(header)), "alg": algorithm}
    text = base64.urlsafe_b64encode(json.dumps(forged).encode()).rstrip(b"=").decode()
    with pytest.raises(EnvelopeNotSigned):
        read_signed(f"{text}.{payload}.{signature}", place=HERE, published=lambda _: sender.public)


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
