# SPDX-License-Identifier: Apache-2.0
"""Options that say who an organisation is: for its directory entry, and for its application."""

from __future__ import annotations

from typing import Any

import typer

from sceau.cli.options import file_word
from sceau.cli.words import say


def name_option() -> Any:
    """``--name``."""
    text = say("The organisation's public name.", "Le nom public de l'organisation.")
    return typer.Option("--name", metavar=say("NAME", "NOM"), help=text)


def identifier_option() -> Any:
    """``--identifier``."""
    text = say("Its public number (SIREN or SIRET in France).", "Son numéro public (SIREN ou SIRET).")
    return typer.Option("--identifier", metavar=say("NUMBER", "NUMÉRO"), help=text)


def country_option() -> Any:
    """``--country``."""
    text = say("Its country (ISO 3166).", "Son pays (ISO 3166).")
    return typer.Option("--country", metavar="CC", help=text)


def jwks_option() -> Any:
    """``--jwks``."""
    text = say("Public message keys (JWKS) to publish.", "Clés publiques de messages (JWKS) à publier.")
    return typer.Option("--jwks", metavar=file_word(), help=text)
