# SPDX-License-Identifier: Apache-2.0
"""Passwords and PINs of a command: from a file, from standard input, or asked for without showing what is typed."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sceau.cli.errors import PasswordNeeded, PasswordsDiffer, StandardInputTwice
from sceau.cli.words import spoken
from sceau.documents.files import LONGEST
from sceau.errors import Sentence
from sceau.secrets import capital, read_secret, secret_in, secret_of
from sceau.settings import STANDARD_INPUT

_STANDARD_INPUT = Sentence("cli.standard-input")


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
        if file is not None and file != STANDARD_INPUT:
            return read_secret(file, what)
        if file is not None:
            return secret_in(self._input_line(), _STANDARD_INPUT, what)
        return secret_of(_asked(what, flag, twice=twice), what)

    def take_input(self) -> None:
        """Claims standard input. Raises :class:`StandardInputTwice` when it was claimed before."""
        if self._input_taken:
            raise StandardInputTwice
        self._input_taken = True

    def _input_line(self) -> bytes:
        self.take_input()
        # Its bytes, not the text that the locale or the code page makes of them.
        return sys.stdin.buffer.readline(LONGEST + 1)


def _asked(what: Sentence, flag: str, *, twice: bool) -> str:
    if not sys.stdin.isatty():
        raise PasswordNeeded(what=capital(what), flag=flag)
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
    name = capital(what).text(spoken())
    if spoken() == "fr":
        return f"{name} : ", f"{name}, encore une fois : "
    return f"{name}: ", f"{name}, once more: "
