# SPDX-License-Identifier: Apache-2.0
"""A French optical quote (devis normalisé) from a plain JSON file to the values of ``fr-optical-quote/1``.

The file follows the profile's paths (docs/profiles.md): ``right.code`` is the key ``code`` of the object
``right``, and the services are a list. Amounts are in euros, ``149.00`` as a number or a text (``149,00``);
everything else is as in the profile. An example is tests/data/quote.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sceau.formats.optics.errors import QuoteRefused
from sceau.formats.optics.flat_file import canonical_values, entries, read_file, require_fields
from sceau.formats.source import Source
from sceau.record.canonical import Value
from sceau.record.profile_file import load_profile

PROFILE = "fr-optical-quote/1"
FORMAT = "sceau-quote/1"


def load_quote(source: Source | Mapping[str, Any]) -> dict[str, Value]:
    """The values of the quote in ``source``, a path, the file's bytes, or the object already parsed.

    Codes may be written with blanks or in lower case. Raises :class:`QuoteRefused`, which names the place in
    the file and the rule, and :class:`~sceau.record.errors.RuleBroken` when two fields do not fit together.
    """
    name, version = PROFILE.split("/")
    profile = load_profile(name, int(version))
    data = read_file(source, FORMAT, QuoteRefused)
    values = canonical_values(profile, entries(data, QuoteRefused), QuoteRefused)
    require_fields(profile, values, QuoteRefused)
    return profile.validate(values)
