# SPDX-License-Identifier: Apache-2.0
"""One line of text as it comes back from mail programs, editors and telephones."""

from __future__ import annotations

import codecs
import html
import re

#: Marks that say how a file is encoded; the longer first, as one begins with another.
_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A quote mark at the beginning of a line; the soft line end of quoted-printable.
_MARKS = re.compile(r"^[ \t]*(?:>[ \t]*)+|=[ \t]*\r?$", re.MULTILINE)
_TAG = re.compile(r"<(?!eyJ)[a-zA-Z/!][^<>]{0,500}>")
# What quoted-printable writes for the characters of base64url, and for the sign of its own.
_ESCAPED = re.compile(r"=(2D|2E|5F|3D)", re.IGNORECASE)
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u2060\u00ad"))

_BEGINNING = "eyJ"
_PARTS = 5
_TAG_LENGTH = 22
_COMPACT = re.compile(r"[A-Za-z0-9_.-]*")


def text_of(data: bytes) -> str:
    """A file's text: UTF-8, or as the mark at its beginning says; what is not text is replaced, and fits nothing."""
    encoding = next((name for mark, name in _ENCODINGS if data.startswith(mark)), "utf-8")
    return data.decode(encoding, errors="replace")


def unwrapped(text: str) -> str:
    """The line without what was put into it: blanks, line ends, quote marks, a byte order mark, invisible characters,
    signs and escapes of HTML and of quoted-printable.

    For texts whose alphabet has none of these, such as base64url and base32, and that prove themselves when they are
    read.
    """
    plain = _MARKS.sub("", _TAG.sub("", html.unescape(text)))
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), plain)
    return "".join(plain.split()).translate(_INVISIBLE)


def is_encrypted(data: bytes) -> bool:
    """Whether a file holds an encrypted text, whole or not, and is no JSON."""
    plain = unwrapped(text_of(data))
    return not plain.startswith(("{", "[")) and _BEGINNING in plain


def encrypted_in(text: str) -> str:
    """The encrypted text (a compact JWE by A256GCM) in what may stand around it: a greeting, a signature, padding.

    It begins with a header in base64url and ends with a tag of 16 bytes, which proves it: what is cut off here, or is
    left, opens nothing else.
    """
    plain = unwrapped(text)
    begun = plain.find(_BEGINNING)
    if begun < 0:
        return plain
    found = _COMPACT.match(plain.replace("=", ""), begun - plain.count("=", 0, begun))
    parts = ("" if found is None else found[0]).split(".", _PARTS - 1)
    if len(parts) == _PARTS:
        parts[-1] = parts[-1].partition(".")[0][:_TAG_LENGTH]
    return ".".join(parts)
