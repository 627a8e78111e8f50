# SPDX-License-Identifier: Apache-2.0
"""Options that several commands have, each declared once; read when the commands are built, in the language
chosen by then."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from enum import IntFlag
from pathlib import Path
from typing import Annotated, Any

import typer

from sceau.cli.words import either, say, spoken
from sceau.settings import SETTINGS, Kind, Setting

_LONGEST_WAIT = 86_400


class Needs(IntFlag):
    """What a command works with beside its own arguments."""

    NOTHING = 0
    NODE = 1
    MANIFEST = 2
    KEYSTORE = 4
    PASSWORD = 8
    TIMEOUT = 16
    POLICIES = 32
    DIRECTORY = 64
    MESSAGE_KEYS = 128
    MESSAGE_PASSWORD = 256
    STORE = 512
    EXCHANGE = 1024
    CHAIN = NODE | MANIFEST
    SIGN = CHAIN | KEYSTORE | PASSWORD
    WRITE = SIGN | TIMEOUT
    MESSAGES = DIRECTORY | MESSAGE_KEYS | MESSAGE_PASSWORD | STORE


def file_word() -> str:
    """What stands for a file's name in a page of help."""
    return say("metavar-file")


def argument(metavar: str, text: str) -> Any:
    """An argument."""
    return typer.Argument(metavar=metavar, help=text)


def file_option(name: str, text: str) -> Any:
    """An option that takes a file."""
    return typer.Option(name, metavar=file_word(), help=text)


def code_option(name: str, text: str) -> Any:
    """An option that takes a code."""
    return typer.Option(name, metavar="CODE", help=text)


def date_option(name: str, text: str) -> Any:
    """An option that takes a day."""
    return typer.Option(name, metavar="DATE", help=text)


def flag_option(*names: str, text: str) -> Any:
    """An option that takes nothing."""
    return typer.Option(*names, metavar="", help=text)


def output_option(what: str = "") -> Any:
    """``-o FILE``: where a command writes its result."""
    text = say("file-write")
    return typer.Option("--output", "-o", metavar=file_word(), help=what or text)


def force_option() -> Any:
    """``--force``: write over an existing file."""
    return flag_option("--force", text=say("write-over-existing-file"))


def yes_option() -> Any:
    """``--yes``: ask for no confirmation."""
    return flag_option("--yes", "-y", text=say("ask-no-confirmation"))


def pin_option() -> Any:
    """``--pin-file FILE``: where a card's PIN is."""
    text = say("file-card-pin-standard-input")
    return typer.Option("--pin-file", metavar=file_word(), help=text)


def party_option(name: str, text: str) -> Any:
    """An option that takes a party number."""
    return typer.Option(name, parser=party_number, metavar=say("metavar-number"), help=text)


def party_number(text: str) -> int:
    """A party number as a command takes it, 1 to 2^32 - 1."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:11]) < 2**32:
        raise typer.BadParameter(say("party-number-wanted"))
    return int(text)


def _seconds(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:6]) <= _LONGEST_WAIT or len(text) > 6:
        raise typer.BadParameter(say("whole-seconds-wanted-86400"))
    return int(text)


def shared_options(needs: Needs) -> list[inspect.Parameter]:
    """The options by which settings are given, as parameters for typer; named as in ``load_settings``."""
    panel = say("settings-also-variable-sceau-toml")
    return [_parameter(name, kind, info, panel) for need, name, kind, info in _all() if need & needs == need]


def _parameter(name: str, kind: Any, info: Any, panel: str) -> inspect.Parameter:
    info.rich_help_panel = panel
    annotation = Annotated[kind, info]
    default = {"json": False, "timeout": "120"}.get(name)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _all() -> Iterator[tuple[Needs, str, Any, Any]]:
    for setting in SETTINGS.values():
        if setting.kind is not Kind.LANGUAGE:
            yield (
                _NEEDS[setting.name],
                setting.name,
                _TYPES.get(setting.kind, str | None),
                setting_option(setting),
            )
    timeout = say("seconds-wait-block")
    yield (
        Needs.TIMEOUT,
        "timeout",
        int,
        typer.Option("--timeout", parser=_seconds, help=timeout, metavar=say("metavar-seconds")),
    )
    config = say("configuration-file")
    yield Needs.NOTHING, "config", Path | None, typer.Option("--config", help=config, metavar=file_word())
    yield Needs.NOTHING, "language", str | None, setting_option(SETTINGS["language"])
    as_json = say("print-json-programs")
    yield Needs.NOTHING, "json", bool, typer.Option("--json", metavar="", help=as_json)


def setting_option(setting: Setting) -> Any:
    """The option by which a setting is given."""
    metavar = either(setting.kind.value, _FRENCH_METAVARS.get(setting.kind, setting.kind.value))
    return typer.Option(setting.flag, help=setting.help.text(spoken()), metavar=metavar)


_NEEDS = {
    "nodes": Needs.NODE,
    "manifest": Needs.MANIFEST,
    "proofs": Needs.CHAIN,
    "keystore": Needs.KEYSTORE,
    "password_file": Needs.PASSWORD,
    "policies": Needs.POLICIES,
    "message_keys": Needs.MESSAGE_KEYS,
    "message_password_file": Needs.MESSAGE_PASSWORD,
    "directory": Needs.DIRECTORY,
    "store": Needs.STORE,
    "store_key": Needs.STORE,
    "store_passphrase_file": Needs.STORE,
    "exchange": Needs.EXCHANGE,
    "fee_limit": Needs.TIMEOUT,
}
_TYPES: Mapping[Kind, Any] = {Kind.NODES: list[str] | None}
_FRENCH_METAVARS = {
    Kind.FILE: "FICHIER",
    Kind.FOLDER: "DOSSIER",
    Kind.LANGUAGE: "LANGUE",
    Kind.AMOUNT: "MONTANT",
    Kind.STORE: "STOCKAGE",
    Kind.KEY: "FICHIER",
}
