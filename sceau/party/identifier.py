# SPDX-License-Identifier: Apache-2.0
"""An organisation's public number: SIREN or SIRET in France, whatever its country's register gives elsewhere."""

from __future__ import annotations

import re

from sceau.errors import Sentence

COUNTRY = re.compile(r"[A-Z]{2}")

_SHAPE = re.compile(r"[A-Z0-9][A-Z0-9.-]{0,39}")
_FRENCH = re.compile(r"[0-9]{9}|[0-9]{14}")
_SIREN_DIGITS = 9

_NOT_CODE = Sentence(
    "identifier-shape",
    "the identifier is not capital letters, digits, dots and hyphens, 40 at most",
    "l'identifiant n'est pas fait de capitales, chiffres, points et tirets, 40 au plus",
)
_NOT_FRENCH = Sentence(
    "identifier-length",
    "a French identifier is a SIREN of 9 digits or a SIRET of 14",
    "un identifiant français est un SIREN de 9 chiffres ou un SIRET de 14",
)
_MISTYPED = Sentence(
    "identifier-check-digit",
    "the SIREN or SIRET is mistyped: its check digit is wrong",
    "le SIREN ou SIRET est mal saisi : sa clé de contrôle est fausse",
)


def broken_rule(country: str, identifier: str) -> Sentence | None:
    """The rule that an identifier of this country (ISO 3166 alpha-2) breaks, or ``None``.

    Check digits are those of python-stdnum, which knows that the shops of La Poste count theirs otherwise.
    """
    from stdnum.fr import siren, siret

    if not _SHAPE.fullmatch(identifier):
        return _NOT_CODE
    if country != "FR":
        return None
    if not _FRENCH.fullmatch(identifier):
        return _NOT_FRENCH
    number = siren if len(identifier) == _SIREN_DIGITS else siret
    return None if number.is_valid(identifier) else _MISTYPED
