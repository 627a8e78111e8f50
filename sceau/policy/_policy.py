# SPDX-License-Identifier: Apache-2.0
"""Policies: which paths of which profiles a kind of recipient may be shown, and how long it may keep them.

A policy is an allow-list: what no clause names is not allowed. The law moves, so policies are dated data
files (docs/policies.md), and a directory given by the caller adds versions without a release of this
software.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from sceau.documents.dated import Dated
from sceau.policy.errors import ClauseUnknown, PathNotAllowed
from sceau.record.canonical import Value
from sceau.record.scope import RECORD_PATH

#: Path under which a quote and an invoice say the kind of contract, as a code.
CONTRACT_PATH = "contract.type"

#: The kind of recipient that disclosures are made to.
PAYER = "payer"


@dataclass(frozen=True)
class Clause:
    """One set of conditions and what may be shown under them.

    ``consent`` says whether a consent of the patient is needed, ``purpose`` for what, ``delete_after_days``
    how many days the recipient may keep what it is shown. ``allow`` gives patterns by profile key, each a
    path in which ``*`` stands for exactly one segment.
    """

    name: str
    consent: bool
    purpose: str
    delete_after_days: int
    allow: Mapping[str, tuple[str, ...]]

    def allowed(self, profile_key: str, path: str) -> bool:
        """Whether ``path`` of a record of ``profile_key`` ('optical-claim/1') may be shown.

        The leaf that says which record it is (``sceau.record``) may wherever anything of the profile may.
        """
        return _allowed(self.allow.get(profile_key, ())).fullmatch(path) is not None


@dataclass(frozen=True)
class Policy(Dated):
    """One version of one policy. ``text`` is its file, ``file_hash`` the SHA-256 of that, '0x' hex."""

    recipient: str
    contract: str
    clauses: Mapping[str, Clause]
    file_hash: str
    text: str = field(repr=False, compare=False)

    def clause(self, name: str) -> Clause:
        """The clause of that name. Raises :class:`ClauseUnknown`."""
        try:
            return self.clauses[name]
        except KeyError:
            pass
        raise ClauseUnknown(policy=self.key, clause=name, known=", ".join(sorted(self.clauses)))

    def fits_contract(self, values: Mapping[str, Value]) -> bool:
        """Whether a record is of this policy's kind of contract, as far as its values say which kind it is."""
        written = values.get(CONTRACT_PATH)
        return written is None or written == self.contract.upper()

    def check(self, clause: str, profile_key: str, paths: Iterable[str]) -> None:
        """Raises :class:`PathNotAllowed` for the first of ``paths`` that the clause does not allow."""
        chosen = self.clause(clause)
        for path in paths:
            if not chosen.allowed(profile_key, path):
                raise PathNotAllowed(path=path, policy=self.key, clause=clause, profile=profile_key)

    def holdable(
        self, profile_key: str, paths: Iterable[str], *, clause: str | None = None
    ) -> tuple[list[str], list[str]]:
        """The paths a receiver may keep, and those it must drop, each in the order given.

        ``clause`` is the one it receives them under; None asks what it may hold under any clause.
        """
        clauses = list(self.clauses.values()) if clause is None else [self.clause(clause)]
        patterns = (pattern for each in clauses for pattern in each.allow.get(profile_key, ()))
        allowed = _allowed(tuple(patterns))
        kept: list[str] = []
        dropped: list[str] = []
        for path in paths:
            (kept if allowed.fullmatch(path) else dropped).append(path)
        return kept, dropped


def matches(pattern: str, path: str) -> bool:
    """Whether ``path`` fits ``pattern``, segment by segment; ``*`` fits any one segment."""
    return _expression((pattern,)).fullmatch(path) is not None


def _allowed(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """What may be shown of a profile by its patterns: the leaf that says which record it is wherever anything may."""
    return _expression((*patterns, RECORD_PATH)) if patterns else _NOTHING


# A policy has few lists of patterns, and they are held against every path that is shown.
@lru_cache(maxsize=1024)
def _expression(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """What fits at least one of these patterns, as a regular expression."""
    return re.compile("|".join(map(_of_one, patterns)))


def _of_one(pattern: str) -> str:
    return r"\.".join("[^.]*" if each == "*" else re.escape(each) for each in pattern.split("."))


_NOTHING = re.compile("(?!)")
