# SPDX-License-Identifier: Apache-2.0
"""Parties that exchange messages by folders."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from sceau.messages.transport import ExchangeFolder
from sceau.roles.acting import ActingParty
from tests.support.life import Life

R = TypeVar("R", bound=ActingParty)


def with_exchange(role: R, folder: Path) -> R:
    """The role, whose messages leave and arrive by a folder."""
    role._transport = ExchangeFolder(folder, role.party)
    return role


def connected(life: Life, folder: Path) -> Life:
    """A claim's life whose parties exchange messages by one folder."""
    folder.mkdir(exist_ok=True)
    for role in (life.practice, life.supplier, life.payer):
        with_exchange(role, folder)
    return life


def files(folder: Path, direction: str) -> list[Path]:
    """What lies in one direction, such as ``1-to-3``."""
    return sorted(path for path in (folder / direction).glob("*") if path.is_file())
