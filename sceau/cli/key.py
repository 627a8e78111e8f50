# SPDX-License-Identifier: Apache-2.0
"""``sceau key``: signing keys in standard keystore files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sceau.cli.command import add_command
from sceau.cli.options import Needs, force_option, output_option
from sceau.cli.result import fact
from sceau.cli.session import Session
from sceau.cli.words import say
from sceau.documents.files import require_writable, save_json
from sceau.errors import Sentence

_NEW_PASSWORD = Sentence("cli.new-password")


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau key``."""
    add_command(
        group,
        "new",
        new,
        french="Crée une clé dans un nouveau fichier que protège un mot de passe.",
        needs=Needs.PASSWORD,
    )


def new(
    session: Session,
    output: Annotated[Path, output_option()],
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Make a key, in a new file that a password protects."""
    require_writable(output, force=force)
    password = session.secrets.get(
        _NEW_PASSWORD, session.settings.password_file, flag="--password-file", twice=True
    )
    from sceau.chain.signer import Signer

    with session.screen.working(say("protecting-key")):
        signer = Signer.generate()
        save_json(output, signer.to_keystore(password), force=force)
    session.screen.show(
        [
            fact("address", signer.address, say("address")),
            fact("file", str(output), say("file")),
        ],
        note=say("keep-file-password-apart-without"),
    )
