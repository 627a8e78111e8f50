# SPDX-License-Identifier: Apache-2.0
"""A payer asks to be shown more; policy and consent refuse before a person sees it, and a person grants the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sceau import Payer, Practice
from sceau.chain.registries.errors import NoSuchClaim
from sceau.disclosure import PolicyReference
from sceau.disclosure.errors import ConsentNotInForce
from sceau.errors import SceauError
from sceau.messages import information
from sceau.messages.disclosure import ReceivedDisclosure
from sceau.messages.errors import (
    AnswerToNoRequest,
    AskedPaths,
    MessageMalformed,
    NotTheReader,
    ReasonNotListed,
    RequestAnswered,
    RequestNumberUsed,
    SenderNotNamed,
)
from sceau.messages.information import (
    DECLINED,
    GRANTED,
    REFUSED,
    InformationAnswer,
    InformationRequest,
    answer_envelope,
)
from sceau.messages.stored import StoredMessage
from sceau.messages.summary import summary
from sceau.record.errors import PathNotInRecord, PathUnknown, ValueNotCanonical
from sceau.roles.acting import ActingParty
from sceau.roles.errors import NotAsked
from sceau.roles.handle import Envelope
from sceau.roles.tasks import Task
from sceau.store import Kind
from sceau.store.erasing import Copies
from sceau.terms import Step
from tests.client.roles.test_erasing import about
from tests.client.roles.test_intending import Shop, queued
from tests.support.mailboxes import hostile_envelope, open_message
from tests.support.posting import with_exchange
from tests.support.round import Round
from tests.support.stage import Stage

POLICY = "fr-responsible-contract"
DETAILED = PolicyReference(POLICY, "2024-11-30", "detailed")
#: Of the opening of a claim under a consent: shown under the clause, by no clause, of no record.
ALLOWED, HIDDEN, UNKNOWN = ("right.price", "left.price"), "prescription.written", "right.sphere"
#: A place of a list that this quote does not use.
ABSENT = "service.3.price"


@dataclass
class Desks:
    """A practice and a payer of one claim, with their mailboxes."""

    stage: Stage
    round: Round
    practice: Practice
    payer: Payer

    @classmethod
    def of(cls, stage: Stage, round_: Round | None = None) -> Desks:
        round_ = round_ or stage.round
        network, signers, published = stage.chain.network, stage.chain.signers, stage.opened.published
        stores = {"practice": round_.practice.store, "payer": round_.payer.store}
        boxes = {name: published.mailbox(name, store) for name, store in stores.items()}
        practice = Practice(network, signers["practice"], store=stores["practice"], mailbox=boxes["practice"])
        payer = Payer(network, signers["payer"], store=stores["payer"], mailbox=boxes["payer"])
        practice.store.put(
            Kind.SIGNED_CONSENT, round_.signed.consent, round_.signed.to_json(), claim=round_.signed.consent
        )
        practice.store.put(Kind.CONSENT_REQUEST, round_.request.commitment, round_.request.to_json())
        return cls(stage, round_, practice, payer)

    @property
    def claim(self) -> str:
        return self.round.claim

    def asks(self, *paths: str, clause: str = "detailed") -> InformationRequest:
        """A request that the practice received."""
        made = self.payer.request_information(self.claim, paths, clause=clause, reason="AMOUNTS")
        assert made.recipient == self.practice.party
        return received(self.practice, made)

    def hostile(self, *paths: str, by: str = "payer", to: str = "practice", **changes: object) -> str:
        """A request as a program of somebody's own makes it."""
        body = {
            "request": "ab" * 16,
            "claim": self.claim,
            "step": "opened",
            "paths": sorted(paths) or [ALLOWED[0]],
            "policy": POLICY,
            "clause": "detailed",
            "reason": "AMOUNTS",
            **changes,
        }
        box = self.stage.opened.published.mailbox(by)
        return hostile_envelope(box, information.REQUEST, body, recipient=self.stage.chain.party(to))

    def refuses(self, request: InformationRequest) -> InformationAnswer:
        """What the practice's client refuses by itself, as the payer receives it."""
        made = self.practice.check_information(request)
        assert made is not None
        return answer(self.payer, made)

    def tells_nobody(self, request: InformationRequest) -> None:
        assert self.practice.check_information(request) is None


