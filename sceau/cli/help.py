# SPDX-License-Identifier: Apache-2.0
"""Pages of help in the chosen language, down to the words that typer itself writes."""

from __future__ import annotations

from typing import Any

from sceau.cli.words import say, spoken


def polish(command: Any) -> None:
    """Rewords a command and all below it; ``command`` is what :func:`typer.main.get_command` gives."""
    help_option, format_help = command.get_help_option, command.format_help

    def reworded_option(context: Any) -> Any:
        option = help_option(context)
        if option is not None:
            option.help, option.metavar = say("show-page"), ""
        return option

    def reworded_page(context: Any, formatter: Any) -> Any:
        _reword_panels()
        return format_help(context, formatter)

    command.get_help_option = reworded_option
    command.format_help = reworded_page
    if hasattr(command, "subcommand_metavar"):
        command.subcommand_metavar = say("metavar-command")
    for child in getattr(command, "commands", {}).values():
        polish(child)


def _reword_panels() -> None:
    # Imported only when a page is shown: it takes a tenth of a second.
    from typer import rich_utils

    rich_utils.COMMANDS_PANEL_TITLE = say("commands")
    rich_utils.REQUIRED_LONG_STRING = say("required")
    rich_utils.DEFAULT_STRING = say("default")
    if spoken() == "fr":
        rich_utils.DEPRECATED_STRING = "(désuet) "
