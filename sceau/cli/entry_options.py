# SPDX-License-Identifier: Apache-2.0
"""Who an organisation is, by options: for its directory entry, and for its application."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from sceau.cli.options import file_word
from sceau.cli.session import Session
from sceau.cli.words import say
from sceau.party.entry import DirectoryEntry
from sceau.party.message_keys import PublicKeys


def name_option() -> Any:
    """``--name``."""
    text = say("organisation-public-name")
    return typer.Option("--name", metavar=say("metavar-name"), help=text)


def identifier_option() -> Any:
    """``--identifier``."""
    text = say("public-number-siren-siret-france")
    return typer.Option("--identifier", metavar=say("metavar-number"), help=text)


def country_option() -> Any:
    """``--country``."""
    text = say("country-iso-3166")
    return typer.Option("--country", metavar="CC", help=text)


def jwks_option() -> Any:
    """``--jwks``."""
    text = say("public-message-keys-jwks-publish")
    return typer.Option("--jwks", metavar=file_word(), help=text)


def given_entry(
    session: Session,
    name: str,
    country: str,
    identifier: str,
    jwks: Path | None,
    *,
    former: DirectoryEntry | None = None,
) -> DirectoryEntry:
    """The entry that the options give. Raises :class:`FileMalformed`, :class:`NameRefused`, MessageKeysInvalid."""
    keys = None if jwks is None else session.read(jwks, lambda data: PublicKeys.from_json(data, name)).jwks
    return DirectoryEntry.make(name, country, identifier, keys, former=former)
