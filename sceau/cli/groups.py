# SPDX-License-Identifier: Apache-2.0
"""Groups of commands."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from sceau.cli.options import setting_option
from sceau.settings import SETTINGS


def new_group(text: str) -> typer.Typer:
    """An empty group of commands, with ``text`` as its help."""
    group = bare_group(text)

    def takes_language(language: Annotated[str, language_option()] = "") -> None:
        # Found before the commands were built (sceau.cli.main); here it is only allowed to stand.
        del language

    group.callback()(takes_language)
    return group


def bare_group(text: str, *, epilog: str | None = None) -> typer.Typer:
    """A group that takes no option of its own."""
    return typer.Typer(
        help=text,
        epilog=epilog,
        no_args_is_help=True,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        rich_markup_mode="rich",
    )


def language_option() -> Any:
    """``--language``."""
    return setting_option(SETTINGS["language"])
