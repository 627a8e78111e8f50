# SPDX-License-Identifier: Apache-2.0
"""How vector files are laid out: a changed leaf is one changed line."""

import json
from collections.abc import Iterable
from typing import Any


def laid_out(content: Any) -> str:
    """JSON indented by one. An item of a list that holds no list, such as a leaf, is one line; so are flags."""
    return _value(content, "\n") + "\n"


def _value(value: Any, line: str) -> str:
    inner = line + " "
    if isinstance(value, dict) and value:
        return _block("{}", (f"{_plain(key)}: {_value(each, inner)}" for key, each in value.items()), line)
    if isinstance(value, list) and not all(isinstance(each, bool) for each in value):
        items = (_value(each, inner) if _holds_list(each) else _plain(each) for each in value)
        return _block("[]", items, line)
    return _plain(value)


def _block(brackets: str, parts: Iterable[str], line: str) -> str:
    return brackets[0] + ",".join(f"{line} {part}" for part in parts) + line + brackets[1]


def _holds_list(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds_list(each) for each in value.values())
    return isinstance(value, list)


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True)
