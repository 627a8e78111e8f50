# SPDX-License-Identifier: Apache-2.0
"""Where the node, the deployment manifest and the keys are: flags over environment over file.

A file is ``sceau.toml``::

    nodes = ["https://node-1.example", "https://node-2.example"]   # the freshest is used
    manifest = "deployment.json"       # relative paths start at the file
    keystore = "shop.json"
    password_file = "shop.password"
    policies = "policies"
    message_keys = "shop.messages"     # the party's own keys for messages, locked by a password
    message_password_file = "shop.messages.password"
    directory = "directory"            # folder of the parties' directory entries
    store = "store"                    # folder of what the party stores: steps, messages, verdicts; or postgresql://…
    store_key = "store.key"            # the key of the store, outside its folder; or "keyring"
    store_passphrase_file = "store.passphrase"   # locks that key
    exchange = "exchange"              # folder by which messages leave and arrive
    fee_limit = "0.1"                  # the most that one transaction may cost, in the chain's coin
    language = "fr"

It is looked for in the working directory, then in the user's configuration directory; where both name one
setting, the working directory's counts. ``--config FILE`` or ``SCEAU_CONFIG`` names one file instead of both.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sceau.documents.files import first_bytes
from sceau.errors import InputError, Joined, Language, NodeError, Sentence
from sceau.locale.language import asked_language, locale_language
from sceau.secrets import read_secret

if TYPE_CHECKING:
    from sceau.chain.network import MadeForRegistry, Network
    from sceau.store import LocalStore
    from sceau.store.keys import StoreKeys

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE_NAME = "sceau.toml"
_MAX_BYTES = 100_000
_MOST_BRACKETS = 100


class Kind(Enum):
    """What a setting holds; the value stands for it where a flag is documented."""

    NODES = "URL"
    FILE = "FILE"
    FOLDER = "FOLDER"
    LANGUAGE = "LANG"
    AMOUNT = "AMOUNT"
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

#: In place of the file of a store's key: the keyring of the machine.
KEYRING = "keyring"

#: A password file of this name is the standard input.
STANDARD_INPUT = Path("-")


class ConfigInvalid(InputError):
    """A configuration file cannot be used."""

    code = "config-invalid"


class SettingMissing(InputError):
    """Something that a command needs is said nowhere."""

    code = "setting-missing"


class HomeUnknown(InputError):
    """A path begins with the folder of a user (``~``, ``~name``) that the system does not know."""

    code = "home-unknown"


class WorkingDirectoryGone(InputError):
    """The working directory was deleted, and a file is looked for in it."""

    code = "working-directory-gone"


class SecretInTheOpen(InputError):
    """A node's address in an argument or a variable holds credentials, which others can read there."""

    code = "secret-in-the-open"


class FeeLimitWrong(InputError):
    """The ceiling of fees is no amount."""

    code = "fee-limit-wrong"


class NoNodeAnswers(NodeError):
    """None of several nodes can be used."""

    code = "no-node-answers"


_PASSPHRASE = Sentence("settings.store-passphrase-file")
_UNREADABLE = Sentence("settings.unreadable")
_TOO_BIG = Sentence("settings.too-big")
_NOT_TOML = Sentence("settings.not-toml")


@dataclass(frozen=True)
class Settings:
    """What was asked for, by whichever way; ``sources`` says which way for each setting."""

    nodes: tuple[str, ...] = ()
    manifest: Path | None = None
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
        ConfigInvalid, FeeLimitWrong, LanguageUnknown, SecretInTheOpen, HomeUnknown, WorkingDirectoryGone.
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
            found[setting.name] = (_given(setting, given, setting.variable), setting.variable)
    for name, value in (flags or {}).items():
        if value:
            flag = SETTINGS[name].flag
            found[name] = (_given(SETTINGS[name], value, flag), flag)
    return _settings(found, env)


def open_store(settings: Settings) -> LocalStore:
    """The store of the settings, with its keys; nothing is made before something is stored.

    Raises:
        SettingMissing: no store is named.
        FileNotRead, SecretEmpty: of the passphrase file.
        StoreUnusable: as :class:`LocalStore`.
    """
    from sceau.store import LocalStore

    return LocalStore(settings.require_store(), keys_of_store(settings))


def keys_of_store(settings: Settings) -> StoreKeys:
    """Where the keys of the settings' store are. Raises SettingMissing, FileNotRead, SecretEmpty, StoreKeyNotNamed."""
    from sceau.store.keys import keys_of

    place = settings.require_store()
    file = settings.store_passphrase_file
    passphrase = None if file is None else read_secret(file, _PASSPHRASE)
    return keys_of(place, settings.store_key, passphrase)


def connect(settings: Settings, *, timeout: float = 10) -> Network:
    """A checked connection to the nodes that can be used, through the freshest; ``timeout`` in seconds, for each.

    The others are asked where a negative answer counts (:meth:`Network.witnesses`) and where the first one fails.

    Raises:
        SettingMissing, ManifestInvalid; with one node what :meth:`Network.connect` raises, with several
        :class:`NoNodeAnswers`, which names each with its reason.
    """
    from sceau.chain.manifest import Manifest
    from sceau.chain.network import Network

    manifest = Manifest.load(settings.require_manifest())
    return _join(settings, lambda url: Network.connect(url, manifest, timeout=timeout))