@pytest.fixture
def desks(stage: Stage) -> Desks:
    return Desks.of(stage)


def received(role: ActingParty, made: Envelope | str) -> InformationRequest:
    found = role.receive(made if isinstance(made, str) else made.text)
    assert isinstance(found, InformationRequest)
    return found


def answer(role: ActingParty, made: Envelope) -> InformationAnswer:
    found = role.receive(made.text)
    assert isinstance(found, InformationAnswer)
    return found


def outcomes(role: ActingParty) -> list[dict[str, dict[str, str]]]:
    """The answers to each request in a party's store: why, by path and outcome."""
    return [{each.outcome: dict(each.why) for each in asked.answers} for asked in role.information_requests()]


def all_raise(error: type[SceauError], *acts: Callable[[], object]) -> None:
    for act in acts:
        with pytest.raises(error):
            act()


# What the practice's client refuses by itself


def test_a_hidden_path_is_refused_before_anybody_sees_the_request(desks: Desks) -> None:
    request = desks.asks(HIDDEN)
    refused = desks.refuses(request)
    assert (refused.outcome, dict(refused.why)) == (REFUSED, {HIDDEN: "path-not-allowed"})
    assert refused.policy == DETAILED
    assert (refused.request, refused.claim, refused.practice) == (
        request.id,
        desks.claim,
        desks.practice.party,
    )
    desks.payer.information_answered(refused)
    assert summary(request) == {
        "claim": desks.claim,
        "request": request.id,
        "step": "opened",
        "paths": [HIDDEN],
        "policy": POLICY,
        "clause": "detailed",
        "reason": "AMOUNTS",
    }
    assert summary(refused) == {
        "claim": desks.claim,
        "request": request.id,
        "outcome": REFUSED,
        "why": {HIDDEN: "path-not-allowed"},
        "policy": DETAILED.to_json(),
        "content": refused.content,
    }
    # Both have it, with one hash, and the practice can show the policy by which it refused.
    kept = {role: role.information_requests()[0].answers for role in (desks.practice, desks.payer)}
    assert {each.content for answers in kept.values() for each in answers} == {refused.content}
    assert len(refused.content) == 64
    assert all(answers[0].policy == DETAILED for answers in kept.values())
    assert [each for each, _ in desks.practice.store.of_kind(Kind.POLICY)]
    # The payer stores what was signed.
    stored = StoredMessage.from_json(desks.payer.store.of_claim(Kind.MESSAGE, desks.claim)[-1])
    assert stored.signed == refused.signed
    all_raise(
        RequestAnswered,
        lambda: desks.practice.grant_information(request),
        lambda: desks.practice.decline_information(request, "OTHER"),
    )


def test_what_is_allowed_waits_for_a_person_beside_what_is_refused(desks: Desks) -> None:
    request = desks.asks(*ALLOWED, HIDDEN)
    assert dict(desks.refuses(request).why) == {HIDDEN: "path-not-allowed"}
    # However it came: somebody carried the envelope here.
    assert outcomes(desks.payer) == [{REFUSED: {HIDDEN: "path-not-allowed"}}]
    (asked,) = desks.practice.information_requests(desks.claim)
    assert asked.waiting == tuple(sorted(ALLOWED))
    made = desks.practice.grant_information(request)
    shown = desks.payer.receive(made.text)
    assert isinstance(shown, ReceivedDisclosure)
    assert set(shown.disclosure.paths) == set(ALLOWED)
    assert desks.payer.verify(shown).outcome.value == "accepted"
    assert outcomes(desks.practice) == [
        {REFUSED: {HIDDEN: "path-not-allowed"}, GRANTED: dict.fromkeys(sorted(ALLOWED), "")}
    ]


