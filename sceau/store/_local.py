# SPDX-License-Identifier: Apache-2.0
"""A party's own store: an encrypted database, in a folder or on a PostgreSQL server."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sceau.errors import Sentence
from sceau.store._protocol import RECEIVED, Arrived, Kind, Number
from sceau.store.errors import (
    EnvelopeReplayed,
    NumberAlreadyUsed,
    StoreKeyExposed,
    StoreKeyNotNamed,
    StoreUnusable,
)

if TYPE_CHECKING:
    from sceau.store._vault import Vault
    from sceau.store.keys import StoreKeys

#: The file in a store's folder.
FILE_NAME = "store.sqlite"

Place = str | Path


class LocalStore:
    """A :class:`sceau.store.Store` that is encrypted, durable, and usable by several processes at once.

    Args:
        place: a folder, in which one SQLite file is made when something is first stored; a URL of PostgreSQL
            (``postgresql://…``); or ``None`` for a store in memory, for a single run.
        keys: where its keys are; the file beside the folder with its name and ``.key`` if not given, made on first use.
        tell: is told in a sentence when keys were made; the log ``sceau.store`` if not given.

    Raises:
        StoreUnusable: ``place`` is not a folder that can be written, or its file is not a store; one of its subclasses:
            the keys are missing or wrong, the store is of another version.
    """

    def __init__(
        self,
        place: Place | None,
        keys: StoreKeys | None = None,
        *,
        tell: Callable[[Sentence], None] | None = None,
    ) -> None:
        self._place = _place(place)
        self._keys = keys or _usual_keys(self._place)
        self._tell = tell or (_nobody if self._place is None else _log)
        if isinstance(self._place, Path):
            _require_apart(self._place, self._keys)
        if self.is_there:
            with self.vault.view():
                pass

    def __repr__(self) -> str:
        return f"LocalStore({self._shown!r})"

    @property
    def is_there(self) -> bool:
        """Whether there may be something: a file was made, or the place is on a server."""
        return isinstance(self._place, str) or (
            self._place is not None and (self._place / FILE_NAME).exists()
        )

    @cached_property
    def vault(self) -> Vault:
        """The database, for what has rows of its own beside these."""
        # SQLAlchemy takes a fifth of a second to import: it is loaded when a store is opened.
        from sceau.store._vault import Vault

        place = self._place / FILE_NAME if isinstance(self._place, Path) else self._place
        return Vault(place, self._keys, self._tell)

    def close(self) -> None:
        """Closes the database."""
        if "vault" in self.__dict__:
            self.vault.close()

    def put(self, kind: Kind, key: str, document: Mapping[str, Any], *, claim: str = "") -> None:
        """As :meth:`Store.put`."""
        with self.vault.change() as rows:
            rows.put(kind.value, key, claim, document)

    def get(self, kind: Kind, key: str) -> dict[str, Any] | None:
        """As :meth:`Store.get`."""
        with self.vault.view() as rows:
            return None if rows is None else rows.get(kind.value, key)

    def of_claim(self, kind: Kind, claim: str) -> list[dict[str, Any]]:
        """As :meth:`Store.of_claim`."""
        with self.vault.view() as rows:
            return [] if rows is None else rows.of_claim(kind.value, claim)

    def discard(self, kind: Kind, key: str) -> None:
        """As :meth:`Store.discard`."""
        with self.vault.change() as rows:
            rows.remove(kind.value, key)

    def reserve(self, kind: Number, number: str, claim: str, *, ended: Callable[[str], bool]) -> None:
        """As :meth:`Store.reserve`."""
        over: str | None = None
        while True:
            with self.vault.change() as rows:
                found = rows.get(kind.value, number)
                if found is None or found["claim"] in (claim, over):
                    attempts = found["attempts"] if found and found["claim"] == claim else 0
                    rows.put(kind.value, number, claim, {"claim": claim, "attempts": attempts + 1})
                    return
            # A node is asked, which may take its time: nothing waits for it.
            if not ended(found["claim"]):
                raise NumberAlreadyUsed(what=kind, claim=found["claim"])
            over = found["claim"]

    def release(self, kind: Number, number: str, claim: str) -> None:
        """As :meth:`Store.release`."""
        with self.vault.change() as rows:
            found = rows.get(kind.value, number)
            if found is None or found["claim"] != claim:
                return
            if found["attempts"] > 1:
                rows.put(kind.value, number, claim, {"claim": claim, "attempts": found["attempts"] - 1})
            else:
                rows.remove(kind.value, number)

    def has_received(self, sender: int, message: str) -> bool:
        """As :meth:`Store.has_received`."""
        with self.vault.view() as rows:
            return rows is not None and rows.get(RECEIVED, f"{sender}:{message}") is not None

    def receive(self, messages: Iterable[Arrived]) -> None:
        """As :meth:`Store.receive`."""
        with self.vault.change() as rows:
            for each in messages:
                if rows.get(RECEIVED, each.key) is not None:
                    raise EnvelopeReplayed(sender=each.sender)
                rows.put(RECEIVED, each.key, each.claim, {})
                rows.put(Kind.MESSAGE.value, each.key, each.claim, each.document)

    @property
    def _shown(self) -> str | None:
        from sceau.store._database import shown

        return None if self._place is None else shown(self._place)


def _place(place: Place | None) -> Place | None:
    """The place, checked as far as it can be without opening anything. Raises :class:`StoreUnusable`."""
    if place is None or is_url(place):
        return place
    folder = Path(place)
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise StoreUnusable(path=place)
    return folder


def is_url(place: Place) -> bool:
    """Whether a place is on a server."""
    return isinstance(place, str) and "://" in place


def _usual_keys(place: Place | None) -> StoreKeys:
    from sceau.store.keys import HeldKeys, KeyFile

    if place is None:
        return HeldKeys()
    if isinstance(place, str):
        raise StoreKeyNotNamed
    return KeyFile(usual_key_file(place))


def usual_key_file(folder: Path) -> Path:
    """Where the key of a store in ``folder`` is if nothing else is said: beside the folder, not in it."""
    whole = folder.resolve()
    return whole.parent / f"{whole.name}.key"


def _require_apart(folder: Path, keys: StoreKeys) -> None:
    """A thief of the folder must not have the key with it. Raises :class:`StoreKeyExposed`."""
    from sceau.store.keys import KeyFile

    if isinstance(keys, KeyFile) and folder.resolve() in keys.path.resolve().parents:
        raise StoreKeyExposed(path=keys.path)


def _nobody(_: Sentence) -> None:
    """Of keys in memory there is nothing to keep."""


def _log(sentence: Sentence) -> None:
    logging.getLogger("sceau.store").warning("%s", sentence)
