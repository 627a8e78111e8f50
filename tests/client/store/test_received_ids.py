# SPDX-License-Identifier: Apache-2.0
"""The register of received envelopes, and one that enters what was opened only once the work is done."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sceau.store.errors import EnvelopeReplayed, StoreUnusable
from sceau.store.received_ids import DeferredReceivedIds, ReceivedIds
from sceau.store.sqlite_file import FILE_NAME

ROOT = Path(__file__).parents[3]
ID = "a" * 22


def test_what_is_held_back_is_entered_when_released(tmp_path: Path) -> None:
    register = tmp_path / "store"
    held = DeferredReceivedIds(register)
    held.enter(1, ID)
    assert not register.exists()
    held.release()
    assert ReceivedIds(register).holds(1, ID)
    with pytest.raises(EnvelopeReplayed):
        DeferredReceivedIds(register).enter(1, ID)


def test_what_is_held_back_counts_once_in_its_own_run_too(tmp_path: Path) -> None:
    held = DeferredReceivedIds(tmp_path / "store")
    held.enter(1, ID)
    held.enter(2, ID)
    with pytest.raises(EnvelopeReplayed):
        held.enter(1, ID)


def test_of_two_processes_with_one_envelope_the_second_to_end_is_refused(tmp_path: Path) -> None:
    first, second = DeferredReceivedIds(tmp_path / "store"), DeferredReceivedIds(tmp_path / "store")
    first.enter(1, ID)
    second.enter(1, ID)
    first.release()
    with pytest.raises(EnvelopeReplayed):
        second.release()


def test_when_one_of_several_was_received_elsewhere_none_is_entered(tmp_path: Path) -> None:
    """What they held is not kept then: entered, it could never be opened again."""
    held, other = DeferredReceivedIds(tmp_path / "store"), ReceivedIds(tmp_path / "store")
    for sender in (1, 2, 3):
        held.enter(sender, ID)
    other.enter(2, ID)
    with pytest.raises(EnvelopeReplayed):
        held.release()
    assert [sender for sender in (1, 2, 3) if other.holds(sender, ID)] == [2]


def test_of_many_processes_at_once_one_receives_an_envelope(tmp_path: Path) -> None:
    enter = (
        "import sys; from pathlib import Path; from sceau.store.received_ids import ReceivedIds\n"
        "from sceau.store.errors import EnvelopeReplayed\n"
        "try: ReceivedIds(Path(sys.argv[1])).enter(1, sys.argv[2])\n"
        "except EnvelopeReplayed: sys.exit(3)"
    )
    command = [sys.executable, "-c", enter, str(tmp_path / "store"), ID]
    running = [subprocess.Popen(command, cwd=ROOT) for _ in range(4)]
    assert sorted(each.wait(60) for each in running) == [0, 3, 3, 3]


def test_the_register_is_its_owners_alone(tmp_path: Path) -> None:
    ReceivedIds(tmp_path / "store").enter(1, ID)
    assert stat.S_IMODE((tmp_path / "store" / FILE_NAME).stat().st_mode) == 0o600


def test_a_register_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("not a register " * 100)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / FILE_NAME).mkdir()
    for path in (tmp_path / "absent" / "store", tmp_path / "broken", other):
        with pytest.raises(StoreUnusable) as refused:
            ReceivedIds(path)
        assert str(path) in refused.value.message("fr")
    assert other.read_text().startswith("not a register")
