# SPDX-License-Identifier: Apache-2.0
"""The length of an envelope, and its header, tell its carrier the kind of the message, and nothing that it holds."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from sceau.claim.steps import STEPS
from sceau.conformity.groups import VERSIONS, group_paths, sealed_profile
from sceau.conformity.keys import GroupKey
from sceau.conformity.opening import GroupOpening
from sceau.disclosure import ConsentPart, Disclosure
from sceau.messages import (
    deletion,
    disclosure,
    evidence,
    information,
    justification,
    order,
    payment,
    ruling,
    step,
    told_mark,
)
from sceau.messages.disclosure import disclosure_envelope
from sceau.messages.envelope import SIZES, Draft, PartyNamespace, encrypt_envelope, open_envelope
from sceau.messages.errors import EnvelopeTooLong, EnvelopeUnreadable
from sceau.messages.kinds import KINDS
from sceau.messages.order import ACCEPTED, order_envelope
from sceau.messages.postal import POSTAL_KINDS, RECEIPT, RESEND, resend_draft
from sceau.party.message_keys import MessageKeys
from sceau.record import Multiproof, Profile, Scope, Value, load_profile, seal
from sceau.record.canonical import FORMATS
from sceau.record.leaf import Leaf
from sceau.record.profile import Field
from sceau.roles.answering import MOST_PLEADED
from sceau.terms import Step
from tests.support.life import Life
from tests.support.stage import Stage

HERE = PartyNamespace(2**53, "0x" + "ab" * 20)
#: The largest party number.
LAST = 2**32 - 1
NOW = 1_800_000_000


def outside(envelope: str) -> tuple[int, int, dict[str, Any]]:
    """All that a carrier sees, but for what is random: both lengths, and the header without its one-time key."""
    header = json.loads(_decoded(envelope.split(".")[0]))
    one_time = header.pop("epk")
    assert {len(one_time[each]) for each in ("x", "y")} == {43}
    return len(envelope), len(envelope.split(".")[0]), header


def one_outside(envelopes: Iterable[str]) -> bool:
    seen = [outside(each) for each in envelopes]
    assert len(seen) > 1
    return all(each == seen[0] for each in seen)


def lenses(life: Life) -> Iterator[dict[str, Value]]:
    """Orders of lenses that differ in all that a prescription may have or lack."""
    whole = life.values("order")
    bare = {
        path: value
        for path, value in whole.items()
        if not any(part in path for part in ("prism", "addition", "supplement"))
    }
    yield whole
    yield bare
    for part in ("prism", "addition", "supplement"):
        yield {path: value for path, value in whole.items() if part not in path}
    for eye in ("right", "left"):
        yield {path: value for path, value in whole.items() if not path.startswith(eye)}
        yield {path: value for path, value in bare.items() if not path.startswith(eye)}
    many = {f"left.supplement.{n}.code": f"S{n}" + "X" * 33 for n in range(1, 9)}
    yield {**whole, **many, **{f"left.supplement.{n}.type": "COATING" for n in range(1, 9)}}
    yield {**whole, "order.reason": "ADAPTATION"}


def totalled(values: Mapping[str, Value]) -> dict[str, Value]:
    """A quote whose totals are those of its prices, all for the patient to pay."""
    own = {path: value for path, value in values.items() if not path.endswith((".amo", ".amc"))}
    own |= {path: value for path, value in values.items() if path == "payer.amc"}
    price = sum(int(value) for path, value in own.items() if path.endswith(".price") and path[:5] != "total")
    return {**own, "total.price": price, "total.amo": 0, "total.amc": 0, "total.patient": price}


def one_eye(quote: Mapping[str, Value]) -> dict[str, Value]:
    return totalled({path: value for path, value in quote.items() if not path.startswith("left")})


def many_services(quote: Mapping[str, Value]) -> dict[str, Value]:
    places = {
        f"service.{n}.{part}": value
        for n in range(1, 5)
        for part, value in (("code", "C" * 40), ("price", 10**6))
    }
    return totalled({**quote, **places})


def test_an_order_is_as_long_whatever_lenses_it_asks_for(stage: Stage) -> None:
    life = stage.ordered
    placed = life.steps["order"]
    orders = [replace(placed, record=seal(placed.record.scope, values)) for values in lenses(life)]
    mailbox = life.mailboxes["practice"]
    assert one_outside(order_envelope(mailbox, each, supplier=life.supplier.party) for each in orders)
    assert len({len(json.dumps(each.record.to_json())) for each in orders}) > 5, (
        "the records differ in length"
    )


def test_a_disclosure_is_as_long_whatever_it_shows_and_with_a_consent_or_none(stage: Stage) -> None:
    life = stage.opened
    mailbox = life.mailboxes["practice"]
    record, whole = life.steps["open"].record, life.values("open")
    shown: list[Disclosure] = [life.disclosure()]
    for paths in (["total.amc", "currency"], ["right.code"], ["right.code", "left.code", "quote.date"]):
        shown.append(life.practice.disclose(record, paths, payer=life.payer.party, clause="minimal"))
    for values in (one_eye(whole), many_services(whole)):
        other = seal(record.scope, values)
        shown.append(life.practice.disclose(other, payer=life.payer.party, clause="minimal"))
    shown += [stage.round.disclose(clause) for clause in ("minimal", "detailed")]
    assert {each.consent is None for each in shown} == {True, False}
    assert one_outside(disclosure_envelope(mailbox, each) for each in shown)


def test_a_decision_and_a_note_are_as_long(stage: Stage) -> None:
    life = stage.authorised
    authorised = life.steps["authorise"].record
    dated = {"decision.date": "2026-11-23"}
    records = [
        authorised,
        *(seal(authorised.scope, each) for each in (dated, {**dated, "decision.reason": "R" * 40})),
    ]
    mailbox = life.mailboxes["payer"]
    assert one_outside(
        mailbox.encrypt(
            step.KIND,
            {"claim": life.claim, "commitment": record.root},
            recipient=life.practice.party,
            attached={"opening": record.to_json()},
        )
        for record in records
    )


def test_a_supplier_that_accepts_and_one_that_refuses_write_as_much(stage: Stage) -> None:
    life = stage.ordered
    order_received = life._order()
    assert one_outside(
        life.supplier.answer(order_received, refuse_because=reason).text
        for reason in (None, "X", "NOT-OURS-AND-WAS-NEVER-ASKED-FOR-BY-US")
    )


def test_a_justification_is_as_long_whatever_it_says(stage: Stage) -> None:
    life = stage.delivered
    assert one_outside(
        life.practice.justify(life.claim, finding, reason, order_number=number).text
        for finding, reason, number in (
            ("delivery-differs", "X", 1),
            ("invoice-of-replaced-order", "R" * 40, 1),
            ("renewal-too-early", "R" * 7, 0),
        )
    )


# The largest of each kind fits its length.


def longest(field: Field) -> Value:
    """The longest value that a field of a profile takes, or one that is longer."""
    limits = field.limits.over(FORMATS[field.format].limits)
    if field.type == "bool":
        return False
    if field.type == "bytes32":
        return "0x" + "f" * 64
    if field.type != "string":
        return limits.maximum if limits.maximum is not None else 2**64
    if limits.values:
        return max(limits.values, key=len)
    if field.format in ("dioptre", "prism", "decimal"):
        return "-9999.99"
    assert limits.longest is not None
    # JSON writes a character beyond the first plane as twelve bytes, and its backslashes twice when it is attached.
    return ("\U0001f453" if field.format == "text" else "W") * limits.longest


def largest_opening(profile: Profile) -> dict[str, Any]:
    """The opening of a record in which every path has its longest value: no record of the profile is larger."""
    scope = largest_scope(profile)
    values = {
        path: (value if isinstance(value := longest(field), str | bool) else str(value))
        for path, field in profile.fields.items()
    }
    return {
        "format": "sceau-opening/1",
        "scope": scope.text(),
        "values": values,
        "seed": "0x" + "f" * 64,
        "root": "0x" + "f" * 64,
    }


def largest_scope(profile: Profile) -> Scope:
    about = ("0x" + "f" * 64, 255, "authorised") if profile.bound_to == "claim" else ()
    return Scope(profile.name, profile.version, 2**53, "0x" + "f" * 40, *about)


def largest_proof(profile: Profile) -> Multiproof:
    """Every path shown, and a hash for every other leaf: a proof with fewer leaves is shorter."""
    leaves = [
        Leaf("string", "sceau.record", largest_scope(profile).text(), b"\xff" * 32),
        *(Leaf(field.type, path, longest(field), b"\xff" * 32) for path, field in profile.fields.items()),
    ]
    hidden = profile.leaves - len(leaves)
    return Multiproof(tuple(leaves), (b"\xff" * 32,) * hidden, (False,) * profile.leaves)


def profiles() -> list[Profile]:
    names = {name for row in STEPS.values() for name in row.profiles}
    return [load_profile(name) for name in sorted(names)]


def largest_disclosure(life: Life, profile: Profile) -> Disclosure:
    made = life.disclosure()
    consent = ConsentPart("0x" + "f" * 64, "0x" + "f" * 40, largest_proof(load_profile("consent")))
    policy = replace(made.policy, id="p" * 80, version="v" * 80, clause="c" * 80)
    return replace(
        made,
        sender=LAST,
        recipient=LAST,
        scope=largest_scope(profile),
        multiproof=largest_proof(profile),
        policy=policy,
        purpose="P" * 80,
        consent=consent,
    )


def largest(life: Life) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """The largest body and attachment of each kind."""
    hashed, claim = "0x" + "f" * 64, "0x" + "f" * 64
    group_keys = dict.fromkeys(("act-codes", "lens-product", "correction", "quantity"), hashed)
    for row in STEPS.values():
        for name in row.profiles:
            opening = largest_opening(load_profile(name))
            body: dict[str, Any] = {"claim": claim, "commitment": hashed}
            yield step.KIND, body, {"opening": opening}
            if row.step is Step.SETTLE:
                amount = {"amount": 2**256 - 1, "day": "9999-12-31", "reference": "R" * 40}
                yield payment.KIND, {**body, **amount}, {"opening": opening}
            if row.places_order:
                body |= {"order": 255, "group_keys": group_keys}
                yield order.ORDER, body, {"opening": opening, "order_key": hashed}
    reason = {"claim": claim, "order": 255, "head": hashed, "reason": "R" * 40}
    yield order.ANSWER, {**reason, "commitment": hashed, "answer": ACCEPTED}, {}
    for finding in justification.JUSTIFIABLE:
        yield justification.KIND, {**reason, "finding": finding}, {}
    yield "act-code-key", {"claim": claim, "order": 255, "key": hashed}, {"key": hashed}
    for profile in profiles():
        yield disclosure.KIND, {"id": "f" * 32}, largest_disclosure(life, profile).to_json()
    yield ruling.KIND, {**reason, "finding": max(justification.JUSTIFIABLE, key=len), "fault": LAST}, {}
    yield told_mark.KIND, {**reason, "mark": max(told_mark.MARKS, key=len)}, {}
    request: dict[str, Any] = {"request": "f" * 32, "claim": claim}
    many = [{"order": 255, "group": "lens-product"}] * 64
    yield evidence.REQUEST, {**request, "groups": many, "deadline": 2**53}, {}
    yield evidence.RECEIPT, {**request, "asked": "f" * 64}, {}
    yield evidence.OPENING, *largest_opened(request)
    notice: dict[str, Any] = {"claim": claim, "notice": "f" * 32}
    causes = max((each.value for each in deletion.Cause), key=len)
    asked = {**notice, "cause": causes, "consent": hashed, "commitments": [hashed] * 64}
    yield deletion.NOTICE, asked, {}
    yield deletion.ANSWER, {**notice, "outcome": deletion.NOTHING_HELD, "reason": "R" * 40, "until": NOW}, {}
    paths = [f"{number:02d}" + "p" * 58 for number in range(information.MOST_PATHS)]
    named = {"policy": "p" * 80, "clause": "c" * 80, "reason": max(information.REASONS, key=len)}
    yield information.REQUEST, {**request, "step": "invoiced", "paths": paths, **named}, {}
    refused = {"paths": [{"path": path, "why": "W" * 40} for path in paths], "outcome": information.DECLINED}
    policy = {"id": "p" * 80, "version": "v" * 80, "clause": "c" * 80}
    yield information.ANSWER, {**request, **refused, "policy": policy}, {}
    yield RECEIPT, {"message": "A" * 64, "content": "f" * 64, "received_at": NOW}, {}
    yield RESEND, {"since": NOW}, {}


def largest_opened(request: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """All four groups of the largest record, with as many and as long orders or answers as are shown beside."""
    key = max(VERSIONS, key=lambda each: len(str(opened_groups(each))))
    openings = opened_groups(key)
    scope = replace(largest_scope(sealed_profile(key)), step="delivered")
    digests = {each["group"]: "f" * 64 for each in openings}
    body = {**request, "step": scope.step, "order": 255, "openings": digests}
    # What travels beside an answer is two characters at least.
    beside = ["W" * (KINDS[order.ANSWER].size - 2)] * MOST_PLEADED
    return body, {"scope": scope.text(), "openings": openings, "messages": beside}


def opened_groups(profile_key: str) -> list[dict[str, Any]]:
    """Every group of a record in which every path has its longest value, with all hashes that a proof can need."""
    profile = sealed_profile(profile_key)
    openings = []
    for group, paths in group_paths(profile_key).items():
        named = [profile.fields[path] for path in sorted(paths)]
        leaves = [
            Leaf("string", "sceau.record", largest_scope(profile).text(), b"\xff" * 32),
            *(Leaf(each.type, each.path, longest(each), b"\xff" * 32) for each in named),
        ]
        hashes = min(profile.leaves - len(leaves), len(leaves) * profile.leaves.bit_length())
        proof = Multiproof(tuple(leaves), (b"\xff" * 32,) * hashes, (False,) * (hashes + len(leaves)))
        openings.append(GroupOpening(GroupKey(group, b"\xff" * 32), proof).to_json())
    return openings


def test_the_largest_message_of_each_kind_fits_and_fills_no_smaller_length(stage: Stage) -> None:
    own, reader = MessageKeys.generate(), MessageKeys.generate()
    made: dict[str, int] = {}
    for kind, body, attached in largest(stage.opened):
        for size in SIZES:
            try:
                _encrypt(kind, body, attached, own, reader, size)
            except EnvelopeTooLong:
                continue
            made[kind] = max(made.get(kind, 0), size)
            break
        else:
            raise AssertionError(f"{kind} fits no length")
    assert made == {**{kind: row.size for kind, row in KINDS.items()}, **POSTAL_KINDS}


@pytest.mark.parametrize("size", SIZES)
def test_a_message_that_fills_its_length_opens_and_one_byte_more_is_refused(size: int) -> None:
    own, reader = MessageKeys.generate(), MessageKeys.generate()
    low, high = 0, size
    while low < high:
        middle = (low + high + 1) // 2
        try:
            _encrypt("order", {}, {"x": "y" * middle}, own, reader, size)
            low = middle
        except EnvelopeTooLong:
            high = middle - 1
    attached = {"x": "y" * low}
    envelope = _encrypt("order", {}, attached, own, reader, size)
    opened = open_envelope(
        envelope,
        kind="order",
        namespace=HERE,
        reader=LAST,
        keys=reader,
        published=lambda *_: own.public,
        now=NOW,
    )
    assert opened.attached == attached
    with pytest.raises(EnvelopeTooLong) as refused:
        _encrypt("order", {}, {"x": "y" * (low + 1)}, own, reader, size)
    assert refused.value.details == {"kind": "order", "limit": size}


def test_what_the_software_of_parties_says_of_messages_is_as_long(stage: Stage) -> None:
    """A receipt of a disclosure is as long as one of an order, and as a request to be sent all again."""
    assert set(POSTAL_KINDS) == {RECEIPT, RESEND}
    assert len(set(POSTAL_KINDS.values())) == 1
    assert set(POSTAL_KINDS.values()) <= set(SIZES)
    mailbox, other = stage.opened.mailboxes["practice"], stage.chain.party("payer")
    received = [{"message": "A" * length, "content": "0" * 64, "received_at": NOW} for length in (16, 64)]
    drafts = [Draft.of(RECEIPT, other, body) for body in received]
    drafts += [resend_draft(other, since) for since in (0, NOW)]
    assert one_outside(mailbox.encrypt_draft(each) for each in drafts)


def test_a_text_beyond_the_largest_length_is_not_decrypted() -> None:
    own, reader = MessageKeys.generate(), MessageKeys.generate()
    envelope = _encrypt("order", {}, {}, own, reader, SIZES[-1] + 3)
    with pytest.raises(EnvelopeUnreadable):
        open_envelope(
            envelope,
            kind="order",
            namespace=HERE,
            reader=LAST,
            keys=reader,
            published=lambda *_: own.public,
            now=NOW,
        )


def test_random_records_of_one_kind_make_envelopes_of_one_length(stage: Stage) -> None:
    """Whatever stands in a record, down to one digit."""
    life, rng = stage.opened, random.Random(5)
    record = life.steps["open"].record
    lengths = set()
    for _ in range(8):
        paths = rng.sample(sorted(life.disclosure().paths), rng.randint(1, 8))
        made = life.practice.disclose(record, paths, payer=life.payer.party, clause="minimal")
        lengths.add(len(disclosure_envelope(life.mailboxes["practice"], made)))
    assert len(lengths) == 1


def _encrypt(
    kind: str,
    body: Mapping[str, Any],
    attached: Mapping[str, Any],
    own: MessageKeys,
    reader: MessageKeys,
    size: int,
) -> str:
    return encrypt_envelope(
        kind,
        body,
        namespace=HERE,
        sender=LAST,
        keys=own,
        recipient=LAST,
        recipient_keys=reader.public,
        now=NOW,
        size=size,
        attached=attached,
    )


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
