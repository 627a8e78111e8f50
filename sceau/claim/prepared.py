# SPDX-License-Identifier: Apache-2.0
"""A step that is sealed and not yet sent: what must be on disk before the chain sees anything of it.

A record is sealed once. Whoever prepares a step keeps it first and sends it then; a retry sends the same root.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sceau.chain.network import Network
from sceau.chain.signer import Signer
from sceau.chain.terms import Group, Step, step_words
from sceau.chain.transaction import Transaction, send
from sceau.claim.errors import StepForeign
from sceau.conformity.keys import OrderKey
from sceau.conformity.seals import locks
from sceau.documents.errors import FileMalformed
from sceau.documents.identifiers import is_hash
from sceau.documents.strict_json import read_object, require_keys
from sceau.errors import Sentence
from sceau.record import SealedRecord

FORMAT = "sceau-prepared-step/1"

_WHAT = Sentence("files.prepared-step")
_KEYS = ("format", "claim", "function", "arguments", "opening", "inner", "order_key")

#: Functions of the claim registry that a prepared step may call, with the step each writes and the shapes of its
#: arguments: a file cannot make a signer call anything else. ``root`` is the record's commitment, ``own`` the number
#: of the order that the record is about, ``before`` that of the order before it.
_FUNCTIONS: Mapping[str, tuple[Step, tuple[str, ...]]] = {
    "open": (Step.OPEN, ("bytes32", "number", "bytes32", "root")),
    "authorise": (Step.AUTHORISE, ("claim", "bytes32", "root")),
    "refuse": (Step.REFUSE, ("claim", "bytes32", "root")),
    "cancel": (Step.CANCEL, ("claim", "root")),
    "order": (Step.ORDER, ("claim", "number", "root", "locks")),
    "remake": (Step.REMAKE, ("claim", "before", "number", "root", "locks")),
    "deliver": (Step.DELIVER, ("claim", "own", "root", "seals", "seals")),
    "invoice": (Step.INVOICE, ("claim", "own", "root", "seals", "seals")),
    "settle": (Step.SETTLE, ("claim", "bytes32", "root")),
    "recordReturn": (Step.RETURN, ("claim", "own", "root")),
    "dispute": (Step.DISPUTE, ("claim", "own", "root")),
}

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

    def send(self, network: Network, signer: Signer) -> Transaction:
        """Sends the step.

        Raises:
            StepForeign: its record is sealed for another chain or contract, where alone it can be shown.
            as :func:`sceau.chain.transaction.send`.
        """
        scope = self.record.scope
        if (scope.chain_id, scope.contract) != (network.chain_id, network.address("ClaimRegistry").lower()):
            raise StepForeign(claim=self.claim)
        arguments = [_raw(argument) for argument in self.arguments]
        return send(network, signer, "ClaimRegistry", self.function, *arguments)

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
    def from_json(cls, data: str | bytes | Mapping[str, object]) -> PreparedStep:
        """Restores what :meth:`to_json` wrote.

        Raises:
            FileMalformed: it is truncated, or edited: its call, record and order key do not belong together.
            RecordError: an opening does not give its own root.
            ConformityError: its order key is none, or its record gives no locks.
        """
        read = read_object(data, _WHAT)
        require_keys(read, _KEYS, _WHAT)
        function = read["function"]
        if read["format"] != FORMAT or not isinstance(function, str) or function not in _FUNCTIONS:
            raise _broken()
        if not isinstance(read["inner"], Mapping) or not isinstance(read["arguments"], list):
            raise _broken()
        step = cls(
            claim=read["claim"],
            function=function,
            arguments=tuple(read["arguments"]),
            record=SealedRecord.from_json(read["opening"]),
            inner={str(name): SealedRecord.from_json(each) for name, each in read["inner"].items()},
            order_key=None if read["order_key"] is None else OrderKey.read(read["order_key"]),
        )
        if not _whole(step):
            raise _broken()
        return step


def _whole(step: PreparedStep) -> bool:
    """Whether call, record and key belong together: what an edited file would write stands for ever."""
    scope = step.record.scope
    written, shapes = _FUNCTIONS[step.function]
    if (scope.claim, scope.step) != (step.claim, step_words(written).code):
        return False
    if not all(inner.root in step.record.values.values() for inner in step.inner.values()):
        return False
    places_order = "locks" in shapes
    if places_order != (step.order_key is not None):
        return False
    order = scope.order or 0
    expected: dict[str, Argument] = {
        "claim": step.claim,
        "root": step.record.root,
        "own": order,
        "before": order - 1,
    }
    if step.order_key is not None:
        expected["locks"] = list(locks(step.record, step.order_key))
    return len(step.arguments) == len(shapes) and all(
        _is(argument, expected[shape]) if shape in expected else _SHAPES[shape](argument)
        for argument, shape in zip(step.arguments, shapes, strict=True)
    )


def _is(argument: object, expected: Argument) -> bool:
    # The type too: True would pass for the number 1.
    return type(argument) is type(expected) and argument == expected


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**32


def _are_seals(value: object) -> bool:
    return isinstance(value, list) and len(value) == len(Group) and all(map(is_hash, value))


_SHAPES: Mapping[str, Callable[[object], bool]] = {
    "bytes32": is_hash,
    "number": _is_number,
    "seals": _are_seals,
}


def _raw(argument: Argument) -> Any:
    if isinstance(argument, list):
        return [bytes.fromhex(item[2:]) for item in argument]
    return bytes.fromhex(argument[2:]) if isinstance(argument, str) else argument


def _broken() -> Exception:
    return FileMalformed(what=_WHAT, rule=Sentence("claim.prepared-shape"))
