# SPDX-License-Identifier: Apache-2.0
"""What a party needs to act, as its settings name it: node, manifest, keys, directory and store."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sceau.chain.network import Network
from sceau.chain.signer import Signer
from sceau.documents.files import load
from sceau.documents.wrapped import text_of
from sceau.errors import Sentence
from sceau.messages.mailbox import Mailbox
from sceau.messages.transport import ExchangeFolder
from sceau.party.directory import Directory
from sceau.party.message_keys import MessageKeys
from sceau.secrets import read_secret
from sceau.settings import connect, connect_when_possible, load_settings, open_store

if TYPE_CHECKING:
    from sceau.store import LocalStore, Store

_PASSWORD = Sentence("settings.password-file")
_MESSAGE_PASSWORD = Sentence("settings.message-password-file")


class Opening:
    """A party's settings, and what they name. Nothing is connected, unlocked or read before it is asked for.

    Args:
        config: the file ``sceau.toml``; if not given, as :func:`load_settings` finds it.
        password: of the keystore, in place of the settings' ``password_file``.
        message_password: of the message keys, in place of the settings' ``message_password_file``.

    Raises:
        ConfigInvalid, LanguageUnknown, SecretInTheOpen: the settings cannot be used.
    """

    def __init__(
        self, config: str | Path | None, *, password: str | None = None, message_password: str | None = None
    ) -> None:
        self.settings = load_settings(config=None if config is None else Path(config))
        self._password = password
        self._message_password = message_password

    @cached_property
    def network(self) -> Network:
        """The deployment through the first node that can be used; raises as :func:`connect`.

        A party with a store can work without a node: :func:`sceau.settings.connect_when_possible`.
        """
        return connect(self.settings) if self.settings.store is None else connect_when_possible(self.settings)

    def signer(self) -> Signer:
        """The party's signing key. Raises SettingMissing, FileNotRead, SecretEmpty, KeystoreInvalid, WrongPassword."""
        settings = self.settings
        password = self._password or read_secret(settings.require_password_file(), _PASSWORD)
        return Signer.from_keystore(settings.require_keystore(), password)

    @cached_property
    def store(self) -> LocalStore | None:
        """The party's store, if the settings name one. Raises :class:`StoreUnusable`."""
        return None if self.settings.store is None else open_store(self.settings)

    def mailbox(self, party: int, store: Store) -> Mailbox:
        """The party's mailbox. Raises SettingMissing, FileNotRead, or why an entry of the directory is invalid."""
        directory = Directory.load(self.settings.require_directory())
        return Mailbox(self.network, party, self._message_keys, directory, store)

    def transport(self, party: int) -> ExchangeFolder:
        """What carries the party's envelopes. Raises SettingMissing."""
        return ExchangeFolder(self.settings.require_exchange(), party)

    def _message_keys(self) -> MessageKeys:
        settings = self.settings
        locked = text_of(load(settings.require_message_keys()))
        password = self._message_password or read_secret(
            settings.require_message_password_file(), _MESSAGE_PASSWORD
        )
        return MessageKeys.unlock(locked, password)