def test_a_path_that_the_profile_lacks_is_asked_for_by_no_client_and_refused_by_each(desks: Desks) -> None:
    with pytest.raises(PathUnknown):
        desks.payer.request_information(desks.claim, [UNKNOWN], clause="detailed", reason="AMOUNTS")
    assert desks.payer.information_requests() == []
    request = received(desks.practice, desks.hostile(UNKNOWN, "sceau.record", "service.99.price", ALLOWED[0]))
    made = desks.practice.check_information(request)
    assert made is not None
    refused = answer(desks.payer, made)
    assert dict(refused.why) == dict.fromkeys((UNKNOWN, "sceau.record", "service.99.price"), "path-unknown")


def test_a_consent_that_was_revoked_lets_nothing_be_asked(desks: Desks) -> None:
    desks.round.revoke()
    request = desks.asks(*ALLOWED)
    refused = desks.refuses(request)
    assert dict(refused.why) == dict.fromkeys(ALLOWED, "consent-not-in-force")
    assert refused.policy == DETAILED
    # A clause that needs none is another matter.
    desks.tells_nobody(desks.asks("total.price", clause="minimal"))


def test_a_consent_that_is_revoked_before_a_person_grants_lets_nothing_out(desks: Desks) -> None:
    request = desks.asks(*ALLOWED)
    desks.tells_nobody(request)
    desks.round.revoke()
    with pytest.raises(ConsentNotInForce):
        desks.practice.grant_information(request)
    assert [entry.kind for entry in desks.practice.register().entries] == []
    assert (
        answer(desks.payer, desks.practice.decline_information(request, "CONSENT-ENDED")).outcome == DECLINED
    )


def test_groups_that_the_consent_does_not_name_are_refused(stage: Stage) -> None:
    desks = Desks.of(stage, Round(stage.chain, groups=("AMOUNTS", "PEC")))
    request = desks.asks("total.price", "right.price", HIDDEN)
    assert dict(desks.refuses(request).why) == {
        "right.price": "consent-does-not-cover",
        HIDDEN: "path-not-allowed",
    }
    assert desks.practice.information_requests()[0].waiting == ("total.price",)


def test_a_claim_without_a_consent_shows_nothing_under_a_clause_that_needs_one(stage: Stage) -> None:
    life = stage.opened
    made = life.payer.request_information(life.claim, ["total.price"], clause="detailed", reason="CODES")
    request = received(life.practice, made)
    envelope = life.practice.check_information(request)
    assert envelope is not None
    assert dict(answer(life.payer, envelope).why) == {"total.price": "consent-needed"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"policy": "fr-another"}, "policy-unknown"),
        ({"clause": "everything"}, "policy-clause-unknown"),
        ({"step": "invoiced"}, "no-step-to-show"),
    ],
)
def test_what_cannot_be_judged_is_refused(desks: Desks, changes: dict[str, str], code: str) -> None:
    request = received(desks.practice, desks.hostile(**changes))
    refused = answer(desks.payer, desks.practice.check_information(request) or Envelope(0, ""))
    assert set(refused.why.values()) == {code}
    assert (refused.policy is None) == code.startswith("policy")


def test_whether_the_record_has_a_value_no_client_says_by_itself(desks: Desks) -> None:
    """That a place is empty may tell of a person: nobody learns it before somebody grants it."""
    for paths in ((ABSENT,), (ABSENT, *ALLOWED)):
        request = desks.asks(*paths)
        desks.tells_nobody(request)
        if len(paths) == 1:
            with pytest.raises(PathNotInRecord):
                desks.practice.grant_information(request)
            continue
        shown = desks.payer.receive(desks.practice.grant_information(request).text)
        assert isinstance(shown, ReceivedDisclosure)
        assert set(shown.disclosure.paths) == set(ALLOWED)


def test_an_invoice_is_asked_about_once_there_is_one(stage: Stage) -> None:
    life = stage.delivered
    life.invoice()
    made = life.payer.request_information(life.claim, ["invoice.date"], clause="minimal", reason="DUPLICATE")
    request = received(life.practice, made)
    assert request.step is Step.INVOICE
    assert life.practice.check_information(request) is None
    shown = life.payer.receive(life.practice.grant_information(request).text)
    assert isinstance(shown, ReceivedDisclosure)
    assert (shown.step, shown.disclosure.paths) == (Step.INVOICE, ("invoice.date",))
    asked = life.payer.request_information(
        life.claim, ["quote.date"], clause="minimal", reason="DUPLICATE", step=Step.OPEN
    )
    assert received(life.practice, asked).step is Step.OPEN


