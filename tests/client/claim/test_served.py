# SPDX-License-Identifier: Apache-2.0
"""One number serves one claim, whoever asks at once, and whatever cuts a command off."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from sceau.claim.errors import ServedBefore
from sceau.claim.served import DISPATCH, FILE_NUMBER, Served
from sceau.envelope.seen import SeenEnvelopes
from sceau.errors import Sentence
from sceau.register_file import RegisterUnusable

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
    with Served(path).serving(what, number, claim, over=lambda _: over, not_written=(NotWritten,)):
        if error is not None:
            raise error


def test_a_number_serves_its_claim_as_often_as_wanted_and_no_other(tmp_path: Path) -> None:
    register = tmp_path / "register"
    serve(register, "PEC1", ONE)
    serve(register, "PEC1", ONE)
    with pytest.raises(ServedBefore) as refused:
        serve(register, "PEC1", OTHER)
    assert ONE in refused.value.message("fr")
    assert "PEC1" not in refused.value.message("en")
    serve(register, "PEC2", OTHER)
    serve(register, "PEC1", OTHER, what=DISPATCH)


def test_the_number_of_a_claim_that_ended_unpaid_is_free_again(tmp_path: Path) -> None:
    serve(tmp_path / "register", "PEC1", ONE)
    serve(tmp_path / "register", "PEC1", OTHER, over=True)
    with pytest.raises(ServedBefore):
        serve(tmp_path / "register", "PEC1", ONE)


def test_what_was_surely_not_written_serves_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotWritten):
        serve(tmp_path / "register", "PEC1", ONE, error=NotWritten)
    serve(tmp_path / "register", "PEC1", OTHER)


@pytest.mark.parametrize("error", [KeyboardInterrupt, TimeoutError])
def test_what_may_have_been_written_counts(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error):
        serve(tmp_path / "register", "PEC1", ONE, error=error)
    with pytest.raises(ServedBefore):
        serve(tmp_path / "register", "PEC1", OTHER)


def test_it_lives_in_one_file_with_the_envelopes_and_shows_no_number(tmp_path: Path) -> None:
    register = tmp_path / "register"
    SeenEnvelopes(register).enter(1, "a" * 22, 100)
    serve(register, "PEC-20260417-338", ONE)
    assert SeenEnvelopes(register).holds(1, "a" * 22)
    assert b"20260417" not in register.read_bytes()
    assert stat.S_IMODE(register.stat().st_mode) == 0o600


def test_another_file_is_no_register(tmp_path: Path) -> None:
    other = tmp_path / "notes"
    other.write_text("not a register " * 100)
    with pytest.raises(RegisterUnusable):
        serve(other, "PEC1", ONE)