def connect_when_possible(settings: Settings, *, timeout: float = 10) -> Network:
    """As :func:`connect`; where no node answers, a connection that is made when one does (:meth:`Network.later`).

    Raises:
        SettingMissing, ManifestInvalid; and as :func:`connect` where a node answers and cannot be used.
    """
    from sceau.chain.errors import NodeUnreachable
    from sceau.chain.manifest import Manifest
    from sceau.chain.network import Network
    from sceau.chain.node import Node

    try:
        return connect(settings, timeout=timeout)
    except (NodeUnreachable, NoNodeAnswers):
        manifest = Manifest.load(settings.require_manifest())
        urls = dict.fromkeys(settings.require_nodes())
        return _with_settings(Network.later([Node(url, timeout=timeout) for url in urls], manifest), settings)


def connect_for_card(settings: Settings, card: MadeForRegistry, *, timeout: float = 10) -> Network:
    """A connection for a card's consent, which needs no manifest; with one in the settings, as :func:`connect`.

    Raises:
        ChainOfAnother: the node is on another chain than the card's; and as :func:`connect`.
    """
    from sceau.chain.network import Network

    if settings.manifest is not None:
        return connect(settings, timeout=timeout)
    return _join(settings, lambda url: Network.for_card(url, card, timeout=timeout))


def with_nodes(settings: Settings, urls: Sequence[str]) -> Settings:
    """The settings with other nodes, given on the command line. Raises :class:`SecretInTheOpen`."""
    if not urls:
        return settings
    sources = {**settings.sources, "nodes": "--via"}
    return replace(settings, nodes=_given(SETTINGS["nodes"], urls, "--via"), sources=sources)


def _join(settings: Settings, open_node: Callable[[str], Network]) -> Network:
    """All nodes that can be used as one network; they are opened at the same time, so that none holds up another."""
    from concurrent.futures import ThreadPoolExecutor

    from sceau.chain.network import Network

    def opened(url: str) -> Network | NodeError:
        try:
            return open_node(url)
        except NodeError as error:
            return error

    nodes = tuple(dict.fromkeys(settings.require_nodes()))
    with ThreadPoolExecutor(len(nodes)) as pool:
        found = list(pool.map(opened, nodes))
    usable = [each for each in found if isinstance(each, Network)]
    if usable:
        return _with_settings(Network.joined(usable), settings)
    refusals = [each for each in found if isinstance(each, NodeError)]
    if len(refusals) == 1:
        raise refusals[0]
    raise NoNodeAnswers(count=len(nodes), reasons=Joined(refusals, between=" "))


def _with_settings(network: Network, settings: Settings) -> Network:
    """A connection with what the settings say of fees, and where it may remember what it learnt."""
    from sceau.store import StoredMemos

    network.fee_limit = settings.fee_limit or network.fee_limit
    if settings.store is not None:
        network.memos = StoredMemos(lambda: open_store(settings))
    return network


def user_directory() -> Path:
    """Where the user's own ``sceau.toml`` is looked for: where the system keeps such files."""
    from platformdirs import user_config_path

    return user_config_path("sceau", appauthor=False, roaming=True)


def _missing(name: str) -> Any:
    setting = SETTINGS[name]
    raise SettingMissing(what=setting.words, variable=setting.variable, name=name)


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
    try:
        if path.is_fifo():
            # The settings are read twice, for the language of messages first: a pipe may never answer, or only once.
            raise ConfigInvalid(path=path, why=_UNREADABLE)
        data = first_bytes(path, _MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        # A home or a folder of settings that is no folder, such as /dev/null, holds none.
        if not required:
            return {}
        raise ConfigInvalid(path=path, why=_UNREADABLE) from None
    except (OSError, ValueError):
        raise ConfigInvalid(path=path, why=_UNREADABLE) from None
    if len(data) > _MAX_BYTES:
        raise ConfigInvalid(path=path, why=_TOO_BIG)
    # Thousands of open brackets would crash the parser, once eth_account has raised Python's recursion limit.
    if data.count(b"[") + data.count(b"{") > _MOST_BRACKETS:
        raise ConfigInvalid(path=path, why=_NOT_TOML)
    try:
        # Some editors begin a file with a byte order mark.
        read = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ConfigInvalid(path=path, why=_NOT_TOML) from None
    return {name: _from_file(path, name, value) for name, value in read.items()}


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


def _given(setting: Setting, value: Any, where: str) -> Any:
    """A setting from a flag or a variable, ``where``."""
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
        # Unreadable: whatever uses it says so. What stands before the host may be a password all the same.
        return "@" in url or "password=" in url


def _settings(found: Mapping[str, tuple[Any, str]], env: Mapping[str, str]) -> Settings:
    values = {name: value for name, (value, _) in found.items()}
    if "language" in values:
        values["language"] = asked_language(values["language"], found["language"][1])
    else:
        values["language"] = locale_language(env)
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
