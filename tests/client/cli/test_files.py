# SPDX-License-Identifier: Apache-2.0
"""Files are written whole or not at all, private, and never over another."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from sceau.documents import files
from sceau.documents.errors import FileExists, FileNotRead, FileNotWritten


def test_a_file_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        files.save_json(tmp_path / "card.json", {"a": "é"})
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "card.json").stat().st_mode) == 0o600
    assert (tmp_path / "card.json").read_text("utf-8") == '{\n  "a": "é"\n}\n'


def test_a_file_is_never_written_over_unless_asked(tmp_path: Path) -> None:
    files.save(tmp_path / "card", b"first")
    with pytest.raises(FileExists):
        files.save(tmp_path / "card", b"second")
    assert (tmp_path / "card").read_bytes() == b"first"
    files.save(tmp_path / "card", b"third", force=True)
    assert (tmp_path / "card").read_bytes() == b"third"
    assert stat.S_IMODE((tmp_path / "card").stat().st_mode) == 0o600


def test_what_is_no_file_is_never_replaced_by_one(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileNotWritten, match="not a file"):
        files.save(tmp_path / "pipe", b"x", force=True)
    assert (tmp_path / "pipe").is_fifo()


def test_a_dangling_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExists):
        files.save(tmp_path / "link", b"x")
    assert not (tmp_path / "elsewhere").exists()


def test_of_two_that_write_one_name_at_once_one_is_refused_and_the_other_whole(tmp_path: Path) -> None:
    contents = [bytes([n]) * 100_000 for n in range(8)]
    refused: list[FileExists] = []

    def write(content: bytes) -> None:
        try:
            files.save(tmp_path / "one", content)
        except FileExists as error:
            refused.append(error)

    threads = [threading.Thread(target=write, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == len(contents) - 1
    assert (tmp_path / "one").read_bytes() in contents
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


@pytest.mark.parametrize("name", ["absent/file", ".", "a\0b", "file/inside"])
def test_a_place_that_cannot_be_written_leaves_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileNotWritten) as refused:
        files.save(tmp_path / name, b"x")
    assert refused.value.message("fr") != refused.value.message("en")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_a_failure_while_writing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileNotWritten, match="No space left"):
        files.save(tmp_path / "card", b"x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["absent", ".", "a\0b"])
def test_a_file_that_cannot_be_read_says_which_and_why(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotRead) as refused:
        files.load(tmp_path / name)
    assert str(tmp_path) in str(refused.value)


def test_a_file_too_big_to_be_ours_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * (files.LONGEST + 1))
    with pytest.raises(FileNotRead, match="too big"):
        files.load(tmp_path / "big")
