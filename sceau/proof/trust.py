# SPDX-License-Identifier: Apache-2.0
"""Which headers are those of the chain: the rule of trust, from the validators that the manifest lists.

Let quorum(S) be two thirds of a set S, rounded up. A header is proved when all of this holds:

1. *Sealed.* A quorum of its own list sealed it.
2. *Listed.* Up to the block before a later set is listed, its list is the set that the manifest lists for its height.
3. *Reached.* Beyond the last listed set, a set V that was proved before at a lower height leads to its list: either a
   quorum of V sealed it too, or there is a proved header between of which the same holds, or
4. *Voted.* it follows a header of V directly, and differs from V by one validator, and in a row of headers linked by
   their parents' hashes, which ends with that header and neither crosses the start of an epoch nor a block whose list
   differs in that validator, the newest votes about it of more than half of V say so.
5. *In time.* Beyond the last listed set, the reader's clock is within the window after that set's block.

Why it holds while fewer than a third of the validators of each set lie, and those that left destroyed their keys within
the window: a quorum of V contains an honest validator of V, which seals one block at each height, so a header that a
quorum of V sealed is the chain's (1 with 2, and 3). Under 4 the header before is such a one, and the row that leads to
it is the chain's since it is linked by hashes; so the votes in it are those that the chain counted, none withdrawn
unseen and none counted before, and the chain's own rule gives the new list. Fewer than a quorum of V, as other light
clients ask for, is weaker than the chain: two liars of four would be enough.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sceau.errors import Sentence
from sceau.proof.errors import Unproved, ValidatorsOutdated
from sceau.proof.header import Header

_DAY = 86_400

#: Gives the header of a number; raises what asking for it raises.
Headers = Callable[[int], Header]


@dataclass(frozen=True)
class Listed:
    """The validators (``0x`` addresses in lower case) from a block on; ``time`` is that block's, in seconds."""

    block: int
    time: int
    validators: frozenset[str]


@dataclass(frozen=True)
class _Reached:
    """A set that is proved from a height on."""

    number: int
    validators: frozenset[str]


def quorum(validators: int) -> int:
    """How many of so many validators commit a block: two thirds, rounded up."""
    return -(-2 * validators // 3)


class Trust:
    """What is proved of a chain's validators: by the manifest, and by headers that were checked since.

    Args:
        listed: the sets that the manifest lists, each change of the set among them, in the order of their blocks.
        epoch: blocks after which the chain clears its votes.
        window_days: how long after the last listed set's block later changes are believed from votes and seals.
    """

    def __init__(self, listed: Sequence[Listed], *, epoch: int, window_days: int) -> None:
        self._listed = tuple(listed)
        self._epoch = epoch
        self._window = window_days * _DAY
        #: Beyond the last listed set: where each proved set begins, in order.
        self._reached = [_Reached(listed[-1].block, listed[-1].validators)]

    def require(self, header: Header, headers: Headers, now: float) -> None:
        """Raises unless a header is proved.

        Args:
            header: what a node gave.
            headers: gives further headers, where the rule needs some between.
            now: the reader's clock, seconds since 1970.

        Raises:
            Unproved: the header is not proved.
            ValidatorsOutdated: the window is over.
        """
        require_sealed(header)
        place = bisect_right([each.block for each in self._listed], header.number) - 1
        if place < 0:
            raise Unproved(Sentence("proof.before-deployment", number=header.number))
        if place + 1 < len(self._listed):
            if header.validators != self._listed[place].validators:
                raise Unproved(Sentence("proof.other-validators", number=header.number))
            return
        last = self._listed[-1]
        if now - last.time > self._window:
            raise ValidatorsOutdated(
                days=int(now - last.time) // _DAY, window=self._window // _DAY, block=last.block
            )
        self._reach(header, headers)

    def _reach(self, target: Header, headers: Headers) -> None:
        numbers = [each.number for each in self._reached]
        below = self._reached[bisect_right(numbers, target.number) - 1]
        if below.number == target.number and below.validators != target.validators:
            raise Unproved(Sentence("proof.other-validators", number=target.number))
        if not _is_sealed(target, below.validators):
            if target.number == below.number + 1:
                self._require_voted(target, below.validators, headers)
            else:
                middle = headers((below.number + target.number) // 2)
                require_sealed(middle)
                self._reach(middle, headers)
                self._reach_from(middle, target, headers)
                return
        self._remember(target)

    def _reach_from(self, middle: Header, target: Header, headers: Headers) -> None:
        # What was proved last below the target is the middle, or stands above it.
        self._remember(middle, always=True)
        self._reach(target, headers)

    def _remember(self, proved: Header, *, always: bool = False) -> None:
        place = bisect_right([each.number for each in self._reached], proved.number)
        before = self._reached[place - 1]
        if before.number != proved.number and (always or before.validators != proved.validators):
            self._reached.insert(place, _Reached(proved.number, proved.validators))

    def _require_voted(self, target: Header, before: frozenset[str], headers: Headers) -> None:
        parent = headers(target.number - 1)
        changed = before ^ target.validators
        if parent.validators != before or len(changed) != 1:
            raise Unproved(Sentence("proof.other-validators", number=target.number))
        require_sealed(parent)
        (subject,) = changed
        adds = subject in target.validators
        if not _are_enough(_newest_votes(target, subject, before, headers, self._epoch), adds, len(before)):
            raise Unproved(Sentence("proof.not-voted", number=target.number))


def _are_enough(votes: Iterable[bool], adds: bool, validators: int) -> bool:
    found = 0
    for vote in votes:
        found += vote == adds
        if found > validators // 2:
            return True
    return False


def _newest_votes(
    target: Header, subject: str, voters: frozenset[str], headers: Headers, epoch: int
) -> Iterable[bool]:
    """The newest vote about a validator of each voter, from the header before a target backwards."""
    child, voted = target, set[str]()
    first = (target.number - 1) // epoch * epoch
    for number in range(target.number - 1, first, -1):
        header = headers(number)
        if (header.number, header.hash) != (number, child.parent):
            raise Unproved(Sentence("proof.not-linked", number=number))
        if (subject in header.validators) != (subject in voters):
            return
        vote = header.vote
        if vote is not None and vote.subject == subject and header.proposer in voters - voted:
            voted.add(header.proposer)
            yield vote.adds
        child = header


def _is_sealed(header: Header, by: frozenset[str]) -> bool:
    return len(header.sealers & by) >= quorum(len(by))


def require_sealed(header: Header) -> None:
    """Raises :class:`Unproved` unless a quorum of the validators that a header lists sealed it."""
    seals, needed = len(header.sealers & header.validators), quorum(len(header.validators))
    if seals < needed:
        raise Unproved(Sentence("proof.not-sealed", number=header.number, seals=seals, quorum=needed))
