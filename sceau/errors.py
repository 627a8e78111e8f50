# SPDX-License-Identifier: Apache-2.0
"""The base of every error of the client.

An error is read by a person in a shop or at an insurer, in English or in French. It says what is
wrong, where, and what to do. It never holds a secret, a salt or a value of a record.

A package keeps its own errors in its own ``errors`` module. Only the base, and errors that belong to no
package, are here::

    class FileTooBig(SceauError):
        code = "file-too-big"
        en = "{name} is too big ({size} bytes). Give a file of at most 1 MB."
        fr = "{name} est trop gros ({size} octets). Donnez un fichier de 1 Mo au plus."

    raise FileTooBig(name="card.json", size=5_000_000)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

Language = Literal["en", "fr"]


@dataclass(frozen=True)
class Sentence:
    """One sentence in both languages, with a stable code; the detail of an error that must be translated."""

    code: str
    en: str
    fr: str

    def text(self, language: Language = "en") -> str:
        """The sentence in ``language``; English for any language but French."""
        return self.fr if language == "fr" else self.en

    def __str__(self) -> str:
        return self.en


class SceauError(Exception):
    """An error with a stable ``code`` (kebab-case) and a message in English and in French.

    Subclasses set ``code``, ``en`` and ``fr``; the two templates are filled with the keyword arguments given
    when the error is raised. An argument that is a :class:`Sentence` is written in the reader's language.
    """

    #: What a command ends with, and the status of an HTTP answer, where this error is the reason.
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    code: ClassVar[str] = "error"
    en: ClassVar[str] = "Something went wrong."
    fr: ClassVar[str] = "Une erreur est survenue."

    def __init__(self, **details: object) -> None:
        # What each is depends on the error that is raised.
        self.details: dict[str, Any] = details
        super().__init__(self.message("en"))

    def message(self, language: Language = "en") -> str:
        """What is wrong, where, and what to do, in ``language`` ('en' or 'fr')."""
        template = self.fr if language == "fr" else self.en
        words = {
            name: value.text(language) if isinstance(value, Sentence) else value
            for name, value in self.details.items()
        }
        return template.format(**words)

    def __str__(self) -> str:
        return self.message("en")

    def __reduce__(self) -> tuple[Any, ...]:
        # The default would call the class with the finished message, which takes no positional argument.
        return _rebuild, (type(self), self.details)


class InputError(SceauError):
    """What was given is invalid: a file, a value, a setting."""

    http_status = 422


class NotFoundError(InputError):
    """What was named does not exist: no such claim, consent, key or entry."""

    http_status = 404


class KeyFileError(InputError):
    """A file that holds keys cannot be used, or does not open with the password or PIN given."""


class ExtraMissing(SceauError):
    """An optional library that the work needs is not installed."""

    http_status = 501


class NodeError(SceauError):
    """No node can be used, or its answers cannot be relied on: another node may do."""

    exit_code = 5
    http_status = 503


class TransactionError(SceauError):
    """A transaction was not taken, failed, or is not in a block."""

    http_status = 409


class MessageError(SceauError):
    """An envelope or a message is refused: nothing may be done on the strength of it."""

    http_status = 422


class PolicyError(SceauError):
    """A policy does not allow it, or no policy applies."""

    http_status = 403


class StoreError(SceauError):
    """The store cannot be used, or holds already what is to be written once."""

    http_status = 409


class VerdictError(SceauError):
    """The verdict on what was shown does not allow the step; nothing was written."""

    exit_code = 3
    http_status = 409


def _rebuild(error: type[SceauError], details: dict[str, object]) -> SceauError:
    return error(**details)
