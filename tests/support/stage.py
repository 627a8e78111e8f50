# SPDX-License-Identifier: Apache-2.0
"""Claims at several points of their lives on one chain, made once and gone on with by each test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from tests.support.deployed import PARTIES, Deployed
from tests.support.life import Life
from tests.support.mailboxes import publish
from tests.support.round import Round

#: Another lens than the one that claims order.
OTHER_LENS = {"right.lens.code": "ECO50"}


class Stage:
    """Claims of one practice, supplier and payer, for one test; each is copied when it is first asked for."""

    def __init__(self, played: Played) -> None:
        self._played = played

    @property
    def chain(self) -> Deployed:
        """Where they are."""
        return self._played.chain

    @cached_property
    def round(self) -> Round:
        """A claim opened under a consent; the others have none."""
        return self._played.round.copy()

    @cached_property
    def opened(self) -> Life:
        """A claim that is open."""
        return self._played.lives["opened"].copy()

    @cached_property
    def authorised(self) -> Life:
        """A claim that is authorised."""
        return self._played.lives["authorised"].copy()

    @cached_property
    def ordered(self) -> Life:
        """A claim with one order."""
        return self._played.lives["ordered"].copy()

    @cached_property
    def delivered(self) -> Life:
        """A claim with one order, delivered in conformity."""
        return self._played.lives["delivered"].copy()

    @cached_property
    def swapped(self) -> Life:
        """A claim with one order, which the supplier accepted, and of which it attests another lens."""
        return self._played.lives["swapped"].copy()


@dataclass(frozen=True)
class Played:
    """The claims, as far as they are played before the tests begin."""

    chain: Deployed
    round: Round
    lives: Mapping[str, Life]

    @classmethod
    def of(cls, chain: Deployed) -> Played:
        """Plays them."""
        published = publish(chain, *(name for name, _ in PARTIES))
        names = ("opened", "authorised", "ordered", "delivered", "swapped")
        lives = {name: Life(chain, published) for name in names}
        for name in names[1:]:
            lives[name].authorise()
        for name in names[2:]:
            lives[name].order()
        lives["delivered"].deliver()
        lives["swapped"].answer()
        lives["swapped"].deliver(**OTHER_LENS)
        return cls(chain, Round(chain), lives)

    @contextmanager
    def set(self) -> Iterator[Stage]:
        """The stage for one test; whatever it writes is gone afterwards."""
        with self.chain.rolled_back():
            yield Stage(self)
