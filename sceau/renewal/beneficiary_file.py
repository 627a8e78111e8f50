# SPDX-License-Identifier: Apache-2.0
"""What a payer's own files say of a beneficiary, as a file: ``sceau-beneficiary/1``.

``last_equipment`` and ``born`` are days, ``band`` the code of a band of ages, ``early`` the practice's yes or no;
each may be left out. The file holds personal data, which is why none of it is an option of a command.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sceau.documents.strict_json import malformed, read_object
from sceau.errors import Sentence

if TYPE_CHECKING:
    from sceau.renewal import Beneficiary

FORMAT = "sceau-beneficiary/1"

_WHAT = Sentence("beneficiary", "beneficiary file", "un fichier de bénéficiaire")
_FIELDS: dict[str, type] = {"last_equipment": str, "born": str, "band": str, "early": bool}


def read_beneficiary(data: bytes) -> Beneficiary:
    """Reads a file. Raises :class:`FileMalformed`, which names the key that is wrong and no value."""
    from sceau.renewal import Beneficiary

    read = read_object(data, _WHAT)
    if read.pop("format", None) != FORMAT:
        raise malformed(_WHAT, "format", f"its format is not {FORMAT}", f"son format n'est pas {FORMAT}")
    if not set(read) <= set(_FIELDS):
        raise malformed(_WHAT, "unknown-key", "it has a key that is not known", "il a une clé inconnue")
    for name, value in read.items():
        if value is not None and type(value) is not _FIELDS[name]:
            raise _wrong(name)
    return Beneficiary(
        last_equipment=_day(read, "last_equipment"),
        born=_day(read, "born"),
        band=read.get("band"),
        early=read.get("early"),
    )


def _day(read: dict[str, Any], name: str) -> date | None:
    written = read.get(name)
    try:
        day = None if written is None else date.fromisoformat(written)
    except ValueError:
        raise _wrong(name) from None
    if day is not None and day.isoformat() != written:
        raise _wrong(name)
    return day


def _wrong(name: str) -> Exception:
    return malformed(
        _WHAT, "value", f"its '{name}' is not as it should be", f"sa clé « {name} » est incorrecte"
    )
