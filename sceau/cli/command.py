# SPDX-License-Identifier: Apache-2.0
"""Registers a command, with the options that it shares with others of its kind."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from sceau.cli.exits import Exit
from sceau.cli.options import Needs, shared_options
from sceau.cli.screen import Screen
from sceau.cli.session import Session
from sceau.cli.words import either
from sceau.settings import load_settings

Function = Callable[..., int | None]


def add_command(
    group: typer.Typer, name: str, function: Function, *, french: str, needs: Needs = Needs.NOTHING
) -> None:
    """Registers a function as command ``name`` of ``group``.

    The function takes a :class:`Session` first, then its own parameters as typer reads them; the options that its
    ``needs`` call for are added here and end up in the session. Its docstring is the English help, ``french`` the
    French one. It returns the exit code; ``None`` is success.
    """
    # Not typing.get_type_hints: before Python 3.11 it hides an option whose default is None.
    parameters = list(inspect.signature(function, eval_str=True).parameters.values())
    own = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in parameters[1:]]
    shared = shared_options(needs)

    def run(**given: Any) -> int:
        options = {parameter.name: given.pop(parameter.name) for parameter in shared}
        return int(function(_session(options), **given) or Exit.OK)

    run.__signature__ = inspect.Signature([*own, *shared])  # type: ignore[attr-defined] # typer reads it
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in (*own, *shared)}
    group.command(name, help=either(inspect.getdoc(function) or "", french))(run)


def _session(options: dict[str, Any]) -> Session:
    screen = Screen(as_json=options.pop("json"))
    config: Path | None = options.pop("config")
    timeout: int = options.pop("timeout", 0)
    return Session(load_settings(options, config=config), screen, timeout=timeout)
