# SPDX-License-Identifier: Apache-2.0
"""The part of a document that a tool writes: compared, written, and nothing above its line touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import document_table
from tools.document_table import keep_equal

ABOVE = "# Title\n\n<!-- Below this line: python -m tools.x -->\n"


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(document_table, "DOCUMENTS", tmp_path)
    path = tmp_path / "x.md"
    path.write_text(ABOVE + "\n| old |\n", "utf-8")
    return path


def call(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["x", *words])
    return keep_equal("x.md", "tools.x", "| new |\n")


def test_a_difference_is_told_and_nothing_is_written(document: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = document.read_text("utf-8")
    assert call(monkeypatch, "--check") == 1
    assert document.read_text("utf-8") == before


def test_what_was_written_is_equal(document: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch) == 0
    assert document.read_text("utf-8") == ABOVE + "\n| new |\n"
    assert call(monkeypatch, "--check") == 0


def test_a_document_without_the_line_is_left_alone(document: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document.write_text("# Title\n", "utf-8")
    assert call(monkeypatch) == 1
    assert document.read_text("utf-8") == "# Title\n"
