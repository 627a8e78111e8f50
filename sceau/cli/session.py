# SPDX-License-Identifier: Apache-2.0
"""What every command has at hand: its settings, a checked connection, the signing key, and the screen."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from sceau.cli.errors import NotConfirmed
from sceau.cli.screen import Screen
from sceau.cli.secrets import Secrets, whole_line
from sceau.cli.words import say
from sceau.documents.errors import InFile
from sceau.documents.files import load
from sceau.documents.wrapped import text_of
from sceau.errors import NodeError, SceauError, Sentence
from sceau.settings import SettingMissing, Settings, connect, connect_when_possible, open_store

if TYPE_CHECKING:
    from sceau.chain.network import Network
    from sceau.chain.signer import Signer
    from sceau.messages.mailbox import Mailbox
    from sceau.party.directory import Directory, Listed
    from sceau.party.message_keys import MessageKeys
    from sceau.roles.acting import ActingParty
    from sceau.roles.auditor import Auditor
    from sceau.roles.payer import Payer
    from sceau.roles.practice import Practice
    from sceau.roles.supplier import Supplier
    from sceau.store import Store

    R = TypeVar("R", bound=ActingParty)

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_YES = {"y", "yes", "o", "oui"}

PASSWORD = Sentence("cli.password")
MESSAGE_PASSWORD = Sentence("cli.message-password")
PIN = Sentence("cli.pin")
NEW_PIN = Sentence("cli.new-pin")


class Sent(Protocol[T_co]):
    """The handle on something that was sent."""

    @property
    def hash(self) -> str | None:
        """The transaction's hash."""

    def wait(self, timeout: float) -> T_co:
        """Its result, once it is in a block."""


