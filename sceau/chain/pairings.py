# SPDX-License-Identifier: Apache-2.0
"""Importing eth_account without the pairings of py_ecc, which no key of this chain needs.

From its version 0.10 on, eth_keyfile imports py_ecc's signatures over BLS12-381, for one thing: to write the public key
into a key file of Ethereum's own validators (EIP-2335). To make their tables takes longer than all else that web3
imports, and half a second at each start of a command.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eth_account import Account

#: The order of the group of BLS12-381, which eth_keyfile compares such keys with.
CURVE_ORDER = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001


class _Signatures:
    """``py_ecc.bls.G2ProofOfPossession``, imported when something of it is used."""

    def __getattr__(self, name: str) -> Any:
        from py_ecc.bls import G2ProofOfPossession

        return getattr(G2ProofOfPossession, name)


@cache
def defer_pairings() -> None:
    """Imports eth_keyfile once, with pairings that are imported when they are used; to be called before eth_account.

    Whoever imports py_ecc afterwards has the true modules. An eth_keyfile that wants more of them imports them itself.
    """
    stand_ins = {"py_ecc.bls": ModuleType("py_ecc.bls"), "py_ecc.bls12_381": ModuleType("py_ecc.bls12_381")}
    if "eth_keyfile" in sys.modules or not stand_ins.keys().isdisjoint(sys.modules):
        return
    vars(stand_ins["py_ecc.bls"])["G2ProofOfPossession"] = _Signatures()
    vars(stand_ins["py_ecc.bls12_381"])["curve_order"] = CURVE_ORDER
    sys.modules.update(stand_ins)
    try:
        with suppress(ImportError):
            import eth_keyfile  # noqa: F401 - for those who import it next
    finally:
        for name, module in stand_ins.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


def accounts() -> type[Account]:
    """``eth_account.Account``."""
    defer_pairings()
    from eth_account import Account

    return Account
