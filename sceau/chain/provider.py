# SPDX-License-Identifier: Apache-2.0
"""HTTP to a node, wary of what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sceau.documents.strict_json import too_deep

if TYPE_CHECKING:
    from web3 import HTTPProvider
    from web3.types import RPCResponse

# No answer with fewer brackets can nest deep enough to crash Python's parser; most are not looked at further.
_FEW = 1000


def http_provider(url: str, timeout: float) -> HTTPProvider:
    """A connection to ``url`` that sends each request once and waits ``timeout`` seconds for its answer.

    Reading an answer that nests too deep raises ValueError; see :func:`sceau.documents.strict_json.too_deep`.
    """
    from web3 import HTTPProvider

    class WaryProvider(HTTPProvider):
        @staticmethod
        def decode_rpc_response(raw_response: bytes) -> RPCResponse:
            openers = raw_response.count(b"[") + raw_response.count(b"{")
            if openers > _FEW and too_deep(raw_response.decode("utf-8")):
                raise ValueError("nested too deep")
            return HTTPProvider.decode_rpc_response(raw_response)

    # No retries: a transaction that was sent once must not be sent again behind its sender's back.
    return WaryProvider(url, request_kwargs={"timeout": timeout}, exception_retry_configuration=None)
