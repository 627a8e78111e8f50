# SPDX-License-Identifier: Apache-2.0
"""What is shown must be what the very step sealed, and no damaged file is ever believed."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sceau import Disclosure, Outcome, Verdict
from sceau.errors import SceauError
from sceau.record import Multiproof
from sceau.record.errors import ValueNotCanonical
from tests.client.verify.cheats import edited, file_of
from tests.client.verify.invoices import opened_as
from tests.support.stage import Stage

ON_ONE_CHAIN = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def reasons(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.reasons}


def test_a_verdict_names_the_block_it_was_read_at_and_its_age_by_the_reader_s_clock(stage: Stage) -> None:
    head = stage.chain.network.node.head()
    made = stage.opened.disclosure()
    block = stage.opened.payer.verify(made, clock=lambda: head.timestamp + 42.9).block
    assert (block.number, block.hash, block.age) == (head.number, head.hash, 42)
    assert int(block.time.timestamp()) == head.timestamp
    # A reader's clock that is behind the chain's makes no negative age.
    assert stage.opened.payer.verify(made, clock=lambda: head.timestamp - 5).block.age == 0


def test_leaves_of_another_step_do_not_pad_a_disclosure(stage: Stage) -> None:
    life = stage.delivered
    life.invoice()
    quote, invoice = life.disclosure(), life.disclosure("invoice")
    # The invoice's leaves and root under the quote's name, and the other way round.
    for one, other in ((quote, invoice), (invoice, quote)):
        verdict = life.payer.verify(replace(one, multiproof=other.multiproof, root=other.root))
        assert "not-sealed" in reasons(verdict)
        assert verdict.values == {}


def test_leaves_of_the_same_step_of_another_claim_do_not_either(stage: Stage) -> None:
    one, other = stage.opened.disclosure(), stage.delivered.disclosure()
    verdict = stage.opened.payer.verify(replace(one, multiproof=other.multiproof, root=other.root))
    assert reasons(verdict) == {"not-sealed"}


def test_one_foreign_leaf_among_true_ones_spoils_all(stage: Stage) -> None:
    mine, foreign = stage.opened.disclosure().multiproof, stage.delivered.disclosure().multiproof
    swapped = tuple(
        next(leaf for leaf in foreign.leaves if leaf.path == own.path) if own.path == "total.amc" else own
        for own in mine.leaves
    )
    shown = Multiproof(swapped, mine.proof, mine.proof_flags)
    verdict = stage.opened.payer.verify(replace(stage.opened.disclosure(), multiproof=shown))
    assert reasons(verdict) == {"not-sealed"}
    assert verdict.values == {}


def test_the_root_named_in_the_file_counts_for_nothing(stage: Stage) -> None:
    """What counts is the commitment on the chain."""
    verdict = stage.opened.payer.verify(replace(stage.opened.disclosure(), root="0x" + "77" * 32))
    assert verdict.outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        ("total.amc", "99999", "proof"),
        ("total.amc", "034397", "canonical"),
        ("right.code", "vxb1", "code"),
        ("sceau.record", "sceau:1", "sceau:1;profile"),
        ("quote.date", "2026-02-30", "date"),
    ],
)
def test_an_edited_value_is_refused_and_not_told(stage: Stage, path: str, value: str, why: str) -> None:
    made = stage.opened.disclosure()
    try:
        shown = edited(made.multiproof, path, value)
    except SceauError:
        return  # the file itself cannot be read
    verdict = stage.opened.payer.verify(replace(made, multiproof=shown))
    assert reasons(verdict) == {"not-sealed"}
    assert value not in verdict.reasons[0].sentence.en or value == "sceau:1", why
    assert verdict.values == {}


@pytest.mark.parametrize(
    "code",
    ["2287890", "LPP2287890", "22.878.90", "2-287-890", "2287890*1", "228789O", "2Z87B90", "0002287890"],
)
def test_an_individual_code_that_was_truly_sealed_is_refused_and_not_kept(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """Another software seals and shows it: the profile refuses it at its author, the payer's check at the payer."""
    life = stage.opened
    values = {**life.steps["open"].record.values, "right.code": code}
    with pytest.raises(ValueNotCanonical):
        opened_as(life, "fr-optical-quote", values, ("right.code",))
    with monkeypatch.context() as other:
        other.setattr("sceau.record.canonical.holds_individual_code", lambda _code: False)
        shown = opened_as(life, "fr-optical-quote", values, ("right.code", "total.amc"))
        assert life.payer.verify(shown).values["right.code"] == code
    verdict = life.payer.verify(shown)
    assert "not-sealed" in reasons(verdict)
    assert verdict.values == {}
    assert code not in json.dumps(verdict.to_json())


