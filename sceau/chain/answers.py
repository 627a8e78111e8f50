# SPDX-License-Identifier: Apache-2.0
"""A node's JSON-RPC answer in the usual form, whatever form the node uses."""

from __future__ import annotations

import re
from typing import Any

# Nethermind until 2023, Parity: 'Reverted 0x08c379a0…'.
_REVERT_DATA = re.compile(r"(?:Reverted\s+)?(0x(?:[0-9a-fA-F]{2})*)")


def usual(answer: Any) -> Any:
    """The answer as the specification writes it: a result or an error, and a revert's data as ``0x`` hex.

    Source: JSON-RPC 2.0, "Response object". Some nodes give an empty ``error`` beside a result, some leave the version
    out; Ganache puts a revert's data into an object, Nethermind and Parity write a word before it.
    """
    if not isinstance(answer, dict):
        return answer
    answer.setdefault("jsonrpc", "2.0")
    if "result" in answer and not answer.get("error"):
        answer.pop("error", None)
    if answer.get("error") and answer.get("result") is None:
        answer.pop("result", None)
    error = answer.get("error")
    if isinstance(error, dict) and "data" in error:
        data = _revert_data(error["data"])
        if data is not None:
            error["data"] = data
    return answer


def _revert_data(data: Any) -> str | None:
    """The bytes of a revert (``0x`` hex) in an error's data; ``None`` where there are none."""
    if isinstance(data, dict):
        named = [data.get(name) for name in ("result", "data")]
        return next((found for found in map(_revert_data, named) if found is not None), None)
    found = _REVERT_DATA.fullmatch(data.strip()) if isinstance(data, str) else None
    return found[1] if found else None
