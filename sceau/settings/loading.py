# SPDX-License-Identifier: Apache-2.0
"""Settings from flags, else the environment, else the files."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from sceau.documents.files import first_bytes
from sceau.errors import Language, Sentence
from sceau.locale.language import asked_language, locale_language
from sceau.settings.errors import (
    ConfigInvalid,
    FeeLimitWrong,
    HomeUnknown,
    ProofsWrong,
    SecretInTheOpen,
    SettingMissing,
    WorkingDirectoryGone,
)
from sceau.settings.table import REQUIRED, SETTINGS, Kind, Setting

if TYPE_CHECKING:
    pass

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE_NAME = "sceau.toml"
_MAX_BYTES = 100_000

_UNREADABLE = Sentence("settings.unreadable")
_TOO_BIG = Sentence("settings.too-big")
_NOT_TOML = Sentence("settings.not-toml")


@dataclass(frozen=True)
class Settings:
    """What was asked for, by whichever way; ``sources`` says which way for each setting."""

    nodes: tuple[str, ...] = ()
    manifest: Path | None = None
    proofs: Literal["required"] | None = None
    keystore: Path | None = None
    password_file: Path | None = None
    policies: Path | None = None
    message_keys: Path | None = None
    message_password_file: Path | None = None
    directory: Path | None = None
    store: Path | str | None = None
    store_key: Path | str | None = None
    store_passphrase_file: Path | None = None
    exchange: Path | None = None
    fee_limit: int | None = None
    language: Language = "en"
    sources: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        # A node's address may hold credentials.
        return f"Settings({', '.join(f'{name} from {source}' for name, source in self.sources.items())})"

    def require_nodes(self) -> tuple[str, ...]:
        """The nodes' addresses, at least one. Raises :class:`SettingMissing`."""
        return self.nodes or _missing("nodes")

    def require_manifest(self) -> Path:
        """The manifest's file. Raises :class:`SettingMissing`."""
        return self.manifest or _missing("manifest")

    def require_keystore(self) -> Path:
        """The keystore's file. Raises :class:`SettingMissing`."""
        return self.keystore or _missing("keystore")

    def require_password_file(self) -> Path:
        """The file of the signing key's password. Raises :class:`SettingMissing`."""
        return self.password_file or _missing("password_file")

    def require_message_password_file(self) -> Path:
        """The file of the message keys' password. Raises :class:`SettingMissing`."""
        return self.message_password_file or _missing("message_password_file")

    def require_message_keys(self) -> Path:
        """The file of the party's own message keys. Raises :class:`SettingMissing`."""
        return self.message_keys or _missing("message_keys")

    def require_directory(self) -> Path:
        """The folder of directory entries. Raises :class:`SettingMissing`."""
        return self.directory or _missing("directory")

    def require_store(self) -> Path | str:
        """The folder of the party's store, or the URL of its database. Raises :class:`SettingMissing`."""
        return self.store or _missing("store")

    def require_exchange(self) -> Path:
        """The folder by which messages leave and arrive. Raises :class:`SettingMissing`."""
        return self.exchange or _missing("exchange")


def load_settings(
    flags: Mapping[str, Any] | None = None,
    *,
    config: Path | None = None,
    environment: Mapping[str, str] | None = None,
    directories: Sequence[Path] | None = None,
) -> Settings:
    """Settings from flags, else the environment, else the files.

    Args:
        flags: by setting (``nodes`` a list, the others text); empty ones do not count.
        config: the one file to read; else ``SCEAU_CONFIG``; else ``sceau.toml`` in ``directories``.
        environment: variables; the process's own if not given.
        directories: the strongest first; the working directory and the user's own (:func:`user_directory`) if not
            given.

    Raises:
        ConfigInvalid, FeeLimitWrong, ProofsWrong, LanguageUnknown, SecretInTheOpen, HomeUnknown, WorkingDirectoryGone.
    """
    env = os.environ if environment is None else environment
    found: dict[str, tuple[Any, str]] = {}
    for path, required in _files(config, env, directories):
        for name, value in _read_file(path, required=required).items():
            found.setdefault(name, (value, str(path)))
    for setting in SETTINGS.values():
        written = env.get(setting.variable)
        if written:
            given = written.replace(",", " ").split() if setting.kind is Kind.NODES else written
            found[setting.name] = (given_setting(setting, given, setting.variable), setting.variable)
    for name, value in (flags or {}).items():
        if value:
            flag = SETTINGS[name].flag
            found[name] = (given_setting(SETTINGS[name], value, flag), flag)
    return _settings(found, env)


def _missing(name: str) -> Any:
    setting = SETTINGS[name]
    raise SettingMissing(what=setting.words, variable=setting.variable, name=name)


def user_directory() -> Path:
    """Where the user's own ``sceau.toml`` is looked for: where the system keeps such files."""
    from platformdirs import user_config_path

    return user_config_path("sceau", appauthor=False, roaming=True)