# Once


def test_a_request_is_answered_once(desks: Desks) -> None:
    request = desks.asks(*ALLOWED, HIDDEN)
    first, again = desks.refuses(request), desks.refuses(request)
    assert first.content == again.content
    declined = answer(desks.payer, desks.practice.decline_information(request, "not-needed"))
    assert (declined.outcome, declined.policy) == (DECLINED, None)
    assert dict(declined.why) == dict.fromkeys(ALLOWED, "NOT-NEEDED")
    all_raise(
        RequestAnswered,
        lambda: desks.practice.decline_information(request, "OTHER"),
        lambda: desks.practice.grant_information(request),
    )
    # The payer enters each once, in any order, and the same again changes nothing.
    for each in (declined, first, declined, again):
        desks.payer.information_answered(each)
    assert outcomes(desks.payer) == [{DECLINED: dict(declined.why), REFUSED: dict(first.why)}]
    (asked,) = desks.payer.information_requests(desks.claim)
    assert asked.waiting == ()
    # A second word on what was answered counts for nothing.
    text = answer_envelope(desks.practice.mailbox, request, REFUSED, {ALLOWED[0]: "path-not-allowed"})
    second = answer(desks.payer, Envelope(desks.payer.party, text))
    with pytest.raises(RequestAnswered):
        desks.payer.information_answered(second)


def test_the_same_number_for_something_else_is_answered_by_nothing(desks: Desks) -> None:
    first = received(desks.practice, desks.hostile(ALLOWED[0]))
    desks.tells_nobody(first)
    other = received(desks.practice, desks.hostile(HIDDEN))
    all_raise(
        RequestNumberUsed,
        lambda: desks.practice.check_information(other),
        lambda: desks.practice.grant_information(other),
        lambda: desks.practice.decline_information(other, "OTHER"),
    )
    # Another payer's number is its own.
    assert desks.practice.information_requests()[0].waiting == (ALLOWED[0],)


@pytest.mark.parametrize("reason", ["", "she went blind", "X" * 41], ids=repr)
def test_a_person_declines_by_a_code(desks: Desks, reason: str) -> None:
    request = desks.asks(*ALLOWED)
    with pytest.raises(ValueNotCanonical) as refused:
        desks.practice.decline_information(request, reason)
    assert "blind" not in str(refused.value)
    assert answer(desks.payer, desks.practice.decline_information(request, "other")).outcome == DECLINED


def test_what_was_never_checked_is_checked_first(desks: Desks) -> None:
    """A program that goes straight to a person's word lets nothing out that the policy hides."""
    request = desks.asks(HIDDEN, ALLOWED[0])
    shown = desks.payer.receive(desks.practice.grant_information(request).text)
    assert isinstance(shown, ReceivedDisclosure)
    assert shown.disclosure.paths == (ALLOWED[0],)
    assert dict(desks.refuses(request).why) == {HIDDEN: "path-not-allowed"}


# Who may ask, and who may answer


def test_only_the_claims_payer_asks(desks: Desks) -> None:
    for by in ("other_payer", "supplier", "auditor", "other_practice"):
        with pytest.raises(SenderNotNamed) as refused:
            desks.practice.read(desks.hostile(by=by))
        assert refused.value.details["sender"] == desks.stage.chain.party(by)
        assert str(desks.payer.party) in str(refused.value)
    assert desks.practice.information_requests() == []
    network, chain = desks.stage.chain.network, desks.stage.chain
    box = desks.stage.opened.published.mailbox("other_payer")
    other = Payer(network, chain.signers["other_payer"], store=box.store, mailbox=box)
    with pytest.raises(SenderNotNamed):
        other.request_information(desks.claim, ALLOWED, clause="detailed", reason="AMOUNTS")
    assert other.information_requests() == []