def test_an_invoice_of_the_same_numbers_that_was_never_written_is_not_the_one_on_the_chain(
    stage: Stage,
) -> None:
    """A second invoice of one authorisation, as it would be shown on paper."""
    life = stage.delivered
    life.invoice()
    life.steps["invoice"] = life.unsent_invoice(**{"invoice.number": "F20269999"})
    verdict = life.payer.verify(life.disclosure("invoice"))
    assert reasons(verdict) == {"not-sealed"}


@pytest.mark.parametrize("order", [0, 2, 255])
def test_a_step_about_another_order_is_none(stage: Stage, order: int) -> None:
    life = stage.delivered
    life.invoice()
    made = life.disclosure("invoice")
    verdict = life.payer.verify(replace(made, scope=replace(made.scope, order_number=order)))
    assert reasons(verdict) == {"step-not-on-chain"}


@pytest.mark.parametrize("step", ["settled", "no-such-step"])
def test_a_step_that_is_not_there_or_is_none_is_said(stage: Stage, step: str) -> None:
    made = stage.opened.disclosure()
    verdict = stage.opened.payer.verify(replace(made, scope=replace(made.scope, step=step)))
    assert reasons(verdict) == {"step-not-on-chain"}


def test_another_profile_than_the_sealed_one_is_refused(stage: Stage) -> None:
    made = stage.opened.disclosure()
    for scope in (
        replace(made.scope, profile="fr-optical-invoice"),
        replace(made.scope, version=2),
        replace(made.scope, profile="no-such-profile"),
    ):
        verdict = stage.opened.payer.verify(replace(made, scope=scope))
        assert "not-sealed" in reasons(verdict)
        assert verdict.values == {}


def test_another_contract_or_no_claim_at_all_is_foreign(stage: Stage) -> None:
    made = stage.opened.disclosure()
    for scope in (
        replace(made.scope, contract="0x" + "12" * 20),
        replace(made.scope, claim=None, order_number=None, step=None),
    ):
        assert reasons(stage.opened.payer.verify(replace(made, scope=scope))) == {"foreign-chain"}


@given(data=st.data())
@ON_ONE_CHAIN
def test_a_truncated_file_is_refused_plainly(stage: Stage, data: st.DataObject) -> None:
    text = file_of(stage.round.disclose())
    length = data.draw(st.integers(0, len(text) - 1))
    with pytest.raises(SceauError):
        Disclosure.from_json(text[:length])


# What a verdict cannot find edited: nothing rests on the first two, the others are held by the envelope's signature.
UNHELD = {("id",), ("record", "root"), ("made_at",), ("delete_by",)}


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The place of every value in a JSON file."""
    if isinstance(value, dict):
        return [path, *(place for key in value for place in places(value[key], (*path, key)))]
    if isinstance(value, list):
        return [path, *(place for n, item in enumerate(value) for place in places(item, (*path, n)))]
    return [path]


def changed(value: Any, dice: random.Random) -> Any:
    """Another value in its place."""
    if isinstance(value, str) and value:
        at = dice.randrange(len(value))
        return dice.choice(
            [value[:at] + dice.choice("0aZ-é") + value[at + 1 :], value[:at], value.upper(), ""]
        )
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return dice.choice([value + 1, -1, 0, 2**40, str(value)])
    if isinstance(value, list) and value:
        return dice.choice([value[:-1], value[::-1], [*value, value[0]], []])
    return dice.choice([None, 5, "x", [], {}])


@given(seed=st.integers(0, 2**32))
@ON_ONE_CHAIN
def test_an_edited_file_is_never_believed(stage: Stage, seed: int) -> None:
    dice = random.Random(seed)
    whole = json.loads(file_of(stage.round.disclose()))
    place = dice.choice([place for place in places(whole) if place and place not in UNHELD])
    holder = whole
    for key in place[:-1]:
        holder = holder[key]
    before = holder[place[-1]]
    after = changed(before, dice)
    if after == before or _same(before, after):
        return
    holder[place[-1]] = after
    try:
        verdict = stage.round.payer.verify(Disclosure.from_json(json.dumps(whole)))
    except SceauError:
        return
    assert verdict.outcome is Outcome.REFUSED, (place, before, after)


def _same(before: Any, after: Any) -> bool:
    """An address or a hash in capitals is the same one."""
    return isinstance(before, str) and isinstance(after, str) and before.lower() == after.lower()
