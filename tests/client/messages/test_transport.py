# SPDX-License-Identifier: Apache-2.0
"""Messages in folders: written whole, read with care, and nothing but what was received is removed."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

import pytest

from sceau.messages import transport
from sceau.messages.errors import ExchangeUnusable
from sceau.messages.transport import LONGEST, ExchangeFolder

TEXT = "eyJhbGciOiJFQ0RILUVTIn0..abc.def.ghi"
NAME = "0" * 32


@pytest.fixture
def pair(tmp_path: Path) -> tuple[ExchangeFolder, ExchangeFolder]:
    """Party 1 and party 3, at one folder."""
    return ExchangeFolder(tmp_path, 1), ExchangeFolder(tmp_path, 3)


def texts(folder: ExchangeFolder, sender: int) -> list[str | None]:
    return [letter.text for letter in folder.arrived(sender)]


def test_what_is_left_by_one_arrives_at_the_other_until_it_is_removed(
    pair: tuple[ExchangeFolder, ExchangeFolder], tmp_path: Path
) -> None:
    ours, theirs = pair
    assert theirs.partners() == []
    ours.leave(3, NAME, TEXT)
    assert theirs.partners() == [1]
    (letter,) = theirs.arrived(1)
    assert letter.text is not None
    assert letter.text.strip() == TEXT
    assert ours.is_waiting(3, NAME)
    assert [*theirs.arrived(2)] == []
    theirs.remove(letter)
    theirs.remove(letter)
    assert not ours.is_waiting(3, NAME)
    assert [*theirs.arrived(1)] == []
    assert [path.name for path in (tmp_path / "1-to-3").iterdir()] == []


def test_the_same_name_is_one_file_and_can_be_taken_back(
    pair: tuple[ExchangeFolder, ExchangeFolder],
) -> None:
    ours, theirs = pair
    ours.leave(3, NAME, TEXT)
    ours.leave(3, NAME, TEXT + "x")
    assert texts(theirs, 1) == [TEXT + "x\n"]
    ours.take_back(3, NAME)
    ours.take_back(3, NAME)
    assert texts(theirs, 1) == []


def test_a_name_tells_nothing_and_a_file_is_whole_or_not_there(
    pair: tuple[ExchangeFolder, ExchangeFolder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = pair
    ours.leave(3, NAME, TEXT)
    (path,) = (tmp_path / "1-to-3").iterdir()
    assert re.fullmatch(r"[0-9a-f]{32}\.sceau", path.name)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ExchangeUnusable):
        ours.leave(3, "1" * 32, TEXT)
    assert texts(theirs, 1) == [TEXT + "\n"]
    assert len(list((tmp_path / "1-to-3").iterdir())) == 1


def test_links_pipes_folders_long_and_foreign_files_are_told_and_left_alone(
    pair: tuple[ExchangeFolder, ExchangeFolder], tmp_path: Path
) -> None:
    ours, theirs = pair
    ours.leave(3, NAME, TEXT)
    folder = tmp_path / "1-to-3"
    outside = tmp_path / "secret"
    outside.write_text(TEXT)
    (folder / "link").symlink_to(outside)
    os.mkfifo(folder / "pipe")
    (folder / "folder").mkdir()
    (folder / "long").write_text(TEXT + "A" * LONGEST)
    (folder / "hosts.txt").write_text("127.0.0.1 localhost\n")
    (folder / "\x1b[2J\n").write_text("\x00\xff")
    (folder / ".half.part").write_text(TEXT)
    (folder / "half.tmp").write_text(TEXT)
    found = {letter.name: letter for letter in theirs.arrived(1)}
    whole = found.pop(NAME + ".sceau")
    assert whole.text == TEXT + "\n"
    assert {name: letter.why.code for name, letter in found.items() if letter.why} == {
        "link": "not-a-file",
        "pipe": "not-a-file",
        "folder": "not-a-file",
        "long": "file-too-long",
        "hosts.txt": "foreign-file",
        "\x1b[2J\n": "foreign-file",
    }
    assert all(letter.text is None for letter in found.values())
    shown = found["\x1b[2J\n"].shown
    assert shown.isprintable()
    assert outside.read_text() == TEXT


def test_a_link_in_the_place_of_a_folder_is_not_followed(
    pair: tuple[ExchangeFolder, ExchangeFolder], tmp_path: Path
) -> None:
    ours, theirs = pair
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").write_text(TEXT)
    (tmp_path / "1-to-3").symlink_to(elsewhere)
    assert theirs.partners() == []
    with pytest.raises(ExchangeUnusable):
        ours.leave(3, NAME, TEXT)
    with pytest.raises(ExchangeUnusable):
        list(theirs.arrived(1))
    assert [path.name for path in elsewhere.iterdir()] == ["file"]


def test_junk_hides_no_message_for_ever(
    pair: tuple[ExchangeFolder, ExchangeFolder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "MOST_FILES", 20)
    ours, theirs = pair
    ours.leave(3, NAME, TEXT)
    for number in range(200):
        (tmp_path / "1-to-3" / f"{number}").write_text("junk")
    for _ in range(500):
        letters = list(theirs.arrived(1))
        assert len(letters) == 20
        if any(letter.text for letter in letters):
            return
    raise AssertionError("the message was never looked at")


def test_a_name_of_another_direction_is_no_partner(tmp_path: Path) -> None:
    for name in (
        "1-to-30",
        "1-to-3x",
        "0-to-3",
        "-1-to-3",
        "99999999999-to-3",
        "1-to-3 ",
        "a-to-3",
        "3-to-1",
    ):
        (tmp_path / name).mkdir()
    (tmp_path / "2-to-3").write_text("a file")
    assert ExchangeFolder(tmp_path, 3).partners() == []


def test_a_folder_that_is_missing_or_closed_is_one_line(tmp_path: Path) -> None:
    folder = ExchangeFolder(tmp_path / "missing", 1)
    for ask in (folder.partners, lambda: folder.leave(3, NAME, TEXT)):
        with pytest.raises(ExchangeUnusable):
            ask()
    assert not (tmp_path / "missing").exists()


@pytest.mark.skipif(not hasattr(os, "umask"), reason="modes of files")
def test_the_user_decides_who_may_read_what_is_left(
    pair: tuple[ExchangeFolder, ExchangeFolder], tmp_path: Path
) -> None:
    before = os.umask(0o027)
    try:
        pair[0].leave(3, NAME, TEXT)
    finally:
        os.umask(before)
    (path,) = (tmp_path / "1-to-3").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
