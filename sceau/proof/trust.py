# SPDX-License-Identifier: Apache-2.0
"""Which headers are those of the chain: the rule of trust, from the validators that the manifest lists.

Let quorum(S) be two thirds of a set S, rounded up. A header is proved when all of this holds:

1. *Sealed.* A quorum of its own list sealed it.
2. *Listed.* It is not below the first set that the manifest lists; each listed set is proved at its own block.
3. *Reached.* A set V that is proved at its height or below leads to its list: either a quorum of V sealed it too, or
   there is a proved header between of which the same holds, or
4. *Voted.* it follows a header of V directly, which a quorum of V sealed, and differs from V by one validator; and in a
   row of at most 1,000 headers linked by their parents' hashes, which ends with that header and reaches back neither to
   the start of an epoch nor to a block whose list differs in that validator, the newest votes about it of more than
   half of V say so. A vote does not count where a later header of the row lists its voter no more.
5. *In time.* Beyond the last listed set, the reader's clock is within the window after that set's block.

Why it holds while fewer than a third of the validators of each set lie, and those that left destroyed their keys within
the window: a quorum of V contains an honest validator of V, which seals one block at each height, so a header that a
quorum of V sealed is the chain's (3). Under 4 the header before is such a one, and the row that leads to it is the
chain's since it is linked by hashes; so the votes in it are those that the chain counted, none withdrawn
unseen and none counted before, and the chain's own rule gives the new list. Fewer than a quorum of V, as other light
clients ask for, is weaker than the chain: two liars of four would be enough.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock

from sceau.errors import Sentence
from sceau.proof.errors import Unproved, ValidatorsOutdated
from sceau.proof.header import Header

_DAY = 86_400
#: In so many headers before a change its votes are looked for: a node must not make a reader ask for a whole epoch.
MOST_HEADERS = 1000

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
        listed: the sets that the manifest lists, in the order of their blocks.
        epoch: blocks after which the chain clears its votes.
        window_days: how long after the last listed set's block later changes are believed from votes and seals.
    """

    def __init__(self, listed: Sequence[Listed], *, epoch: int, window_days: int) -> None:
        self._listed = tuple(listed)
        self._epoch = epoch
        self._window = window_days * _DAY
        #: Where each set was listed, or proved first, in order. Replaced whole, under the lock.
        self._reached = tuple(_Reached(each.block, each.validators) for each in listed)
        self._lock = Lock()

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
        first, last = self._listed[0], self._listed[-1]
        if header.number < first.block:
            raise Unproved(Sentence("proof.before-deployment", number=header.number))
        if header.number > last.block and self.is_over(now):
            raise ValidatorsOutdated(
                days=int(now - last.time) // _DAY, window=self._window // _DAY, block=last.block
            )
        self._reach(header, headers)

    def anew(self) -> Trust:
        """What the manifest alone proves."""
        return Trust(self._listed, epoch=self._epoch, window_days=self._window // _DAY)

    def is_over(self, now: float) -> bool:
        """Whether the window is over at ``now``, in seconds since 1970."""
        return now - self._listed[-1].time > self._window

    def _reach(self, target: Header, headers: Headers) -> None:
        below, ahead = self._below(target.number), [target]
        if below.number == target.number:
            if below.validators != target.validators:
                raise Unproved(Sentence("proof.other-validators", number=target.number))
            return
        # Each turn proves the nearest header ahead, or halves the way to it.
        while ahead:
            header = ahead[-1]
            if _is_sealed(header, below.validators):
                below = self._remembered(ahead.pop())
            elif header.number == below.number + 1:
                self._require_voted(header, below.validators, headers)
                below = self._remembered(ahead.pop())
            else:
                middle = _given(headers, (below.number + header.number) // 2)
                require_sealed(middle)
                ahead.append(middle)

    def _below(self, number: int) -> _Reached:
        reached = self._reached
        return reached[bisect_right([each.number for each in reached], number) - 1]

    def _remembered(self, proved: Header) -> _Reached:
        found = _Reached(proved.number, proved.validators)
        with self._lock:
            below = self._below(found.number)
            if below.validators != found.validators:
                if below.number == found.number:
                    raise Unproved(Sentence("proof.other-validators", number=found.number))
                self._reached = tuple(sorted((*self._reached, found), key=lambda each: each.number))
        return found

    def _require_voted(self, target: Header, before: frozenset[str], headers: Headers) -> None:
        changed = before ^ target.validators
        parent = _parent(target, headers)
        if parent.validators != before or len(changed) != 1:
            raise Unproved(Sentence("proof.other-validators", number=target.number))
        require_sealed(parent)
        (subject,) = changed
        wanted, found = subject in target.validators, 0
        for adds in _newest_votes(parent, subject, headers, self._epoch):
            found += adds == wanted
            if found > len(before) // 2:
                return
        raise Unproved(Sentence("proof.not-voted", number=target.number))


def _newest_votes(last: Header, subject: str, headers: Headers, epoch: int) -> Iterator[bool]:
    """The newest vote about a validator of each voter (whether it adds), from the last header before a change back.

    A block that changes the validators' list for the subject clears the votes about it, one that drops a voter clears
    that one's, and the first block of an epoch clears all.
    """
    header, voters = last, last.validators
    end = max(last.number // epoch * epoch, last.number - MOST_HEADERS)
    for number in range(last.number, end, -1):
        if number < last.number:
            header = _parent(header, headers)
        if (subject in header.validators) != (subject in last.validators):
            return
        voters &= header.validators
        if header.vote is not None and header.vote.subject == subject and header.proposer in voters:
            voters -= {header.proposer}
            yield header.vote.adds


def _given(headers: Headers, number: int) -> Header:
    header = headers(number)
    if header.number != number:
        raise Unproved(Sentence("proof.other-number", number=number))
    return header


def _parent(child: Header, headers: Headers) -> Header:
    parent = _given(headers, child.number - 1)
    if parent.hash != child.parent:
        raise Unproved(Sentence("proof.not-linked", number=parent.number))
    return parent


def _is_sealed(header: Header, by: frozenset[str]) -> bool:
    return len(header.sealers & by) >= quorum(len(by))


def require_sealed(header: Header) -> None:
    """Raises :class:`Unproved` unless a quorum of the validators that a header lists sealed it."""
    if not _is_sealed(header, header.validators):
        seals, needed = len(header.sealers & header.validators), quorum(len(header.validators))
        raise Unproved(Sentence("proof.not-sealed", number=header.number, seals=seals, quorum=needed))
