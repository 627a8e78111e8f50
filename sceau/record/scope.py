# SPDX-License-Identifier: Apache-2.0
"""Which record a root belongs to: the value of the leaf ``sceau.record``.

A root alone says nothing of its chain, contract or claim; without this leaf one sealed for a claim could be
shown as that of another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import lru_cache

from sceau.documents.identifiers import ADDRESS, HASH
from sceau.errors import Sentence
from sceau.record.errors import ScopeNotCanonical

#: The path of the leaf that holds a scope.
RECORD_PATH = "sceau.record"

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_LONGEST_NAME = 40
_LONGEST_TEXT = 400
_LARGEST = {"version": 9999, "chain_id": 2**63 - 1, "order_number": 2**32 - 1}


@dataclass(frozen=True)
class Scope:
    """Profile, version, chain, contract and, except in a consent, claim, order number and step of a record.

    ``contract`` is an address and ``claim`` a bytes32, both '0x' and hex; upper-case digits (a checksummed
    address) are lowered. ``order_number`` is 0 for steps before the first order. Raises :class:`ScopeNotCanonical`.
    """

    profile: str
    version: int
    chain_id: int
    contract: str
    claim: str | None = None
    order_number: int | None = None
    step: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "contract", _lowered("contract", self.contract, ADDRESS))
        _check_name("profile", self.profile)
        _check_number("version", self.version, 1)
        _check_number("chain_id", self.chain_id, 1)
        given = [part is not None for part in (self.claim, self.order_number, self.step)]
        if any(given) and not all(given):
            raise ScopeNotCanonical(part="claim, order_number, step", rule=_TOGETHER)
        if self.claim is not None:
            object.__setattr__(self, "claim", _lowered("claim", self.claim, HASH))
            _check_number("order_number", self.order_number, 0)
            _check_name("step", self.step)

    @property
    def profile_key(self) -> str:
        """The profile's name and version, such as 'consent/1'."""
        return f"{self.profile}/{self.version}"

    def require(self, bound_to: str) -> None:
        """Raises :class:`ScopeNotCanonical` unless there is a claim for 'claim', and none for 'contract'."""
        if (self.claim is not None) != (bound_to == "claim"):
            raise ScopeNotCanonical(part="claim, order_number, step", rule=_BOUND[bound_to])

    def text(self) -> str:
        """The one writing of this scope, the value of the leaf ``sceau.record`` (type string)."""
        parts = [
            "sceau:1",
            f"profile={self.profile}",
            f"version={self.version}",
            f"chain={self.chain_id}",
            f"contract={self.contract}",
        ]
        if self.claim is not None:
            parts += [f"claim={self.claim}", f"order={self.order_number}", f"step={self.step}"]
        return ";".join(parts)

    @classmethod
    def parse(cls, text: object) -> Scope:
        """The scope that ``text`` writes. Raises :class:`ScopeNotCanonical` on any other writing."""
        if not isinstance(text, str) or len(text) > _LONGEST_TEXT:
            raise ScopeNotCanonical(part="sceau.record", rule=_SHAPE)
        return _parsed(text)

    def difference(self, other: Scope) -> str | None:
        """The name of the first part in which the two scopes differ, or None when they are one."""
        if self == other:
            return None
        return next(
            (part.name for part in fields(self) if getattr(self, part.name) != getattr(other, part.name)),
            None,
        )


# A disclosure writes its scope twice: beside the leaves and in one.
@lru_cache(maxsize=256)
def _parsed(text: str) -> Scope:
    match = TEXT.fullmatch(text)
    if match is None:
        raise ScopeNotCanonical(part="sceau.record", rule=_SHAPE)
    order_number = match["order"]
    return Scope(
        profile=match["profile"],
        version=int(match["version"]),
        chain_id=int(match["chain"]),
        contract=match["contract"],
        claim=match["claim"],
        order_number=None if order_number is None else int(order_number),
        step=match["step"],
    )


#: How :meth:`Scope.text` writes a scope.
TEXT = re.compile(
    rf"sceau:1;profile=(?P<profile>{_NAME.pattern});version=(?P<version>{_NUMBER.pattern})"
    rf";chain=(?P<chain>{_NUMBER.pattern});contract=(?P<contract>{ADDRESS.pattern})"
    rf"(?:;claim=(?P<claim>{HASH.pattern});order=(?P<order>{_NUMBER.pattern});step=(?P<step>{_NAME.pattern}))?"
)


_BOUND = {
    "claim": Sentence("record.scope-without-claim"),
    "contract": Sentence("record.scope-with-claim"),
}
_TOGETHER = Sentence("record.scope-together")
_SHAPE = Sentence("record.scope-shape")
_NAME_RULE = Sentence("record.scope-name")
_NUMBER_RULE = Sentence("record.scope-number")
_HEX_RULE = Sentence("record.scope-hex")


def _lowered(part: str, written: object, shape: re.Pattern[str]) -> str:
    lowered = written.lower() if isinstance(written, str) else ""
    if not shape.fullmatch(lowered):
        raise ScopeNotCanonical(part=part, rule=_HEX_RULE)
    return lowered


def _check_name(part: str, name: object) -> None:
    if not isinstance(name, str) or len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        raise ScopeNotCanonical(part=part, rule=_NAME_RULE)


def _check_number(part: str, number: object, smallest: int) -> None:
    # The exact type: True would be written "True".
    if type(number) is not int or not smallest <= number <= _LARGEST[part]:
        raise ScopeNotCanonical(part=part, rule=_NUMBER_RULE)
