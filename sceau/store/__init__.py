# SPDX-License-Identifier: Apache-2.0
"""What a party stores: its steps, consents, messages and verdicts, and the numbers that serve one claim only."""

from sceau.store._about import AboutClaims, HoldsOfClaims
from sceau.store._local import LocalStore
from sceau.store._memory import MemoryStore
from sceau.store._memos import StoredMemos
from sceau.store._protocol import RESTORED, Arrived, Filed, Kind, Number, Store

__all__ = [
    "RESTORED",
    "AboutClaims",
    "Arrived",
    "Filed",
    "HoldsOfClaims",
    "Kind",
    "LocalStore",
    "MemoryStore",
    "Number",
    "Store",
    "StoredMemos",
]
