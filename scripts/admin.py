# SPDX-License-Identifier: Apache-2.0
"""What every script of a consortium admin needs: the node that Brownie chose, the settings, the admin's key.

Settings are those of the `sceau` command (`SCEAU_MANIFEST`, `SCEAU_KEYSTORE`, `SCEAU_PASSWORD_FILE`, or
sceau.toml); the keystore is the admin's. Money for fees, where a chain charges them, may come from another
one: `FUNDER`, with `FUNDER_PASSWORD_FILE`.
"""

from __future__ import annotations

import functools
import inspect
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn, ParamSpec, TypeVar

from sceau.chain.errors import TransactionUnsettled
from sceau.chain.following import Receipt
from sceau.chain.network import Network
from sceau.chain.node import Block, Node
from sceau.chain.signer import Signer
from sceau.cli.secrets import Secrets
from sceau.errors import Language, SceauError, Sentence
from sceau.roles.admin import Admin
from sceau.roles.handle import Handle
from sceau.settings import Settings, load_settings

P = ParamSpec("P")
R = TypeVar("R")

DEFAULT_MANIFEST = Path("deployment.json")

_ADMIN = Sentence("admin-password", "the password of the admin's key", "le mot de passe de l'administrateur")
_FUNDER = Sentence(
    "funder-password", "the password of the funder's key", "le mot de passe du payeur de frais"
)


class AdminUnknown(SceauError):
    """On a live network nothing says whose key signs."""

    code = "admin-unknown"
    en = "Whose key signs? Set SCEAU_KEYSTORE to the admin's keystore (and SCEAU_PASSWORD_FILE, or type it)."
    fr = "Quelle clé signe ? Donnez dans SCEAU_KEYSTORE la clé de l'administrateur (et SCEAU_PASSWORD_FILE)."


class NotConfirmed(SceauError):
    """Something that cannot be taken back was not confirmed."""

    code = "not-confirmed"
    en = "Nothing was done. Answer yes, or give the word yes at the end of the command."
    fr = "Rien n'a été fait. Répondez oui, ou mettez le mot yes à la fin de la commande."


def entry(function: Callable[P, R]) -> Callable[P, R]:
    """Makes a function an entry of `brownie run`: an error of Sceau is one line on stderr, and the exit code 1.

    After something was sent that may still be written it is 6, as for the `sceau` command.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            inspect.signature(function).bind(*args, **kwargs)
        except TypeError as error:
            sys.exit(f"{function.__name__}: {error}\n{inspect.getmodule(function).__doc__}")
        try:
            return function(*args, **kwargs)
        except SceauError as error:
            print(error.message(_language()), file=sys.stderr)
            sys.exit(error.exit_code if isinstance(error, TransactionUnsettled) else 1)

    return run


def unknown_verb(script: str, doc: str | None) -> Callable[[str], NoReturn]:
    """A module's `__getattr__`: a verb that the script does not have is told, with those that it has."""

    def refuse(name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(name)
        wrong = f"{script} needs a verb." if name == "main" else f"{script} has no verb '{name}'."
        sys.exit(f"{wrong}\n{doc}")

    return refuse


def _language() -> Language:
    try:
        return settings().language
    except SceauError:
        return "en"


def settings() -> Settings:
    """The settings of this process. Raises ConfigInvalid, LanguageUnknown."""
    return load_settings()


def manifest_path() -> Path:
    """The manifest that the settings name, else `deployment.json` here."""
    return settings().manifest or DEFAULT_MANIFEST


def on_development() -> bool:
    """Whether Brownie runs on a network of developers, with accounts that anybody can use."""
    from brownie._config import CONFIG

    return bool(CONFIG.network_type == "development")


def endpoint() -> str:
    """The address of the node that Brownie is connected to (`--network`)."""
    from brownie import web3

    return str(web3.provider.endpoint_uri)


def node() -> Node:
    """Brownie's node."""
    return Node(endpoint(), timeout=60)


def network() -> Network:
    """The deployment of the manifest, checked, through Brownie's node. Raises as `Network.connect`."""
    return Network.connect(endpoint(), manifest_path(), timeout=60)


def newest(network: Network) -> Block:
    """The newest block to look at; what is wrong with it is said on stderr, since the node may be behind the chain."""
    head, doubt = network.look()
    if doubt is not None:
        print(doubt.message(_language()), file=sys.stderr)
    return head


def role() -> Admin:
    """The admin, at Brownie's node. Raises as `network` and `key`."""
    return Admin(network(), key())


def key(environment: Mapping[str, str] = os.environ) -> Signer:
    """The admin's key: the settings' keystore; else, on a network of developers, its first account.

    Raises AdminUnknown, KeystoreInvalid, WrongPassword, and what reading a password raises.
    """
    chosen = load_settings(environment=environment)
    if chosen.keystore is not None:
        return _open(chosen.keystore, chosen.password_file, _ADMIN, "SCEAU_PASSWORD_FILE")
    if on_development():
        return _first_account()
    raise AdminUnknown


def funder(environment: Mapping[str, str] = os.environ) -> Signer | None:
    """The key that pays fees for others, if one is named. Raises as `key`."""
    if not environment.get("FUNDER"):
        return None
    file = environment.get("FUNDER_PASSWORD_FILE")
    return _open(Path(environment["FUNDER"]), Path(file) if file else None, _FUNDER, "FUNDER_PASSWORD_FILE")


def confirm(question: str, given: str) -> None:
    """Asks at the keyboard, unless the word `yes` was given already. Raises NotConfirmed."""
    if given.lower() in ("yes", "oui"):
        return
    if given or not sys.stdin.isatty() or input(f"{question} (yes) ").strip().lower() not in ("yes", "oui"):
        raise NotConfirmed


def report(done: str, handle: Handle) -> Receipt:
    """Waits for what a verb sent, and says what is `done` and where it stands; raises as its `wait`."""
    receipt = handle.wait()
    print(f"{done}: block {receipt.block_number}, transaction {receipt.hash}.")
    return receipt


def _open(keystore: Path, password_file: Path | None, what: Sentence, variable: str) -> Signer:
    return Signer.from_keystore(keystore, Secrets().get(what, password_file, flag=variable))


def _first_account() -> Signer:
    """The first account of the development network: the node holds it, its key is that of all test nodes."""
    from brownie import accounts

    from tools.ganache import KEYS

    signer = Signer.from_key(bytes.fromhex(KEYS[0][2:]))
    if not len(accounts) or accounts[0].address != signer.address:
        raise AdminUnknown
    return signer
