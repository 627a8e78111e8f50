# SPDX-License-Identifier: Apache-2.0
"""One line of text comes back from mail programs and editors as it was sent."""

from __future__ import annotations

import base64
import quopri
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau.documents.wrapped import encrypted_in, is_encrypted, text_of, unwrapped

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
        "<br>\n".join(textwrap.wrap(LINE, 60)),
        "&gt; " + "\n&gt; ".join(textwrap.wrap(LINE, 60)),
        f'<p style="x">{LINE}</p>',
        LINE.replace("-", "&#45;").replace("_", "&lowbar;"),
        LINE.replace(".", "=2E").replace("_", "=5f"),
        "\u00a0".join(textwrap.wrap(LINE, 40)),
    ],
)
def test_a_line_is_itself_however_it_was_wrapped(dressed: str) -> None:
    assert unwrapped(dressed) == LINE


JWE = f"{LINE.partition('.')[0]}..{'A' * 16}.{'bC-_' * 60}.{'x' * 22}"


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "Bonjour,\n\nvoici l'enveloppe :\n\n{}\n\n-- \nJean Dupont\nOptique de la Gare\n",
        "{}==\n",
        '"{}"',
        "<{}>",
        "```\n{}\n```\n",
        "{}\n________________________________\nCe message est confidentiel.",
        "{}.",
        "\ufeff{}\r\n\x1a",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_an_encrypted_text_is_found_in_what_stands_around_it(around: str, encoding: str) -> None:
    wrapped = "\r\n".join(textwrap.wrap(JWE, 76))
    for text in (JWE, wrapped, quopri.encodestring(JWE.encode()).decode()):
        data = around.format(text).encode(encoding)
        assert is_encrypted(data)
        assert encrypted_in(text_of(data)) == JWE


def test_a_part_of_one_is_known_and_stays_a_part() -> None:
    for length in (10, 40, len(JWE) - 1):
        assert is_encrypted(JWE[:length].encode())
        assert encrypted_in(JWE[:length]) == JWE[:length]
    padded = JWE.replace(".", "=.", 1)
    assert encrypted_in(padded) == JWE


@pytest.mark.parametrize(
    "data", [b'{"signed": "eyJ"}', b"\xef\xbb\xbf{}", b"[]", b"", b"\xff\xfe", b"%PDF-1.7"]
)
def test_what_is_no_encrypted_text_is_not_taken_for_one(data: bytes) -> None:
    assert not is_encrypted(data)


def test_a_hostile_text_is_read_in_time_proportional_to_its_length() -> None:
    for hostile in (
        "eyJ" * 100_000,
        "<a" * 100_000,
        "=" * 300_000,
        "> " * 100_000,
        "eyJ." * 100_000,
        "&" * 300_000,
    ):
        assert len(encrypted_in(hostile)) <= len(hostile)


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
