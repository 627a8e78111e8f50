# SPDX-License-Identifier: Apache-2.0
"""A party's own store: an encrypted database, in a folder or on a PostgreSQL server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sceau.store._protocol import NUMBER, RECEIVED, Arrived, Filed, Kind, Number, mark_of
from sceau.store.errors import EnvelopeReplayed, NumberAlreadyUsed, StoreKeyExposed, StoreUnusable
from sceau.store.keys import KeyFile, Place, StoreKeys, is_url, keys_of, without_password

if TYPE_CHECKING:
    from sceau.store._rows import Rows
    from sceau.store._vault import Vault

#: The file in a store's folder.
FILE_NAME = "store.sqlite"


class LocalStore:
    """A :class:`sceau.store.Store` that is encrypted, durable, and usable by several processes at once.

    Args:
        place: a folder, in which one SQLite file is made when something is first stored; a URL of PostgreSQL
            (``postgresql://…``); or ``None`` for a store in memory, for a single run.
        keys: where its keys are; the file beside the folder with its name and ``.key`` if not given, made on first use.

    Raises:
        StoreUnusable: ``place`` is not a folder that can be written, or its file is not a store; one of its subclasses:
            the keys are missing or wrong, the store is of another version.
    """

    def __init__(
        self,
        place: Place | None,
        keys: StoreKeys | None = None,
    ) -> None:
        self._place = _place(place)
        self._keys = keys or keys_of(self._place)
        if isinstance(self._place, Path):
            _require_apart(self._place, self._keys)
        if self._place is not None:
            _ = self.is_there

    def __repr__(self) -> str:
        return f"LocalStore({without_password(self._place)!r})"

    @property
    def keys(self) -> StoreKeys:
        """Where its keys are."""
        return self._keys

    @property
    def is_there(self) -> bool:
        """Whether something was stored there: a store is made for the first thing that is. Raises as any method."""
        with self._view() as rows:
            return rows is not None

    @cached_property
    def vault(self) -> Vault:
        """The database, for what has rows of its own beside these."""
        # SQLAlchemy takes a fifth of a second to import: it is loaded when a store is opened.
        from sceau.store._vault import Vault

        place = self._place / FILE_NAME if isinstance(self._place, Path) else self._place
        return Vault(place, self._keys)

    def close(self) -> None:
        """Closes the database."""
        if "vault" in self.__dict__:
            self.vault.close()

    def put(self, kind: Kind, key: str, document: Mapping[str, Any], *, claim: str = "") -> None:
        """As :meth:`Store.put`."""
        with self.vault.change() as rows:
            rows.put(kind.value, key, claim, document)

    def put_all(self, kind: Kind, documents: Iterable[Filed]) -> None:
        """As :meth:`Store.put_all`."""
        with self.vault.change() as rows:
            rows.put_all(kind.value, documents)

    def get(self, kind: Kind, key: str) -> dict[str, Any] | None:
        """As :meth:`Store.get`."""
        with self._view() as rows:
            return None if rows is None else rows.get(kind.value, key)

    def of_claim(self, kind: Kind, claim: str) -> list[dict[str, Any]]:
        """As :meth:`Store.of_claim`."""
        with self._view() as rows:
            return [] if rows is None else rows.of_claim(kind.value, claim)

    def of_claims(self, kind: Kind, claims: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        """As :meth:`Store.of_claims`."""
        with self._view() as rows:
            return {} if rows is None else rows.of_claims(kind.value, claims)

    def of_kind(self, kind: Kind, *, after: str | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
        """As :meth:`Store.of_kind`; a batch of them is in memory at once. ``after`` a key: those that came later."""
        last = 0
        if after is not None:
            with self._view() as rows:
                last = (rows and rows.place_of(kind.value, after)) or 0
        while True:
            with self._view() as rows:
                batch = [] if rows is None else rows.of_kind(kind.value, last)
            if not batch:
                return
            yield from ((opened.key, opened.document) for _, opened in batch)
            last = batch[-1][0]

    def change(self) -> AbstractContextManager[object]:
        """As :meth:`Store.change`."""
        return self.vault.change()

    def discard(self, kind: Kind, key: str) -> None:
        """As :meth:`Store.discard`."""
        with self.vault.change() as rows:
            rows.remove(kind.value, key)

    def reserve(self, kind: Number, number: str, claim: str, *, ended: Callable[[str], bool]) -> None:
        """As :meth:`Store.reserve`."""
        mark = mark_of(kind, number)
        over: str | None = None
        while True:
            with self.vault.change() as rows:
                found = rows.get(NUMBER, mark)
                if found is None or found["claim"] in (claim, over):
                    attempts = found["attempts"] if found and found["claim"] == claim else 0
                    rows.put(NUMBER, mark, claim, {"claim": claim, "attempts": attempts + 1})
                    return
            # A node is asked, which may take its time: nothing waits for it. Of an erased claim it cannot be asked.
            if not found["claim"] or not ended(found["claim"]):
                raise NumberAlreadyUsed(what=kind, claim=found["claim"])
            over = found["claim"]

    def release(self, kind: Number, number: str, claim: str) -> None:
        """As :meth:`Store.release`."""
        mark = mark_of(kind, number)
        with self.vault.change() as rows:
            found = rows.get(NUMBER, mark)
            if found is None or found["claim"] != claim:
                return
            if found["attempts"] > 1:
                rows.put(NUMBER, mark, claim, {"claim": claim, "attempts": found["attempts"] - 1})
            else:
                rows.remove(NUMBER, mark)

    def has_received(self, sender: int, message: str) -> bool:
        """As :meth:`Store.has_received`."""
        with self._view() as rows:
            return rows is not None and rows.get(RECEIVED, f"{sender}:{message}") is not None

    def receive(self, messages: Iterable[Arrived]) -> None:
        """As :meth:`Store.receive`."""
        with self.vault.change() as rows:
            for each in messages:
                if rows.get(RECEIVED, each.key) is not None:
                    raise EnvelopeReplayed(sender=each.sender)
                rows.put(RECEIVED, each.key, each.claim, {})
                rows.put(Kind.MESSAGE.value, each.key, each.claim, each.document)

    def _view(self) -> AbstractContextManager[Rows | None]:
        """The rows; nothing is opened for a file that is not there."""
        if isinstance(self._place, Path) and not (self._place / FILE_NAME).exists():
            return nullcontext()
        return self.vault.view()


def _place(place: Place | None) -> Place | None:
    """The place, checked as far as it can be without opening anything. Raises :class:`StoreUnusable`."""
    if place is None or is_url(place):
        return place
    folder = Path(place)
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise StoreUnusable(path=place)
    return folder


def _require_apart(folder: Path, keys: StoreKeys) -> None:
    """A thief of the folder must not have the key with it. Raises :class:`StoreKeyExposed`."""
    if isinstance(keys, KeyFile) and folder.resolve() in keys.path.resolve().parents:
        raise StoreKeyExposed(path=keys.path)
