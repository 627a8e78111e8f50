# SPDX-License-Identifier: Apache-2.0
"""Which of the two languages to speak: what the user asked for, else the locale, else English."""

from __future__ import annotations

import locale
from collections.abc import Mapping

from sceau.errors import InputError, Language

#: Variables of a POSIX locale, the strongest first.
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


class LanguageUnknown(InputError):
    """A language was asked for that is neither English nor French."""

    code = "language-unknown"


def asked_language(name: str, source: str) -> Language:
    """The language of an explicit wish such as ``fr``, ``fr_FR.UTF-8`` or ``en``.

    Raises:
        LanguageUnknown: another language; ``source`` names where it was asked for.
    """
    start = name.strip().lower()[:2]
    if start == "fr":
        return "fr"
    if start == "en":
        return "en"
    raise LanguageUnknown(source=source)


def locale_language(environment: Mapping[str, str]) -> Language:
    """French when the locale is French, English otherwise."""
    name = next((environment[v] for v in _LOCALE_VARIABLES if environment.get(v)), None)
    if name is None:
        # Windows and macOS programs often have none of the variables; Python knows the system's own setting.
        name = locale.getlocale()[0] or ""
    return "fr" if name.lower().startswith("fr") else "en"
