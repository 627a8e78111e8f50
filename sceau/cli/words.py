# SPDX-License-Identifier: Apache-2.0
"""The language that this process speaks. It is chosen once, before the commands and their help are built."""

from __future__ import annotations

from sceau.errors import Language, Sentence

_spoken: Language = "en"


def speak(language: Language) -> None:
    """Chooses the language of everything said from now on."""
    global _spoken  # noqa: PLW0603 - a process has one user, and one language
    _spoken = language


def spoken() -> Language:
    """The language in use."""
    return _spoken


def say(code: str, **details: object) -> str:
    """A text of the command's own, by its code in the catalogues (``cli``), with its details."""
    return Sentence(f"cli.{code}", **details).text(_spoken)


def either(en: str, fr: str) -> str:
    """One of two texts that mean the same, where a table or another library gives them."""
    return fr if _spoken == "fr" else en
