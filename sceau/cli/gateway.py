# SPDX-License-Identifier: Apache-2.0
"""``sceau gateway``: the roles' verbs over HTTP, for software that is not written in Python."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.options import Needs, file_option
from sceau.cli.result import fact
from sceau.cli.session import Session
from sceau.cli.words import say
from sceau.documents.files import save

_TOKEN_BYTES = 32


def add(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(
        app,
        "gateway",
        gateway,
        french="Sert les actions d'un magasin, d'un fournisseur ou d'un payeur par HTTP, pour les logiciels du métier.",
        needs=Needs.NOTHING,
    )


def gateway(
    session: Session,
    file: Annotated[Path, _file_argument()] = Path("gateway.toml"),
    new_token: Annotated[Path | None, _token_option()] = None,
) -> None:
    """Serve the verbs of a practice, a supplier or a payer over HTTP, for other software."""
    if new_token is not None:
        save(new_token, (secrets.token_urlsafe(_TOKEN_BYTES) + "\n").encode())
        session.screen.show([fact("token", str(new_token), say("gateway-token-made"))])
        return
    from sceau.gateway.serving import serve

    def listening(address: str) -> None:
        session.screen.show([fact("address", address, say("gateway-listens"))])
        # Whoever started it waits for this line.
        sys.stdout.flush()

    serve(file, listening)


def _file_argument() -> Any:
    return typer.Argument(metavar=say("metavar-file"), help=say("gateway-file"))


def _token_option() -> Any:
    return file_option("--new-token", say("gateway-new-token"))
