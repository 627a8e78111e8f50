# SPDX-License-Identifier: Apache-2.0
"""Errors of documents: none repeats what a document holds."""

from __future__ import annotations

from sceau.errors import InputError


class FileMalformed(InputError):
    """A file or message has not the expected shape: truncated, edited, or something else altogether."""

    code = "file-malformed"
    en = "This is not a usable {what}: {rule}. Ask for the file again, or restore it from a copy."
    fr = "Ce n'est pas {what} utilisable : {rule}. Redemandez le fichier, ou restaurez une copie."


class IdentifierInvalid(InputError):
    """A text that should be an identifier of 32 bytes is not."""

    code = "identifier-invalid"
    en = "{what} must be 0x and 64 hexadecimal digits."
    fr = "{what} : 0x suivi de 64 chiffres hexadécimaux."


class AddressInvalid(InputError):
    """A text that should be an address is not."""

    code = "address-invalid"
    en = "{address} is not an address: 0x and 40 hexadecimal digits, typed without a mistake."
    fr = "{address} n'est pas une adresse : 0x suivi de 40 chiffres hexadécimaux, sans faute de frappe."


class TimeInvalid(InputError):
    """A text that should be a time is not."""

    code = "time-invalid"
    en = "{text} is not a time such as 2026-11-23T08:30:00Z."
    fr = "{text} n'est pas une heure comme 2026-11-23T08:30:00Z."


class FileNotRead(InputError):
    """A file cannot be opened."""

    code = "file-not-read"
    en = "{path} cannot be read: {why}. Check its name and your rights."
    fr = "{path} ne peut pas être lu : {why}. Vérifiez son nom et vos droits."


class FileNotWritten(InputError):
    """A file cannot be written; nothing was."""

    code = "file-not-written"
    en = "{path} cannot be written: {why}. Choose another place."
    fr = "{path} ne peut pas être écrit : {why}. Choisissez un autre endroit."


class FileExists(InputError):
    """A file is there already; a card or an opening that is written over is lost."""

    code = "file-exists"
    en = "{path} is there already and is not written over. Choose another name."
    fr = "{path} existe déjà et n'est pas remplacé. Choisissez un autre nom."
