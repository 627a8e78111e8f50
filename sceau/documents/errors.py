# SPDX-License-Identifier: Apache-2.0
"""Errors of documents: none repeats what a document holds."""

from __future__ import annotations

from sceau.errors import InputError


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
