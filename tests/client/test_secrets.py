# SPDX-License-Identifier: Apache-2.0
"""A secret in a file is its first line, whatever an editor put around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sceau.documents.errors import FileNotRead
from sceau.errors import Sentence
from sceau.secrets import SecretEmpty, read_secret, secret_in, secret_of

WHAT = Sentence("diagnosis.password")


@pytest.mark.parametrize(
    ("content", "secret"),
    [
        (b"hunter2", "hunter2"),
        (b"hunter2\n", "hunter2"),
        (b"hunter2\r\nmore\n", "hunter2"),
        (b"\xef\xbb\xbfhunter2\n", "hunter2"),
        (b" spaces count \n", " spaces count "),
        ("été\n".encode(), "été"),
        (b"hunter2\n\xff not text", "hunter2"),
    ],
)
def test_a_secret_is_the_first_line(tmp_path: Path, content: bytes, secret: str) -> None:
    (tmp_path / "file").write_bytes(content)
    assert read_secret(tmp_path / "file", WHAT) == secret


@pytest.mark.parametrize("content", [b"", b"\n", b"\r\n", b"\nsecond line"])
def test_an_empty_one_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(SecretEmpty, match="The password of the key is empty"):
        read_secret(tmp_path / "file", WHAT)


def test_what_is_not_text_is_refused_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\xff\xfehunter2")
    with pytest.raises(FileNotRead) as refused:
        read_secret(tmp_path / "file", WHAT)
    assert "hunter2" not in str(refused.value)
    assert refused.value.__cause__ is refused.value.__context__ is None


@pytest.mark.parametrize("content", ["hunter2".encode("utf-16-le"), "é".encode("latin-1"), b"x" * 1_000_001])
def test_another_encoding_and_an_endless_line_are_refused_wherever_they_come_from(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(FileNotRead):
        read_secret(tmp_path / "file", WHAT)
    with pytest.raises(FileNotRead):
        secret_in(content, Path("-"), WHAT)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotRead, match="absent"):
        read_secret(tmp_path / "absent", WHAT)


def test_only_the_first_line_of_a_text_counts() -> None:
    assert secret_of("a\nb", WHAT) == "a"
