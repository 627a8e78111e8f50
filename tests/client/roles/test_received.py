# SPDX-License-Identifier: Apache-2.0
"""A received message is named by its claim or its identifier, and nobody's message hides another's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sceau import ReceivedDisclosure
from sceau.errors import NotFoundError
from sceau.messages import disclosure, justification
from sceau.messages.disclosure import disclosure_envelope
from tests.support.life import Life
from tests.support.posting import connected
from tests.support.stage import Stage


@pytest.fixture
def life(stage: Stage, tmp_path: Path) -> Life:
    return connected(stage.opened, tmp_path / "exchange")


def test_the_newest_of_a_kind_is_found_by_its_claim_and_any_by_its_identifier(life: Life) -> None:
    shop, payer = life.practice, life.payer
    with pytest.raises(NotFoundError):
        payer.received(life.claim, disclosure.KIND)
    shop.show(life.claim, clause="minimal")
    shop.justify(life.claim, "renewal-too-early", "FIRST")
    shop.justify(life.claim, "renewal-too-early", "SECOND")
    shop.sync()
    payer.sync()
    for name in (life.claim, "0x" + life.claim[2:].upper()):
        word = payer.read(payer.received(name, justification.KIND))
        assert getattr(word, "reason", None) == "SECOND"
    assert isinstance(payer.read(payer.received(life.claim, disclosure.KIND)), ReceivedDisclosure)
    for listed in payer.inbox().listed():
        assert payer.message(payer.received(listed.key))[0].id == listed.message.id
    for name in ("0x" + "11" * 32, "1:AAAAAAAAAAAAAAAAAAAAAA"):
        with pytest.raises(NotFoundError):
            payer.received(name)


def test_a_disclosure_by_another_than_the_practice_hides_none_of_the_practice(life: Life) -> None:
    """The supplier gains if the payer judges what it shows of the claim instead."""
    shop, payer, maker = life.practice, life.payer, life.supplier
    true = shop.disclose(life.steps["open"].record, payer=payer.party, clause="minimal")
    payer.receive(shop.disclosure_envelope(true).text)
    false = replace(true, sender=maker.party)
    payer.receive(disclosure_envelope(maker.mailbox, false))
    found = payer.read(payer.received(life.claim, disclosure.KIND))
    assert isinstance(found, ReceivedDisclosure)
    assert found.disclosure.sender == shop.party
