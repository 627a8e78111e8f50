# SPDX-License-Identifier: Apache-2.0
"""Messages read from files for one command: they count as received when the command has done its work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sceau.cli.errors import EnvelopeNotKept
from sceau.cli.session import Session

if TYPE_CHECKING:
    from sceau.cli.file_store import FileStore, RunStore
    from sceau.disclosure import Disclosure
    from sceau.messages.disclosure import ReceivedDisclosure
    from sceau.messages.envelope import Message
    from sceau.messages.kinds import Received
    from sceau.messages.source import Source
    from sceau.messages.stored import StoredMessage
    from sceau.roles.acting import ActingParty
    from sceau.roles.reception import Reception

    R = TypeVar("R", bound=Received)


# A claim, or a message of the inbox.
_IN_STORE = re.compile(r"0x[0-9a-fA-F]{64}|[0-9]+:[A-Za-z0-9_-]{16,64}")


class Reading:
    """Reads messages with a party's mailbox. Those of :func:`reading` count as received when its block ends."""

    def __init__(
        self,
        session: Session,
        acting: ActingParty,
        reception: Reception | None = None,
        store: FileStore | RunStore | None = None,
    ) -> None:
        from sceau.roles.reception import Reception

        self._session = session
        self._acting = acting
        self._reception = reception or Reception(session.own_network, lambda: acting.mailbox)
        self._store = store

    def take(self, path: Path, wanted: type[R], *, keep: Path | None = None, must_keep: bool = False) -> R:
        """What the message in a file says: an envelope, or a message that was kept.

        Args:
            path: the file.
            wanted: what the message must be.
            keep: the file for what an envelope holds.
            must_keep: an envelope without ``keep`` is refused (:class:`EnvelopeNotKept`).

        Raises:
            MessageError: as :meth:`sceau.roles.corresponding.CorrespondingParty.message`.
            FileMalformed: it is not a kept message either.
        """
        from sceau.messages.kinds import KIND_OF
        from sceau.messages.source import read_source

        source = self._stored(path, KIND_OF[wanted]) or self._session.read(path, read_source)
        if must_keep and keep is None and isinstance(source, str):
            raise EnvelopeNotKept(path=path)
        received = self._open(path, source, KIND_OF[wanted], keep)[1]
        if not isinstance(received, wanted):
            raise TypeError(f"a message of this kind is read as {wanted.__name__}")
        return received

    def any(self, path: Path, *kinds: str, keep: Path | None = None) -> tuple[Message, Received]:
        """A message of any kind, and what it says; of a claim the newest of ``kinds``."""
        from sceau.messages.source import read_source

        source = self._stored(path, *kinds) or self._session.read(path, read_source)
        return self._open(path, source, None, keep)

    def disclosure(self, path: Path, *, keep: Path | None = None) -> ReceivedDisclosure | Disclosure:
        """The disclosure in a file: as it is, in an envelope, or a message that was kept."""
        from sceau.disclosure import Disclosure
        from sceau.messages.disclosure import KIND, ReceivedDisclosure
        from sceau.messages.source import read_disclosure_source

        source = self._stored(path, KIND) or self._session.read(path, read_disclosure_source)
        if isinstance(source, Disclosure):
            return source
        received = self._open(path, source, KIND, keep)[1]
        if not isinstance(received, ReceivedDisclosure):
            raise TypeError("a message of this kind is a disclosure")
        return received

    def _stored(self, path: Path, *kinds: str) -> StoredMessage | None:
        """The received message that is named in a file's place: by its identifier, or its claim's."""
        if not _IN_STORE.fullmatch(str(path)) or path.exists():
            return None
        return self._acting.received(str(path), *kinds)

    def _open(
        self, path: Path, source: Source, kind: str | None, keep: Path | None
    ) -> tuple[Message, Received]:
        # Before the file is named: what is wrong with keys or directory is not wrong with the message.
        mailbox = self._acting.mailbox
        if isinstance(source, str):
            _ = mailbox.keys
        with self._session.in_file(path):
            message, received = self._reception.message(source, kind)
        if keep is not None and self._store is not None and isinstance(source, str):
            self._store.files.keep(message.sender, message.id, keep)
        return message, received


@contextmanager
def reading(session: Session, acting: ActingParty, store: FileStore | RunStore) -> Iterator[Reading]:
    """Reads messages from files; the envelopes count as received when the block ends without an error."""
    with acting.reception() as reception:
        yield Reading(session, acting, reception, store)
