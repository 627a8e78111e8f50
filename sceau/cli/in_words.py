# SPDX-License-Identifier: Apache-2.0
"""A record's values as a person reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sceau.cli.consent_view import yes_no
from sceau.cli.words import say, spoken

if TYPE_CHECKING:
    from sceau.record import Field, Value

_CENTS = re.compile(r" \((?:cents|centimes)\)$")


def in_words(profile: str, values: Mapping[str, Value]) -> list[tuple[str, str]]:
    """Values of a record as a person reads them, each with its name, in the order of the profile."""
    from sceau.record import load_profile

    name, _, version = profile.partition("/")
    fields = load_profile(name, int(version)).fields
    return [
        (_title(field), _value_words(field, values[path])) for path, field in fields.items() if path in values
    ]


def _title(field: Field) -> str:
    title = field.title(spoken())
    if field.format == "cents":
        # The value is written in whole units, so its name must not say cents.
        title = _CENTS.sub("", title)
    return f"{title} ({field.place})" if field.place else title


def _value_words(field: Field, value: Value) -> str:
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, int) and field.format == "cents":
        whole, cents = divmod(value, 100)
        return f"{whole}{say('.', ',')}{cents:02}"
    return str(value)
