# SPDX-License-Identifier: Apache-2.0
"""A party's post in one command: its own message keys, the directory, and the envelopes it opens."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sceau.cli.errors import EnvelopeNotKept
from sceau.cli.session import Session
from sceau.cli.words import say
from sceau.documents.files import load, require_writable, save_json
from sceau.errors import Sentence

if TYPE_CHECKING:
    from sceau.disclosure import Disclosure
    from sceau.messages.envelope import Message
    from sceau.messages.mailbox import Mailbox
    from sceau.party.directory import Directory
    from sceau.party.message_keys import MessageKeys
    from sceau.store.received_ids import DeferredReceivedIds

MESSAGE_PASSWORD = Sentence(
    "message-password", "the password of the message keys", "le mot de passe des clés de messages"
)
_DISCLOSURE = Sentence("disclosure", "disclosure", "une divulgation")


class Mail:
    """Opens and seals for the party whose key the session signs with; nothing is asked for before it is needed.

    What :meth:`take` opens counts as received only at :meth:`done`: a command that ends before has received nothing,
    and the envelope can be opened again.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._to_keep: list[tuple[Path, Message]] = []

    @cached_property
    def party(self) -> int:
        """The party's number. Raises KeyOfNoParty, SettingMissing."""
        from sceau.chain.registries.parties import party_number

        return party_number(self._session.network, self._session.key_address)

    @cached_property
    def directory(self) -> Directory:
        """The parties' entries, from the folder of the settings."""
        return load_directory(self._session)

    @cached_property
    def post(self) -> Mailbox:
        """What seals and opens. Raises SettingMissing, MessageKeysInvalid, StoreUnusable."""
        from sceau.messages.mailbox import Mailbox

        network, party, directory, seen = self._session.network, self.party, self.directory, self._seen
        return Mailbox(network, party, unlock_message_keys(self._session), directory, seen)

    @cached_property
    def _seen(self) -> DeferredReceivedIds:
        from sceau.store.received_ids import DeferredReceivedIds

        return DeferredReceivedIds(self._session.settings.require_store())

    def take(
        self, path: Path, kind: str | None, *, keep: Path | None = None, must_keep: bool = False
    ) -> Message:
        """The message in a file: an envelope, which is opened, or a message that was kept.

        Args:
            path: the file.
            kind: the kind of message expected, ``None`` for any.
            keep: where to keep what the envelope holds, at :meth:`done`.
            must_keep: an envelope without a ``keep`` is refused (:class:`EnvelopeNotKept`).

        Raises:
            EnvelopeError: the envelope is foreign, altered, replayed or stale.
            FileMalformed: it is no kept message either.
        """
        from sceau.messages.stored import StoredMessage

        if keep is not None:
            require_writable(keep)
        data = load(path)
        if not is_envelope(data):
            kept = self._session.read(path, StoredMessage.from_json)
            network, directory, reader = self._session.network, self.directory, self.party
            with self._session.in_file(path):
                return kept.read(network, directory, reader=reader, kind=kind)
        if must_keep and keep is None:
            raise EnvelopeNotKept(path=path)
        # Before the file is named: what is wrong with the settings is not wrong with the envelope.
        post = self.post
        with self._session.in_file(path):
            message = post.open(kind, _text(data))
        if keep is not None:
            self._to_keep.append((keep, message))
        return message

    def take_disclosure(self, path: Path, *, keep: Path | None = None) -> tuple[Disclosure, bool]:
        """The disclosure in a file, as it is or in an envelope; and whether its sender signed it."""
        from sceau.disclosure import Disclosure
        from sceau.documents.strict_json import read_object
        from sceau.messages.disclosure import KIND, disclosure_of
        from sceau.messages.stored import FORMAT as KEPT

        data = load(path)
        if not is_envelope(data):
            with self._session.in_file(path):
                read = read_object(data, _DISCLOSURE)
                if read.get("format") != KEPT:
                    return Disclosure.from_json(read), False
        message = self.take(path, KIND, keep=keep)
        with self._session.in_file(path):
            return disclosure_of(message), True

    def done(self) -> None:
        """Keeps what is to be kept, then enters what was opened as received.

        Raises :class:`EnvelopeReplayed` if another process was first; nothing is kept then.
        """
        from sceau.messages.stored import StoredMessage
        from sceau.store.errors import EnvelopeReplayed

        for path, message in self._to_keep:
            save_json(path, StoredMessage.of(message).to_json())
        try:
            if "_seen" in self.__dict__:
                self._seen.release()
        except EnvelopeReplayed:
            for path, _ in self._to_keep:
                path.unlink()
            raise


def load_directory(session: Session) -> Directory:
    """The entries in the directory folder of the settings.

    Raises:
        SettingMissing, FileNotRead: there is no such folder.
        FileMalformed, MessageKeysInvalid: an entry is none; the error names its file.
    """
    from sceau.documents.errors import FileNotRead
    from sceau.party.directory import Directory, DirectoryEntry

    folder = session.settings.require_directory()
    if not folder.is_dir():
        raise FileNotRead(path=folder, why=_NO_FOLDER)
    paths = sorted(folder.glob("*.json"))
    return Directory.of(*(session.read(path, DirectoryEntry.from_json) for path in paths))


def unlock_message_keys(session: Session) -> MessageKeys:
    """The party's own message keys, opened with the password of the settings, or one asked for."""
    from sceau.party.message_keys import MessageKeys

    path = session.settings.require_message_keys()
    locked = load(path)
    flag = "--message-password-file"
    password = session.secrets.get(MESSAGE_PASSWORD, session.settings.message_password_file, flag=flag)
    with session.screen.working(say("Opening the keys…", "Ouverture des clés…")), session.in_file(path):
        return MessageKeys.unlock(_text(locked), password)


_NO_FOLDER = Sentence("no-folder", "there is no such folder", "ce dossier n'existe pas")


def is_envelope(data: bytes) -> bool:
    """Whether a file looks like an envelope, whole or not: a compact JWE begins with its header in base64."""
    return data.lstrip().startswith(b"eyJ")


def _text(data: bytes) -> str:
    # What is not ASCII is no envelope either, and is refused as one.
    return data.decode("ascii", errors="replace")
