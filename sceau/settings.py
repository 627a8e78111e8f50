# SPDX-License-Identifier: Apache-2.0
"""Where the node, the deployment manifest and the keys are: flags over environment over file.

A file is ``sceau.toml``::

    nodes = ["https://node-1.example", "https://node-2.example"]   # the first that answers is used
    manifest = "deployment.json"       # relative paths start at the file
    keystore = "shop.json"
    password_file = "shop.password"
    policies = "policies"
    message_keys = "shop.messages"     # the party's own keys for messages, locked by a password
    message_password_file = "shop.messages.password"
    directory = "directory"            # folder of the parties' directory entries
    seen = "seen"                      # register of the envelopes received
    language = "fr"

It is looked for in the working directory, then in the user's configuration directory; where both name one
setting, the working directory's counts. ``--config FILE`` or ``SCEAU_CONFIG`` names one file instead of both.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sceau.errors import Language, SceauError, Sentence
from sceau.locale.language import asked_language, locale_language

if TYPE_CHECKING:
    from sceau.chain.network import Network
    from sceau.deployment import RegistryId

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE_NAME = "sceau.toml"
_MAX_BYTES = 100_000
_MOST_BRACKETS = 100

#: Each setting: its name in the file, and the variable and flag that override it.
_VARIABLES = {
    "nodes": "SCEAU_NODE",
    "manifest": "SCEAU_MANIFEST",
    "keystore": "SCEAU_KEYSTORE",
    "password_file": "SCEAU_PASSWORD_FILE",
    "policies": "SCEAU_POLICIES",
    "message_keys": "SCEAU_MESSAGE_KEYS",
    "message_password_file": "SCEAU_MESSAGE_PASSWORD_FILE",
    "directory": "SCEAU_DIRECTORY",
    "seen": "SCEAU_SEEN",
    "language": "SCEAU_LANGUAGE",
}
_FLAGS = {
    "nodes": "--node",
    "manifest": "--manifest",
    "keystore": "--keystore",
    "password_file": "--password-file",
    "policies": "--policies",
    "message_keys": "--message-keys",
    "message_password_file": "--message-password-file",
    "directory": "--directory",
    "seen": "--seen",
    "language": "--language",
}
_PATHS = tuple(name for name in _VARIABLES if name not in ("nodes", "language"))

#: A password file of this name is the standard input.
STANDARD_INPUT = Path("-")


class ConfigInvalid(SceauError):
    """A configuration file cannot be used."""

    code = "config-invalid"
    en = "Configuration file {path}: {why}. Correct it (docs/cli.md describes it)."
    fr = "Fichier de configuration {path} : {why}. Corrigez-le (docs/cli.md le décrit)."


class SettingMissing(SceauError):
    """Something that a command needs is said nowhere."""

    code = "setting-missing"
    en = "Missing: {what}. Give {flag}, set {variable}, or write {name} in sceau.toml."
    fr = "Il manque {what}. Donnez {flag}, définissez {variable}, ou écrivez {name} dans sceau.toml."


class SecretInTheOpen(SceauError):
    """A node's address in an argument or a variable holds credentials, which others can read there."""

    code = "secret-in-the-open"
    en = "{where}: a node's address with a password belongs in sceau.toml. Write it there."
    fr = "{where} : l'adresse d'un nœud avec mot de passe s'écrit dans sceau.toml. Écrivez-la là."


class NoNodeAnswers(SceauError):
    """None of several nodes can be used."""

    code = "no-node-answers"
    en = "None of the {count} nodes can be used. {reasons}"
    fr = "Aucun des {count} nœuds n'est utilisable. {reasons}"


class ChainOfNoCard(SceauError):
    """A node is on another chain than a card."""

    code = "card-of-another-chain"
    en = "The node at {url} has {what} {found}; the card is for {expected}. Use a node of the card's chain."
    fr = "Le nœud {url} a {what} {found} ; la carte vaut pour {expected}. Prenez un nœud de sa chaîne."


