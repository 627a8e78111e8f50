# SPDX-License-Identifier: Apache-2.0
"""What a node means by an error in answer to signed bytes, in the words of any node.

The words are those of geth, Besu, Nethermind, Erigon, Parity, Anvil and Ganache. JSON-RPC has no codes for them that
two of these agree on.
"""

from __future__ import annotations

import re
from enum import Enum


class Refusal(Enum):
    """What the node means."""

    HAS_IT = "it has these very bytes"
    NUMBER_USED = "a block holds another transaction of the key with this number"
    NUMBER_WAITS = "another transaction of the key with this number waits for a block"
    UNDERPRICED = "they pay too little, or less than others of the key with this number that wait for a block"
    NOT_NOW = "it cannot say now"
    FINAL = "it does not take them"


_WORDS = {
    Refusal.HAS_IT: r"already ?(known|imported|exists|in (the )?(mem)?pool)|known transaction"
    r"|same hash was already imported|existing tx with same hash",
    Refusal.NUMBER_USED: r"nonce (is )?too low|old ?nonce|nonce already used|correct nonce|below sender account nonce",
    Refusal.NUMBER_WAITS: r"replace|same nonce|lower nonce",
    # Ganache says of a number that waits what geth says of a price.
    Refusal.UNDERPRICED: r"underpriced",
    Refusal.NOT_NOW: r"too many requests|rate limit|limit exceeded|time[d ]? ?out|timeout|try again|temporar|busy"
    r"|unavailable|in progress|syncing|overload|upstream|bad gateway",
}


def meaning(words: str) -> Refusal:
    """What a node's own words mean; ``FINAL`` for words that are not known."""
    for refusal, pattern in _WORDS.items():
        if re.search(pattern, words, re.IGNORECASE):
            return refusal
    return Refusal.FINAL
