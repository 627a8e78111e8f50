# SPDX-License-Identifier: Apache-2.0
"""One line of text as it comes back from mail programs, editors and telephones."""

from __future__ import annotations

import re

# A quote mark at the beginning of a line; the soft line end of quoted-printable.
_MARKS = re.compile(r"^[ \t]*(?:>[ \t]*)+|=[ \t]*\r?$", re.MULTILINE)
_INVISIBLE = "\ufeff\u200b\u2060\u00ad"


def unwrapped(text: str) -> str:
    """The line without what was put into it: blanks, line ends, quote marks, a byte order mark, invisible characters.

    For texts whose alphabet has none of these, such as base64url and base32, and that prove themselves when they are
    read.
    """
    plain = _MARKS.sub("", text)
    return "".join(char for char in plain if not char.isspace() and char not in _INVISIBLE)