def test_a_practice_is_asked_about_its_own_claims_alone(desks: Desks) -> None:
    stranger = desks.stage.opened.published.mailbox("other_practice")
    with pytest.raises(NotTheReader):
        open_message(stranger, desks.hostile(to="other_practice"))
    with pytest.raises(NoSuchClaim):
        desks.practice.read(desks.hostile(claim="0x" + "77" * 32))
    other = Practice(
        desks.stage.chain.network,
        desks.stage.chain.signers["other_practice"],
        store=stranger.store,
        mailbox=stranger,
    )
    request = desks.asks(*ALLOWED)
    all_raise(
        NotAsked,
        lambda: other.check_information(request),
        lambda: other.grant_information(request),
        lambda: other.decline_information(request, "OTHER"),
    )


def test_a_practice_answers_for_its_own_claims_alone(desks: Desks) -> None:
    request = desks.asks(*ALLOWED)
    said = {
        "request": request.id,
        "claim": desks.claim,
        "outcome": REFUSED,
        "paths": [{"path": path, "why": "path-not-allowed"} for path in sorted(ALLOWED)],
        "policy": None,
    }
    for by in ("other_practice", "supplier", "auditor"):
        box = desks.stage.opened.published.mailbox(by)
        text = hostile_envelope(box, information.ANSWER, said, recipient=desks.payer.party)
        with pytest.raises(SenderNotNamed):
            desks.payer.read(text)
    assert outcomes(desks.payer) == [{}]


def test_an_answer_to_no_request_is_entered_nowhere(desks: Desks) -> None:
    request = desks.asks(*ALLOWED)

    def said(asked: InformationRequest, *paths: str) -> InformationAnswer:
        text = answer_envelope(
            desks.practice.mailbox, asked, REFUSED, dict.fromkeys(paths, "path-not-allowed")
        )
        texts.append(text)
        read = desks.payer.read(text)
        assert isinstance(read, InformationAnswer)
        return read

    texts: list[str] = []
    never = said(replace(request, id="cd" * 16), *ALLOWED)
    elsewhere = replace(said(request, ALLOWED[0]), claim=desks.stage.opened.claim)
    beside = said(request, ALLOWED[0], HIDDEN)
    by_another = replace(said(request, ALLOWED[1]), practice=desks.stage.chain.party("other_practice"))
    for each in (never, elsewhere, beside, by_another):
        with pytest.raises(AnswerToNoRequest):
            desks.payer.information_answered(each)
    assert outcomes(desks.payer) == [{}]
    # Received all the same, they count for nothing.
    for text in (texts[0], texts[2]):
        desks.payer.receive(text)
    assert outcomes(desks.payer) == [{}]


# What is malformed


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("request", None),
        ("request", "AB" * 16),
        ("claim", "0x11"),
        ("claim", 5),
        ("step", "ordered"),
        ("step", "settled"),
        ("step", 1),
        ("paths", []),
        ("paths", "right.price"),
        ("paths", ["right.price", "right.price"]),
        ("paths", ["right.price", "left.price"]),
        ("paths", ["Mrs Martin"]),
        ("paths", ["a" * 61]),
        ("paths", [5]),
        ("paths", [f"service.{number:02d}.price" for number in range(33)]),
        ("policy", "fr-responsible-contract/2024-11-30"),
        ("policy", None),
        ("clause", ""),
        ("clause", "x" * 81),
        ("reason", "because"),
        ("reason", None),
        ("reason", []),
    ],
)
def test_a_bent_request_is_refused_by_its_part(desks: Desks, part: str, value: object) -> None:
    with pytest.raises(MessageMalformed) as refused:
        desks.practice.read(desks.hostile(**{part: value}))  # type: ignore[arg-type]
    assert refused.value.details["part"] == part


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("request", 5),
        ("claim", None),
        ("outcome", "granted"),
        ("outcome", None),
        ("paths", []),
        ("paths", None),
        ("paths", ["right.price"]),
        ("paths", [{"path": "right.price"}]),
        ("paths", [{"path": "right.price", "why": "she went blind"}]),
        ("paths", [{"path": "right.price", "why": "X" * 41}]),
        ("paths", [{"path": "right.price", "why": 5}]),
        ("paths", [{"path": "right.price", "why": "a"}, {"path": "right.price", "why": "b"}]),
        ("policy", "fr"),
        ("policy", {"id": "a", "version": "b"}),
        ("policy", {"id": "a", "version": "b", "clause": "she went blind"}),
    ],
)
def test_a_bent_answer_is_refused_by_its_part(desks: Desks, part: str, value: object) -> None:
    body = {
        "request": "ab" * 16,
        "claim": desks.claim,
        "outcome": REFUSED,
        "paths": [{"path": "right.price", "why": "path-not-allowed"}],
        "policy": DETAILED.to_json(),
    }
    text = hostile_envelope(
        desks.practice.mailbox, information.ANSWER, {**body, part: value}, recipient=desks.payer.party
    )
    with pytest.raises(MessageMalformed) as refused:
        desks.payer.read(text)
    assert refused.value.details["part"] == part


