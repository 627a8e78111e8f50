# SPDX-License-Identifier: Apache-2.0
"""Errors of documents: none repeats what a document holds."""

from __future__ import annotations

from sceau.errors import InputError, Language, SceauError


class FileMalformed(InputError):
    """A file or message has not the expected shape: truncated, edited, or something else altogether."""

    code = "file-malformed"


class IdentifierInvalid(InputError):
    """A text that should be an identifier of 32 bytes is not."""

    code = "identifier-invalid"


class AddressInvalid(InputError):
    """A text that should be an address is not."""

    code = "address-invalid"


class TimeInvalid(InputError):
    """A text that should be a time is not."""

    code = "time-invalid"


class FileNotRead(InputError):
    """A file cannot be opened."""

    code = "file-not-read"


class FileNotWritten(InputError):
    """A file cannot be written; nothing was."""

    code = "file-not-written"


class FileExists(InputError):
    """A file is there already; a card or an opening that is written over is lost."""

    code = "file-exists"


class InFile(SceauError):
    """Another error, said of one file; it keeps that error's code, and its exit code."""

    def __init__(self, path: object, cause: SceauError) -> None:
        self.path = path
        self.cause = cause
        self.code = cause.code  # type: ignore[misc] # each instance has the code of its cause
        self.exit_code = cause.exit_code  # type: ignore[misc]
        self.http_status = cause.http_status  # type: ignore[misc]
        super().__init__()

    def message(self, language: Language = "en") -> str:
        """The cause's message, after the name of the file."""
        text = self.cause.message(language)
        if str(self.path) in text:
            return text
        return f"{self.path}: {text}" if language == "en" else f"{self.path} : {text}"
