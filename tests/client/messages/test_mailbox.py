# SPDX-License-Identifier: Apache-2.0
"""An envelope counts once: when the work with it is done, in whichever process."""

from __future__ import annotations

from pathlib import Path

import pytest

from sceau.messages.disclosure import ReceivedDisclosure
from sceau.messages.errors import EnvelopeOfAnotherKind, MessageKindUnknown
from sceau.messages.stored import StoredMessage
from sceau.roles.errors import MailboxMissing
from sceau.roles.payer import Payer
from sceau.store import Kind, LocalStore
from sceau.store.errors import EnvelopeReplayed
from tests.support.life import Life
from tests.support.mailboxes import hostile_envelope
from tests.support.stage import Stage


class Interrupted(Exception):
    """Stands for whatever cuts the work with a message off."""


def shown(life: Life) -> str:
    return life.practice.disclosure_envelope(life.disclosure()).text


def payer(life: Life, store: LocalStore) -> Payer:
    mailbox = life.published.mailbox("payer", store)
    return Payer(life.chain.network, life.chain.signers["payer"], store=store, mailbox=mailbox)


def test_what_is_received_is_stored_and_counts_once(stage: Stage) -> None:
    life = stage.opened
    store = LocalStore(None)
    reader, envelope = payer(life, store), shown(life)
    received = reader.receive(envelope)
    assert isinstance(received, ReceivedDisclosure)
    assert received.claim == life.claim
    (stored,) = store.of_claim(Kind.MESSAGE, life.claim)
    again = reader.read(StoredMessage.from_json(stored))
    assert isinstance(again, ReceivedDisclosure)
    assert again.disclosure == received.disclosure
    for act in (reader.receive, reader.read):
        with pytest.raises(EnvelopeReplayed):
            act(envelope)


def test_work_that_fails_has_received_nothing(stage: Stage) -> None:
    life = stage.opened
    store = LocalStore(None)
    reader, envelope = payer(life, store), shown(life)
    with pytest.raises(Interrupted), reader.receiving(envelope):
        raise Interrupted
    assert store.of_claim(Kind.MESSAGE, life.claim) == []
    with reader.receiving(envelope) as (received,):
        assert received.claim == life.claim
        assert store.of_claim(Kind.MESSAGE, life.claim) == []
    assert len(store.of_claim(Kind.MESSAGE, life.claim)) == 1


def test_reading_counts_nothing(stage: Stage) -> None:
    life = stage.opened
    reader, envelope = payer(life, LocalStore(None)), shown(life)
    for _ in range(2):
        reader.read(envelope)
    reader.receive(envelope)


def test_of_two_processes_with_one_envelope_the_second_to_end_is_refused(
    stage: Stage, tmp_path: Path
) -> None:
    life = stage.opened
    first, second = (payer(life, LocalStore(tmp_path)) for _ in range(2))
    envelope = shown(life)
    with pytest.raises(EnvelopeReplayed), second.receiving(envelope), first.receiving(envelope):
        pass


def test_of_several_envelopes_all_count_or_none(stage: Stage) -> None:
    life = stage.opened
    store = LocalStore(None)
    reader, one, other = payer(life, store), shown(life), shown(life)
    with pytest.raises(EnvelopeReplayed), reader.receiving(one, other):
        reader.receive(other)
    assert len(store.of_claim(Kind.MESSAGE, life.claim)) == 1
    reader.receive(one)


def test_a_refused_envelope_is_not_counted(stage: Stage) -> None:
    life = stage.opened
    reader, envelope = payer(life, LocalStore(None)), shown(life)
    with pytest.raises(EnvelopeOfAnotherKind):
        reader.receive(envelope, kind="justification")
    reader.receive(envelope)


def test_a_kind_that_is_not_known_is_refused(stage: Stage) -> None:
    life = stage.opened
    envelope = hostile_envelope(life.mailboxes["practice"], "telegram", {}, recipient=life.payer.party)
    with pytest.raises(MessageKindUnknown):
        life.payer.receive(envelope)


def test_messages_need_a_mailbox(stage: Stage) -> None:
    bare = Payer(stage.chain.network, stage.chain.signers["payer"])
    with pytest.raises(MailboxMissing):
        bare.receive(shown(stage.opened))
