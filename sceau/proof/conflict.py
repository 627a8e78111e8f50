# SPDX-License-Identifier: Apache-2.0
"""Two proved blocks of one height: evidence that validators broke the rules of the chain, as a document.

A QBFT chain has one block of each height, since two quorums of its validators share a third of them or more, and honest
validators do not help to make two. In one round each that sealed both lied. In different rounds it may have been misled
by others that hid what they had sealed before; a third or more lied in any case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sceau.documents.identifiers import bytes_of, hex_of
from sceau.documents.strict_json import Data
from sceau.errors import Sentence
from sceau.proof.errors import Unproved
from sceau.proof.header import Header, read_header
from sceau.proof.trust import Trust

FORMAT = "sceau-conflict/1"

_WHAT = Sentence("files.conflict")


def conflict(first: Header, second: Header) -> frozenset[str]:
    """The validators that sealed both of two blocks of one height (``0x`` addresses in lower case).

    Raises:
        Unproved: they are one block, or of two heights.
    """
    if first.number != second.number or first.hash == second.hash:
        raise Unproved(Sentence("proof.no-conflict"))
    return first.sealers & first.validators & second.sealers & second.validators


@dataclass(frozen=True)
class Conflict:
    """Two proved blocks of one height on one chain.

    ``first`` and ``second`` are the bytes of headers: those that somebody with the manifest needs to come to the block,
    in the order of their numbers, and last the block's own. Mostly it stands alone.
    """

    chain_id: int
    genesis_hash: str
    first: tuple[bytes, ...]
    second: tuple[bytes, ...]

    def blocks(self, trust: Trust, fork: str, now: float) -> tuple[Header, Header]:
        """The two blocks, proved again; ``now`` is the reader's clock, in seconds since 1970.

        Raises:
            Unproved: a header is not proved, or the two do not contradict each other.
            ValidatorsOutdated: the window is over.
        """
        first, second = (_proved(each, trust.anew(), fork, now) for each in (self.first, self.second))
        conflict(first, second)
        return first, second

    def to_json(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "format": FORMAT,
            "chain_id": self.chain_id,
            "genesis_hash": self.genesis_hash,
            "first": [hex_of(each) for each in self.first],
            "second": [hex_of(each) for each in self.second],
        }

    @classmethod
    def from_json(cls, data: Data) -> Conflict:
        """Reads what :meth:`to_json` wrote; :meth:`blocks` says what it is worth. Raises :class:`FileMalformed`."""
        from sceau.documents.model import read
        from sceau.proof import shapes

        written = read(shapes.Conflict, data, _WHAT)
        first, second = (tuple(map(bytes_of, each)) for each in (written.first, written.second))
        return cls(written.chain_id, written.genesis_hash, first, second)


def _proved(path: Sequence[bytes], trust: Trust, fork: str, now: float) -> Header:
    headers = [read_header(each, fork) for each in path]
    by_number = {each.number: each for each in headers}

    def given(number: int) -> Header:
        if number not in by_number:
            raise Unproved(Sentence("proof.not-there"))
        return by_number[number]

    trust.require(headers[-1], given, now)
    return headers[-1]
