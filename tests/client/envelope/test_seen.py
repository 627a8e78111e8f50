# SPDX-License-Identifier: Apache-2.0
"""The register of received envelopes, and one that enters what was opened only once the work is done."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from sceau.envelope.errors import EnvelopeReplayed
from sceau.envelope.seen import HeldBack, SeenEnvelopes
from sceau.register_file import RegisterUnusable

ID = "a" * 22


def test_what_is_held_back_is_entered_when_released(tmp_path: Path) -> None:
    register = tmp_path / "seen"
    held = HeldBack(register)
    held.enter(1, ID, 100)
    assert not register.exists()
    held.release()
    assert SeenEnvelopes(register).holds(1, ID)
    with pytest.raises(EnvelopeReplayed):
        HeldBack(register).enter(1, ID, 100)


def test_what_is_held_back_counts_once_in_its_own_run_too(tmp_path: Path) -> None:
    held = HeldBack(tmp_path / "seen")
    held.enter(1, ID, 100)
    held.enter(2, ID, 100)
    with pytest.raises(EnvelopeReplayed):
        held.enter(1, ID, 100)


def test_of_two_processes_with_one_envelope_the_second_to_end_is_refused(tmp_path: Path) -> None:
    first, second = HeldBack(tmp_path / "seen"), HeldBack(tmp_path / "seen")
    first.enter(1, ID, 100)
    second.enter(1, ID, 100)
    first.release()
    with pytest.raises(EnvelopeReplayed):
        second.release()


def test_the_register_is_its_owners_alone(tmp_path: Path) -> None:
    SeenEnvelopes(tmp_path / "seen").enter(1, ID, 100)
    assert stat.S_IMODE((tmp_path / "seen").stat().st_mode) == 0o600


def test_a_register_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("not a register " * 100)
    for path in (tmp_path / "absent" / "seen", tmp_path, other):
        with pytest.raises(RegisterUnusable) as refused:
            SeenEnvelopes(path)
        assert str(path) in refused.value.message("fr")
    assert other.read_text().startswith("not a register")
