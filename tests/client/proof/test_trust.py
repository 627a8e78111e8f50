# SPDX-License-Identifier: Apache-2.0
"""Which headers the rule of trust takes for the chain's, and which not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from itertools import combinations

import pytest

from sceau.proof.errors import Unproved, ValidatorsOutdated
from sceau.proof.header import Header
from sceau.proof.trust import Listed, Trust, quorum, require_sealed
from tests.client.proof.scenes import DAY, NOW, Chain, made, trust_in

FOUR = ("anna", "bea", "carl", "dora")
INVENTED = ("x", "y", "z")


def asks_nobody(number: int) -> Header:
    """No header is asked for."""
    raise AssertionError(f"header {number} was asked for")


def refused(trust: Trust, header: Header, headers: Callable[[int], Header], now: float = NOW) -> str:
    """Why a header is not proved."""
    with pytest.raises(Unproved) as caught:
        trust.require(header, headers, now)
    return caught.value.why.code


@pytest.mark.parametrize(
    ("validators", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 4), (6, 4), (7, 5), (9, 6), (10, 7)]
)
def test_a_quorum_is_two_thirds_rounded_up(validators: int, needed: int) -> None:
    assert quorum(validators) == needed


def test_seals_of_strangers_and_of_too_few_are_not_a_quorum() -> None:
    require_sealed(made(1, FOUR, sealers=FOUR[:3]))
    for sealers in (FOUR[:2], (*FOUR[:2], "x", "y"), ()):
        with pytest.raises(Unproved) as caught:
            require_sealed(made(1, FOUR, sealers=sealers))
        assert caught.value.why.code == "not-sealed"
        assert caught.value.why.details == {"number": 1, "seals": len(set(sealers) & set(FOUR)), "quorum": 3}


def test_a_header_that_its_own_quorum_did_not_seal_is_refused_before_anything_is_asked() -> None:
    header = made(7, ("anna", "x", "y", "z"), sealers=("anna", "x"))
    assert refused(trust_in(FOUR), header, asks_nobody) == "not-sealed"


# Forged lists


@pytest.mark.parametrize(
    ("listed", "sealers"),
    [
        pytest.param(("anna", *INVENTED), ("anna", *INVENTED), id="one of four and three invented"),
        pytest.param(("anna", "bea"), ("anna", "bea"), id="two of four"),
        pytest.param(("anna", "bea", "carl"), ("anna", "bea"), id="two of four drop the fourth"),
        pytest.param(("anna", "bea", "x"), ("anna", "bea", "x"), id="two of four and one invented"),
        pytest.param(
            ("anna", "bea", *INVENTED), ("anna", "bea", *INVENTED), id="two of four, three invented"
        ),
        pytest.param((*FOUR, "x"), ("anna", "bea", "x"), id="two of four add one"),
        pytest.param(INVENTED, INVENTED, id="strangers"),
    ],
)
@pytest.mark.parametrize("number", [1, 2, 3, 40, 2**64 - 1])
def test_a_minority_of_four_forges_no_header(
    listed: Iterable[str], sealers: Iterable[str], number: int
) -> None:
    """Whatever its node makes up between: headers of that list, of the true list, and votes of everybody."""
    true = [made(0, FOUR)]

    def of_that_list(asked: int) -> Header:
        return true[asked] if asked == 0 else made(asked, listed, sealers=sealers)

    def of_the_true_list(asked: int) -> Header:
        liars = FOUR[asked % 4]
        return made(asked, FOUR, sealers=FOUR[:2], proposer=liars, vote=("dora", False))

    for headers in (of_that_list, of_the_true_list):
        assert refused(trust_in(FOUR), made(number, listed, sealers=sealers), headers)


def test_a_list_sealed_by_a_quorum_of_those_before_is_believed_without_a_question() -> None:
    header = made(40, (*FOUR[:3], *INVENTED[:1]), sealers=FOUR[:3])
    trust_in(FOUR).require(header, asks_nobody, NOW)


def test_the_parent_that_is_checked_is_the_parent_whose_votes_are_counted() -> None:
    """A node gives the true parent when it is asked first, and then forged headers with votes of three."""
    forged = [
        made(
            n, FOUR, name=f"forged {n}", parent=f"forged {n - 1}", proposer=FOUR[n % 4], vote=("dora", False)
        )
        for n in range(10)
    ]
    target = made(10, FOUR[:3], sealers=FOUR[:2], parent="forged 9")
    given = [made(9, FOUR), *reversed(forged)]
    assert refused(trust_in(FOUR, 9), target, lambda _number: given.pop(0)) == "not-linked"


def test_a_parent_that_too_few_sealed_carries_no_votes() -> None:
    chain = Chain(FOUR)
    chain.blocks(3)
    chain.vote("dora", False, "anna", "bea", "carl")
    target = chain.block()
    chain.changed(target.number - 1, sealers=frozenset(FOUR[:2]))
    assert refused(trust_in(FOUR), target, chain.given) == "not-sealed"


@pytest.mark.parametrize("listed", [(*FOUR, "x"), FOUR[:3], (*FOUR[1:], "x")])
def test_the_parent_must_list_those_that_are_trusted(listed: tuple[str, ...]) -> None:
    chain = Chain(FOUR)
    chain.vote("dora", False, "anna", "bea", "carl")
    target = chain.block()
    chain.changed(3, validators=frozenset(listed), sealers=frozenset(listed))
    assert refused(trust_in(FOUR, 3), target, chain.given) == "other-validators"


def test_headers_of_other_numbers_than_asked_for_end_the_question() -> None:
    header = made(1000, FOUR[:2])
    asked = list[int]()

    def same(number: int) -> Header:
        asked.append(number)
        return header

    assert refused(trust_in(FOUR), header, same) == "other-number"
    assert asked == [500]


def test_a_parent_of_another_number_is_refused() -> None:
    chain = Chain(FOUR)
    chain.vote("dora", False, "anna", "bea", "carl")
    target = chain.block()
    chain.headers[3] = made(2, FOUR, name="block 3")
    assert refused(trust_in(FOUR, 3), target, chain.given) == "other-number"


# Votes


def voted(chain: Chain, *, block: int = 0) -> str | None:
    """Whether the header after these votes, whoever made it, may list the four without Dora."""
    number = len(chain.headers)
    target = made(number, FOUR[:3], sealers=("anna", "bea"))
    try:
        trust_in(chain.headers[block].validators, block, epoch=chain.epoch).require(target, chain.given, NOW)
    except Unproved as error:
        return error.why.code
    return None


def test_votes_of_more_than_half_change_the_list() -> None:
    chain = Chain(FOUR)
    chain.vote("dora", False, "anna", "bea", "carl")
    assert voted(chain) is None
    assert chain.block().validators == set(FOUR[:3])


def test_the_one_that_goes_may_vote_for_it() -> None:
    chain = Chain(FOUR)
    chain.vote("dora", False, "anna", "dora", "carl")
    assert voted(chain) is None


@pytest.mark.parametrize("voters", list(combinations(FOUR, 2)), ids=" ".join)
def test_half_is_not_enough(voters: tuple[str, str]) -> None:
    chain = Chain(FOUR)
    chain.vote("dora", False, *voters)
    assert voted(chain) == "not-voted"


def test_one_that_votes_three_times_counts_once() -> None:
    chain = Chain(FOUR)
    chain.vote("dora", False, "anna", "anna", "anna", "bea")
    assert voted(chain) == "not-voted"


def test_a_proposer_that_is_no_validator_does_not_count() -> None:
    chain = Chain(FOUR)
    chain.vote("dora", False, "anna", "bea", "x", "y")
    assert voted(chain) == "not-voted"


@pytest.mark.parametrize("other", ["bea", "zoe"])
def test_a_vote_about_another_does_not_count(other: str) -> None:
    chain = Chain(FOUR)
    chain.vote("dora", False, "anna", "bea")
    chain.vote(other, False, "carl")
    assert voted(chain) == "not-voted"


def test_a_vote_to_add_is_none_to_drop() -> None:
    chain = Chain(FOUR)
    chain.vote("dora", False, "anna", "bea")
    chain.vote("dora", True, "carl")
    assert voted(chain) == "not-voted"


@pytest.mark.parametrize(("last", "why"), [(False, "not-voted"), (True, None)])
def test_a_vote_to_drop_is_none_to_add(last: bool, why: str | None) -> None:
    five = (*FOUR, "ed")
    chain = Chain(five)
    chain.vote("x", True, "anna", "bea")
    chain.vote("x", last, "carl")
    target = made(len(chain.headers), (*five, "x"), sealers=("x", *FOUR[:3]))
    if why is None:
        trust_in(five).require(target, chain.given, NOW)
    else:
        assert refused(trust_in(five), target, chain.given) == why


def test_a_vote_that_was_withdrawn_does_not_count() -> None:
    chain = Chain(FOUR)
    chain.vote("dora", False, "anna", "bea")
    chain.vote("dora", True, "anna")
    chain.vote("dora", False, "carl")
    assert voted(chain) == "not-voted"
    chain.vote("dora", False, "anna")
    assert voted(chain) is None


@pytest.mark.parametrize("before", [1, 2, 3])
def test_votes_from_before_an_epoch_do_not_count(before: int) -> None:
    chain = Chain(FOUR, epoch=10)
    chain.blocks(9 - before)
    chain.vote("dora", False, *FOUR[:before])
    assert len(chain.headers) == 10
    if before < 3:
        chain.block()
        chain.vote("dora", False, *FOUR[before:3])
        assert voted(chain) == "not-voted"
        assert chain.block().validators == set(FOUR)
    else:
        # Counted in the last block of an epoch, the change stands in the list of the next epoch's first.
        assert voted(chain) is None
        assert chain.block().validators == set(FOUR[:3])


def test_a_vote_in_the_first_block_of_an_epoch_does_not_count() -> None:
    chain = Chain(FOUR, epoch=10)
    chain.blocks(9)
    chain.vote("dora", False, "anna", "bea", "carl")
    assert voted(chain) == "not-voted"
    chain.vote("dora", False, "anna")
    assert voted(chain) is None


def test_nothing_changes_right_after_the_first_block_of_an_epoch() -> None:
    chain = Chain(FOUR, epoch=10)
    chain.blocks(7)
    chain.vote("dora", False, "anna", "bea", "carl")
    chain.headers[10] = made(10, FOUR)
    chain.headers.append(made(11, FOUR))
    del chain.headers[11]
    assert voted(chain, block=9) == "not-voted"


def test_votes_that_made_an_earlier_change_of_the_same_validator_do_not_count_again() -> None:
    chain = Chain(FOUR)
    chain.vote("dora", False, "anna", "bea", "carl")
    chain.vote("dora", True, "anna", "bea")
    chain.block()
    assert chain.validators == set(FOUR)
    assert voted(chain, block=len(chain.headers) - 1) == "not-voted"
    chain.vote("dora", False, "anna", "bea")
    assert voted(chain, block=len(chain.headers) - 1) == "not-voted"
    chain.vote("dora", False, "carl")
    assert voted(chain, block=len(chain.headers) - 1) is None


@pytest.mark.parametrize(("again", "why"), [(("anna", "carl"), "not-voted"), (("anna", "carl", "bea"), None)])
def test_votes_that_added_a_validator_do_not_add_it_again(again: tuple[str, ...], why: str | None) -> None:
    five = (*FOUR, "ed")
    chain = Chain(five)
    chain.vote("x", True, "dora", "anna", "bea")
    chain.vote("x", False, "anna", "bea", "carl", "ed")
    chain.vote("x", True, *again)
    assert chain.validators == {*five, *(() if why else ("x",))}
    # Three of the five sealed it: the votes decide.
    target = made(len(chain.headers), (*five, "x"), sealers=("x", *FOUR[:3]))
    trust = trust_in(five, len(chain.headers) - 1, epoch=chain.epoch)
    if why is None:
        trust.require(target, chain.given, NOW)
    else:
        assert refused(trust, target, chain.given) == why


def test_votes_of_one_that_was_dropped_do_not_count_when_it_is_back() -> None:
    chain = Chain(FOUR)
    chain.vote("dora", False, "carl")
    chain.vote("carl", False, "anna", "bea", "dora")
    chain.vote("carl", True, "anna", "bea")
    chain.vote("dora", False, "anna", "bea")
    # The chain counts two: Carl's was dropped with him.
    assert chain.block().validators == set(FOUR)
    assert voted(chain, block=len(chain.headers) - 1) == "not-voted"
    chain.vote("dora", False, "carl")
    assert voted(chain, block=len(chain.headers) - 1) is None


def test_two_validators_do_not_change_at_once() -> None:
    chain = Chain((*FOUR, "eve"))
    chain.vote("dora", False, "anna", "bea", "carl")
    chain.vote("eve", False, "anna", "bea", "carl")
    # Each of both has the votes; only one can go with a block.
    target = made(len(chain.headers), FOUR[:3], sealers=("anna", "bea"))
    last = chain.headers[-1]
    trust = trust_in(last.validators, last.number)
    chain.changed(last.number, validators=last.validators | {"dora"})
    assert refused(trust, target, chain.given) == "other-validators"
    trust = trust_in((*FOUR, "eve"), last.number)
    chain.changed(last.number, validators=frozenset((*FOUR, "eve")))
    assert refused(trust, target, chain.given) == "other-validators"


@pytest.mark.parametrize(("quiet", "why"), [(997, None), (998, "not-voted")])
def test_votes_are_looked_for_in_a_thousand_headers(quiet: int, why: str | None) -> None:
    chain = Chain(FOUR)
    chain.blocks(500)
    chain.vote("dora", False, "anna")
    chain.blocks(quiet)
    chain.vote("dora", False, "bea", "carl")
    assert chain.validators == set(FOUR[:3])
    assert voted(chain, block=len(chain.headers) - 1) == why
    # Its newest header is one of them, and is asked for to be checked; none is asked for twice.
    assert len(chain.asked) == len(set(chain.asked)) == 1_000


def test_no_more_headers_are_asked_for_than_have_the_votes() -> None:
    chain = Chain(FOUR)
    chain.blocks(500)
    chain.vote("dora", False, "anna", "bea", "carl")
    assert voted(chain, block=503) is None
    assert chain.asked == [503, 502, 501]


# Listed sets


def listed() -> Trust:
    """Trust in three sets: Anna to Carl from 10, the four from 20, Dora and two others from 30."""
    sets = [
        Listed(10, NOW, frozenset(FOUR[:3])),
        Listed(20, NOW + DAY, frozenset(FOUR)),
        Listed(30, NOW + 2 * DAY, frozenset(("dora", "x", "y"))),
    ]
    return Trust(sets, epoch=EPOCH_OF_LISTED, window_days=90)


EPOCH_OF_LISTED = 30_000
FAR = NOW + 10_000 * DAY


@pytest.mark.parametrize(
    ("number", "validators"), [(10, FOUR[:3]), (15, FOUR[:3]), (19, FOUR[:3]), (20, FOUR), (29, FOUR)]
)
def test_a_listed_set_proves_its_own_heights_for_ever(number: int, validators: tuple[str, ...]) -> None:
    listed().require(made(number, validators), asks_nobody, FAR)


@pytest.mark.parametrize(("number", "validators"), [(10, FOUR), (20, FOUR[:3]), (20, (*FOUR, "x"))])
@pytest.mark.parametrize("now", [NOW, FAR])
def test_another_list_is_refused_at_the_block_of_a_listed_set(
    number: int, validators: tuple[str, ...], now: float
) -> None:
    header = made(number, validators, sealers={*validators, *FOUR})
    assert refused(listed(), header, asks_nobody, now) == "other-validators"


@pytest.mark.parametrize("validators", [("dora", "x", "y"), ("anna", "bea", "x"), (*FOUR[:2], "x", "y")])
@pytest.mark.parametrize("now", [NOW, FAR])
def test_a_list_that_the_set_below_did_not_seal_is_refused_before_a_later_one(
    validators: tuple[str, ...], now: float
) -> None:
    """The set that is listed later proves nothing below its block."""

    def same_list(number: int) -> Header:
        return made(number, validators)

    assert refused(listed(), same_list(29), same_list, now) == "other-validators"


@pytest.mark.parametrize("number", [21, 29])
def test_a_set_that_came_and_went_between_two_listed_ones_is_proved_by_the_first(number: int) -> None:
    listed().require(made(number, FOUR[:3], sealers=FOUR[:3]), asks_nobody, FAR)


def test_what_is_older_than_the_first_set_is_not_proved() -> None:
    with pytest.raises(Unproved) as caught:
        listed().require(made(9, FOUR[:3]), asks_nobody, NOW)
    assert caught.value.why.code == "before-deployment"
    assert caught.value.why.details == {"number": 9}


def test_the_last_listed_block_is_proved_for_ever() -> None:
    listed().require(made(30, ("dora", "x", "y")), asks_nobody, FAR)


@pytest.mark.parametrize("number", [31, 5000])
def test_the_last_set_proves_until_the_window_ends(number: int) -> None:
    header, end = made(number, ("dora", "x", "y")), NOW + 92 * DAY
    listed().require(header, asks_nobody, end)
    with pytest.raises(ValidatorsOutdated) as caught:
        listed().require(header, asks_nobody, end + 1)
    assert caught.value.details == {"days": 90, "window": 90, "block": 30}
    assert {type(each) for each in caught.value.details.values()} == {int}
    with pytest.raises(ValidatorsOutdated) as caught:
        listed().require(header, asks_nobody, FAR)
    assert caught.value.details["days"] == 10_000 - 2


def test_days_are_told_from_the_last_sets_block_however_young_the_chain_is() -> None:
    trust = trust_in(FOUR, window_days=90, time=DAY)
    with pytest.raises(ValidatorsOutdated) as caught:
        trust.require(made(1, FOUR), asks_nobody, 100 * DAY)
    assert caught.value.details == {"days": 99, "window": 90, "block": 0}


def test_a_clock_before_the_last_sets_block_is_in_the_window() -> None:
    listed().require(made(31, ("dora", "x", "y")), asks_nobody, NOW)


def test_the_last_sets_own_block_lists_it() -> None:
    header = made(30, (*FOUR, "x", "y"), sealers=(*FOUR, "x", "y"))
    assert refused(listed(), header, asks_nobody) == "other-validators"


# How many headers are asked for, and what is remembered


def long_chain() -> tuple[Chain, int]:
    """A chain of 1,024 blocks that drops Dora on the way, and the first block without her."""
    chain = Chain(FOUR)
    chain.blocks(700)
    chain.vote("dora", False, "anna", "bea", "carl")
    first = len(chain.headers)
    chain.blocks(1025 - first)
    return chain, first


def test_one_change_costs_its_bisection_and_its_votes_once() -> None:
    chain, first = long_chain()
    trust = trust_in(FOUR)
    trust.require(chain.headers[1024], chain.given, NOW)
    # Ten halvings of 1,024; the votes stand in the three headers before the change.
    assert len(chain.asked) <= 10 + 3
    assert min(chain.asked) >= 512
    chain.asked.clear()
    for number in (first - 1, 1, 0, first, first + 1, 1023, 1024):
        trust.require(chain.headers[number], chain.given, NOW)
    assert chain.asked == []


def test_a_jump_asks_for_nothing() -> None:
    chain, first = long_chain()
    trust_in(FOUR).require(chain.headers[first - 1], asks_nobody, NOW)
    trust_in(FOUR[:3], first).require(chain.headers[1024], asks_nobody, NOW)


def test_an_endless_number_ends_after_64_questions() -> None:
    asked = list[int]()

    def forged(number: int) -> Header:
        asked.append(number)
        return made(number, INVENTED)

    assert refused(trust_in(FOUR), made(2**64 - 1, INVENTED), forged) == "other-validators"
    assert len(asked) <= 65


def test_a_set_that_was_proved_is_not_replaced_by_another() -> None:
    chain, first = long_chain()
    trust = trust_in(FOUR)
    trust.require(chain.headers[1024], chain.given, NOW)
    # Three of the four from before make another block in its place; two of them were a quorum later.
    assert refused(trust, made(first, FOUR, sealers=FOUR[1:]), chain.given) == "other-validators"
    # One that stayed, and the one that went, with its key.
    for number in (first, first + 1, 1024):
        assert refused(trust, made(number, ("anna", "dora")), chain.given)
    trust.require(chain.headers[1024], asks_nobody, NOW)


def test_two_that_ask_at_once_do_not_disturb_each_other() -> None:
    """While one waits for a header of the node another proves others: what is remembered stays in order."""
    chain, first = long_chain()
    trust = trust_in(FOUR)
    busy = [False]

    def headers(number: int) -> Header:
        if not busy[0]:
            busy[0] = True
            for other in (first, first - 1, first + 100, 3):
                trust.require(chain.headers[other], headers, NOW)
            busy[0] = False
        return chain.headers[number]

    trust.require(chain.headers[1024], headers, NOW)
    for number in (0, 5, first - 1, first, first + 1, first + 99, first + 100, first + 101, 1024):
        trust.require(chain.headers[number], chain.given, NOW)
        if number < first:
            assert refused(trust, made(number, FOUR[:3], sealers=("anna", "bea")), chain.given)


def test_what_another_proved_meanwhile_of_the_same_block_stands() -> None:
    header, trust = made(5, (*FOUR, "x"), sealers=(*FOUR[:3], "x")), trust_in(FOUR)
    other = made(5, (*FOUR, "y"), sealers=(*FOUR[:3], "y"))
    above = made(10, ("x", "y", "z"))

    def headers(number: int) -> Header:
        if number == 5:
            trust.require(other, asks_nobody, NOW)
            return header
        raise AssertionError(number)

    assert refused(trust, above, headers) == "other-validators"


def test_many_threads_prove_one_chain() -> None:
    chain, _ = long_chain()
    trust = trust_in(FOUR)
    failed = list[BaseException]()

    def prove(start: int) -> None:
        try:
            for number in range(start, 1025, 8):
                trust.require(chain.headers[number], chain.headers.__getitem__, NOW)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=prove, args=(start,)) for start in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []


@pytest.mark.parametrize("days", [1, 90, 700])
def test_what_is_trusted_anew_is_what_the_manifest_lists_and_as_long(days: int) -> None:
    chain = Chain(FOUR)
    chain.vote("dora", False, *FOUR[:3])
    chain.block()
    trust = trust_in(FOUR, window_days=days)
    last = chain.headers[-1]
    trust.require(last, chain.given, NOW)
    anew = trust.anew()
    # What was proved since is not taken over: it is asked for again.
    chain.asked.clear()
    anew.require(last, chain.given, NOW + days * DAY)
    assert chain.asked
    with pytest.raises(ValidatorsOutdated) as caught:
        trust.anew().require(last, chain.given, NOW + days * DAY + 1)
    # A whole number, as people read it.
    assert str(caught.value.details["window"]) == str(days)


def test_votes_count_anew_up_to_the_same_epochs() -> None:
    chain = Chain(FOUR, epoch=2)
    chain.vote("dora", False, *FOUR[:3])
    chain.block()
    chain.changed(4, validators=frozenset(FOUR[:3]), sealers=frozenset(FOUR[:2]))
    for trust in (trust_in(FOUR, epoch=2), trust_in(FOUR, epoch=2).anew()):
        with pytest.raises(Unproved):
            trust.require(chain.headers[4], chain.given, NOW)
