# SPDX-License-Identifier: Apache-2.0
"""A record's values as a person reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sceau.errors import Language, Sentence
from sceau.record.canonical import Value
from sceau.record.profile import Field
from sceau.record.profile_file import load_profile_key

_CENTS = re.compile(r" \((?:cents|centimes)\)$")
_YES = Sentence("words.yes")
_NO = Sentence("words.no")


def values_in_words(
    profile_key: str, values: Mapping[str, Value], language: Language = "en"
) -> list[tuple[str, str]]:
    """Values of a record (``fr-optical-quote/1``), each with its name, in the order of the profile.

    Amounts are written in whole units with their cents. Raises :class:`ProfileUnknown`.
    """
    fields = load_profile_key(profile_key).fields
    return [
        (_title(field, language), _words(field, values[path], language))
        for path, field in fields.items()
        if path in values
    ]


def _title(field: Field, language: Language) -> str:
    title = field.title(language)
    if field.format == "cents":
        # The value is written in whole units, so its name must not say cents.
        title = _CENTS.sub("", title)
    return f"{title} ({field.place})" if field.place else title


def _words(field: Field, value: Value, language: Language) -> str:
    if isinstance(value, bool):
        return (_YES if value else _NO).text(language)
    if isinstance(value, int) and field.format == "cents":
        whole, cents = divmod(value, 100)
        return f"{whole}{',' if language == 'fr' else '.'}{cents:02}"
    return str(value)
