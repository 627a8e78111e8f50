# SPDX-License-Identifier: Apache-2.0
"""HTTP to a node, with limits on what comes back: its size, its time, where it leads and how deep it nests."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING, cast
from urllib.parse import urljoin, urlsplit

from sceau.chain.answers import usual
from sceau.chain.deadline import TooLate, within
from sceau.documents.strict_json import too_deep
from sceau.errors import Sentence

if TYPE_CHECKING:
    from requests import PreparedRequest, Response, Session
    from web3 import HTTPProvider
    from web3.types import RPCEndpoint, RPCResponse

#: The most that a whole answer may hold, after decompression: many times what a claim needs.
MOST_BYTES = 32_000_000

# No answer with fewer brackets can nest deep enough to crash Python's parser; most are not looked at further.
_FEW = 1000
_CHUNK = 65_536
_REDIRECTS = (301, 302, 307, 308)
_MOST_REDIRECTS = 3
_PORTS = {"http": 80, "https": 443}
# In the place of the environment's proxies: none reaches this computer's own addresses.
_DIRECT = {"http": "", "https": ""}

_TOO_LATE = Sentence("chain.too-late")
_TOO_MUCH = Sentence("chain.too-much", megabytes=MOST_BYTES // 1_000_000)
#: The reason of an answer that ends before its end.
CUT = Sentence("chain.cut")
_LED_ELSEWHERE = Sentence("chain.led-elsewhere")


class HttpFault(Exception):
    """An answer that is not read to its end; ``reason`` says why."""

    def __init__(self, reason: Sentence) -> None:
        super().__init__(reason.en)
        self.reason = reason


def http_provider(url: str, timeout: float) -> HTTPProvider:
    """A connection to ``url`` that sends each request once and has the whole answer within ``timeout`` seconds.

    An answer that leads to another origin, or is too big or too late, raises :class:`HttpFault`; one that nests too
    deep raises ValueError (:func:`sceau.documents.strict_json.too_deep`).
    """
    from requests import Session
    from web3 import HTTPProvider

    session = Session()
    # An uncompressed answer cannot grow; one that is compressed nevertheless is measured while it is read.
    headers = {
        "Content-Type": "application/json",
        "User-Agent": HTTPProvider.get_request_headers()["User-Agent"],
        "Accept-Encoding": "identity",
    }

    proxies = _DIRECT if _is_loopback(url) else None
    # What the environment says of proxies and certificates concerns no plain address of this computer; to look it up
    # for each request takes longer than to ask.
    session.trust_env = proxies is None or not url.startswith("http://")

    request = _requests(session, headers)

    def post(to: str, body: bytes, deadline: float) -> bytes:
        for _ in range(_MOST_REDIRECTS + 1):
            left = deadline - time.monotonic()
            if left <= 0:
                raise HttpFault(_TOO_LATE)
            asked = request(to, body)
            settings = session.merge_environment_settings(to, proxies or {}, True, None, None)
            with session.send(asked, timeout=left, allow_redirects=False, **settings) as answer:
                if answer.status_code not in _REDIRECTS:
                    answer.raise_for_status()
                    return _whole(answer, deadline)
                to = _next(to, answer.headers.get("Location", ""))
        raise HttpFault(_LED_ELSEWHERE)

    class WaryProvider(HTTPProvider):
        def _make_request(self, method: RPCEndpoint, request_data: bytes) -> bytes:  # noqa: ARG002 - web3's own name
            return self.exchange(request_data)

        @staticmethod
        def exchange(request_data: bytes) -> bytes:
            deadline = time.monotonic() + timeout
            try:
                return within(timeout, lambda: post(url, request_data, deadline))
            except TooLate:
                raise HttpFault(_TOO_LATE) from None

        @staticmethod
        def decode_rpc_response(raw_response: bytes) -> RPCResponse:
            openers = raw_response.count(b"[") + raw_response.count(b"{")
            if openers > _FEW and too_deep(raw_response.decode("utf-8")):
                raise ValueError("nested too deep")
            return cast("RPCResponse", usual(HTTPProvider.decode_rpc_response(raw_response)))

    # No retries: a transaction that was sent once must not be sent again behind its sender's back.
    provider = WaryProvider(url, exception_retry_configuration=None)
    # No node sends this program to addresses of its own choice (ERC-3668).
    provider.global_ccip_read_enabled = False
    return provider


def _requests(session: Session, headers: Mapping[str, str]) -> Callable[[str, bytes], PreparedRequest]:
    """Makes a request of an address and a body.

    To prepare one takes as long as to send it, and all to one address are the same but for their bodies and cookies.
    """
    from requests import Request

    prepared: dict[str, PreparedRequest] = {}

    def request(to: str, body: bytes) -> PreparedRequest:
        if to not in prepared:
            prepared[to] = session.prepare_request(Request("POST", to, headers=headers))
        copied = prepared[to].copy()
        copied.prepare_body(body, None)
        if session.cookies:
            copied.headers.pop("Cookie", None)
            copied.prepare_cookies(session.cookies)
        return copied

    return request


def is_proxied(url: str) -> bool:
    """Whether a proxy that the environment names (``HTTP_PROXY`` and so on) stands between here and ``url``."""
    from requests.utils import get_environ_proxies, select_proxy

    try:
        return not _is_loopback(url) and bool(select_proxy(url, get_environ_proxies(url)))
    except ValueError:
        # No address: nothing is asked there.
        return False


def place_of(url: str) -> tuple[object, ...]:
    """What an address comes to: the same for two that are written differently and lead to one node."""
    try:
        scheme, host, port = _origin(url.strip())
        parts = urlsplit(url.strip())
    except ValueError:
        return (url,)
    host = "loopback" if _is_loopback(url.strip()) else (host or "").rstrip(".")
    return scheme, host, port, parts.path.rstrip("/"), parts.query


def distinct(urls: Iterable[str]) -> tuple[str, ...]:
    """The addresses in their order, each node once: a node that is named twice is not a second witness."""
    found: dict[tuple[object, ...], str] = {}
    for url in urls:
        found.setdefault(place_of(url), url)
    return tuple(found.values())


def _is_loopback(url: str) -> bool:
    """Whether an address is this computer's own."""
    host = ""
    with suppress(ValueError):
        host = urlsplit(url).hostname or ""
        return ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