_WHAT = {
    "nodes": Sentence("nodes", "the address of a node", "l'adresse d'un nœud"),
    "manifest": Sentence("manifest", "the deployment manifest", "le manifeste du déploiement"),
    "keystore": Sentence("keystore", "the file of the signing key", "le fichier de la clé de signature"),
    "message_keys": Sentence(
        "message-keys", "the file of your message keys", "le fichier de vos clés de messages"
    ),
    "directory": Sentence("directory", "the folder of directory entries", "le dossier de l'annuaire"),
    "seen": Sentence("seen", "the register of received envelopes", "le registre des enveloppes reçues"),
}
_UNREADABLE = Sentence("unreadable", "it cannot be read", "il est illisible")
_TOO_BIG = Sentence("too-big", "it is too big", "il est trop gros")
_NOT_TOML = Sentence("not-toml", "it is not TOML", "ce n'est pas du TOML")


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
    seen: Path | None = None
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

    def require_message_keys(self) -> Path:
        """The file of the party's own message keys. Raises :class:`SettingMissing`."""
        return self.message_keys or _missing("message_keys")

    def require_directory(self) -> Path:
        """The folder of directory entries. Raises :class:`SettingMissing`."""
        return self.directory or _missing("directory")

    def require_seen(self) -> Path:
        """The register of received envelopes. Raises :class:`SettingMissing`."""
        return self.seen or _missing("seen")


def load_settings(
    flags: Mapping[str, Any] | None = None,
    *,
    config: Path | None = None,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
) -> Settings:
    """Settings from flags, else the environment, else the files.

    Args:
        flags: by setting (``nodes`` a list, the others text); empty ones do not count.
        config: the one file to read; else ``SCEAU_CONFIG``; else ``sceau.toml`` in ``directory``, then in the
            user's configuration directory.
        environment: variables; the process's own if not given.
        directory: where to look first; the working directory if not given.

    Raises:
        ConfigInvalid, LanguageUnknown, SecretInTheOpen.
    """
    env = os.environ if environment is None else environment
    found: dict[str, tuple[Any, str]] = {}
    for path, required in _files(config, env, directory or Path.cwd()):
        for name, value in _read_file(path, required=required).items():
            found.setdefault(name, (value, str(path)))
    for name, variable in _VARIABLES.items():
        if env.get(variable):
            given = env[variable].replace(",", " ").split() if name == "nodes" else env[variable]
            found[name] = (_given(name, given, variable), variable)
    for name, value in (flags or {}).items():
        if value:
            found[name] = (_given(name, value, _FLAGS[name]), _FLAGS[name])
    return _settings(found, env)


def connect(settings: Settings, *, timeout: float = 10) -> Network:
    """A checked connection to the first node that can be used; ``timeout`` in seconds, for each request.

    Raises:
        SettingMissing, ManifestInvalid; with one node what :meth:`Network.connect` raises, with several
        :class:`NoNodeAnswers`, which names each with its reason.
    """
    from sceau.chain.manifest import Manifest
    from sceau.chain.network import Network

    manifest = Manifest.load(settings.require_manifest())
    return _first(settings.require_nodes(), lambda url: Network.connect(url, manifest, timeout=timeout))


def connect_for_card(settings: Settings, card: RegistryId, *, timeout: float = 10) -> Network:
    """A connection for a card's consent, which needs no manifest: the card says which contract, on which chain.

    With a manifest in the settings, as :func:`connect`. The network without one knows the consent registry only.

    Raises:
        ChainOfNoCard: the node is on another chain than the card's; and as :func:`connect`.
    """
    if settings.manifest is not None:
        return connect(settings, timeout=timeout)
    return _first(settings.require_nodes(), lambda url: _by_card(url, card, timeout))


def with_nodes(settings: Settings, urls: Sequence[str]) -> Settings:
    """The settings with other nodes, given on the command line. Raises :class:`SecretInTheOpen`."""
    if not urls:
        return settings
    sources = {**settings.sources, "nodes": "--via"}
    return replace(settings, nodes=_given("nodes", urls, "--via"), sources=sources)


