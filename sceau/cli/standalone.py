# SPDX-License-Identifier: Apache-2.0
"""Commands that are also programs of their own, as scripts."""

from __future__ import annotations

from typing import Any

from typer.main import get_command

from sceau.cli.consent_revoke import add_revoke
from sceau.cli.groups import bare_group
from sceau.cli.help import polish


def only_revoke() -> Any:
    """``sceau consent revoke`` as a whole program."""
    app = bare_group("")
    app.info.no_args_is_help = False
    add_revoke(app)
    command = get_command(app)
    polish(command)
    return command