class Session:
    """One run of one command. Nothing is opened or connected before it is asked for."""

    def __init__(self, settings: Settings, screen: Screen, *, timeout: int = 0) -> None:
        self.settings = settings
        self.screen = screen
        self.timeout = timeout
        self.secrets = Secrets()

    @cached_property
    def network(self) -> Network:
        """The deployment through the first node that can be used; raises as :func:`sceau.settings.connect`."""
        with self.screen.working(say("reaching-node")):
            return connect(self.settings)

    @cached_property
    def own_network(self) -> Network:
        """The same for what a party writes and receives: where it has a store, a node may be away."""
        if self.settings.store is None:
            return self.network
        with self.screen.working(say("reaching-node")):
            return connect_when_possible(self.settings)

    @cached_property
    def signer(self) -> Signer:
        """The signing key of the settings' keystore. Raises SettingMissing, KeystoreInvalid, WrongPassword."""
        return self.open_keystore(self.settings.require_keystore())

    @cached_property
    def key_address(self) -> str:
        """Address of the signing key: keystores usually say it openly, otherwise the key is opened."""
        from sceau.chain.signer import stated_address

        return stated_address(self.settings.require_keystore()) or self.signer.address

    def open_keystore(self, path: Path, password_file: Path | None = None) -> Signer:
        """Opens a keystore with its password file, else with the password of the settings, or one asked for."""
        load(path)
        file = password_file or self.settings.password_file
        password = self.secrets.get(PASSWORD, file, flag="--password-file")
        from sceau.chain.signer import Signer

        with self.screen.working(say("opening-key")):
            return Signer.from_keystore(path, password)

    # The role in which the keystore's party acts. Nothing of it is looked up, opened or asked for before it is needed.

    def practice(self, store: Store | None = None) -> Practice:
        """The party as a practice."""
        from sceau.roles.practice import Practice

        return self._acting(Practice, store, policies=self.settings.policies)

    def supplier(self, store: Store | None = None) -> Supplier:
        """The party as a supplier."""
        from sceau.roles.supplier import Supplier

        return self._acting(Supplier, store)

    def payer(self, store: Store | None = None, *, party: int | None = None) -> Payer:
        """The party as a payer; ``party`` is its number, that of the keystore's key if not given."""
        from sceau.roles.payer import Payer

        return self._acting(Payer, store, party=party, policies=self.settings.policies)

    def auditor(self) -> Auditor:
        """The party as an auditor: with its mailbox where keystore, store and directory are set, otherwise a reader."""
        from sceau.cli.file_store import file_store
        from sceau.messages.transport import ExchangeFolder
        from sceau.roles.auditor import Auditor

        settings, exchange = self.settings, self.settings.exchange
        if not (settings.keystore and settings.store and settings.directory):
            return Auditor(self.network, (lambda: self.directory) if settings.directory else None)
        store = file_store(settings)
        auditor = Auditor(
            self.network,
            party=self._party,
            store=store,
            mailbox=lambda: self._mailbox(auditor.party, store),
            transport=None if exchange is None else lambda: ExchangeFolder(exchange, auditor.party),
        )
        return auditor

    def correspondent(self) -> Practice:
        """The party with its outbox, post and inbox. Raises SettingMissing where it has no store."""
        return self.practice(open_store(self.settings))

    def acting(self, store: Store | None = None) -> ActingParty:
        """The party in whichever of these roles it has: a practice knows all that a party of any of them writes."""
        return self.practice(store)

    def _acting(self, role: type[R], store: Store | None, *, party: int | None = None, **more: Any) -> R:
        from sceau.cli.file_store import file_store
        from sceau.messages.transport import ExchangeFolder
        from sceau.roles.named import number_of_key

        settings, used = self.settings, store or file_store(self.settings)
        # What has no store waits nowhere, and is sent by nothing but the user.
        exchange = settings.exchange if settings.store is not None else None
        acting = role(
            self.own_network,
            lambda: self.signer,
            party=party or (lambda: number_of_key(self.own_network, used, self.key_address, make=False)),
            store=used,
            mailbox=lambda: self._mailbox(acting.party, used),
            queues=True,
            transport=None if exchange is None else lambda: ExchangeFolder(exchange, acting.party),
            **more,
        )
        return acting

    def _party(self) -> int:
        from sceau.chain.registries.parties import party_number

        return party_number(self.network, self.key_address)

    def _mailbox(self, party: int, store: Store) -> Mailbox:
        from sceau.messages.mailbox import Mailbox

        return Mailbox(self.own_network, party, lambda: self.message_keys, self.directory, store)

    @cached_property
    def message_keys(self) -> MessageKeys:
        """The party's own message keys, opened with the password of the settings, or one asked for."""
        from sceau.party.message_keys import MessageKeys

        path = self.settings.require_message_keys()
        locked = text_of(load(path))
        flag = "--message-password-file"
        password = self.secrets.get(MESSAGE_PASSWORD, self.settings.message_password_file, flag=flag)
        with self.screen.working(say("opening-keys")), self.in_file(path):
            return MessageKeys.unlock(locked, password)

    @cached_property
    def directory(self) -> Directory:
        """The entries in the directory folder of the settings.

        Raises:
            SettingMissing, FileNotRead: there is no such folder.
            FileMalformed, MessageKeysInvalid: an entry is none; the error names its file.
        """
        from sceau.party.directory import Directory

        return Directory.load(self.settings.require_directory())

    def names(self, *parties: int) -> dict[int, str]:
        """Names by party number that may be shown; a new identity that waits for the admins is told of."""
        if not self.settings.directory:
            return {}
        listed = self.directory.listed_of(self.network, parties)
        self.warn_of_names(listed.values())
        return {party: each.name for party, each in listed.items() if each.name is not None}

    def warn_of_names(self, listed: Iterable[Listed]) -> None:
        """Says why parties are not shown under the names in their entries."""
        for each in listed:
            if each.waits:
                self.screen.warn(say("identity-waits", party=each.party))
            if each.resembles:
                self.screen.warn(say("name-resembles", party=each.party, other=each.resembles))

    def pin(self, file: Path | None) -> str:
        """A card's PIN, from ``--pin-file`` or asked for."""
        return self.secrets.get(PIN, file, flag="--pin-file")

    def confirm(self, question: str, *, yes: bool) -> None:
        """Goes on only if the user agrees. Raises :class:`NotConfirmed`."""
        if yes:
            return
        if not sys.stdin.isatty():
            raise NotConfirmed
        with whole_line():
            print(f"{question} {say('y-n')} ", end="", file=sys.stderr, flush=True)  # noqa: T201 - a prompt
            answer = sys.stdin.readline()
        if not answer:
            print(file=sys.stderr)  # noqa: T201 - the end of the prompt's line
        if answer.strip().lower() not in _YES:
            raise NotConfirmed

    def wait(self, sent: Sent[T_co]) -> T_co:
        """The result of what was sent, once it is in a block; raises as :meth:`Handle.wait`."""
        try:
            with self.screen.working(say("waiting-block")):
                return sent.wait(self.timeout)
        except KeyboardInterrupt:
            if sent.hash:
                self.screen.warn(say("transaction-sent-may-still-written", hash=sent.hash))
            raise

    def read(self, path: Path, parse: Callable[[bytes], T]) -> T:
        """What ``parse`` makes of a file; its errors name the file."""
        with self.in_file(path):
            return parse(load(path))

    @contextmanager
    def in_file(self, path: Path, *kinds: type[SceauError]) -> Iterator[None]:
        """Adds a file's name to the errors raised inside (of these ``kinds``), unless they are of what surrounds it."""
        from sceau.store.errors import StoreUnusable

        try:
            yield
        except (InFile, SettingMissing, StoreUnusable):
            raise
        except SceauError as error:
            if isinstance(error, NodeError) or (kinds and not isinstance(error, kinds)):
                raise
            raise InFile(path, error) from None
