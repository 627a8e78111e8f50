# SPDX-License-Identifier: Apache-2.0
"""Judging several disclosures at one block, with questions that are asked for all of them in few round trips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from sceau.chain.errors import BlockChanged
from sceau.chain.network import Network
from sceau.disclosure import Disclosure
from sceau.errors import NodeError, SceauError
from sceau.messages.disclosure import ReceivedDisclosure
from sceau.verify.foresight import foresee

T = TypeVar("T")
R = TypeVar("R")

Shown: TypeAlias = "ReceivedDisclosure | Disclosure"


@dataclass(frozen=True, repr=False)
class Together(Generic[T, R]):
    """What became of one of them: what was read, and what was found of it, or why there is nothing."""

    given: T
    shown: Shown | None = None
    found: R | None = None
    error: SceauError | None = None


def judge_together(
    network: Network,
    given: Sequence[T],
    read: Callable[[T], Shown],
    judge_all: Callable[[Sequence[Shown]], Callable[[Shown], R]],
    clock: Callable[[], float],
) -> list[Together[T, R]]:
    """What is found of each disclosure that ``read`` reads, in order; ``judge_all`` is given all and judges each.

    Nothing is given before it is known that the block which was read still stands; where it does not, each is read and
    judged by itself. What fails with a :class:`SceauError` does not stop the rest.
    """
    try:
        with network.at_one_block(clock) as block:
            read_all: list[Together[T, R]] = [_read(each, read) for each in given]
            shown = [each.shown for each in read_all if each.shown is not None]
            with suppress(NodeError):
                foresee(network, map(plain, shown), block)
            judge = judge_all(shown)
            return [_judged(each, judge) for each in read_all]
    except BlockChanged:
        return [_judged(_read(each, read), judge_all([])) for each in given]
    except NodeError as error:
        return [Together(each, error=error) for each in given]


def plain(shown: Shown) -> Disclosure:
    """The disclosure itself."""
    return shown.disclosure if isinstance(shown, ReceivedDisclosure) else shown


def _read(given: T, read: Callable[[T], Shown]) -> Together[T, R]:
    try:
        return Together(given, read(given))
    except SceauError as error:
        return Together(given, error=error)


def _judged(each: Together[T, R], judge: Callable[[Shown], R]) -> Together[T, R]:
    if each.shown is None:
        return each
    try:
        return Together(each.given, each.shown, judge(each.shown))
    except SceauError as error:
        return Together(each.given, error=error)