def _next(here: str, location: str) -> str:
    """Where a redirect leads, on the same scheme, host and port. Raises :class:`HttpFault`.

    Another origin is another node: nobody named it, and an address with credentials is only its own node's.
    """
    to = urljoin(here, location)
    if _origin(to) != _origin(here):
        raise HttpFault(_LED_ELSEWHERE)
    return to


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _whole(answer: Response, deadline: float) -> bytes:
    """The whole body of an answer. Raises :class:`HttpFault`."""
    from urllib3.exceptions import HTTPError
    from urllib3.exceptions import TimeoutError as TooSlow

    body = bytearray()
    try:
        for chunk in _decoded(answer):
            body += chunk
            if len(body) > MOST_BYTES:
                raise HttpFault(_TOO_MUCH)
            if time.monotonic() > deadline:
                raise HttpFault(_TOO_LATE)
    except TooSlow:
        raise HttpFault(_TOO_LATE) from None
    except (HTTPError, OSError, zlib.error):
        raise HttpFault(CUT) from None
    return bytes(body)


def _decoded(answer: Response) -> Iterator[bytes]:
    """The body in pieces, each of a size that is known before it is made."""
    encoding = answer.headers.get("Content-Encoding", "identity").strip().lower()
    read: Callable[[], bytes] = lambda: answer.raw.read(_CHUNK, decode_content=False)  # noqa: E731 - said once
    if encoding in ("identity", ""):
        yield from iter(read, b"")
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise ValueError("an answer in an encoding that was not asked for")
    inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    for chunk in iter(read, b""):
        pending = chunk
        while pending and not inflate.eof:
            yield inflate.decompress(pending, _CHUNK)
            pending = inflate.unconsumed_tail
        if inflate.eof:
            return
    yield inflate.flush()
    if not inflate.eof:
        raise zlib.error("cut off")
