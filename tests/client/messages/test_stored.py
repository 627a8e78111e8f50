# SPDX-License-Identifier: Apache-2.0
"""A message kept on disk is what its sender signed, or nothing."""

from __future__ import annotations

import json

import pytest

from sceau.documents.errors import FileMalformed
from sceau.messages.errors import EnvelopeForeign, EnvelopeNotSigned, EnvelopeOfAnotherKind
from sceau.messages.mailbox import Mailbox
from sceau.messages.order import ORDER, order_of
from sceau.messages.stored import StoredMessage
from tests.support.deployed import Deployed
from tests.support.mailboxes import hostile_envelope, mailboxes


@pytest.fixture
def both(chain: Deployed) -> dict[str, Mailbox]:
    return mailboxes(chain, "practice", "supplier", "payer")


@pytest.fixture
def kept(both: dict[str, Mailbox]) -> StoredMessage:
    sealed = hostile_envelope(both["practice"], "note", {"a": 1}, recipient=2, attached={"secret": "é"})
    text = json.dumps(StoredMessage.of(both["supplier"].open(sealed)).to_json())
    return StoredMessage.from_json(text)


def test_a_kept_message_is_read_as_often_as_wanted(both: dict[str, Mailbox], kept: StoredMessage) -> None:
    post = both["supplier"]
    for _ in range(2):
        message = kept.read(post.network, post.directory, reader=2, kind="note")
        assert (message.sender, message.body, message.attached) == (1, {"a": 1}, {"secret": "é"})


def test_it_is_for_its_reader_and_of_its_kind(both: dict[str, Mailbox], kept: StoredMessage) -> None:
    post = both["supplier"]
    with pytest.raises(EnvelopeForeign):
        kept.read(post.network, post.directory, reader=3, kind="note")
    with pytest.raises(EnvelopeOfAnotherKind):
        kept.read(post.network, post.directory, reader=2, kind=ORDER)


def test_an_edited_one_is_none(both: dict[str, Mailbox], kept: StoredMessage) -> None:
    post = both["supplier"]
    edited = StoredMessage(kept.signed, kept.attached.replace("secret", "Secret"))
    with pytest.raises(FileMalformed):
        edited.read(post.network, post.directory, reader=2, kind="note")
    header, payload, signature = kept.signed.split(".")
    forged = StoredMessage(".".join((header, payload, signature[:-6] + "AAAAAA")), kept.attached)
    with pytest.raises(EnvelopeNotSigned):
        forged.read(post.network, post.directory, reader=2, kind="note")


@pytest.mark.parametrize(
    "change",
    [{"format": "sceau-message/2"}, {"signed": "no"}, {"signed": 1}, {"attached": {}}, {"more": 1}],
)
def test_another_file_is_refused(kept: StoredMessage, change: dict[str, object]) -> None:
    with pytest.raises(FileMalformed):
        StoredMessage.from_json({**kept.to_json(), **change})


def test_no_secret_is_in_its_repr(kept: StoredMessage) -> None:
    assert "secret" not in repr(kept)


def test_an_order_is_read_again_from_what_was_kept(chain: Deployed) -> None:
    from tests.support.life import Life

    life = Life(chain)
    life.authorise()
    life.order()
    assert life.received is not None
    signed = life.signed["order"]
    attached = json.dumps(
        {"opening": life.steps["order"].record.to_json(), "order_key": life.key.reveal()},
        separators=(",", ":"),
    )
    post = life.mailboxes["supplier"]
    message = StoredMessage(signed, attached).read(post.network, post.directory, reader=2, kind=ORDER)
    assert order_of(post.network, message).key == life.key
