# SPDX-License-Identifier: Apache-2.0
"""Claims at several points of their lives on one chain, made once and gone on with by each test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from tests.support.deployed import PARTIES, Deployed
from tests.support.life import Life
from tests.support.mailboxes import publish
from tests.support.round import Round


@dataclass(frozen=True)
class Stage:
    """Claims of one practice, supplier and payer: one opened under a consent, the others without.

    ``opened``, ``authorised`` and ``ordered`` are that far; ``delivered`` in conformity.
    """

    chain: Deployed
    round: Round
    opened: Life
    authorised: Life
    ordered: Life
    delivered: Life

    @classmethod
    def of(cls, chain: Deployed) -> Stage:
        """Plays everything up to where the tests begin."""
        published = publish(chain, *(name for name, _ in PARTIES))
        opened, authorised, ordered, delivered = (Life(chain, published) for _ in range(4))
        for life in (authorised, ordered, delivered):
            life.authorise()
        ordered.order()
        delivered.order()
        delivered.deliver()
        return cls(chain, Round(chain), opened, authorised, ordered, delivered)

    @contextmanager
    def set(self) -> Iterator[Stage]:
        """The stage for one test; whatever it writes is gone afterwards."""
        with self.chain.rolled_back():
            yield replace(
                self,
                round=self.round.copy(),
                opened=self.opened.copy(),
                authorised=self.authorised.copy(),
                ordered=self.ordered.copy(),
                delivered=self.delivered.copy(),
            )
