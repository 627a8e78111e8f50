# SPDX-License-Identifier: Apache-2.0
"""Passwords and PINs: from a file, from standard input, or asked for without showing what is typed."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sceau.cli.errors import PasswordNeeded, PasswordsDiffer, SecretEmpty, StandardInputTwice
from sceau.cli.words import spoken
from sceau.documents.errors import FileNotRead
from sceau.documents.files import load
from sceau.errors import Sentence
from sceau.settings import STANDARD_INPUT

_NOT_TEXT = Sentence("not-text", "it is not text", "ce n'est pas du texte")


class Secrets:
    """Where this command's secrets come from; standard input gives one of them at most."""

    def __init__(self) -> None:
        self._input_taken = False

    def get(self, what: Sentence, file: Path | None, *, flag: str, twice: bool = False) -> str:
        """A secret, never empty.

        Args:
            what: its name in messages.
            file: the file that holds it on its first line; ``-`` for standard input; ``None`` to ask for it.
            flag: the option that names such a file, for the message when nobody can be asked.
            twice: ask twice, for a secret that is being chosen.

        Raises:
            PasswordNeeded, PasswordsDiffer, SecretEmpty, StandardInputTwice, FileNotRead.
        """
        if file == STANDARD_INPUT:
            secret = self.first_line(_from_input(self))
        elif file is not None:
            secret = self.first_line(_text(file))
        else:
            secret = _asked(what, flag, twice=twice)
        if not secret:
            raise SecretEmpty(what=_capital(what))
        return secret

    def take_input(self) -> None:
        """Claims standard input. Raises :class:`StandardInputTwice` when it was claimed before."""
        if self._input_taken:
            raise StandardInputTwice
        self._input_taken = True

    @staticmethod
    def first_line(text: str) -> str:
        """A text up to its first line's end; editors end every file with a new line."""
        return text.split("\n", 1)[0].rstrip("\r")


def _from_input(secrets: Secrets) -> str:
    secrets.take_input()
    return sys.stdin.readline()


def _text(file: Path) -> str:
    content: str | None
    try:
        # Some editors begin a file with a byte order mark, which is no part of a secret.
        content = load(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        content = None
    if content is None:
        # Raised outside the handler: the decoder's own error holds the content.
        raise FileNotRead(path=file, why=_NOT_TEXT)
    return content


def _asked(what: Sentence, flag: str, *, twice: bool) -> str:
    if not sys.stdin.isatty():
        raise PasswordNeeded(what=_capital(what), flag=flag)
    prompt, again = _prompts(what)
    with whole_line():
        first = getpass.getpass(prompt)
        if twice and getpass.getpass(again) != first:
            raise PasswordsDiffer
    return first


@contextmanager
def whole_line() -> Iterator[None]:
    """Ends the line of a prompt that is not answered, so that what is said next has a line of its own."""
    try:
        yield
    except (KeyboardInterrupt, EOFError):
        print(file=sys.stderr)  # noqa: T201 - of the prompt
        raise


def _prompts(what: Sentence) -> tuple[str, str]:
    name = _capital(what).text(spoken())
    if spoken() == "fr":
        return f"{name} : ", f"{name}, encore une fois : "
    return f"{name}: ", f"{name}, once more: "


def _capital(what: Sentence) -> Sentence:
    return Sentence(what.code, what.en[:1].upper() + what.en[1:], what.fr[:1].upper() + what.fr[1:])
