# SPDX-License-Identifier: Apache-2.0
"""What erased rows held, looked for wherever this party may have left it: bytes of files, and the rows that stay."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sceau.conformity.keys import OrderContext, OrderKey
from sceau.documents.errors import FileNotRead
from sceau.errors import SceauError, Sentence
from sceau.record import Scope, SealedRecord
from sceau.record.sealed import FORMAT as OPENING
from sceau.store import LocalStore
from sceau.store._files import blocks
from sceau.store._sealing import Opened
from sceau.store.erasing import opens
from sceau.terms import Group

#: Shorter values are not looked for: they stand in any encrypted file by chance.
SHORTEST = 8

_SECRET = frozenset({"seed", "salt", "key", "order_key"})
_DIGITS = 66


@dataclass(frozen=True, repr=False)
class Traces:
    """What is looked for: ``secrets`` are seeds, salts and keys (``0x`` hex), ``values`` texts of records."""

    secrets: frozenset[str]
    values: frozenset[str]
    commitments: frozenset[str]

    def __repr__(self) -> str:
        return f"Traces({len(self.secrets)} secrets, {len(self.values)} values)"

    @classmethod
    def of(cls, rows: Iterable[tuple[str, Opened]]) -> Traces:
        """What rows hold, at any depth."""
        found = _Gathered()
        for _, row in rows:
            found.add(row.document)
        return cls(frozenset(found.secrets), frozenset(found.values), frozenset(found.commitments))

    @classmethod
    def of_document(cls, document: dict[str, Any]) -> Traces:
        """What one document holds."""
        return cls.of([("", Opened("", "", document))])

    @property
    def needles(self) -> list[bytes]:
        """Every writing that is looked for in files: secrets raw and as text, values as text."""
        texts = {each for each in self.values if len(each.encode()) >= SHORTEST}
        raw = [bytes.fromhex(each[2:]) for each in self.secrets]
        return [*raw, *(each[2:].encode() for each in self.secrets), *(each.encode() for each in texts)]


@dataclass(frozen=True)
class Proof:
    """What was looked at after an erasure.

    ``looked_for`` counts the writings that were searched in ``files``, together ``size`` bytes; ``found_in`` are the
    files that hold one.
    ``rows_that_verify`` counts rows of this store from which an erased record could still be shown. Of the old backups
    that the caller named, ``unreadable`` and ``readable`` are those that the keys that remain do not open, and do.
    """

    looked_for: int
    files: tuple[str, ...]
    size: int
    found_in: tuple[str, ...]
    rows_that_verify: int
    unreadable: tuple[str, ...]
    readable: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not (self.found_in or self.rows_that_verify or self.readable)

    def counted(self, at: int) -> dict[str, Any]:
        """What was searched in numbers, without the name of a file; ``at`` is the time, in seconds."""
        return {
            "at": at,
            "looked_for": self.looked_for,
            "files": len(self.files),
            "bytes": self.size,
            "found_in": len(self.found_in),
            "rows_that_verify": self.rows_that_verify,
        }

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "looked_for": self.looked_for,
            "files": list(self.files),
            "bytes": self.size,
            "found_in": list(self.found_in),
            "rows_that_verify": self.rows_that_verify,
            "old_backups_unreadable": list(self.unreadable),
            "old_backups_readable": list(self.readable),
        }


def tried(store: LocalStore, old_backups: Iterable[Path]) -> dict[Path, bool]:
    """Of each old backup, whether the keys that remain open it. Raises :class:`StoreUnusable`."""
    return {path: opens(path, store.keys) for path in old_backups}


def trials(opened: Mapping[Path, bool], at: int) -> list[dict[str, Any]]:
    """The old backups that were tried, each by its hash and size, without its name; ``at`` is the time, in seconds."""
    return [
        {"sha256": _digest(path), "bytes": path.stat().st_size, "readable": readable, "at": at}
        for path, readable in opened.items()
    ]


def prove(store: LocalStore, traces: Traces, files: Iterable[Path], opened: Mapping[Path, bool]) -> Proof:
    """Looks for what was erased; folders among ``files`` are searched whole. ``opened`` is as of :func:`tried`.

    Raises :class:`FileNotRead`, :class:`StoreUnusable`.
    """
    database = store.vault.database.path
    places = {*files, *([database.parent] if database is not None else [])}
    looked_at = sorted({path for place in places for path in _files(place)})
    needles = traces.needles
    size = sum(path.stat().st_size for path in looked_at)
    found = [path for path in looked_at if _holds(path, needles)]
    return Proof(
        looked_for=len(needles),
        files=tuple(map(str, looked_at)),
        size=size,
        found_in=tuple(map(str, found)),
        rows_that_verify=_rows_that_verify(store, traces),
        unreadable=tuple(str(path) for path, readable in opened.items() if not readable),
        readable=tuple(str(path) for path, readable in opened.items() if readable),
    )


class _Gathered:
    """What JSON values hold, at any depth."""

    def __init__(self) -> None:
        self.secrets: set[str] = set()
        self.values: set[str] = set()
        self.commitments: set[str] = set()

    def add(self, value: Any) -> None:
        if isinstance(value, str):
            if value[:1] in ("{", "["):
                # What travelled beside a message is stored as the text that was hashed.
                with suppress(ValueError):
                    self.add(json.loads(value))
        elif isinstance(value, list | tuple):
            for each in value:
                self.add(each)
        elif isinstance(value, dict):
            self._object(value)

    def _object(self, value: dict[str, Any]) -> None:
        if value.get("format") == OPENING:
            with suppress(SceauError):
                record = SealedRecord.from_json(value)
                self.secrets.update("0x" + leaf.salt.hex() for leaf in record.leaves)
        if isinstance(value.get("order_key"), str):
            with suppress(SceauError, LookupError, TypeError):
                self.secrets.update(_group_keys(value))
        if isinstance(value.get("values"), dict):
            self.values.update(str(each) for each in value["values"].values())
        if {"salt", "value"} <= value.keys():
            self.values.add(str(value["value"]))
        if isinstance(value.get("root"), str):
            self.commitments.add(value["root"])
        for name, each in value.items():
            if name in _SECRET and isinstance(each, str) and len(each) == _DIGITS and each.startswith("0x"):
                self.secrets.add(each.lower())
            else:
                self.add(each)


def _group_keys(value: Mapping[str, Any]) -> Iterator[str]:
    """The keys that follow from an order's: each opens a group by itself, and may be given by itself."""
    order_key = OrderKey.read(value["order_key"])
    context = OrderContext.of(Scope.parse(value["opening"]["scope"]))
    for group in Group:
        yield order_key.group_key(context, group).reveal()


