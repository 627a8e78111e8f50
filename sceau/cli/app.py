# SPDX-License-Identifier: Apache-2.0
"""Puts the commands together."""

from __future__ import annotations

import importlib
import platform
from typing import Annotated, Any

import typer
from typer.main import get_command

from sceau import __version__
from sceau.cli.groups import bare_group, language_option
from sceau.cli.help import polish
from sceau.cli.words import say

#: Modules of commands. Each has ``add(app)``; help shows single commands first, then groups, in this order.
_MODULES = (
    "party",
    "consent",
    "claim",
    "disclose",
    "verify",
    "evidence",
    "audit",
    "imports",
    "key",
    "envelope",
    "message_keys",
    "directory",
    "doctor",
)


def build() -> Any:
    """The whole command, in the language that was chosen with :func:`sceau.cli.words.speak`."""
    app = bare_group(
        say(
            "Seals consent and health-insurance claims on a chain, without any health data there.",
            "Scelle accords et dossiers de complémentaire santé sur une chaîne, sans donnée de santé.",
        ),
        epilog=say(
            "Exit codes: 0 done, 1 refused, 2 command line, 3 verdict refused, 4 verdict in doubt, "
            "5 no usable node, 6 sent but in no block yet, 70 fault of the program, 74 output lost, 130 interrupted.",
            "Codes de sortie : 0 fait, 1 refusé, 2 ligne de commande, 3 verdict : refusé, 4 verdict : dans le doute, "
            "5 aucun nœud utilisable, 6 envoyé mais pas encore dans un bloc, 70 défaut du programme, "
            "74 résultat perdu, 130 interrompu.",
        ),
    )
    app.callback()(_root)
    for name in _MODULES:
        importlib.import_module(f"sceau.cli.{name}").add(app)
    command = get_command(app)
    polish(command)
    return command


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"sceau {__version__} (Python {platform.python_version()})")
        raise typer.Exit


def _version_option() -> Any:
    text = say("Show the version.", "Afficher la version.")
    return typer.Option("--version", callback=_show_version, is_eager=True, metavar="", help=text)


def _root(
    version: Annotated[bool, _version_option()] = False, language: Annotated[str, language_option()] = ""
) -> None:
    """Takes what may stand before a command; the language was found before (:mod:`sceau.cli.main`)."""
    del version, language