def test_a_payer_asks_for_some_paths_with_a_reason_of_the_list(desks: Desks) -> None:
    def asks(paths: Iterable[str], reason: str = "AMOUNTS") -> None:
        desks.payer.request_information(desks.claim, paths, clause="detailed", reason=reason)

    with pytest.raises(AskedPaths):
        asks([])
    every = [path for path in desks.round.record.profile.fields if path != HIDDEN]
    assert len(every) > information.MOST_PATHS
    with pytest.raises(AskedPaths):
        asks(every[: information.MOST_PATHS + 1])
    asks(every[: information.MOST_PATHS])
    for reason in ("", "she went blind", "amounts"):
        with pytest.raises(ReasonNotListed) as refused:
            asks(ALLOWED, reason)
        assert "blind" not in str(refused.value)
    assert len(desks.payer.information_requests()) == 1


# By themselves, over an exchange


@pytest.fixture
def posted(desks: Desks, tmp_path: Path) -> Desks:
    (tmp_path / "exchange").mkdir()
    for role in (desks.practice, desks.payer):
        with_exchange(role, tmp_path / "exchange")
    return desks


def synced(*roles: ActingParty) -> None:
    for role in roles:
        assert role.sync().problems == ()


def listed(role: ActingParty) -> list[tuple[str, Task | None]]:
    return [(each.message.kind, each.task) for each in role.inbox().listed()]


def test_sync_refuses_by_itself_and_nobody_sees_what_may_not_be_asked(posted: Desks) -> None:
    practice, payer = posted.practice, posted.payer
    payer.request_information(posted.claim, [HIDDEN], clause="detailed", reason="SAMPLE")
    synced(payer, practice)
    assert listed(practice) == []
    assert outcomes(practice) == [{REFUSED: {HIDDEN: "path-not-allowed"}}]
    synced(practice, payer)
    assert outcomes(payer) == outcomes(practice)
    # The payer sees it, until a person there has.
    synced(payer)
    assert listed(payer) == [(information.ANSWER, None)]
    # Both sides can show it: the payer what was signed, the practice that the payer received it.
    content = practice.information_requests()[0].answers[0].content
    synced(practice)
    (sent,) = [
        each
        for _, each in practice.store.of_kind(Kind.OUTGOING)
        if each["draft"]["kind"] == information.ANSWER
    ]
    assert sent["contents"] == [content]
    assert sent["receipt"] is not None
    assert payer.information_requests()[0].answers[0].content == content
    # Nothing is answered again.
    for _ in range(2):
        synced(practice, payer)
    assert len(practice.information_requests()) == len(payer.information_requests()) == 1


def test_sync_leaves_to_a_person_what_may_be_shown(posted: Desks) -> None:
    practice, payer = posted.practice, posted.payer
    payer.request_information(posted.claim, [HIDDEN, *ALLOWED], clause="detailed", reason="SAMPLE")
    synced(payer)
    for _ in range(2):
        synced(practice)
        assert listed(practice) == [(information.REQUEST, Task.GRANT)]
    ((_, _, request, _),) = practice.inbox().listed()
    assert isinstance(request, InformationRequest)
    practice.grant_information(request)
    assert listed(practice) == []
    synced(practice, payer)
    kinds = [kind for kind, _ in listed(payer)]
    assert sorted(kinds) == ["disclosure", information.ANSWER]
    assert outcomes(payer) == [{REFUSED: {HIDDEN: "path-not-allowed"}}]


