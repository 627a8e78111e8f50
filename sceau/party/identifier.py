# SPDX-License-Identifier: Apache-2.0
"""An organisation's public number: SIREN or SIRET in France, whatever its country's register gives elsewhere."""

from __future__ import annotations

import re

from sceau.errors import Sentence

_COUNTRY = re.compile(r"[A-Z]{2}")
_SHAPE = re.compile(r"[A-Z0-9][A-Z0-9.-]{0,39}")
_FRENCH = re.compile(r"[0-9]{9}|[0-9]{14}")
_SIREN_DIGITS = 9
#: Countries of ISO 3166 whose organisations have a SIREN: France and those of its territories that INSEE registers.
_SIRENE = frozenset({"FR", "BL", "GF", "GP", "MF", "MQ", "PM", "RE", "YT"})

_NO_COUNTRY = Sentence("party.country")
_NOT_CODE = Sentence("party.identifier-shape")
_NOT_FRENCH = Sentence("party.identifier-length")
_MISTYPED = Sentence("party.identifier-check-digit")


def broken_rule(country: str, identifier: str) -> Sentence | None:
    """The rule that a country (ISO 3166 alpha-2) or an identifier of it breaks, or ``None``.

    Check digits are those of python-stdnum, which knows that the shops of La Poste count theirs otherwise.
    """
    from stdnum.fr import siren, siret

    if not _COUNTRY.fullmatch(country):
        return _NO_COUNTRY
    if not _SHAPE.fullmatch(identifier):
        return _NOT_CODE
    if country not in _SIRENE:
        return None
    if not _FRENCH.fullmatch(identifier):
        return _NOT_FRENCH
    number = siren if len(identifier) == _SIREN_DIGITS else siret
    return None if number.is_valid(identifier) else _MISTYPED
