# SPDX-License-Identifier: Apache-2.0
"""From the bytes of a revert to one exception that says what to do."""

from __future__ import annotations

from typing import Any

from sceau.chain import contract_errors
from sceau.chain.abis import error_entries
from sceau.chain.times import utc_text
from sceau.documents.identifiers import hex_of
from sceau.terms import roles_words, state_words, step_words

# JSON-RPC code of a revert, where a node follows the execution API's specification.
_REVERTED = 3

_TIMES = {"compromisedSince", "latest", "earliest", "expiresAt"}


def decode_revert(data: str) -> contract_errors.ContractError:
    """The exception for revert data (``0x`` hex); a plain :class:`ContractError` when there is none."""
    error = _decoded(data)
    error.revert = data
    return error


def _decoded(data: str) -> contract_errors.ContractError:
    selector = data[:10].lower()
    if len(selector) < 10:
        return contract_errors.ContractError()
    entry = error_entries().get(selector)
    kind = getattr(contract_errors, entry["name"], None) if entry else None
    if entry is None or kind is None:
        return contract_errors.UnknownContractError(selector=selector)
    from eth_abi.abi import decode
    from eth_abi.exceptions import DecodingError

    types = [i["type"] for i in entry["inputs"]]
    names = [i["name"] for i in entry["inputs"]]
    try:
        values = decode(types, bytes.fromhex(data[10:]))
        words = {name: _word(name, value) for name, value in zip(names, values, strict=True)}
    except (DecodingError, ValueError):
        # Cut short, or a state that this version has no word for.
        return contract_errors.UnknownContractError(selector=selector)
    error: contract_errors.ContractError = kind(**words)
    return error


def revert_data(error: Exception) -> str | None:
    """The revert data that an exception of web3 holds; ``None`` if it tells of no revert.

    A revert without data on Besu is an error with code 3 that web3 does not take for one.
    """
    data: Any = getattr(error, "data", None)
    if isinstance(data, str) and data.startswith("0x"):
        return data
    response = getattr(error, "rpc_response", None)
    answer = response.get("error") if isinstance(response, dict) else None
    return "0x" if isinstance(answer, dict) and answer.get("code") == _REVERTED else None


def _word(name: str, value: Any) -> object:
    if isinstance(value, bytes):
        return hex_of(value)
    if name in ("role", "roles"):
        return roles_words(value)
    if name == "state":
        return state_words(value)
    if name == "step":
        return step_words(value)
    if name in _TIMES:
        return utc_text(value)
    return value
