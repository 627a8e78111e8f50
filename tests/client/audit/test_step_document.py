# SPDX-License-Identifier: Apache-2.0
"""What a document holds of a step is believed when it is sealed under the commitment on the chain, and only then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from sceau.audit.errors import HoldsNoRecord, OfNoStep
from sceau.audit.step_document import StepDocument
from sceau.claim.prepared import FORMAT as PREPARED_STEP
from sceau.claim.timeline import StepValues, read_timeline
from sceau.disclosure import FORMAT as DISCLOSURE
from sceau.disclosure.errors import DisclosureMalformed
from sceau.documents.errors import FileMalformed
from sceau.formats.optics.quote import load_quote
from sceau.messages.stored import FORMAT as MESSAGE
from sceau.record import SealedRecord
from sceau.record.errors import DisclosureRefused, RecordError
from sceau.record.sealed import FORMAT as RECORD
from sceau.store import Kind
from sceau.terms import Step
from tests.client.verify.cheats import edited
from tests.support.life import DATA, Life
from tests.support.stage import Stage
from tests.support.unsent import unsent


def values(life: Life, document: StepDocument | Mapping[str, Any]) -> StepValues:
    # Through its text, as it is read from a file.
    read = document if isinstance(document, StepDocument) else StepDocument.from_json(json.dumps(document))
    return read.values(read_timeline(life.chain.network, life.claim).history)


def test_a_prepared_step_gives_its_record_those_sealed_in_it_and_its_key(stage: Stage) -> None:
    life = stage.ordered
    order = life.steps["order"]
    document = StepDocument.from_json(json.dumps(order.to_json()))
    assert document.record is not None
    assert (document.record.root, document.order_key) == (order.record.root, order.order_key)
    found = values(life, document)
    assert (found.written.step, found.written.order_number) == (Step.ORDER, 1)
    assert found.records == (("lens-order/1", order.record.values),)


def test_a_claims_own_document_gives_the_prescription_too_that_its_record_seals(stage: Stage) -> None:
    practice = stage.opened.practice
    handle = practice.open_claim(
        "fr-optical-quote",
        load_quote(DATA / "quote.json"),
        payer=stage.opened.payer.party,
        prescription={"prescription.written": "2026-10-02", "left.sphere": "-2.00", "left.cylinder": "0.00"},
    )
    handle.wait(30)
    assert handle.step is not None
    document = StepDocument.from_json(json.dumps(handle.step.to_json()))
    found = document.values(practice.history(handle.claim))
    assert [profile for profile, _ in found.records] == ["fr-optical-quote/1", "optical-prescription/1"]
    assert found.records[1][1]["left.sphere"] == "-2.00"


def test_a_sealed_record_and_a_disclosure_give_what_they_hold(stage: Stage) -> None:
    life = stage.ordered
    opened = life.steps["open"].record
    whole = values(life, opened.to_json())
    assert whole.records == (("fr-optical-quote/1", opened.values),)
    disclosure = life.disclosure()
    part = values(life, disclosure.to_json())
    assert part.written == whole.written
    ((profile, shown),) = part.records
    assert profile == "fr-optical-quote/1"
    assert set(shown) == set(disclosure.paths)
    assert all(opened.values[path] == value for path, value in shown.items())


def test_a_stored_message_gives_the_record_or_the_disclosure_that_it_brought(stage: Stage) -> None:
    life = stage.ordered
    life.show(life.disclosure())
    (order,) = life.supplier.store.of_claim(Kind.MESSAGE, life.claim)
    document = StepDocument.from_json(json.dumps(order))
    assert document.order_key == life.key
    assert document.values(life.supplier.history(life.claim)).written.step is Step.ORDER
    (authorisation,) = life.practice.store.of_claim(Kind.MESSAGE, life.claim)
    assert values(life, authorisation).written.step is Step.AUTHORISE
    disclosure = life.payer.store.of_claim(Kind.MESSAGE, life.claim)[-1]
    assert values(life, disclosure).written.step is Step.OPEN


def test_a_message_without_a_record_holds_nothing(stage: Stage) -> None:
    life = stage.ordered
    life.answer()
    answer = life.practice.store.of_claim(Kind.MESSAGE, life.claim)[-1]
    with pytest.raises(HoldsNoRecord):
        values(life, answer)


def test_what_is_not_on_the_claim_is_of_no_step(stage: Stage) -> None:
    life, other = stage.ordered, stage.delivered
    for document in (other.steps["open"].to_json(), other.disclosure().to_json()):
        with pytest.raises(OfNoStep):
            values(life, document)
    waiting = unsent(life.practice.cancel, life.claim, reason="OTHER")
    with pytest.raises(OfNoStep):
        values(life, waiting.to_json())
    # A disclosure that names another claim than its root's.
    disclosure = life.disclosure()
    for claim in (other.claim, "0x" + "00" * 32, "0x" + "ff" * 32):
        moved = replace(disclosure, scope=replace(disclosure.scope, claim=claim))
        with pytest.raises(OfNoStep):
            values(life, moved.to_json())


def test_an_edited_disclosure_is_refused(stage: Stage) -> None:
    life = stage.ordered
    disclosure = life.disclosure()
    forged = replace(disclosure, multiproof=edited(disclosure.multiproof, "total.amc", "99999"))
    with pytest.raises(DisclosureRefused):
        values(life, forged.to_json())
    other_order = replace(disclosure, scope=replace(disclosure.scope, order_number=1))
    with pytest.raises(DisclosureRefused):
        values(life, other_order.to_json())


@pytest.mark.parametrize("length", [0, 1, 60, 300])
def test_a_truncated_document_is_refused_plainly(stage: Stage, length: int) -> None:
    for document in (stage.ordered.steps["order"].to_json(), stage.ordered.disclosure().to_json()):
        with pytest.raises((FileMalformed, RecordError, DisclosureMalformed)):
            StepDocument.from_json(json.dumps(document)[:length])


@pytest.mark.parametrize("place", [0, -1])
@pytest.mark.parametrize("known", [PREPARED_STEP, DISCLOSURE, MESSAGE, RECORD])
def test_a_document_of_a_format_beside_the_known_ones_is_none(known: str, place: int) -> None:
    """It is refused as a sealed record is that says another format."""
    for step in (-1, 1):
        letters = list(known)
        letters[place] = chr(ord(letters[place]) + step)
        for said in ("".join(letters), None, ""):
            with pytest.raises(FileMalformed) as refused:
                StepDocument.from_json({"format": said})
            with pytest.raises(FileMalformed) as expected:
                SealedRecord.from_json({"format": said})
            assert refused.value.message("en") == expected.value.message("en")


def test_its_text_shows_nothing(stage: Stage) -> None:
    life = stage.ordered
    document = StepDocument.of_step(life.steps["order"])
    shown = repr([document, values(life, document)])
    assert "VXB1" not in shown
    assert life.key.reveal() not in shown
