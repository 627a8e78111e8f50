# SPDX-License-Identifier: Apache-2.0
"""The tree of errors, and the sentences that errors, findings and checks are said in.

An error is read by a person in a shop or at an insurer, in English or in French. It says what is
wrong, where, and what to do. It never holds a secret, a salt or a value of a record.

A caller catches by class. A package keeps its own errors in its own ``errors`` module, each under one of the bases
here; ``chain/contract_errors.py`` has one more. A class has a code; its sentence is in ``locale/en.json`` and
``locale/fr.json`` under that code::

    class FileTooBig(InputError):
        code = "file-too-big"

    # locale/en.json, "errors": "file-too-big": "{path} is too big ({size} bytes). Give a file of at most 1 MB."
    raise FileTooBig(path="card.json", size=5_000_000)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Literal

from sceau.locale.catalogue import template

Language = Literal["en", "fr"]


class Sentence:
    """One sentence or part of one, by its key in the catalogues, with its details; written when somebody reads it.

    The key is a namespace and a code, as in ``Sentence("findings.stale-node", age=90, limit=60)``. A detail that is an
    error or a sentence is written in the reader's language. A sentence of a data file that holds both languages is
    given with its two texts.
    """

    __slots__ = ("_texts", "details", "key")

    def __init__(self, key: str, en: str | None = None, fr: str | None = None, /, **details: object) -> None:
        self.key = key
        self.details: dict[str, Any] = details
        self._texts = None if en is None or fr is None else {"en": en, "fr": fr}

    @property
    def code(self) -> str:
        """What programs tell it by: the key without its namespace."""
        return self.key if self._texts else self.key.partition(".")[2]

    @property
    def en(self) -> str:
        """The sentence in English."""
        return self.text("en")

    @property
    def fr(self) -> str:
        """The sentence in French."""
        return self.text("fr")

    def text(self, language: Language = "en") -> str:
        """The sentence in ``language``; English for any language but French."""
        if self._texts:
            return self._texts["fr" if language == "fr" else "en"]
        return _filled(self.key, self.details, language)

    def __str__(self) -> str:
        return self.text("en")

    def __repr__(self) -> str:
        return f"Sentence({self.key!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sentence):
            return NotImplemented
        return (self.key, self.details, self._texts) == (other.key, other.details, other._texts)

    def __hash__(self) -> int:
        return hash(self.key)


class Joined(Sentence):
    """Several sentences or errors as one, ``between`` between them; its code is their codes with a plus sign."""

    __slots__ = ("between", "parts")

    def __init__(self, parts: Iterable[Sentence | SceauError], between: str = ", ") -> None:
        self.parts = tuple(parts)
        self.between = between
        super().__init__("joined." + "+".join(part.code for part in self.parts))

    def text(self, language: Language = "en") -> str:
        """The parts in ``language``."""
        return self.between.join(str(_word(part, language)) for part in self.parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Joined) and (self.parts, self.between) == (other.parts, other.between)

    def __hash__(self) -> int:
        return hash(self.parts)


class SceauError(Exception):
    """An error with a stable ``code`` (kebab-case) and a message in English and in French.

    The message is the catalogues' sentence under ``errors`` and the code, filled with the keyword arguments given
    when the error is raised. An argument that is a :class:`Sentence` is written in the reader's language.
    """

    #: What a command ends with, and the status of an HTTP answer, where this error is the reason.
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    code: ClassVar[str] = "error"

    def __init__(self, **details: object) -> None:
        # What each is depends on the error that is raised.
        self.details: dict[str, Any] = details
        super().__init__(self.message("en"))

    def message(self, language: Language = "en") -> str:
        """What is wrong, where, and what to do, in ``language`` ('en' or 'fr')."""
        own = _own_texts(type(self))
        if own is not None:
            return own[language == "fr"].format(**_words(self.details, language))
        return _filled(f"errors.{self.code}", self.details, language)

    def __str__(self) -> str:
        return self.message("en")

    def __reduce__(self) -> tuple[Any, ...]:
        # The default would call the class with the finished message, which takes no positional argument.
        return _rebuild, (type(self), self.details)


def _filled(key: str, details: dict[str, Any], language: Language) -> str:
    return template(key, language).format(**_words(details, language))


def _words(details: dict[str, Any], language: Language) -> dict[str, Any]:
    return {name: _word(value, language) for name, value in details.items()}


def _word(value: Any, language: Language) -> Any:
    if isinstance(value, SceauError):
        return value.message(language)
    return value.text(language) if isinstance(value, Sentence) else value


def _own_texts(kind: type[SceauError]) -> tuple[str, str] | None:
    """The two templates of a class that has them itself: a program beside the package has no catalogue."""
    for each in kind.__mro__:
        if "en" in vars(each):
            return vars(each)["en"], vars(each)["fr"]
        if "code" in vars(each):
            return None
    return None


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
    """Nothing may be written on the strength of this verdict, and nothing was.

    Only a verdict that is refused or in doubt says something of the claim: their classes have the exit codes of these
    two answers.
    """

    http_status = 409


def _rebuild(error: type[SceauError], details: dict[str, object]) -> SceauError:
    return error(**details)
