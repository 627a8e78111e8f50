# SPDX-License-Identifier: Apache-2.0
"""One line of text comes back from mail programs and editors as it was sent."""

from __future__ import annotations

import base64
import quopri
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau.documents.wrapped import unwrapped

LINE = (
    "eyJhbGciOiAiRUNESC1FUyJ9.." + base64.urlsafe_b64encode(bytes(range(256))).decode().rstrip("=") + ".a-_Z"
)


@pytest.mark.parametrize(
    "dressed",
    [
        LINE,
        f"{LINE}\r\n",
        f"\ufeff{LINE}",
        "\n".join(textwrap.wrap(LINE, 76)),
        "\r\n".join(textwrap.wrap(LINE, 76)),
        "\n".join(f"> {part}" for part in textwrap.wrap(LINE, 72)),
        "\n".join(f">> {part}" for part in textwrap.wrap(LINE, 70)),
        quopri.encodestring(LINE.encode()).decode(),
        "\u200b".join(LINE),
    ],
)
def test_a_line_is_itself_however_it_was_wrapped(dressed: str) -> None:
    assert unwrapped(dressed) == LINE


@given(
    text=st.text("ABCxyz019-_.", max_size=300),
    places=st.lists(st.tuples(st.integers(0, 300), st.sampled_from([" ", "\n", "\r\n", "\t", "\n> "]))),
)
def test_nothing_of_the_line_is_lost(text: str, places: list[tuple[int, str]]) -> None:
    dressed = text
    for place, mark in places:
        dressed = dressed[:place] + mark + dressed[place:]
    # A mark that was cut in two by another leaves its sign behind, which base64url does not have.
    assert unwrapped(dressed).replace(">", "") == text
