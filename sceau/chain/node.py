# SPDX-License-Identifier: Apache-2.0
"""One node of the chain, over HTTP, and the blocks it knows."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import urlsplit

from sceau.chain.errors import NodeRefused, NodeUnreachable, NotANode
from sceau.chain.pairings import defer_pairings
from sceau.chain.pieces import Pieces
from sceau.chain.provider import CUT, HttpFault, http_provider, is_proxied, place_of
from sceau.chain.quantities import integer
from sceau.chain.revert import decode_revert, revert_data
from sceau.chain.times import iso_text
from sceau.documents.identifiers import hex_of, is_hash
from sceau.errors import SceauError, Sentence

if TYPE_CHECKING:
    from web3 import Web3

    from sceau.chain.proved import Prover

T = TypeVar("T")

_SCHEME = re.compile(r"^[A-Za-z]+(?=://)")
_UNREADABLE_URL = "(unreadable address)"
_NOT_HTTP = Sentence("chain.not-http")
_TOO_LATE = Sentence("chain.too-late")
_NO_CONNECTION = Sentence("chain.no-connection")
_NOT_TRUSTED = Sentence("chain.not-trusted")
_OTHER_ANSWER = Sentence("chain.other-answer")

#: What reading an answer raises that is no answer of a node.
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)

#: No chain comes to so many blocks; whoever writes a block's number down reckons with five bytes.
HIGHEST = 2**40 - 1

#: 1 January 9999: dates end with that year, and whoever reads a block's time reckons with days after it.
END_OF_TIME = 253_370_764_800

# A height that a node has just announced can be unknown to it for an instant, and a gateway can be busy.
_ATTEMPTS = 5
_PAUSE_SECONDS = 0.2
# More than the events of one claim or of one party.
_BLOCKS_KEPT = 10_000
_BUSY = {429, 500, 502, 503, 504}
# What nodes say of a block or a state that they do not have yet: geth, Besu, Nethermind, Erigon.
_NOT_YET = re.compile(
    r"(header|block|state|trie node|resource)\b.*\b(not found|unknown|unavailable|not available|missing)"
    r"|(missing|unknown|no) (trie node|block|header|state)|too many requests|rate limit|index\w* .*in progress",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Block:
    """A block: its number, its hash (``0x`` hex), its time and its base fee (wei; ``None`` before London)."""

    number: int
    hash: str
    timestamp: int
    base_fee: int | None
    #: Whether the chain's validators sealed it, as :mod:`sceau.proof` checked; else the node is believed.
    proved: bool = field(default=False, compare=False)

    def to_json(self) -> dict[str, Any]:
        """The block as JSON values, for a reader of what it holds."""
        found: dict[str, Any] = {
            "number": self.number,
            "hash": self.hash,
            "time": iso_text(self.timestamp),
        }
        return {**found, "proved": True} if self.proved else found


class Node:
    """A node answering JSON-RPC over HTTP.

    ``url`` may hold credentials; messages never show them. ``timeout`` is in seconds, for each whole answer; ``pieces``
    what was learnt of how much one question about logs may cover.
    """

    def __init__(self, url: str, *, timeout: float = 10) -> None:
        # A scheme means the same in capitals (RFC 3986, 3.1).
        self._url = _SCHEME.sub(lambda found: found[0].lower(), url.strip())
        self._timeout = timeout
        self.url = _without_credentials(url)
        self.pieces = Pieces()
        #: Proves what it says, where the deployment's manifest lists the chain's validators.
        self.prover: Prover | None = None
        #: Whether it answers several questions in one request, as far as it is known.
        self.takes_batches = True
        self._blocks: dict[str, Block] = {}
        self._senders: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"Node({self.url!r})"

    def anew(self) -> Node:
        """The same node, of which nothing is known yet."""
        return Node(self._url, timeout=self._timeout)

    @property
    def place(self) -> tuple[object, ...]:
        """What its address comes to: two nodes of one place are one."""
        return place_of(self._url)

    @cached_property
    def web3(self) -> Web3:
        """The connection, made on first use: importing web3 takes about a second."""
        defer_pairings()
        from web3 import Web3
        from web3.middleware import ExtraDataToPOAMiddleware

        if not self._url.startswith(("http://", "https://")):
            raise NodeUnreachable(url=self.url, why=_NOT_HTTP)
        web3 = Web3(http_provider(self._url, self._timeout))
        # QBFT puts its validators' seals into extraData, over the 32 bytes that web3 expects.
        web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)
        # It asks for the chain's id before almost every question; a deployment's is compared when it is connected, and
        # every transaction is signed for it.
        web3.middleware_onion.remove("validation")
        # Nobody names an address by a name, and answers are read by their keys.
        web3.middleware_onion.remove("ens_name_to_address")
        web3.middleware_onion.remove("attrdict")
        return web3

    def exchange(self, body: bytes) -> bytes:
        """What the node answers to a request as it stands; raises what the transport raises (:meth:`ask`)."""
        # web3 has no words for a batch whose single answers may be errors.
        provider: Any = self.web3.provider
        answer: bytes = provider.exchange(body)
        return answer

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turns web3's and the transport's exceptions into Sceau's.

        Raises:
            ContractError: a contract refused, by its error's own class.
            NodeUnreachable: the node did not answer.
            NotANode: something answered, but not as a node does.
            NodeRefused: the node answered with another error.
        """
        try:
            yield
        except Exception as error:
            translation = self._translation(error)
            if translation is None:
                raise
            raise translation from None

    def ask(self, request: Callable[[], T]) -> T:
        """The answer to a read, asked again for a moment where the next instant can give another.

        So it is while a node does not know a block that it announced, while a gateway is busy, and where a connection
        was closed. Raises as :meth:`translated`.
        """
        deadline = time.monotonic() + self._timeout
        with self.translated():
            for _ in range(_ATTEMPTS - 1):
                try:
                    return request()
                except Exception as error:
                    if time.monotonic() >= deadline or not _may_pass(error):
                        raise
                time.sleep(_PAUSE_SECONDS)
            return request()

    def _translation(self, error: Exception) -> SceauError | None:
        """Sceau's exception for one of web3 or of the transport; ``None`` for any other."""
        from eth_abi.exceptions import DecodingError
        from requests.exceptions import RequestException
        from web3.exceptions import BadResponseFormat, ContractLogicError, Web3Exception

        data = revert_data(error)
        if isinstance(error, ContractLogicError) or (isinstance(error, Web3Exception) and data):
            return decode_revert(data or "0x")
        if isinstance(error, (HttpFault, RequestException)):
            reason = error.reason if isinstance(error, HttpFault) else _transport_reason(error)
            return NodeUnreachable(url=self.url, why=self._by_proxy(reason))
        if isinstance(error, Web3Exception) and not isinstance(error, BadResponseFormat):
            return NodeRefused(url=self.url, why=first_line(error))
        # Its answer cannot be read as JSON-RPC, or is no block where a block was asked for.
        if isinstance(error, (BadResponseFormat, DecodingError, *UNREADABLE)):
            if is_proxied(self._url):
                return NodeUnreachable(url=self.url, why=self._by_proxy(_OTHER_ANSWER))
            return NotANode(url=self.url)
        return None

    def _by_proxy(self, reason: Sentence) -> Sentence:
        """The reason, with the proxy that may be in the way, where the environment names one."""
        return Sentence("chain.by-proxy", why=reason) if is_proxied(self._url) else reason

    def call(self, contract: str, calldata: bytes, decode: Callable[[bytes], T], block: int) -> T:
        """What a contract at an address answers to a call at a block, read by ``decode``."""
        request: Any = {"to": _checksum(contract), "data": hex_of(calldata)}
        return self.ask(lambda: decode(bytes(self.web3.eth.call(request, block))))

    def chain_id(self) -> int:
        """The chain id that the node reports."""
        return self.ask(lambda: int(self.web3.eth.chain_id))

    def genesis_hash(self) -> str:
        """Hash of block 0: it distinguishes two chains with one chain id."""
        return block_of(self.raw_block("eth_getBlockByNumber", hex(0))).hash

    def head(self) -> Block:
        """The newest block."""
        if self.prover is not None:
            self.prover.require_trusted()
        return self._block("eth_getBlockByNumber", "latest")

    def block(self, number: int) -> Block:
        """The block of this number."""
        found = self._block("eth_getBlockByNumber", hex(number))
        if self.prover is not None and found.number != number:
            # Another block is proved as well: an older one must not stand for the one that was asked for.
            raise NotANode(url=self.url)
        return found

    def _block(self, method: str, wanted: str) -> Block:
        return self.block_from(self.raw_block(method, wanted))

    def block_from(self, answer: Any) -> Block:
        """The block that the node gave as JSON, proved where it must be. Raises what reading anything else raises."""
        return block_of(answer) if self.prover is None else self.prover.block(self, answer)

    def raw_block(self, method: str, wanted: str) -> Any:
        """A block as the node gives it, field by field."""
        from web3.exceptions import BlockNotFound

        # web3's own method translates every field of a block, which takes longer than to ask.
        request: Any = self.web3.manager.request_blocking

        def read() -> Any:
            answer = request(method, [wanted, False])
            if answer is None:
                raise BlockNotFound(f"Block with id: {wanted!r} not found.")
            # Is it a block? Another question may be answered better.
            block_of(answer)
            return answer

        return self.ask(read)

    def block_at(self, time: int, low: int, high: int) -> int:
        """The first block from ``low`` to ``high`` that is not older than a time in seconds; ``high`` if all are.

        Found by their times, which never go back: about as many blocks are asked for as their number has bits.
        """
        older, newer = self.block(low).timestamp, self.block(high).timestamp
        if older >= time or newer < time:
            return low if older >= time else high
        evenly = True
        while high - low > 1:
            # Blocks that come evenly are found at once; halving every other time finds the others too.
            share = (time - older) / (newer - older) if evenly else 0.5
            between = low + min(max(1, int((high - low) * share)), high - low - 1)
            found = self.block(between).timestamp
            if found < time:
                low, older = between, found
            else:
                high, newer = between, found
            evenly = not evenly
        return high

    def time_of(self, number: int, block_hash: str) -> int:
        """The time of a block, in seconds, by its number and its hash (``0x`` hex).

        The node is asked once for each hash, since no other block has it. Raises :class:`NotANode` where it answers
        with another block.
        """
        block = self._blocks.get(block_hash)
        if block is None:
            block = self._block("eth_getBlockByHash", block_hash)
            self.remember(block, block_hash)
        if (block.number, block.hash) != (number, block_hash):
            raise NotANode(url=self.url)
        return block.timestamp

    def remembers(self, block_hash: str) -> bool:
        """Whether a block (``0x`` hash) need not be asked for again."""
        return block_hash in self._blocks

    def remember(self, block: Block, block_hash: str | None = None) -> None:
        """Keeps a block that the node gave, under the hash by which it was asked for; its own if not given."""
        while len(self._blocks) >= _BLOCKS_KEPT:
            del self._blocks[next(iter(self._blocks))]
        self._blocks[block_hash or block.hash] = block

    def logs(self, query: Mapping[str, Any]) -> list[Any]:
        """The logs that a query asks for, as JSON-RPC gives them."""
        # web3's own method translates every field of a log, which takes longer than to ask.
        request: Any = self.web3.manager.request_blocking

        def read() -> list[Any]:
            answer = request("eth_getLogs", [query])
            if not isinstance(answer, list):
                raise ValueError("no list of logs")
            return answer

        return self.ask(read)

    def code(self, address: str, block: int | None = None) -> bytes:
        """Code at an address; empty where there is no contract."""
        at: Any = "latest" if block is None else block
        return self.ask(lambda: bytes(self.web3.eth.get_code(_checksum(address), at)))

    def has_code(self, address: str, block: int) -> bool:
        """Whether there is a contract at an address at a block, proved where it must be."""
        if self.prover is None:
            return bool(self.code(address, block))
        return self.prover.has_code(self, address, block)

    def balance(self, address: str) -> int:
        """Wei held by an address."""
        return self.ask(lambda: int(self.web3.eth.get_balance(_checksum(address))))

    def tip(self) -> int:
        """What the node asks to be paid over the base fee, in wei; it may have no such method."""
        # web3's own method answers with an estimate, and a warning, where the node has none.
        ask: Any = self.web3.manager.request_blocking
        return self.ask(lambda: int(ask("eth_maxPriorityFeePerGas", []), 16))

    def count(self, address: str, block: Literal["pending", "latest"]) -> int:
        """How many transactions an address has sent: the number of its next one."""
        return self.ask(lambda: int(self.web3.eth.get_transaction_count(_checksum(address), block)))

    def knows(self, transaction: str) -> bool:
        """Whether the node has a transaction (``0x`` hash), in a block or not."""
        return self._transaction(transaction) is not None

    def holds_in_pool(self, transaction: str) -> bool:
        """Whether the node has a transaction (``0x`` hash) that is in no block."""
        found = self._transaction(transaction)
        return found is not None and found.get("blockNumber") is None

    def _transaction(self, transaction: str) -> Any | None:
        from web3.exceptions import TransactionNotFound

        def read() -> Any | None:
            try:
                return self.web3.eth.get_transaction(transaction)  # type: ignore[arg-type] # text is taken
            except TransactionNotFound:
                return None

        return self.ask(read)

    def sent_in(self, number: int, address: str) -> dict[int, str]:
        """The hashes of what an address sent that the block of this number holds, by their own numbers."""

        def read() -> dict[int, str]:
            block: Any = self.web3.eth.get_block(number, full_transactions=True)
            return {
                int(each["nonce"]): hex_of(bytes(each["hash"]))
                for each in block["transactions"]
                if each["from"] == _checksum(address)
            }

        return self.ask(read)

    def sender(self, transaction: str) -> str:
        """Address that sent a transaction (``0x`` hash) that is in a block; the node is asked once for each hash."""
        if transaction not in self._senders:
            # web3's type for hashes has no public constructor from text
            sender = self.ask(lambda: self.web3.eth.get_transaction(transaction)["from"])  # type: ignore[arg-type] # text is taken
            self.remember_sender(transaction, str(sender))
        return self._senders[transaction]

    def remembers_sender(self, transaction: str) -> bool:
        """Whether the sender of a transaction (``0x`` hash) need not be asked for again."""
        return transaction in self._senders

    def remember_sender(self, transaction: str, sender: str) -> None:
        """Keeps who sent a transaction, as the node said."""
        while len(self._senders) >= _BLOCKS_KEPT:
            del self._senders[next(iter(self._senders))]
        self._senders[transaction] = _checksum(sender)

    def calldata(self, transaction: str) -> str:
        """Calldata (``0x`` hex) of a transaction that is in a block."""
        found = self.ask(lambda: self.web3.eth.get_transaction(transaction)["input"])  # type: ignore[arg-type] # text is taken
        return hex_of(bytes(found))

    def client_version(self) -> str:
        """What the node says of its own software."""
        return self.ask(lambda: str(self.web3.client_version))


