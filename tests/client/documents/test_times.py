# SPDX-License-Identifier: Apache-2.0
"""A time has one writing, on every system."""

from __future__ import annotations

import pytest

from sceau.documents.times import time_of, time_text


def test_a_time_is_read_as_it_is_written() -> None:
    for written in ("2026-11-29T16:30:00Z", "1000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        time = time_of(written)
        assert time is not None
        assert time_text(time) == written


@pytest.mark.parametrize(
    "written",
    [
        "0999-01-01T00:00:00Z",
        "999-01-01T00:00:00Z",
        "2026-11-29T16:30:00",
        "2026-11-29 16:30:00Z",
        "2026-11-29T16:30Z",
        "2026-11-29T16:30:00.5Z",
        "2026-11-29T16:30:00+01:00Z",
        "20261129T163000Z",
        20261129,
    ],
)
def test_no_other_writing_is_a_time(written: object) -> None:
    assert time_of(written) is None
