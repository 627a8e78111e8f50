# SPDX-License-Identifier: Apache-2.0
"""Event logs, asked for in pieces: nodes limit how many blocks, or how many results, one question may cover.

The limits differ, and so does what a node says when one is passed: Besu -32005 "Requested range exceeds maximum RPC
range limit" (over 5,000 blocks by default), geth "exceed maximum block range", Nethermind -32005 "Too many
logs requested", Erigon "block range too large", reth "query exceeds max results", and hosted nodes -32005, -32600,
-32602, -32614 or HTTP 400 and 413. So no text and no code is looked for: whatever error answers a question about more
than one block is answered by a question about fewer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sceau.chain.contract_errors import ContractError
from sceau.chain.errors import NodeRefused, NodeUnreachable, NotANode
from sceau.chain.quantities import integer
from sceau.documents.identifiers import ZERO_HASH
from sceau.errors import NodeError, Sentence

if TYPE_CHECKING:
    from sceau.chain.node import Node

# Whatever is too slow, or unreadable, so many times in a row stays so, however little is asked for.
_MOST_BROKEN = 3
# Answers of gateways that say who may ask, or how often, and nothing of what was asked.
_NOT_ABOUT_SIZE = (401, 403, 404, 407, 429)


def read_logs(
    node: Node, query: Mapping[str, Any], first: int, last: int, *, backwards: bool = False
) -> Iterator[tuple[int, int, Sequence[Any]]]:
    """The logs of a query from block ``first`` to ``last``, both included, piece by piece.

    Each piece is its first and its last block, and what the node gives for them; with ``backwards`` the newest piece
    comes first. Nothing is asked before the next piece is wanted.

    Raises:
        NodeError: the node answers no question any more, not even one about a single block.
    """
    broken = 0
    while first <= last:
        asked = min(node.pieces.size, last - first + 1)
        low, high = (last - asked + 1, last) if backwards else (first, first + asked - 1)
        try:
            logs = _ask(node, {**query, "fromBlock": low, "toBlock": high})
        except NodeError as error:
            broken = broken + 1 if _is_broken(error) else 0
            if asked == 1 or broken == _MOST_BROKEN or not _may_be_too_much(error):
                raise
            node.pieces.refused(asked)
            continue
        broken = 0
        node.pieces.answered(asked)
        with node.translated():
            # A node that gives more than it was asked for gives it again with the next piece.
            within = [log for log in logs if low <= integer(log["blockNumber"]) <= high]
        yield low, high, within
        first, last = (first, low - 1) if backwards else (high + 1, last)


def largest_question(node: Node, address: str, first: int, last: int) -> int | None:
    """The most blocks that one question may cover, up to those from ``first`` to ``last``; ``None`` if it may be all.

    The questions are about events that there are not, of a contract at ``address``: a limit of results is not found.

    Raises:
        NodeError: the node answers no question, not even one about a single block.
    """

    def ask(blocks: int) -> bool:
        query = {"address": address, "topics": [ZERO_HASH], "fromBlock": last - blocks + 1, "toBlock": last}
        try:
            _ask(node, query)
        except NodeError as error:
            if blocks == 1 or not _may_be_too_much(error):
                raise
            return False
        return True

    refused = last - first + 1
    if ask(refused):
        return None
    ask(taken := 1)
    while refused - taken > 1:
        middle = (taken + refused) // 2
        taken, refused = (middle, refused) if ask(middle) else (taken, middle)
    return taken


def _ask(node: Node, query: Mapping[str, Any]) -> Sequence[Any]:
    within = {name: hex(query[name]) for name in ("fromBlock", "toBlock")}
    try:
        return node.logs({**query, **within})
    except ContractError as error:
        # No contract is asked: some nodes put a limit into the words of a revert.
        raise NodeRefused(url=node.url, why=error) from None


def _may_be_too_much(error: NodeError) -> bool:
    """Whether the node, or what stands before it, may answer a question about fewer blocks."""
    if isinstance(error, NodeRefused) or _is_broken(error):
        return True
    why = _why(error)
    if why is not None and why.key == "chain.http-status":
        return why.details.get("status") not in _NOT_ABOUT_SIZE
    return why is not None and why.key in ("chain.too-much", "chain.cut")


def _is_broken(error: NodeError) -> bool:
    why = _why(error)
    return isinstance(error, NotANode) or (why is not None and why.key == "chain.too-late")


def _why(error: NodeError) -> Sentence | None:
    """Why a node was not reached; ``None`` for any other error."""
    why = error.details.get("why") if isinstance(error, NodeUnreachable) else None
    if isinstance(why, Sentence) and why.key == "chain.by-proxy":
        why = why.details.get("why")
    return why if isinstance(why, Sentence) else None