def block_of(answer: Any) -> Block:
    """A block as JSON-RPC gives it; raises what reading anything else raises."""
    hash_, timestamp, fee = answer["hash"].lower(), integer(answer["timestamp"]), answer.get("baseFeePerGas")
    if not is_hash(hash_):
        raise ValueError("no hash of a block")
    number = integer(answer["number"])
    if timestamp >= END_OF_TIME or number > HIGHEST:
        raise ValueError("no calendar holds this time, or no chain is so high")
    return Block(number, hash_, timestamp, None if fee is None else integer(fee))


def first_line(error: Exception) -> str:
    """The first line of an error's message, cut and printable: a node may answer with a whole stack trace."""
    message: Any = getattr(error, "rpc_response", None)
    if isinstance(message, dict):
        found = message.get("error")
        message = found.get("message") if isinstance(found, dict) else found
    return printable(str(message or error)) or type(error).__name__


def printable(words: str) -> str:
    """The first line of a node's own words, cut and printable; empty where there is none."""
    lines = words.strip().splitlines()
    return "".join(
        character if character.isprintable() else "?" for character in (lines[0][:160] if lines else "")
    )


def _may_pass(error: Exception) -> bool:
    """Whether the same question may be answered in the next instant."""
    from eth_abi.exceptions import DecodingError
    from requests import exceptions
    from web3.exceptions import (
        BadFunctionCallOutput,
        BadResponseFormat,
        BlockNotFound,
        TransactionNotFound,
        Web3RPCError,
    )

    if isinstance(error, HttpFault):
        return error.reason == CUT
    if isinstance(error, exceptions.HTTPError):
        return error.response is not None and error.response.status_code in _BUSY
    if isinstance(error, exceptions.ConnectionError):
        return not isinstance(error, (exceptions.Timeout, exceptions.SSLError, exceptions.ProxyError))
    if isinstance(error, exceptions.RequestException):
        return False
    if isinstance(error, Web3RPCError) and _NOT_YET.search(first_line(error)):
        return True
    return isinstance(
        error,
        (
            BlockNotFound,
            TransactionNotFound,
            BadResponseFormat,
            BadFunctionCallOutput,
            DecodingError,
            *UNREADABLE,
        ),
    )


@lru_cache(maxsize=4096)
def _checksum(address: str) -> Any:
    from eth_utils.address import to_checksum_address

    return to_checksum_address(address)


def _without_credentials(url: str) -> str:
    """Scheme, host and port: user, password, path and query can each hold a secret."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return _UNREADABLE_URL
    if not parts.hostname or not parts.hostname.isprintable():
        return _UNREADABLE_URL
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{port}" if port else f"{parts.scheme}://{host}"


def _transport_reason(error: Exception) -> Sentence:
    """A few words for a failure of transport: requests' own messages repeat the address, credentials and all."""
    from requests import exceptions

    if isinstance(error, exceptions.Timeout):
        return _TOO_LATE
    if isinstance(error, exceptions.HTTPError) and error.response is not None:
        return Sentence("chain.http-status", status=error.response.status_code)
    if isinstance(error, (exceptions.InvalidURL, exceptions.InvalidSchema)):
        return _NOT_HTTP
    if isinstance(error, exceptions.SSLError):
        return _NOT_TRUSTED
    return _NO_CONNECTION
