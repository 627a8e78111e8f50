# SPDX-License-Identifier: Apache-2.0
"""A party's store as one command uses it: what the command must keep goes into the files that its options name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import Any

from sceau.cli.errors import FileTwice
from sceau.documents.files import require_writable, save, save_json
from sceau.settings import Settings, open_store
from sceau.store import Arrived, Kind, LocalStore, MemoryStore, Number, Store


class FileStore:
    """A :class:`sceau.store.Store` over the store of the settings, and files of the user's choice.

    A step goes into ``step``, its envelope into ``envelope``; both are gone again when the step is discarded. Received
    messages go into the files named by :meth:`keep`. Documents are in the settings' store as well, where there is one;
    envelopes count as received, and numbers are used once, only with one. Verdicts are stored for this run only, unless
    ``verdicts_stay``.

    Raises:
        FileExists, FileNotWritten, FileTwice: a file cannot be written, or is named twice.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        step: Path | None = None,
        envelope: Path | None = None,
        others: Iterable[Path | None] = (),
        force: bool = False,
        verdicts_stay: bool = False,
    ) -> None:
        require_places(step, envelope, *others, force=force)
        self._settings = settings
        self._force = force
        self._named = {
            kind: path for kind, path in ((Kind.STEP, step), (Kind.ENVELOPE, envelope)) if path is not None
        }
        self._written: dict[Kind, Path] = {}
        self._kept: dict[str, Path] = {}
        self._verdicts = None if verdicts_stay else MemoryStore()

    def keep(self, sender: int, message: str, path: Path) -> None:
        """Names the file for a message, by its sender and identifier, when it is received."""
        self._kept[f"{sender}:{message}"] = path

    def put(self, kind: Kind, key: str, document: Mapping[str, Any], *, claim: str = "") -> None:
        """As :meth:`Store.put`."""
        path = self._named.get(kind)
        if path is not None:
            _SAVE[kind](path, document, self._force)
            self._written[kind] = path
        self._of(kind).put(kind, key, document, claim=claim)

    def get(self, kind: Kind, key: str) -> dict[str, Any] | None:
        """As :meth:`Store.get`."""
        return self._of(kind).get(kind, key) or self._documents.get(kind, key)

    def of_claim(self, kind: Kind, claim: str) -> list[dict[str, Any]]:
        """As :meth:`Store.of_claim`."""
        return self._of(kind).of_claim(kind, claim)

    def of_kind(self, kind: Kind) -> Iterator[tuple[str, dict[str, Any]]]:
        """As :meth:`Store.of_kind`."""
        return self._of(kind).of_kind(kind)

    def change(self) -> AbstractContextManager[object]:
        """As :meth:`Store.change`; files are no part of it."""
        return self._documents.change()

    def discard(self, kind: Kind, key: str) -> None:
        """As :meth:`Store.discard`."""
        path = self._written.pop(kind, None)
        if path is not None:
            path.unlink(missing_ok=True)
        self._of(kind).discard(kind, key)

    def reserve(self, kind: Number, number: str, claim: str, *, ended: Callable[[str], bool]) -> None:
        """As :meth:`Store.reserve`. Raises :class:`SettingMissing`."""
        self._durable.reserve(kind, number, claim, ended=ended)

    def release(self, kind: Number, number: str, claim: str) -> None:
        """As :meth:`Store.release`."""
        self._durable.release(kind, number, claim)

    def has_received(self, sender: int, message: str) -> bool:
        """As :meth:`Store.has_received`. Raises :class:`SettingMissing`."""
        return self._durable.has_received(sender, message)

    def receive(self, messages: Iterable[Arrived]) -> None:
        """As :meth:`Store.receive`; a message that was received before is kept in no file."""
        arrived = list(messages)
        written = []
        try:
            for each in arrived:
                if each.key in self._kept:
                    save_json(self._kept[each.key], each.document)
                    written.append(self._kept[each.key])
            self._durable.receive(arrived)
        except BaseException:
            for path in written:
                path.unlink(missing_ok=True)
            raise

    @cached_property
    def _durable(self) -> LocalStore:
        return open_store(self._settings)

    @cached_property
    def _documents(self) -> Store:
        return MemoryStore() if self._settings.store is None else self._durable

    def _of(self, kind: Kind) -> Store:
        return (self._verdicts if kind is Kind.VERDICT else None) or self._documents


def require_places(*writes: Path | None, force: bool = False) -> None:
    """Each of the files that are wanted can be written, and none is wanted for two things.

    Raises :class:`FileExists`, :class:`FileNotWritten`, and :class:`FileTwice` when one name is given for two.
    """
    wanted = [path for path in writes if path is not None]
    for path in wanted:
        require_writable(path, force=force)
    if len({path.parent.resolve() / path.name for path in wanted}) < len(wanted):
        raise FileTwice


def save_envelope(path: Path, text: str, *, force: bool = False) -> None:
    """Writes an envelope's file; raises as :func:`sceau.documents.files.save`."""
    save(path, (text + "\n").encode(), force=force)


_SAVE: Mapping[Kind, Callable[[Path, Mapping[str, Any], bool], None]] = {
    Kind.STEP: lambda path, document, force: save_json(path, document, force=force),
    Kind.ENVELOPE: lambda path, document, force: save_envelope(path, document["text"], force=force),
}
