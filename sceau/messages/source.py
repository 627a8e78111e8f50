# SPDX-License-Identifier: Apache-2.0
"""What a party has of a message: an envelope, a message that it stored, or a disclosure as a bare file."""

from __future__ import annotations

from sceau.disclosure import Disclosure
from sceau.documents.strict_json import read_object
from sceau.documents.wrapped import is_encrypted, text_of
from sceau.errors import Sentence
from sceau.messages.stored import FORMAT, StoredMessage

#: An envelope's text, or a stored message.
Source = str | StoredMessage

_DISCLOSURE = Sentence("files.disclosure")


def is_envelope(data: bytes) -> bool:
    """Whether a file looks like an envelope, whole or not, however a mail program wrapped or marked it."""
    return is_encrypted(data)


def read_source(data: bytes) -> Source:
    """The envelope or the stored message in a file. Raises :class:`FileMalformed`."""
    return text_of(data) if is_envelope(data) else StoredMessage.from_json(data)


def read_disclosure_source(data: bytes) -> Source | Disclosure:
    """The same for a disclosure, which may come as a bare file too; raises :class:`DisclosureMalformed`, too."""
    if is_envelope(data):
        return read_source(data)
    read = read_object(data, _DISCLOSURE)
    return StoredMessage.from_json(read) if read.get("format") == FORMAT else Disclosure.from_json(read)
