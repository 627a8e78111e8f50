# SPDX-License-Identifier: Apache-2.0
"""Passwords and PINs in files."""

from __future__ import annotations

from pathlib import Path

from sceau.documents.errors import FileNotRead
from sceau.documents.files import LONGEST, TOO_BIG, load
from sceau.errors import KeyFileError, Sentence

_NOT_TEXT = Sentence("documents.not-text")


class SecretEmpty(KeyFileError):
    """A password or a PIN is empty."""

    code = "secret-empty"


class SecretNotText(KeyFileError):
    """A password or a PIN was typed on a terminal whose encoding does not hold it."""

    code = "secret-not-text"


def read_secret(path: Path, what: Sentence) -> str:
    """The secret on a file's first line; ``what`` names it in errors.

    Raises:
        FileNotRead: there is no such file, or it is not text.
        SecretEmpty: the line is empty.
    """
    return secret_in(load(path), path, what)


def secret_in(content: bytes, path: Path | Sentence, what: Sentence) -> str:
    """The secret in the bytes of a file, or of standard input (``path`` says so): UTF-8, whatever the locale.

    Raises:
        FileNotRead: it is not text, or longer than any file that is read.
        SecretEmpty: the line is empty.
    """
    if len(content) > LONGEST:
        raise FileNotRead(path=path, why=TOO_BIG)
    # As of standard input, of which nothing behind the first line is read.
    line = content.partition(b"\n")[0]
    text: str | None
    try:
        # Some editors begin a file with a byte order mark, which is no part of a secret.
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = None
    if text is None or "\0" in text:
        # Nobody types a zero character: another encoding has one beside each letter.
        # Raised outside the handler: the decoder's own error holds the content.
        raise FileNotRead(path=path, why=_NOT_TEXT)
    return secret_of(text, what)


def secret_of(text: str, what: Sentence) -> str:
    """The secret in a text: its first line, since editors end every file with a new line.

    Raises:
        SecretEmpty: the line is empty.
        SecretNotText: what was typed is not text in the terminal's own encoding.
    """
    secret = text.split("\n", 1)[0].rstrip("\r")
    if not secret:
        raise SecretEmpty(what=capital(what))
    if any("\ud800" <= char <= "\udfff" for char in secret):
        # Bytes that a terminal could not decode: they would give another secret elsewhere, or none.
        raise SecretNotText(what=capital(what))
    return secret


def capital(what: Sentence) -> Sentence:
    """A sentence with a capital letter, for the beginning of another."""
    return Sentence(what.code, what.en[:1].upper() + what.en[1:], what.fr[:1].upper() + what.fr[1:])
