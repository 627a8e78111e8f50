# SPDX-License-Identifier: Apache-2.0
"""A file of another system: its path or its bytes, read with exact decimals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sceau.documents.strict_json import LONGEST, parse_object
from sceau.errors import Sentence

Source = Path | str | bytes
"""A JSON file: its path (as Path or text), or its bytes."""

_CANNOT_OPEN = Sentence("documents.cannot-open")


def name_of(source: Source) -> str:
    """The file's name for an error, without its folders."""
    return "JSON" if isinstance(source, bytes) else Path(source).name


def read_source(source: Source) -> dict[str, Any] | Sentence:
    """The JSON object in ``source``, or the rule it breaks; numbers as :func:`sceau.documents.strict_json.parse_object`
    reads them with ``decimals``."""
    try:
        data = source if isinstance(source, bytes) else _file_bytes(Path(source))
    except (OSError, ValueError):
        # ValueError: a name that no file can have.
        return _CANNOT_OPEN
    return parse_object(data, decimals=True)


def _file_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LONGEST + 1)
