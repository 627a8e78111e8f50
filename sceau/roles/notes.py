# SPDX-License-Identifier: Apache-2.0
"""Notes on a claim (``claim-note``): why it was cancelled, an order returned or disputed. Codes only."""

from __future__ import annotations

from collections.abc import Mapping

from sceau.record import Value, load_profile
from sceau.record.normalise import normalise, reason_code


def note_values(
    today: str, reason: str | None, reference: str | None, values: Mapping[str, Value] | None
) -> dict[str, Value]:
    """The values of a note: ``values``, or one dated ``today`` (ISO 8601), with the codes given over either.

    Raises:
        RecordError: a code is not canonical.
    """
    own: dict[str, Value] = {"note.date": today} if values is None else dict(values)
    given = {"note.reason": None if reason is None else reason_code(reason), "note.reference": reference}
    return {**own, **normalise(load_profile("claim-note"), given)}
