# SPDX-License-Identifier: Apache-2.0
"""The language that this process speaks. It is chosen once, before the commands and their help are built."""

from __future__ import annotations

from sceau.errors import Language

_spoken: Language = "en"


def speak(language: Language) -> None:
    """Chooses the language of everything said from now on."""
    global _spoken  # noqa: PLW0603 - a process has one user, and one language
    _spoken = language


def spoken() -> Language:
    """The language in use."""
    return _spoken


def say(en: str, fr: str) -> str:
    """One of two texts that mean the same."""
    return fr if _spoken == "fr" else en