def test_what_is_granted_without_a_node_is_granted_once_and_shown_later(stage: Stage, tmp_path: Path) -> None:
    shop = Shop(stage, tmp_path / "exchange")
    life, payer = shop.life, shop.payer
    payer.request_information(life.claim, ["total.price"], clause="minimal", reason="AMOUNTS")
    synced(payer, shop.on_line)
    ((_, _, request, _),) = shop.on_line.inbox().listed()
    assert isinstance(request, InformationRequest)
    queued(lambda: shop.off_line.grant_information(request))
    with pytest.raises(RequestAnswered):
        shop.off_line.grant_information(request)
    assert listed(shop.on_line) == []
    assert shop.on_line.sync(60).problems == ()
    (shown,) = shop.received()
    assert shown.disclosure.paths == ("total.price",)


def test_a_repeated_request_is_received_once(posted: Desks, tmp_path: Path) -> None:
    """The same number in another message: nobody is asked twice, and nothing is answered twice."""
    practice, payer = posted.practice, posted.payer
    payer.request_information(posted.claim, [HIDDEN, *ALLOWED], clause="detailed", reason="SAMPLE")
    synced(payer, practice)
    ((_, _, request, _),) = practice.inbox().listed()
    assert isinstance(request, InformationRequest)
    folder = tmp_path / "exchange" / f"{payer.party}-to-{practice.party}"
    for number, changes in enumerate(({}, {"reason": "AMOUNTS"})):
        text = posted.hostile(*request.paths, **{"request": request.id, "reason": request.reason, **changes})
        (folder / f"{number:032x}").write_text(text, encoding="ascii")
        assert practice.sync().received == 1
        assert listed(practice) == [(information.REQUEST, Task.GRANT)]
    assert len(practice.information_requests()) == 1
    answers = [
        each
        for _, each in practice.store.of_kind(Kind.OUTGOING)
        if each["draft"]["kind"] == information.ANSWER
    ]
    assert len(answers) == 1


def test_sync_enters_no_answer_that_nobody_asked_for(posted: Desks) -> None:
    practice, payer = posted.practice, posted.payer
    request = posted.asks(*ALLOWED)
    # To no request, and to one on what it did not ask.
    for asked, path in ((replace(request, id="cd" * 16), ALLOWED[0]), (request, HIDDEN)):
        text = answer_envelope(practice.mailbox, asked, REFUSED, {path: "path-not-allowed"})
        practice._posted(Envelope(payer.party, text))
    synced(practice, payer)
    assert listed(payer) == []
    assert outcomes(payer) == [{}]


def test_what_is_refused_and_that_it_was_are_one_change(
    posted: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before its answer is queued, a request counts as not answered."""
    request = posted.asks(HIDDEN)

    def killed(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("sceau.roles.corresponding.queue", killed)
        with pytest.raises(KeyboardInterrupt):
            posted.practice.check_information(request)
        with pytest.raises(KeyboardInterrupt):
            posted.payer.request_information(posted.claim, ALLOWED, clause="detailed", reason="AMOUNTS")
    assert posted.practice.information_requests() == []
    assert len(posted.payer.information_requests()) == 1
    assert posted.practice.check_information(request) is not None


def test_it_is_erased_with_its_claim_and_told_to_who_asks_what_is_held(posted: Desks, tmp_path: Path) -> None:
    practice, payer = posted.practice, posted.payer
    payer.request_information(posted.claim, [HIDDEN, *ALLOWED], clause="detailed", reason="SAMPLE")
    synced(payer, practice, practice, payer)
    for role in (practice, payer):
        held = role.held(claims=[posted.claim]).to_json()
        assert "information" in str(held)
        assert "path-not-allowed" in str(held)
        assert "information" in about(role, posted.claim)
    practice.cancel(posted.claim, reason="OTHER").wait(30)
    posted.stage.chain.sleep(91 * 86_400)
    for role in (practice, payer):
        role.erase(Copies(tmp_path / f"{role.party}.backup"), claims=[posted.claim])
        assert "information" not in about(role, posted.claim)
        assert role.information_requests() == []
