# SPDX-License-Identifier: Apache-2.0
"""What an error says on the command line: the library's sentence, and the option that mends it."""

from __future__ import annotations

from sceau.chain.errors import NodeUnreachable, NotANode
from sceau.cli.words import say, spoken
from sceau.errors import SceauError
from sceau.settings import SETTINGS, SettingMissing


def message_of(error: SceauError) -> str:
    """The message of an error in the user's language, with the option that mends it, if there is one."""
    hint = _hint(error)
    return f"{error.message(spoken())} {hint}" if hint else error.message(spoken())


def _hint(error: SceauError) -> str:
    if isinstance(error, (NodeUnreachable, NotANode)):
        return say("Name another one with --node.", "Nommez-en un autre avec --node.")
    if isinstance(error, SettingMissing):
        flag = SETTINGS[error.details["name"]].flag
        return say(f"Or give {flag}.", f"Ou donnez {flag}.")
    return ""
