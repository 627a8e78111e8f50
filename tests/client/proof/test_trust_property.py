# SPDX-License-Identifier: Apache-2.0
"""The rule of trust over drawn chains: honest ones are accepted, and what a minority forges is not."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau.proof.errors import Unproved
from sceau.proof.header import Header
from sceau.proof.trust import Listed, Trust, quorum
from tests.client.proof.scenes import NAMES, NOW, Chain, Liars, made, played, trust_in


@given(
    seed=st.integers(0, 2**32),
    size=st.integers(1, 10),
    epoch=st.sampled_from([3, 7, 20, 1000]),
    campaigns=st.integers(1, 8),
)
def test_every_honest_chain_is_accepted_from_any_listed_start(
    seed: int, size: int, epoch: int, campaigns: int
) -> None:
    draw = Random(seed)
    chain = played(draw, size, epoch, campaigns)
    start = draw.randrange(len(chain.headers))
    asked = chain.headers[start:]
    draw.shuffle(asked)
    kept = trust_in(chain.headers[start].validators, start, epoch=epoch)
    for header in asked:
        kept.require(header, chain.given, NOW)
        trust_in(chain.headers[start].validators, start, epoch=epoch).require(header, chain.given, NOW)


@given(seed=st.integers(0, 2**32), size=st.integers(1, 10), campaigns=st.integers(1, 6))
def test_every_set_listed_of_an_honest_chain_is_its_own(seed: int, size: int, campaigns: int) -> None:
    draw = Random(seed)
    chain = played(draw, size, 1000, campaigns)
    begins = [
        each
        for each, before in zip(chain.headers[1:], chain.headers, strict=False)
        if each.validators != before.validators
    ]
    sets = [Listed(each.number, NOW, each.validators) for each in (chain.headers[0], *begins)]
    trust = Trust(sets, epoch=1000, window_days=90)

    def asks_nobody(number: int) -> Header:
        raise AssertionError(number)

    for header in chain.headers:
        trust.require(header, asks_nobody, NOW)


@given(seed=st.integers(0, 2**32), size=st.integers(1, 10))
def test_what_fewer_than_a_quorum_sealed_without_votes_is_never_accepted(seed: int, size: int) -> None:
    draw = Random(seed)
    liars = Liars(draw, size)
    start = draw.randrange(len(liars.chain.headers))
    trust = trust_in(liars.true, start)
    for _ in range(5):
        target = liars.forged(draw.choice([start, start + 1, start + 2, draw.randint(start, 40), 2**40]))
        with pytest.raises(Unproved):
            trust.require(target, liars.given, NOW)
    for header in liars.chain.headers[start:]:
        trust.require(header, liars.given, NOW)


@given(seed=st.integers(0, 2**32), size=st.integers(1, 10), added=st.booleans())
def test_a_change_of_one_needs_more_than_half_whoever_sealed_it(seed: int, size: int, added: bool) -> None:
    """The list after a change of one validator, linked to the true chain, sealed by as many as seal it."""
    draw = Random(seed)
    true = NAMES[:size]
    subject = "new" if added else draw.choice(true)
    if not added and size == 1:
        return
    chain = Chain(true)
    voters = draw.sample(true, draw.randint(0, size))
    for each in voters:
        chain.block(each, (subject, added))
        if len(chain.validators) != size:
            break
    listed = {*true, "new"} if added else set(true) - {subject}
    # Fewer than a quorum of those before.
    sealers = [
        *draw.sample(sorted(listed & set(true)), min(quorum(size) - 1, len(listed & set(true)))),
        "new",
    ]
    target = made(len(chain.headers), listed, sealers=sealers)
    if len(target.sealers & target.validators) < quorum(len(listed)):
        return
    trust, headers = trust_in(true), chain.given
    wanted: Any = None if len(voters) > size // 2 else Unproved
    if wanted is None:
        trust.require(target, headers, NOW)
    else:
        with pytest.raises(wanted):
            trust.require(target, headers, NOW)
