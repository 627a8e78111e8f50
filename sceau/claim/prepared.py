# SPDX-License-Identifier: Apache-2.0
"""A step that is sealed and not yet sent: what must be on disk before the chain sees anything of it.

A record is sealed once. Whoever prepares a step keeps it first and sends it then; a retry sends the same root.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sceau.chain.network import Network
from sceau.chain.signer import Signer
from sceau.chain.transaction import Transaction, send
from sceau.conformity.keys import OrderKey
from sceau.errors import Sentence
from sceau.record import Opening
from sceau.record.strict_json import malformed, read_object, require_keys

FORMAT = "sceau-prepared-step/1"

_WHAT = Sentence("prepared-step", "prepared step", "une étape préparée")
_KEYS = ("format", "claim", "function", "arguments", "opening", "inner", "order_key")

#: Functions of the claim registry that a prepared step may call: a file cannot make a signer call anything else.
_FUNCTIONS = frozenset(
    {
        "open",
        "authorise",
        "refuse",
        "cancel",
        "order",
        "remake",
        "deliver",
        "invoice",
        "settle",
        "recordReturn",
        "dispute",
    }
)

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
    opening: Opening
    inner: Mapping[str, Opening] = field(default_factory=dict)
    order_key: OrderKey | None = None

    def __repr__(self) -> str:
        return f"PreparedStep({self.function} {self.claim})"

    def send(self, network: Network, signer: Signer) -> Transaction:
        """Sends the step; raises as :func:`sceau.chain.transaction.send`."""
        arguments = [_raw(argument) for argument in self.arguments]
        return send(network, signer, "ClaimRegistry", self.function, *arguments)

    def to_json(self) -> dict[str, Any]:
        """The step as JSON values. It holds secrets: encrypt it where it is kept."""
        return {
            "format": FORMAT,
            "claim": self.claim,
            "function": self.function,
            "arguments": list(self.arguments),
            "opening": self.opening.to_json(),
            "inner": {name: opening.to_json() for name, opening in self.inner.items()},
            "order_key": None if self.order_key is None else self.order_key.reveal(),
        }

    @classmethod
    def from_json(cls, data: str | bytes | Mapping[str, object]) -> PreparedStep:
        """Restores what :meth:`to_json` wrote.

        Raises:
            FileMalformed: it is truncated, edited in its shape, or no prepared step.
            RecordError: an opening does not give its own root.
        """
        read = read_object(data, _WHAT)
        require_keys(read, _KEYS, _WHAT)
        if read["format"] != FORMAT or read["function"] not in _FUNCTIONS:
            raise _broken()
        if not isinstance(read["inner"], Mapping) or not isinstance(read["arguments"], list):
            raise _broken()
        if not isinstance(read["claim"], str):
            raise _broken()
        return cls(
            claim=read["claim"],
            function=read["function"],
            arguments=tuple(_checked(argument) for argument in read["arguments"]),
            opening=Opening.from_json(read["opening"]),
            inner={str(name): Opening.from_json(each) for name, each in read["inner"].items()},
            order_key=None if read["order_key"] is None else OrderKey.read(read["order_key"]),
        )


def _checked(argument: object) -> Argument:
    if type(argument) is int or _is_hex(argument):
        return argument  # type: ignore[return-value] # narrowed by _is_hex to str
    if isinstance(argument, list) and all(_is_hex(item) for item in argument):
        return argument
    raise _broken()


def _is_hex(value: object) -> bool:
    if not isinstance(value, str) or not value.startswith("0x"):
        return False
    try:
        bytes.fromhex(value[2:])
    except ValueError:
        return False
    return True


def _raw(argument: Argument) -> Any:
    if isinstance(argument, list):
        return [bytes.fromhex(item[2:]) for item in argument]
    return bytes.fromhex(argument[2:]) if isinstance(argument, str) else argument


def _broken() -> Exception:
    return malformed(_WHAT, "prepared-shape", "it is not shaped as one", "il n'en a pas la forme")
