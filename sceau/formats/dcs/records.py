# SPDX-License-Identifier: Apache-2.0
"""The records of a DCS file: lines ``LABEL=value;value``, the right eye's value first.

Files end their lines with CR LF, LF or CR. The control characters that frame messages between devices have no place in
a file, and a file that holds one is refused: such a message has a checksum, which nobody would check here. An old
program's end-of-file mark (0x1A) is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sceau.documents.files import LONGEST, TOO_BIG, first_bytes
from sceau.errors import Sentence
from sceau.formats.dcs import errors
from sceau.formats.dcs.errors import DcsRefused, DcsUnreadable
from sceau.formats.source import Source, name_of

#: Written where a value is not known.
UNKNOWN = "?"

_LABEL = re.compile(r"_?[A-Z][A-Z0-9_]{0,30}")
_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_CANNOT_OPEN = Sentence("documents.cannot-open")
_EMPTY = Sentence("dcs.empty")


@dataclass(frozen=True, repr=False)
class Record:
    """One line: its ``number`` from 1, its ``label``, its values without the blanks around them."""

    number: int
    label: str
    values: tuple[str, ...]

    def __repr__(self) -> str:
        # No value: this ends up in logs and tracebacks.
        return f"Record({self.number}, {self.label})"

    def refused(self, rule: Sentence) -> DcsRefused:
        """The error that this line breaks ``rule``."""
        return DcsRefused(number=self.number, path=self.label, rule=rule)

    def value(self, place: int = 0) -> str | None:
        """The value at ``place``; None where it is left out, empty or not known. Raises :class:`DcsRefused`.

        The values of labels that are read are ASCII; other labels may hold anything.
        """
        text = self.values[place] if place < len(self.values) else ""
        if not text.isascii():
            raise self.refused(errors.NOT_ASCII)
        return None if text in ("", UNKNOWN) else text

    def require_at_most(self, count: int) -> None:
        """Raises :class:`DcsRefused` where more than ``count`` values are written: it is not known whose they are."""
        if any(self.values[count:]):
            raise self.refused(errors.TOO_MANY_VALUES)


def read_records(source: Source) -> tuple[Record, ...]:
    """Every record of ``source``, a path or the file's bytes. Raises :class:`DcsUnreadable`, :class:`DcsRefused`."""
    data = _bytes(source)
    # Latin-1 takes any byte: only what is read must be ASCII, and names of other labels may be in any code page.
    text = data.removeprefix(b"\xef\xbb\xbf").decode("latin-1").removesuffix("\x1a")
    lines = enumerate(_LINE_END.split(text), 1)
    records = tuple(_record(number, line) for number, line in lines if line.strip(" \t"))
    if not records:
        raise DcsUnreadable(file=name_of(source), rule=_EMPTY)
    return records


def once(records: tuple[Record, ...], label: str) -> Record | None:
    """The record of ``label``; None where there is none. Raises :class:`DcsRefused` where there are two."""
    found: Iterator[Record] = (record for record in records if record.label == label)
    first, second = next(found, None), next(found, None)
    if second is not None:
        raise second.refused(errors.TWICE)
    return first


def _bytes(source: Source) -> bytes:
    try:
        data = source if isinstance(source, bytes) else first_bytes(Path(source), LONGEST + 1)
    except (OSError, ValueError):
        raise DcsUnreadable(file=name_of(source), rule=_CANNOT_OPEN) from None
    if len(data) > LONGEST:
        raise DcsUnreadable(file=name_of(source), rule=TOO_BIG)
    return data


def _record(number: int, line: str) -> Record:
    if _CONTROL.search(line):
        raise DcsRefused(number=number, path="(?)", rule=errors.DEVICE_TRAFFIC)
    label, equals, rest = line.partition("=")
    label = label.strip(" \t")
    # What is no label may be anything, a name of a person too: it is not printed.
    if not equals or not _LABEL.fullmatch(label):
        raise DcsRefused(number=number, path="(?)", rule=errors.NOT_A_RECORD)
    record = Record(number, label, tuple(value.strip(" \t") for value in rest.split(";")))
    if label == "ANS":
        raise record.refused(errors.ANSWER)
    return record
