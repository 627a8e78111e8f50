# SPDX-License-Identifier: Apache-2.0
"""``sceau message-keys``: the keys that sign and open messages between parties."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.file_store import require_places
from sceau.cli.options import Needs, file_word, force_option, output_option
from sceau.cli.result import Fact, fact, for_programs
from sceau.cli.session import Session
from sceau.cli.words import say
from sceau.documents.files import require_writable, save, save_json
from sceau.errors import Sentence

if TYPE_CHECKING:
    from sceau.party.message_keys import PublicKeys

_NEW_PASSWORD = Sentence("cli.new-message-password")


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau message-keys``."""
    add_command(
        group,
        "new",
        new,
        french="Crée des clés de messages, dans un nouveau fichier que protège un mot de passe.",
        needs=Needs.MESSAGE_PASSWORD,
    )
    add_command(
        group,
        "public",
        public,
        french="Écrit la partie publique de vos clés de messages, à publier dans votre fiche d'annuaire.",
        needs=Needs.MESSAGE_KEYS | Needs.MESSAGE_PASSWORD,
    )


def new(
    session: Session,
    output: Annotated[Path, output_option()],
    public: Annotated[Path | None, _public_option()] = None,
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Make message keys, in a new file that a password protects."""
    require_places(output, public, force=force)
    password = session.secrets.get(
        _NEW_PASSWORD, session.settings.message_password_file, flag="--message-password-file", twice=True
    )
    from sceau.party.message_keys import MessageKeys

    with session.screen.working(say("protecting-keys")):
        keys = MessageKeys.generate()
        save(output, (keys.locked(password) + "\n").encode(), force=force)
    if public is not None:
        save_json(public, keys.public.jwks, force=force)
    file = fact("file", str(output), say("file"))
    session.screen.show(
        [*_names(keys.public), file, _to_publish(public)], note=say("keep-file-password-apart-what")
    )


def public(
    session: Session,
    output: Annotated[Path, output_option()],
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Write the public half of your message keys, to be published in your directory entry."""
    require_writable(output, force=force)
    keys = session.message_keys.public
    save_json(output, keys.jwks, force=force)
    session.screen.show([*_names(keys), _to_publish(output)])


def _names(keys: PublicKeys) -> list[Fact]:
    names = {key["use"]: key["kid"] for key in keys.jwks["keys"]}
    return [
        fact("signing", names["sig"], say("signing-key")),
        fact("encryption", names["enc"], say("encryption-key")),
    ]


def _to_publish(file: Path | None) -> Fact:
    return for_programs("public", None) if file is None else fact("public", str(file), say("publish"))


def _public_option() -> Any:
    text = say("also-write-public-half-jwks")
    return typer.Option("--public", metavar=file_word(), help=text)