def _first(nodes: Sequence[str], open_node: Callable[[str], Network]) -> Network:
    refusals: list[SceauError] = []
    for url in nodes:
        try:
            return open_node(url)
        except SceauError as error:
            refusals.append(error)
    if len(refusals) == 1:
        raise refusals[0]
    reasons = Sentence(
        "reasons", " ".join(e.message("en") for e in refusals), " ".join(e.message("fr") for e in refusals)
    )
    raise NoNodeAnswers(count=len(nodes), reasons=reasons)


def _by_card(url: str, card: RegistryId, timeout: float) -> Network:
    from sceau.chain.errors import ContractNotDeployed, WrongChain
    from sceau.chain.manifest import ContractEntry, Manifest
    from sceau.chain.network import Network
    from sceau.chain.node import Node

    entry = ContractEntry(card.contract, code_hash="", transaction="")
    manifest = Manifest(card.chain_id, card.genesis_hash, 0, 0, {"ConsentRegistry": entry})
    network = Network(Node(url, timeout=timeout), manifest)
    try:
        network.check_chain()
    except WrongChain as error:
        raise ChainOfNoCard(**error.details) from None
    if not network.node.code(card.contract):
        raise ContractNotDeployed(name="ConsentRegistry", address=card.contract)
    return network


def user_directory(environment: Mapping[str, str]) -> Path:
    """Where the user's own ``sceau.toml`` is looked for."""
    if sys.platform == "win32":
        base = environment.get("APPDATA")
        return Path(base) / "sceau" if base else Path.home() / "AppData" / "Roaming" / "sceau"
    base = environment.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "sceau"


def _missing(name: str) -> Any:
    raise SettingMissing(what=_WHAT[name], flag=_FLAGS[name], variable=_VARIABLES[name], name=name)


def _files(config: Path | None, env: Mapping[str, str], directory: Path) -> list[tuple[Path, bool]]:
    """Files to read, the strongest first, each with whether it must exist."""
    named = config or (Path(env["SCEAU_CONFIG"]) if env.get("SCEAU_CONFIG") else None)
    if named is not None:
        return [(named.expanduser(), True)]
    return [(directory / FILE_NAME, False), (user_directory(env) / FILE_NAME, False)]


def _read_file(path: Path, *, required: bool) -> dict[str, Any]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        if not required:
            return {}
        raise ConfigInvalid(path=path, why=_UNREADABLE) from None
    except OSError:
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
    if name not in _VARIABLES:
        # The file is the user's own, but a key pasted on the wrong line could be a secret: cut it short.
        shown = name[:20]
        raise ConfigInvalid(path=path, why=_key(shown, "is not a setting", "n'est pas un réglage"))
    if name == "nodes":
        if isinstance(value, list) and all(isinstance(url, str) for url in value):
            return tuple(value)
        raise ConfigInvalid(path=path, why=_key(name, "is no list of texts", "n'est pas une liste de textes"))
    if not isinstance(value, str):
        raise ConfigInvalid(path=path, why=_key(name, "is not a text", "n'est pas un texte"))
    if name in _PATHS:
        return path.parent / Path(value).expanduser()
    return value


def _key(name: str, en: str, fr: str) -> Sentence:
    return Sentence("config-key", f"{name} {en}", f"{name} {fr}")


def _given(name: str, value: Any, where: str) -> Any:
    """A setting from a flag or a variable, ``where``."""
    if name != "nodes":
        return Path(value).expanduser() if name in _PATHS else str(value)
    urls = tuple(str(url) for url in value)
    if any("@" in url for url in urls):
        raise SecretInTheOpen(where=where)
    return urls


def _settings(found: Mapping[str, tuple[Any, str]], env: Mapping[str, str]) -> Settings:
    values = {name: value for name, (value, _) in found.items()}
    if "language" in values:
        values["language"] = asked_language(values["language"], found["language"][1])
    else:
        values["language"] = locale_language(env)
    return Settings(**values, sources={name: source for name, (_, source) in found.items()})
