# SPDX-License-Identifier: Apache-2.0
"""What programs see of the ``sceau`` command is what json_outputs.json holds.

A change on purpose is written with ``python -m tests.golden.write``; its difference shows what programs will notice.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.golden.play import FROZEN, command_of, documented, lines, record


def flat(value: Any, path: str = "") -> dict[str, Any]:
    """Every path of nested objects with its value."""
    if not isinstance(value, dict) or not value:
        return {path: value}
    return {at: leaf for key, item in value.items() for at, leaf in flat(item, f"{path} > {key}").items()}


def first_difference(frozen: Any, found: Any) -> str:
    """The first path where two documents differ, with both sides; empty when they are the same."""
    before, after = flat(frozen), flat(found)
    for path in [*before, *after]:
        was, now = before.get(path, "absent"), after.get(path, "absent")
        if was != now:
            return f"{path.removeprefix(' > ')}: was {was}, is {now}"
    return ""


def test_every_documented_command_is_played() -> None:
    played = {command_of(words) for where, words, _ in lines() if ">" not in where}
    assert documented() - played == set()


def test_commands_print_and_write_what_they_did(tmp_path: Path) -> None:
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))
    if difference := first_difference(frozen, record(tmp_path)):
        pytest.fail(f"{difference} (on purpose? python -m tests.golden.write)", pytrace=False)
