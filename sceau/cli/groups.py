# SPDX-License-Identifier: Apache-2.0
"""Groups of commands."""

from __future__ import annotations

import typer


def new_group(text: str, *, epilog: str | None = None) -> typer.Typer:
    """An empty group of commands, with ``text`` as its help."""
    return typer.Typer(
        help=text,
        epilog=epilog,
        no_args_is_help=True,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        rich_markup_mode="rich",
    )