def _files(
    config: Path | None, env: Mapping[str, str], directories: Sequence[Path] | None
) -> list[tuple[Path, bool]]:
    """Files to read, the strongest first, each with whether it must exist."""
    named = config or (Path(env["SCEAU_CONFIG"]) if env.get("SCEAU_CONFIG") else None)
    if named is not None:
        return [(_expanded(named, "--config" if config else "SCEAU_CONFIG"), True)]
    folders = _usual_folders() if directories is None else directories
    return [(folder / FILE_NAME, False) for folder in folders]


def _usual_folders() -> tuple[Path, ...]:
    """The working directory, then the user's own, where the system knows one."""
    folders = (_working_directory(),)
    try:
        own = user_directory()
    except RuntimeError:
        # A user without a home folder has no settings there.
        return folders
    # "~" as it stands would be a name in the working directory.
    return (*folders, own) if own.is_absolute() else folders


def _working_directory() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise WorkingDirectoryGone from None


def _expanded(path: Path, where: str) -> Path:
    """A path with the user's folder for its ``~``; ``where`` it was given."""
    try:
        return path.expanduser()
    except RuntimeError:
        raise HomeUnknown(where=where, path=path) from None


def _read_file(path: Path, *, required: bool) -> dict[str, Any]:
    read = read_toml(path, required=required)
    return {name: _from_file(path, name, value) for name, value in read.items()}


def read_toml(path: Path, *, required: bool = True, most_brackets: int = 100) -> dict[str, Any]:
    """What a configuration file holds; nothing where there is none and it is not required.

    Raises :class:`ConfigInvalid`.
    """
    try:
        if path.is_fifo():
            # The settings are read twice, for the language of messages first: a pipe may never answer, or only once.
            raise ConfigInvalid(path=path, why=_UNREADABLE)
        data = first_bytes(path, _MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        # A home or a folder of settings that is not a folder, such as /dev/null, holds none.
        if not required:
            return {}
        raise ConfigInvalid(path=path, why=_UNREADABLE) from None
    except (OSError, ValueError):
        raise ConfigInvalid(path=path, why=_UNREADABLE) from None
    if len(data) > _MAX_BYTES:
        raise ConfigInvalid(path=path, why=_TOO_BIG)
    # Thousands of open brackets would crash the parser, once eth_account has raised Python's recursion limit.
    if data.count(b"[") + data.count(b"{") > most_brackets:
        raise ConfigInvalid(path=path, why=_NOT_TOML)
    try:
        # Some editors begin a file with a byte order mark.
        return tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ConfigInvalid(path=path, why=_NOT_TOML) from None


def _from_file(path: Path, name: str, value: Any) -> Any:
    setting = SETTINGS.get(name)
    if setting is None:
        # The file is the user's own, but a key pasted on the wrong line could be a secret: cut it short.
        shown = name[:20]
        raise ConfigInvalid(path=path, why=Sentence("settings.not-a-setting", name=shown))
    if setting.kind is Kind.NODES:
        if isinstance(value, list) and all(isinstance(url, str) for url in value):
            return tuple(value)
        raise ConfigInvalid(path=path, why=Sentence("settings.not-a-list", name=name))
    if not isinstance(value, str):
        raise ConfigInvalid(path=path, why=Sentence("settings.not-a-text", name=name))
    if setting.is_word(value):
        return value
    if setting.is_path:
        return path.parent / _expanded(Path(value), f"{path}, {name}")
    return value


def given_setting(setting: Setting, value: Any, where: str) -> Any:
    """A setting from a flag or a variable, ``where``. Raises :class:`SecretInTheOpen`, :class:`HomeUnknown`."""
    if setting.kind is not Kind.NODES:
        return _file_or_word(setting, str(value), where)
    urls = tuple(str(url) for url in value)
    if any("@" in url for url in urls):
        raise SecretInTheOpen(where=where)
    return urls


def _file_or_word(setting: Setting, value: str, where: str) -> Any:
    if not setting.is_path:
        return value
    if not setting.is_word(value):
        return _expanded(Path(value), where)
    if "://" in value and _holds_password(value):
        raise SecretInTheOpen(where=where)
    return value


def _holds_password(url: str) -> bool:
    try:
        return bool(urlsplit(url).password) or "password=" in url
    except ValueError:
        # Unreadable: whatever uses it says so. What stands before the host may be a password nevertheless.
        return "@" in url or "password=" in url


def _settings(found: Mapping[str, tuple[Any, str]], env: Mapping[str, str]) -> Settings:
    values = {name: value for name, (value, _) in found.items()}
    if "language" in values:
        values["language"] = asked_language(values["language"], found["language"][1])
    else:
        values["language"] = locale_language(env)
    if values.get("proofs") not in (None, REQUIRED):
        raise ProofsWrong(where=found["proofs"][1])
    if "fee_limit" in values:
        values["fee_limit"] = _fee_limit(values["fee_limit"], found["fee_limit"][1])
    return Settings(**values, sources={name: source for name, (_, source) in found.items()})


def _fee_limit(text: str, where: str) -> int:
    """The ceiling of fees in wei; ``where`` names where it was given. Raises :class:`FeeLimitWrong`."""
    from sceau.chain.fees import wei_of

    wei = wei_of(text)
    if wei is None:
        raise FeeLimitWrong(where=where)
    return wei
