# SPDX-License-Identifier: Apache-2.0
"""Times as people write and read them."""

from __future__ import annotations

import pytest

from sceau.chain.times import seconds_of, utc_text
from sceau.documents.errors import TimeInvalid


@pytest.mark.parametrize(
    "text", ["2026-01-01", "2026-01-01T00:00:00Z", "2026-01-01T00:00", "2026-01-01T01:00+01:00"]
)
def test_a_time_is_read_as_it_is_meant(text: str) -> None:
    assert seconds_of(text) == 1_767_225_600
    assert utc_text(seconds_of(text)) == "2026-01-01 00:00:00 UTC"


@pytest.mark.parametrize(
    "text", ["", "yesterday", "1767225600", "2026-13-01", "0001-01-01T00:00+23:59", "1960-01-01"]
)
def test_what_is_not_a_time_is_refused(text: str) -> None:
    with pytest.raises(TimeInvalid):
        seconds_of(text)


def test_a_time_that_no_calendar_holds_is_shown_as_its_number() -> None:
    assert utc_text(2**62) == str(2**62)