def _rows_that_verify(store: LocalStore, traces: Traces) -> int:
    """How many of the rows that stay hold a seed, salt or key of what was erased.

    A record, or a part of one, is shown by its salts; a group by its key. Without any of them nothing verifies.
    """
    with store.vault.view() as rows:
        held = () if rows is None else rows.all()
        return sum(1 for _, row in held if traces.secrets & Traces.of([("", row)]).secrets)


def _files(place: Path) -> Iterator[Path]:
    if place.is_dir():
        yield from (path for path in place.rglob("*") if path.is_file())
    elif place.is_file():
        yield place
    else:
        raise FileNotRead(path=place, why=Sentence("documents.absent"))


def require_there(places: Iterable[Path]) -> None:
    """Raises :class:`FileNotRead` for what cannot be searched; asked before anything is erased."""
    for place in places:
        for path in _files(place):
            if not os.access(path, os.R_OK):
                raise FileNotRead(path=path, why=Sentence("documents.no-rights"))


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    for block in blocks(path):
        digest.update(block)
    return digest.hexdigest()


def _holds(path: Path, needles: Sequence[bytes]) -> bool:
    longest = max(map(len, needles), default=0)
    before = b""
    for block in blocks(path):
        # What begins in one block may end in the next.
        content = before + block
        if any(needle in content for needle in needles):
            return True
        before = content[max(0, len(content) - longest) :]
    return False
