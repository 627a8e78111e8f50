# SPDX-License-Identifier: Apache-2.0
"""A party's store as one command uses it: what the command must keep goes into the files that its options name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sceau.cli.errors import FileTwice
from sceau.documents.files import require_writable, save, save_json
from sceau.settings import Settings, keys_of_store
from sceau.store import Arrived, Filed, Kind, LocalStore, MemoryStore


class Files:
    """The files that a command's options name for what it stores.

    A step goes into ``step``, its envelope into ``envelope``; both are gone again when the step is discarded. Received
    messages go into the files named by :meth:`keep`.
    """

    def __init__(self, step: Path | None, envelope: Path | None, *, force: bool) -> None:
        self._force = force
        self._named = {
            kind: path for kind, path in ((Kind.STEP, step), (Kind.ENVELOPE, envelope)) if path is not None
        }
        self._written: dict[tuple[Kind, str], Path] = {}
        self._kept: dict[str, Path] = {}

    def names(self, kind: Kind) -> bool:
        """Whether there is a file for documents of a kind."""
        return kind in self._named

    def keep(self, sender: int, message: str, path: Path) -> None:
        """Names the file for a message, by its sender and identifier, when it is received."""
        self._kept[f"{sender}:{message}"] = path

    def put(self, kind: Kind, key: str, document: Mapping[str, Any]) -> None:
        """Writes a document into its file, if it has one. Raises FileExists, FileNotWritten."""
        path = self._named.get(kind)
        if path is not None:
            _SAVE[kind](path, document, self._force)
            self._written[kind, key] = path

    def discard(self, kind: Kind, key: str) -> None:
        """Removes the file that this command wrote for a document."""
        path = self._written.pop((kind, key), None)
        if path is not None:
            path.unlink(missing_ok=True)

    @contextmanager
    def receiving(self, arrived: Iterable[Arrived]) -> Iterator[None]:
        """Writes messages into their files; they are gone again where the block fails."""
        written = []
        try:
            for each in arrived:
                if each.key in self._kept:
                    save_json(self._kept[each.key], each.document)
                    written.append(self._kept[each.key])
            yield
        except BaseException:
            for path in written:
                path.unlink(missing_ok=True)
            raise


#: What need not outlive a run.
_PASSING = (Kind.VERDICT, Kind.POLICY)


class FileStore(LocalStore):
    """The store of the settings, and files of the user's choice beside it.

    Verdicts, and the policies by which they were given, are stored for this run only, unless ``verdicts_stay``.
    """

    def __init__(self, settings: Settings, files: Files, *, verdicts_stay: bool) -> None:
        super().__init__(settings.require_store(), keys_of_store(settings))
        self.files = files
        self._verdicts = None if verdicts_stay else MemoryStore()

    def put(self, kind: Kind, key: str, document: Mapping[str, Any], *, claim: str = "") -> None:
        """As :meth:`Store.put`."""
        self.files.put(kind, key, document)
        if kind in _PASSING and self._verdicts is not None:
            self._verdicts.put(kind, key, document, claim=claim)
        else:
            super().put(kind, key, document, claim=claim)

    def put_all(self, kind: Kind, documents: Iterable[Filed]) -> None:
        """As :meth:`Store.put_all`."""
        filed = list(documents)
        for each in filed:
            self.files.put(kind, each.key, each.document)
        if kind in _PASSING and self._verdicts is not None:
            self._verdicts.put_all(kind, filed)
        else:
            super().put_all(kind, filed)

    def get(self, kind: Kind, key: str) -> dict[str, Any] | None:
        """As :meth:`Store.get`."""
        passing = None if self._verdicts is None else self._verdicts.get(kind, key)
        return passing or super().get(kind, key)

    def discard(self, kind: Kind, key: str) -> None:
        """As :meth:`Store.discard`."""
        self.files.discard(kind, key)
        super().discard(kind, key)

    def receive(self, messages: Iterable[Arrived]) -> None:
        """As :meth:`Store.receive`; a message that was received before is kept in no file."""
        arrived = list(messages)
        with self.files.receiving(arrived):
            super().receive(arrived)


class RunStore(MemoryStore):
    """Where the settings name no store: files of the user's choice, and the memory of one run.

    Envelopes count as received, numbers are used once, and a step without a file is sent, only with a store: without
    one each raises :class:`SettingMissing`.
    """

    def __init__(self, settings: Settings, files: Files) -> None:
        super().__init__()
        self._settings = settings
        self.files = files

    def put(self, kind: Kind, key: str, document: Mapping[str, Any], *, claim: str = "") -> None:
        """As :meth:`Store.put`."""
        if kind is Kind.STEP and not self.files.names(kind):
            self._settings.require_store()
        self.files.put(kind, key, document)
        super().put(kind, key, document, claim=claim)

    def discard(self, kind: Kind, key: str) -> None:
        """As :meth:`Store.discard`."""
        self.files.discard(kind, key)
        super().discard(kind, key)

    def reserve(self, *_: Any, **__: Any) -> None:
        """Raises :class:`SettingMissing`."""
        self._settings.require_store()

    def release(self, *_: Any) -> None:
        """Raises :class:`SettingMissing`."""
        self._settings.require_store()

    def has_received(self, *_: Any) -> bool:
        """Raises :class:`SettingMissing`."""
        self._settings.require_store()
        return False

    def receive(self, *_: Any) -> None:
        """Raises :class:`SettingMissing`."""
        self._settings.require_store()


def file_store(
    settings: Settings,
    *,
    step: Path | None = None,
    envelope: Path | None = None,
    others: Iterable[Path | None] = (),
    force: bool = False,
    verdicts_stay: bool = False,
) -> FileStore | RunStore:
    """A party's store as one command uses it; ``others`` are further files that it will write.

    Raises:
        FileExists, FileNotWritten, FileTwice: a file cannot be written, or is named twice.
        StoreUnusable: as :func:`sceau.settings.open_store`.
    """
    require_places(step, envelope, *others, force=force)
    files = Files(step, envelope, force=force)
    if settings.store is None:
        return RunStore(settings, files)
    return FileStore(settings, files, verdicts_stay=verdicts_stay)


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
