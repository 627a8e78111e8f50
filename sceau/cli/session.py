# SPDX-License-Identifier: Apache-2.0
"""What every command has at hand: its settings, a checked connection, the signing key, and the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sceau.cli.errors import InFile
from sceau.cli.screen import Screen
from sceau.cli.secrets import Secrets
from sceau.cli.words import say
from sceau.config import Settings, connect
from sceau.errors import SceauError, Sentence
from sceau.files import load

if TYPE_CHECKING:
    from sceau.chain.network import Network
    from sceau.chain.signer import Signer

T = TypeVar("T")

PASSWORD = Sentence("password", "the password of the key", "le mot de passe de la clé")


class Session:
    """One run of one command. Nothing is opened or connected before it is asked for."""

    def __init__(self, settings: Settings, screen: Screen, *, timeout: int = 0) -> None:
        self.settings = settings
        self.screen = screen
        self.timeout = timeout
        self.secrets = Secrets()

    @cached_property
    def network(self) -> Network:
        """The deployment through the first node that can be used; raises as :func:`sceau.config.connect`."""
        with self.screen.working(say("Reaching the node…", "Connexion au nœud…")):
            return connect(self.settings)

    @cached_property
    def signer(self) -> Signer:
        """The signing key of the settings' keystore. Raises SettingMissing, KeystoreInvalid, WrongPassword."""
        return self.open_keystore(self.settings.require_keystore())

    def open_keystore(self, path: Path) -> Signer:
        """Opens a keystore with the password of the settings, or one asked for."""
        load(path)
        password = self.secrets.get(PASSWORD, self.settings.password_file, flag="--password-file")
        from sceau.chain.signer import Signer

        with self.screen.working(say("Opening the key…", "Ouverture de la clé…")):
            return Signer.from_keystore(path, password)

    def read(self, path: Path, parse: Callable[[bytes], T]) -> T:
        """What ``parse`` makes of a file; its errors name the file."""
        with in_file(path):
            return parse(load(path))


@contextmanager
def in_file(path: Path) -> Iterator[None]:
    """Adds a file's name to the errors raised inside."""
    try:
        yield
    except InFile:
        raise
    except SceauError as error:
        raise InFile(path, error) from None
