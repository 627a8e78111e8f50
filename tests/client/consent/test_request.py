# SPDX-License-Identifier: Apache-2.0
"""What a patient's software refuses before anything is shown or signed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from sceau.consent.errors import (
    ExpiryRefused,
    NotInWords,
    PartiesAlike,
    RequestContradictory,
    RequestForeign,
    TextChanged,
    TextUnknown,
)
from sceau.consent.request import USUAL_DAYS, ConsentRequest, read_request, usual_end
from sceau.deployment import RegistryId
from sceau.documents.errors import FileExists, FileMalformed
from sceau.record import Scope, Value, seal
from sceau.record.errors import OpeningDoesNotFit, PathUnknown, RecordError


@pytest.fixture
def form(request_made: ConsentRequest) -> Any:
    """The request as its file holds it, to be changed."""
    return json.loads(json.dumps(request_made.to_json()))


@pytest.fixture
def resealed(request_made: ConsentRequest) -> Callable[..., ConsentRequest]:
    """The request with other values under a new seal, and everything else as it was."""

    def make(**changes: Value) -> ConsentRequest:
        values = {**request_made.values, **changes}
        return replace(request_made, record=seal(request_made.record.scope, values))

    return make


def test_a_request_is_read_as_it_was_made(
    request_made: ConsentRequest, here: RegistryId, head_time: int
) -> None:
    read = read_request(json.dumps(request_made.to_json()), here, head_time)
    assert read == request_made
    assert read.commitment == request_made.record.root
    assert read.terms.groups == ("AMOUNTS", "DETAIL-AMOUNTS")
    assert "Le membre n° 9" in read.in_words("fr")
    assert "Member no. 9" in read.in_words("en")


def test_a_request_shows_neither_its_secret_nor_its_values(request_made: ConsentRequest) -> None:
    shown = repr(request_made) + str(request_made)
    assert request_made.record.seed.hex() not in shown
    assert "THIRD-PARTY" not in shown


def test_two_requests_for_the_same_are_not_linked(ask: Callable[..., ConsentRequest]) -> None:
    assert ask().commitment != ask().commitment


def test_the_groups_have_one_order_whatever_was_given(ask: Callable[..., ConsentRequest]) -> None:
    given = ["RENEWAL", "CLASS", "PEC", "AMOUNTS", "DATES", "CLASS", "GROUPED-CODES", "COVERAGE"]
    assert ask(groups=given).terms.groups == tuple(sorted(set(given)))


def test_a_consent_ends_at_midnight_utc(ask: Callable[..., ConsentRequest]) -> None:
    assert ask(expires_on=date(2027, 6, 1)).expires_at == 1_811_808_000
    assert ask().expires_at % 86_400 == 0


def test_a_consent_lasts_at_most_731_days_by_the_time_of_the_chain(
    ask: Callable[..., ConsentRequest], head_time: int
) -> None:
    head_day = datetime.fromtimestamp(head_time, timezone.utc).date()
    ask(expires_on=head_day + timedelta(days=731))
    ask(expires_on=head_day + timedelta(days=1))
    with pytest.raises(ExpiryRefused, match="731"):
        ask(expires_on=head_day + timedelta(days=732))
    with pytest.raises(ExpiryRefused, match="not after"):
        ask(expires_on=head_day)


def test_the_local_clock_does_not_count(ask: Callable[..., ConsentRequest]) -> None:
    long_ago = int(datetime(2011, 3, 1, tzinfo=timezone.utc).timestamp())
    ask(expires_on=date(2011, 3, 2), head_time=long_ago)
    with pytest.raises(ExpiryRefused):
        ask(expires_on=date(2027, 1, 1), head_time=long_ago)


def test_a_request_that_has_expired_is_not_signed(request_made: ConsentRequest, here: RegistryId) -> None:
    read_request(request_made.to_json(), here, request_made.expires_at - 1)
    with pytest.raises(ExpiryRefused):
        read_request(request_made.to_json(), here, request_made.expires_at)


def test_without_the_time_of_the_chain_the_end_is_the_chains_to_judge(
    request_made: ConsentRequest, here: RegistryId
) -> None:
    read_request(request_made.to_json(), here)


@pytest.mark.parametrize("groups", [[], ["CORRECTION"], ["AMOUNTS", "PRODUCT"], ["AMOUNTS", "RECORD"]])
def test_a_practice_cannot_ask_for_what_the_text_does_not_cover(
    ask: Callable[..., ConsentRequest], groups: list[str]
) -> None:
    with pytest.raises((NotInWords, RecordError)):
        ask(groups=groups)


def test_a_practice_cannot_ask_for_itself(ask: Callable[..., ConsentRequest]) -> None:
    with pytest.raises(PartiesAlike):
        ask(payer=7)


def test_a_text_in_another_language_is_not_there(ask: Callable[..., ConsentRequest]) -> None:
    with pytest.raises(TextUnknown):
        ask(language="de")


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        ("chain id", {"chain_id": 1}),
        ("genesis", {"genesis_hash": "0x" + "00" * 32}),
        ("contract", {"contract": "0x" + "00" * 20}),
    ],
)
def test_a_request_for_another_register_is_refused(
    request_made: ConsentRequest, here: RegistryId, part: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(RequestForeign, match=part):
        request_made.check(replace(here, **changes))


@pytest.mark.parametrize(
    "scope",
    [
        {"chain_id": 1},
        {"contract": "0x" + "00" * 20},
    ],
)
def test_a_seal_for_another_register_is_refused(
    request_made: ConsentRequest, here: RegistryId, scope: dict[str, Any]
) -> None:
    own = request_made.record.scope
    other = Scope(
        **{"profile": own.profile, "version": 1, "chain_id": own.chain_id, "contract": own.contract, **scope}
    )
    forged = replace(request_made, record=seal(other, dict(request_made.values)))
    with pytest.raises(RequestForeign, match="sealed"):
        forged.check(here)


def test_a_record_of_another_type_is_no_request(request_made: ConsentRequest, form: dict[str, Any]) -> None:
    own = request_made.record.scope
    scope = Scope("optical-prescription", 1, own.chain_id, own.contract, "0x" + "11" * 32, 0, "opened")
    values = {
        "written": "2026-01-05",
        "right.sphere": "-2.00",
        "right.cylinder": "0.00",
    }
    form["opening"] = {**form["opening"], "scope": scope.text(), "values": values}
    with pytest.raises((RequestForeign, RecordError)):
        ConsentRequest.from_json(form)


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        ("recorder", {"recorder": 8}),
        ("expires_at", {"expires_at": 1_811_721_600}),
        ("attested", {"attested": True}),
    ],
)
def test_what_would_be_written_must_be_what_was_sealed(
    request_made: ConsentRequest, here: RegistryId, part: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(RequestContradictory) as refused:
        replace(request_made, **changes).check(here)
    assert refused.value.details["part"].code == part


def test_an_end_inside_a_day_is_refused(request_made: ConsentRequest, here: RegistryId) -> None:
    with pytest.raises(RequestContradictory):
        replace(request_made, expires_at=request_made.expires_at + 1).check(here)


def test_a_text_under_a_false_hash_is_refused(
    resealed: Callable[..., ConsentRequest], here: RegistryId
) -> None:
    with pytest.raises(TextChanged):
        resealed(**{"text.hash": "0x" + "11" * 32}).check(here)


def test_a_text_this_software_does_not_have_is_refused(
    resealed: Callable[..., ConsentRequest], here: RegistryId
) -> None:
    with pytest.raises(TextUnknown):
        resealed(**{"text.version": "fr-99"}).check(here)


def test_a_sealed_group_without_words_is_refused(
    resealed: Callable[..., ConsentRequest], here: RegistryId
) -> None:
    with pytest.raises(NotInWords, match=r"group\.2"):
        resealed(**{"group.2": "CORRECTION"}).check(here)


def test_a_sealed_purpose_without_words_is_refused(
    resealed: Callable[..., ConsentRequest], here: RegistryId
) -> None:
    with pytest.raises(NotInWords, match="purpose"):
        resealed(purpose="MARKETING").check(here)


def test_a_value_changed_under_its_seal_is_refused(form: dict[str, Any], here: RegistryId) -> None:
    form["opening"]["values"]["payer"] = "10"
    with pytest.raises(OpeningDoesNotFit):
        read_request(json.dumps(form), here)


def test_a_root_that_is_not_that_of_the_values_is_refused(form: dict[str, Any], here: RegistryId) -> None:
    form["opening"]["root"] = "0x" + "11" * 32
    with pytest.raises(OpeningDoesNotFit):
        read_request(json.dumps(form), here)


def test_an_unknown_path_is_refused(form: dict[str, Any], here: RegistryId) -> None:
    form["opening"]["values"]["hidden"] = "1"
    with pytest.raises(PathUnknown):
        read_request(json.dumps(form), here)


def test_a_path_given_twice_is_refused(request_made: ConsentRequest, here: RegistryId) -> None:
    text = json.dumps(request_made.to_json())
    twice = text.replace('"payer": "9"', '"payer": "10", "payer": "9"')
    assert twice != text
    with pytest.raises(FileMalformed, match="twice"):
        read_request(twice, here)


def test_a_request_file_is_private_and_not_written_over(request_made: ConsentRequest, tmp_path: Path) -> None:
    path = tmp_path / "request.json"
    request_made.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert ConsentRequest.load(path) == request_made
    with pytest.raises(FileExists):
        request_made.save(path)
    assert [each.name for each in tmp_path.iterdir()] == ["request.json"]


def test_what_is_asked_is_described_for_software_that_shows_it(request_made: ConsentRequest) -> None:
    described = request_made.described({7: "Optique du Pont"})
    assert (described["practice"], described["payer"]) == (7, 9)
    assert described["groups"] == ["AMOUNTS", "DETAIL-AMOUNTS"]
    assert described["expires_on"] == "2027-06-01"
    assert "Optique du Pont" in described["text"]["fr"]
    assert described["typed_data"] == request_made.for_wallet()


# An end like those of others


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-23", "2027-03-01"),
        ("2026-10-03", "2027-01-01"),
        ("2026-10-02", "2027-01-01"),
        ("2026-10-04", "2027-02-01"),
        ("2026-12-01", "2027-03-01"),
        ("2026-12-02", "2027-04-01"),
        ("2026-09-30", "2027-01-01"),
    ],
)
def test_the_end_that_is_offered_is_the_first_day_of_a_month(now: str, end: str) -> None:
    noon = datetime.fromisoformat(f"{now}T12:00:00+00:00")
    offered = usual_end(int(noon.timestamp()))
    assert offered == date.fromisoformat(end)
    assert USUAL_DAYS <= (offered - noon.date()).days <= USUAL_DAYS + 31


def test_all_who_ask_within_a_month_are_offered_few_days() -> None:
    start = datetime(2026, 1, 1, tzinfo=timezone.utc)
    offered = {usual_end(int((start + timedelta(days=n)).timestamp())) for n in range(365)}
    assert len(offered) <= 13
    assert {day.day for day in offered} == {1}


def test_an_end_that_tells_more_is_noted_and_not_refused(ask: Callable[..., ConsentRequest]) -> None:
    assert ask(expires_on=date(2027, 3, 1)).unusual_end is None
    for day in (date(2027, 2, 28), date(2027, 3, 2), date(2027, 6, 30)):
        noted = ask(expires_on=day).unusual_end
        assert noted is not None
        assert noted.en != noted.fr
