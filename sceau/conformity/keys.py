# SPDX-License-Identifier: Apache-2.0
"""Order keys and the group keys that come from them.

For each order, remakes included, the practice draws a fresh order key and gives it to the supplier inside the
order envelope. It gives four group keys. A group key opens its own group and reveals nothing of the others, so a
payer may be given that of the act codes, and an auditor that of a group in dispute.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import NoReturn, TypeVar

from eth_abi.abi import encode

from sceau.conformity.errors import KeyMalformed, OrderContextWrong
from sceau.documents.identifiers import bytes_of, hex_of, is_hash
from sceau.errors import Sentence
from sceau.record import Scope
from sceau.terms import Group, group_words

KEY_BYTES = 32
#: First word of what a group key is made from: it serves this protocol's first version and nothing else.
GROUP_KEY_LABEL = "sceau-group-key-1"
#: Orders of a claim are counted in one byte by the contract.
LAST_ORDER = 255

_Key = TypeVar("_Key", bound="_Secret")


@dataclass(frozen=True)
class OrderContext:
    """Which order of which claim: chain id, claim contract ('0x' and hex), claim ('0x' and hex), order from 1.

    Raises :class:`OrderContextWrong`, or :class:`~sceau.record.errors.ScopeNotCanonical` when a part is none.
    """

    chain_id: int
    contract: str
    claim: str
    order_number: int

    def __post_init__(self) -> None:
        # A scope checks and lowers the parts; its profile and step are of no account here.
        scope = Scope("any", 1, self.chain_id, self.contract, self.claim, self.order_number, "any")
        object.__setattr__(self, "contract", scope.contract)
        object.__setattr__(self, "claim", scope.claim)
        if not 1 <= self.order_number <= LAST_ORDER:
            raise OrderContextWrong(part=_ORDER_NUMBER)

    @classmethod
    def of(cls, scope: Scope) -> OrderContext:
        """The order that a sealed record is about. Raises :class:`OrderContextWrong` when it is about none."""
        if scope.claim is None or scope.order_number is None:
            raise OrderContextWrong(part=_ORDER_NUMBER)
        return cls(scope.chain_id, scope.contract, scope.claim, scope.order_number)


class _Secret:
    """32 secret bytes that no repr, log or pickle shows; compared in constant time."""

    __slots__ = ("_bytes",)

    def __init__(self, secret: bytes) -> None:
        if type(secret) is not bytes or len(secret) != KEY_BYTES:
            raise KeyMalformed
        self._bytes = secret

    def reveal(self) -> str:
        """The key as an envelope holds it: '0x' and 64 hexadecimal digits. Never print or log it."""
        return hex_of(self._bytes)

    def _mac(self, message: bytes) -> bytes:
        return hmac.new(self._bytes, message, hashlib.sha256).digest()

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and hmac.compare_digest(self._bytes, other._bytes)

    __hash__ = None  # type: ignore[assignment]  # a set of secrets would compare them in variable time

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is secret and is not pickled or copied")


class OrderKey(_Secret):
    """The key of one order. Draw a fresh one for every order, remakes included: :meth:`draw`."""

    __slots__ = ()

    @classmethod
    def draw(cls) -> OrderKey:
        """A fresh key of 32 random bytes."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @classmethod
    def read(cls, written: object) -> OrderKey:
        """The key that :meth:`reveal` wrote. Raises :class:`KeyMalformed`."""
        return cls(_bytes_of(written))

    def group_key(self, context: OrderContext, group: Group) -> GroupKey:
        """The key of one group of one order.

        HMAC-SHA-256(order key, abi.encode(string label, uint256 chain id, address contract, bytes32 claim,
        uint8 order, uint256 group)).
        """
        message = encode(
            ["string", "uint256", "address", "bytes32", "uint8", "uint256"],
            [
                GROUP_KEY_LABEL,
                context.chain_id,
                context.contract,
                bytes_of(context.claim),
                context.order_number,
                int(group),
            ],
        )
        return GroupKey(group, self._mac(message))

    def __repr__(self) -> str:
        return "OrderKey(secret)"


class GroupKey(_Secret):
    """The key of one group of one order; with it and the group's values anybody can recompute tag and lock."""

    __slots__ = ("group",)

    def __init__(self, group: Group, secret: bytes) -> None:
        super().__init__(secret)
        self.group = Group(group)

    @classmethod
    def read(cls, group: Group, written: object) -> GroupKey:
        """The key that :meth:`reveal` wrote, of ``group``. Raises :class:`KeyMalformed`."""
        return cls(group, _bytes_of(written))

    def authenticate(self, message: bytes) -> bytes:
        """HMAC-SHA-256 of ``message`` under this key, 32 bytes."""
        return self._mac(message)

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other) and isinstance(other, GroupKey) and other.group == self.group

    __hash__ = None  # Python forgets the one above when __eq__ is defined again

    def __repr__(self) -> str:
        return f"GroupKey({group_words(self.group).code}, secret)"


_ORDER_NUMBER = Sentence("conformity.order-number")


def _bytes_of(written: object) -> bytes:
    if not is_hash(written):
        raise KeyMalformed
    return bytes_of(written)
