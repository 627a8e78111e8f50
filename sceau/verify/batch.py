# SPDX-License-Identifier: Apache-2.0
"""What became of many disclosures, and one exit code that says how all went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from sceau.errors import NodeError, SceauError
from sceau.verify.findings import NODE_FINDINGS
from sceau.verify.verdict import Outcome, Verdict

T = TypeVar("T")

_OF_OUTCOME: Final = {Outcome.ACCEPTED: 0, Outcome.REFUSED: 3, Outcome.IN_DOUBT: 4}

#: What counts first among the exit codes of many: what could not be judged for lack of a node may be judged later;
#: other files that could not be judged, for whatever reason; then what was refused, and what is in doubt.
_FIRST: Final = (NodeError.exit_code, SceauError.exit_code)
_LAST: Final = (_OF_OUTCOME[Outcome.REFUSED], _OF_OUTCOME[Outcome.IN_DOUBT])


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What became of one of many disclosures: its verdict, or why there is none."""

    given: T
    verdict: Verdict | None = None
    error: SceauError | None = None

    @property
    def exit_code(self) -> int:
        """What a command on this disclosure alone ends with."""
        if self.verdict is not None:
            return exit_code(self.verdict)
        # Nothing is accepted without a verdict.
        return SceauError.exit_code if self.error is None else self.error.exit_code


def exit_code(verdict: Verdict) -> int:
    """The exit code of a verdict; a node that cannot be believed gives no verdict on the claim."""
    if any(each.code in NODE_FINDINGS for each in verdict.findings):
        return NodeError.exit_code
    return _OF_OUTCOME[verdict.outcome]


def exit_code_of_all(codes: Iterable[int]) -> int:
    """The exit code that says how many disclosures were judged: 0 only where all were accepted."""
    found = set(codes) - {0}
    others = sorted(found.difference(_FIRST, _LAST))
    return next((code for code in (*_FIRST, *others, *_LAST) if code in found), 0)
