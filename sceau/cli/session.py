# SPDX-License-Identifier: Apache-2.0
"""What every command has at hand: its settings, a checked connection, the signing key, and the screen."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sceau.cli.errors import InFile, NotConfirmed
from sceau.cli.screen import Screen
from sceau.cli.secrets import Secrets, whole_line
from sceau.cli.words import say
from sceau.documents.files import load
from sceau.errors import NodeError, SceauError, Sentence
from sceau.settings import Settings, connect

if TYPE_CHECKING:
    from sceau.chain.network import Network
    from sceau.chain.signer import Signer
    from sceau.chain.transaction import Receipt, Transaction
    from sceau.deployment import RegistryId

T = TypeVar("T")

_ADDRESS = re.compile(r"(?:0x)?[0-9a-fA-F]{40}")
_YES = {"y", "yes", "o", "oui"}

PASSWORD = Sentence("password", "the password of the key", "le mot de passe de la clé")
KEYSTORE = Sentence("keystore", "keystore", "un fichier de clé")
PIN = Sentence("pin", "the card's PIN", "le code de la carte")
NEW_PIN = Sentence(
    "new-pin", "a PIN for the card (6 digits or more)", "un code pour la carte (6 chiffres ou plus)"
)


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
        with self.screen.working(say("Reaching the node…", "Connexion au nœud…")):
            return connect(self.settings)

    @cached_property
    def signer(self) -> Signer:
        """The signing key of the settings' keystore. Raises SettingMissing, KeystoreInvalid, WrongPassword."""
        return self.open_keystore(self.settings.require_keystore())

    @cached_property
    def key_address(self) -> str:
        """Address of the signing key: keystores usually say it openly, otherwise the key is opened."""
        from sceau.documents.strict_json import read_object

        path = self.settings.require_keystore()
        with self.in_file(path):
            address = read_object(load(path), KEYSTORE).get("address")
        if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
            return self.signer.address
        from eth_utils.address import to_checksum_address

        return to_checksum_address(address)

    def open_keystore(self, path: Path) -> Signer:
        """Opens a keystore with the password of the settings, or one asked for."""
        load(path)
        password = self.secrets.get(PASSWORD, self.settings.password_file, flag="--password-file")
        from sceau.chain.signer import Signer

        with self.screen.working(say("Opening the key…", "Ouverture de la clé…")):
            return Signer.from_keystore(path, password)

    @property
    def register(self) -> RegistryId:
        """The consent register of the deployment."""
        from sceau.deployment import RegistryId

        return RegistryId.of(self.network.manifest)

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
            print(f"{question} {say('[y/N]', '[o/N]')} ", end="", file=sys.stderr, flush=True)  # noqa: T201 - a prompt
            answer = sys.stdin.readline()
        if not answer:
            print(file=sys.stderr)  # noqa: T201 - the end of the prompt's line
        if answer.strip().lower() not in _YES:
            raise NotConfirmed

    def wait(self, transaction: Transaction) -> Receipt:
        """The transaction's receipt, once it is in a block; raises as :meth:`Transaction.wait`."""
        try:
            with self.screen.working(say("Waiting for the block…", "Attente du bloc…")):
                return transaction.wait(self.timeout)
        except KeyboardInterrupt:
            self.screen.warn(
                say(
                    f"Transaction {transaction.hash} was sent: it may still be written. Look before you repeat.",
                    f"La transaction {transaction.hash} est partie : elle peut encore être écrite. Vérifiez avant "
                    "de recommencer.",
                )
            )
            raise

    def read(self, path: Path, parse: Callable[[bytes], T]) -> T:
        """What ``parse`` makes of a file; its errors name the file."""
        with self.in_file(path):
            return parse(load(path))

    @contextmanager
    def in_file(self, path: Path) -> Iterator[None]:
        """Adds a file's name to the errors raised inside, unless they are a node's."""
        try:
            yield
        except SceauError as error:
            if isinstance(error, (InFile, NodeError)):
                raise
            raise InFile(path, error) from None
