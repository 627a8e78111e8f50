# SPDX-License-Identifier: Apache-2.0
"""An organisation's public number: SIREN or SIRET in France, whatever its country's register gives elsewhere.

SIREN (9 digits) and SIRET (14) end in a Luhn check digit; the shops of La Poste, under its SIREN, instead have
digits whose sum is a multiple of five (https://fr.wikipedia.org/wiki/Syst%C3%A8me_d%27identification_du_r%C3%A9pertoire_des_%C3%A9tablissements).
"""

from __future__ import annotations

import re

from sceau.errors import Sentence

COUNTRY = re.compile(r"[A-Z]{2}")

_SHAPE = re.compile(r"[A-Z0-9][A-Z0-9.-]{0,39}")
_FRENCH = re.compile(r"[0-9]{9}|[0-9]{14}")
_LA_POSTE = "356000000"

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
    """The rule that an identifier of this country (ISO 3166 alpha-2) breaks, or ``None``."""
    if not _SHAPE.fullmatch(identifier):
        return _NOT_CODE
    if country != "FR":
        return None
    if not _FRENCH.fullmatch(identifier):
        return _NOT_FRENCH
    digits = [int(digit) for digit in identifier]
    if luhn(digits) or (identifier.startswith(_LA_POSTE) and sum(digits) % 5 == 0):
        return None
    return _MISTYPED


def luhn(digits: list[int]) -> bool:
    """Whether the last digit is the check digit of the others."""
    doubled = (2 * digit for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0
