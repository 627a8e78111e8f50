# SPDX-License-Identifier: Apache-2.0
"""One number serves one claim, whoever asks at once, and whatever cuts a command off."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sceau.errors import Sentence
from sceau.store.errors import NumberAlreadyUsed, StoreUnusable
from sceau.store.once_only import DISPATCH, FILE_NUMBER, OnceOnly
from sceau.store.received_ids import ReceivedIds
from sceau.store.sqlite_file import FILE_NAME

ROOT = Path(__file__).parents[3]
ONE, OTHER = "0x" + "11" * 32, "0x" + "22" * 32


class NotWritten(Exception):
    """Stands for a contract's refusal."""


def serve(
    path: Path,
    number: str,
    claim: str,
    *,
    over: bool = False,
    what: Sentence = FILE_NUMBER,
    error: type[BaseException] | None = None,
) -> None:
    with OnceOnly(path).serving(what, number, claim, over=lambda _: over, not_written=(NotWritten,)):
        if error is not None:
            raise error


def test_a_number_serves_its_claim_as_often_as_wanted_and_no_other(tmp_path: Path) -> None:
    store = tmp_path / "store"
    serve(store, "PEC1", ONE)
    serve(store, "PEC1", ONE)
    with pytest.raises(NumberAlreadyUsed) as refused:
        serve(store, "PEC1", OTHER)
    assert ONE in refused.value.message("fr")
    assert "PEC1" not in refused.value.message("en")
    serve(store, "PEC2", OTHER)
    serve(store, "PEC1", OTHER, what=DISPATCH)


def test_the_number_of_a_claim_that_ended_unpaid_is_free_again(tmp_path: Path) -> None:
    serve(tmp_path / "store", "PEC1", ONE)
    serve(tmp_path / "store", "PEC1", OTHER, over=True)
    with pytest.raises(NumberAlreadyUsed):
        serve(tmp_path / "store", "PEC1", ONE)


def test_what_was_surely_not_written_serves_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotWritten):
        serve(tmp_path / "store", "PEC1", ONE, error=NotWritten)
    serve(tmp_path / "store", "PEC1", OTHER)


@pytest.mark.parametrize("error", [KeyboardInterrupt, TimeoutError])
def test_what_may_have_been_written_counts(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error):
        serve(tmp_path / "store", "PEC1", ONE, error=error)
    with pytest.raises(NumberAlreadyUsed):
        serve(tmp_path / "store", "PEC1", OTHER)


def test_a_process_that_is_killed_while_it_sends_leaves_the_number_entered(tmp_path: Path) -> None:
    """The step may be on the chain, or is sent later from its file: another claim must not have its number."""
    killed = (
        "import os, signal, sys; from pathlib import Path; from sceau.store.once_only import FILE_NUMBER, OnceOnly\n"
        "with OnceOnly(Path(sys.argv[1])).serving(FILE_NUMBER, 'PEC1', sys.argv[2], over=bool, not_written=()):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)"
    )
    store = tmp_path / "store"
    ended = subprocess.run([sys.executable, "-c", killed, str(store), ONE], check=False, cwd=ROOT)
    assert ended.returncode == -signal.SIGKILL
    with pytest.raises(NumberAlreadyUsed):
        serve(store, "PEC1", OTHER)
    # It goes on from the file that it kept; that attempt is refused, and the first may still be written.
    with pytest.raises(NotWritten):
        serve(store, "PEC1", ONE, error=NotWritten)
    with pytest.raises(NumberAlreadyUsed):
        serve(store, "PEC1", OTHER)


def test_nobody_waits_for_a_step_that_is_being_sent(tmp_path: Path) -> None:
    """Sending takes as long as the chain takes, and the store holds the envelopes too."""
    store = tmp_path / "store"
    refused: dict[str, Any] = {"over": lambda _: False, "not_written": (NotWritten,)}
    with OnceOnly(store).serving(FILE_NUMBER, "PEC1", ONE, **refused):
        ReceivedIds(store).enter(1, "a" * 22)
        serve(store, "PEC2", OTHER)
        # Another process of the party writes the same step; this one is then refused, and the number stays taken.
        serve(store, "PEC1", ONE)
        with pytest.raises(NumberAlreadyUsed):
            serve(store, "PEC1", OTHER)
    with pytest.raises(NotWritten), OnceOnly(store).serving(FILE_NUMBER, "PEC1", ONE, **refused):
        raise NotWritten
    with pytest.raises(NumberAlreadyUsed):
        serve(store, "PEC1", OTHER)


def test_a_refused_step_of_an_ended_claim_takes_nothing_from_the_claim_that_followed(tmp_path: Path) -> None:
    store = tmp_path / "store"

    def replaced_while_it_is_sent() -> None:
        with OnceOnly(store).serving(
            FILE_NUMBER, "PEC1", ONE, over=lambda _: False, not_written=(NotWritten,)
        ):
            serve(store, "PEC1", OTHER, over=True)
            raise NotWritten

    with pytest.raises(NotWritten):
        replaced_while_it_is_sent()
    with pytest.raises(NotWritten):
        serve(store, "PEC1", OTHER, error=NotWritten)
    with pytest.raises(NumberAlreadyUsed):
        serve(store, "PEC1", ONE)


def test_it_lives_in_one_file_with_the_envelopes_and_shows_no_number(tmp_path: Path) -> None:
    store = tmp_path / "store"
    ReceivedIds(store).enter(1, "a" * 22)
    serve(store, "PEC-20260417-338", ONE)
    assert ReceivedIds(store).holds(1, "a" * 22)
    (file,) = store.iterdir()
    assert file.name == FILE_NAME
    assert b"20260417" not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.stat().st_mode) == 0o700


def test_another_file_is_no_store(tmp_path: Path) -> None:
    other = tmp_path / "notes"
    other.write_text("not a register " * 100)
    with pytest.raises(StoreUnusable):
        serve(other, "PEC1", ONE)
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / FILE_NAME).write_text("not a register " * 100)
    with pytest.raises(StoreUnusable):
        serve(tmp_path / "store", "PEC1", ONE)
