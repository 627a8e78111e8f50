# SPDX-License-Identifier: Apache-2.0
"""A step that is sealed and not yet sent: what must be on disk before the chain sees anything of it.

A record is sealed once. A prepared step is stored first and then sent; a retry sends the same root.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sceau.chain.following import Transaction
from sceau.chain.network import Network
from sceau.chain.signer import Signer
from sceau.chain.transaction import send
from sceau.claim.errors import StepForeign
from sceau.claim.steps import BY_FUNCTION, StepRow
from sceau.conformity.keys import OrderKey
from sceau.conformity.seals import locks
from sceau.documents.errors import FileMalformed
from sceau.documents.identifiers import bytes_of, is_hash
from sceau.documents.strict_json import Data
from sceau.errors import Sentence
from sceau.record import SealedRecord
from sceau.terms import Group

FORMAT = "sceau-prepared-step/1"

_WHAT = Sentence("files.prepared-step")


Argument = int | str | list[str]


@dataclass(frozen=True, repr=False)
class PreparedStep:
    """A sealed step of a claim and the call that writes it.

    ``arguments`` are the contract's, bytes as ``0x`` hex. ``opening`` is the step's own record, ``inner`` those
    whose commitments it seals, by name (``prescription``), ``order_key`` the key of an order that it places. All
    are secret, and lost if not kept.
    """

    claim: str
    function: str
    arguments: tuple[Argument, ...]
    record: SealedRecord
    inner: Mapping[str, SealedRecord] = field(default_factory=dict)
    order_key: OrderKey | None = None

    def __repr__(self) -> str:
        return f"PreparedStep({self.function} {self.claim})"

    @property
    def row(self) -> StepRow:
        """Its row in the table of steps: a file cannot make a signer call a function that is not there."""
        return BY_FUNCTION[self.function]

    @property
    def order_number(self) -> int:
        """Number of the order that it is about, 0 before one."""
        return self.record.scope.order_number or 0

    def argument(self, shape: str) -> Argument:
        """The argument of a shape that its row in the table of steps has."""
        return self.arguments[self.row.arguments.index(shape)]

    @property
    def raw_arguments(self) -> list[Any]:
        """The call's arguments as the contract takes them: bytes for ``0x`` hex."""
        return [_raw(argument) for argument in self.arguments]

    @property
    def supplier(self) -> int:
        """Party number of the supplier that an order or remake names."""
        number = self.argument("number")
        if not self.row.places_order or not isinstance(number, int):
            raise ValueError("this step places no order")
        return number

    @property
    def fingerprint(self) -> str:
        """What it was made from, as a SHA-256: equal for two steps that differ only in what is drawn at random."""
        sealed_inside = {inner.root for inner in self.inner.values()}
        asked = [
            [self.record.scope.chain_id, self.record.scope.contract],
            self.function,
            self.claim if "claim" in self.row.arguments else "",
            [self.argument(shape) for shape in ("number", "consent") if shape in self.row.arguments],
            {path: value for path, value in self.record.values.items() if value not in sealed_inside},
            {name: dict(inner.values) for name, inner in self.inner.items()},
        ]
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()

    def require_here(self, network: Network) -> None:
        """Raises :class:`StepForeign` unless its record is sealed for this chain and contract."""
        scope = self.record.scope
        if (scope.chain_id, scope.contract) != (network.chain_id, network.address("ClaimRegistry").lower()):
            raise StepForeign(claim=self.claim)

    def send(self, network: Network, signer: Signer) -> Transaction:
        """Sends the step.

        Raises:
            StepForeign: its record is sealed for another chain or contract, where alone it can be shown.
            as :func:`sceau.chain.transaction.send`.
        """
        self.require_here(network)
        return send(network, signer, "ClaimRegistry", self.function, *self.raw_arguments)

    def to_json(self) -> dict[str, Any]:
        """The step as JSON values. It holds secrets: encrypt it where it is kept."""
        return {
            "format": FORMAT,
            "claim": self.claim,
            "function": self.function,
            "arguments": list(self.arguments),
            "opening": self.record.to_json(),
            "inner": {name: record.to_json() for name, record in self.inner.items()},
            "order_key": None if self.order_key is None else self.order_key.reveal(),
        }

    @classmethod
    def from_json(cls, data: Data) -> PreparedStep:
        """Restores what :meth:`to_json` wrote.

        Raises:
            FileMalformed: it is truncated, or edited: its call, record and order key do not belong together.
            RecordError: an opening does not give its own root.
            ConformityError: its record gives no locks.
        """
        from sceau.claim import shapes
        from sceau.documents.model import read

        written = read(shapes.PreparedStep, data, _WHAT)
        if written.function not in BY_FUNCTION:
            raise _broken()
        step = cls(
            claim=written.claim,
            function=written.function,
            arguments=tuple(written.arguments),
            record=SealedRecord.of_shape(written.opening),
            inner={name: SealedRecord.of_shape(each) for name, each in written.inner.items()},
            order_key=None if written.order_key is None else OrderKey.read(written.order_key),
        )
        if not _whole(step):
            raise _broken()
        return step


def read_record(data: bytes) -> SealedRecord:
    """The record of a stored step, or one by itself. Raises as :meth:`PreparedStep.from_json`."""
    return PreparedStep.from_json(data).record if FORMAT.encode() in data else SealedRecord.from_json(data)


def _whole(step: PreparedStep) -> bool:
    """Whether call, record and key belong together: what an edited file would write stands for ever."""
    scope, row = step.record.scope, step.row
    if (scope.claim, scope.step) != (step.claim, row.code) or scope.profile not in row.profiles:
        return False
    if not all(inner.root in step.record.values.values() for inner in step.inner.values()):
        return False
    if row.places_order != (step.order_key is not None):
        return False
    expected: dict[str, Argument] = {
        "claim": step.claim,
        "root": step.record.root,
        "own": step.order_number,
        "before": step.order_number - 1,
    }
    if step.order_key is not None:
        expected["locks"] = list(locks(step.record, step.order_key))
    return len(step.arguments) == len(row.arguments) and all(
        _is(argument, expected[shape]) if shape in expected else _SHAPES[shape](argument)
        for argument, shape in zip(step.arguments, row.arguments, strict=True)
    )


def _is(argument: object, expected: Argument) -> bool:
    # The type too: True would pass for the number 1.
    return type(argument) is type(expected) and argument == expected


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**32


def _are_seals(value: object) -> bool:
    return isinstance(value, list) and len(value) == len(Group) and all(map(is_hash, value))


_SHAPES: Mapping[str, Callable[[object], bool]] = {
    "nonce": is_hash,
    "consent": is_hash,
    "head": is_hash,
    "number": _is_number,
    "seals": _are_seals,
}


def _raw(argument: Argument) -> Any:
    if isinstance(argument, list):
        return [bytes_of(item) for item in argument]
    return bytes_of(argument) if isinstance(argument, str) else argument


def _broken() -> Exception:
    return FileMalformed(what=_WHAT, rule=Sentence("claim.prepared-shape"))
