# SPDX-License-Identifier: Apache-2.0
"""Every setting, declared once: its name in the file, its variable, its flag and its words."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sceau.errors import Sentence

if TYPE_CHECKING:
    pass

if sys.version_info >= (3, 11):
    pass
else:
    pass


class Kind(Enum):
    """What a setting holds; the value stands for it where a flag is documented."""

    NODES = "URL"
    FILE = "FILE"
    FOLDER = "FOLDER"
    LANGUAGE = "LANG"
    AMOUNT = "AMOUNT"
    #: That something must be: the word says so, and there is no other that takes it back.
    REQUIRED = "required"
    #: A folder, or the URL of a database server.
    STORE = "STORE"
    #: A file, or the keyring of the machine.
    KEY = "KEYFILE"


@dataclass(frozen=True)
class Setting:
    """One setting: its key in the file, the variable and the flag that override it, and its words.

    ``words`` name what it holds, ``help`` says what an option is for; ``word`` is the flag's, where it is not ``name``.
    """

    name: str
    kind: Kind
    words: Sentence
    help: Sentence
    word: str = ""

    @property
    def flag(self) -> str:
        """The flag: ``--password-file``."""
        return "--" + (self.word or self.name).replace("_", "-")

    @property
    def variable(self) -> str:
        """The variable: ``SCEAU_PASSWORD_FILE``."""
        return "SCEAU_" + (self.word or self.name).upper()

    @property
    def is_path(self) -> bool:
        """Whether it names a file or a folder."""
        return self.kind in (Kind.FILE, Kind.FOLDER, Kind.STORE, Kind.KEY)

    def is_word(self, value: str) -> bool:
        """Whether a value is one of those that name no file."""
        return (self.kind is Kind.STORE and "://" in value) or (self.kind is Kind.KEY and value == KEYRING)


#: Every setting, declared once: file, variables, flags, help and documentation are made from this table.
SETTINGS: Mapping[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting(
            "nodes",
            Kind.NODES,
            Sentence("settings.nodes"),
            Sentence("settings.nodes-help"),
            word="node",
        ),
        Setting(
            "manifest",
            Kind.FILE,
            Sentence("settings.manifest"),
            Sentence("settings.manifest-help"),
        ),
        Setting(
            "proofs",
            Kind.REQUIRED,
            Sentence("settings.proofs"),
            Sentence("settings.proofs-help"),
        ),
        Setting(
            "keystore",
            Kind.FILE,
            Sentence("settings.keystore"),
            Sentence("settings.keystore-help"),
        ),
        Setting(
            "password_file",
            Kind.FILE,
            Sentence("settings.password-file"),
            Sentence("settings.password-file-help"),
        ),
        Setting(
            "policies",
            Kind.FOLDER,
            Sentence("settings.policies"),
            Sentence("settings.policies-help"),
        ),
        Setting(
            "message_keys",
            Kind.FILE,
            Sentence("settings.message-keys"),
            Sentence("settings.message-keys-help"),
        ),
        Setting(
            "message_password_file",
            Kind.FILE,
            Sentence("settings.message-password-file"),
            Sentence("settings.message-password-file-help"),
        ),
        Setting(
            "directory",
            Kind.FOLDER,
            Sentence("settings.directory"),
            Sentence("settings.directory-help"),
        ),
        Setting(
            "store",
            Kind.STORE,
            Sentence("settings.store"),
            Sentence("settings.store-help"),
        ),
        Setting(
            "store_key",
            Kind.KEY,
            Sentence("settings.store-key"),
            Sentence("settings.store-key-help"),
        ),
        Setting(
            "store_passphrase_file",
            Kind.FILE,
            Sentence("settings.store-passphrase-file"),
            Sentence("settings.store-passphrase-file-help"),
        ),
        Setting(
            "exchange",
            Kind.FOLDER,
            Sentence("settings.exchange"),
            Sentence("settings.exchange-help"),
        ),
        Setting(
            "fee_limit",
            Kind.AMOUNT,
            Sentence("settings.fee-limit"),
            Sentence("settings.fee-limit-help"),
        ),
        Setting(
            "language",
            Kind.LANGUAGE,
            Sentence("settings.language"),
            Sentence("settings.language-help"),
        ),
    )
}

#: What is said of something that must be.
REQUIRED: Literal["required"] = "required"

#: In place of the file of a store's key: the keyring of the machine.
KEYRING = "keyring"

#: A password file of this name is the standard input.
STANDARD_INPUT = Path("-")
