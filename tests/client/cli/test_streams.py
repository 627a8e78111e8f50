# SPDX-License-Identifier: Apache-2.0
"""Output that is closed, full, abandoned or without accents: the work is done, and the exit code says how it ended."""

from __future__ import annotations

import json
import os
import pty
import select
import shlex
import signal
import subprocess
from pathlib import Path
from typing import IO

import pytest

from sceau.chain.following import Transaction
from sceau.cli.exits import Exit
from tests.client.cli.conftest import CHEAPLY, Desk

FULL = Path("/dev/full")
NEW_KEY = ("key", "new", "-o", "new.json", "--password-file", "secret")
#: What a command may not say when only its output is at fault.
FAULT = ("Traceback", "Fault", "BrokenPipe", "Exception ignored")


def shell(desk: Desk, words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command in a shell, as ``sceau <words>``, which redirect its streams."""
    return subprocess.run(
        ["bash", "-c", f"{shlex.join(CHEAPLY)} {words}"],
        cwd=desk.directory,
        env={"PATH": os.environ["PATH"], **desk.environment, **variables},
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


@pytest.fixture
def desk(bare: Desk) -> Desk:
    bare.write("secret", "a long password\n")
    return bare


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize(
    "words", ["--version", "--help", "doctor --help", " ".join(NEW_KEY), " ".join(NEW_KEY) + " --json"]
)
def test_a_full_disk_is_said_in_one_line_and_has_its_code(desk: Desk, words: str) -> None:
    done = shell(desk, f"{words} > /dev/full")
    assert done.returncode == Exit.OUTPUT, done
    assert "could not be written completely" in done.stderr.splitlines()[-1]
    assert not any(word in done.stderr for word in FAULT)
    # The work is done all the same.
    assert desk.path("new.json").exists() == words.startswith("key")


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
def test_a_refusal_keeps_its_code_when_it_cannot_be_printed(desk: Desk) -> None:
    assert shell(desk, "consent show absent 2> /dev/full").returncode == 1
    assert shell(desk, "verify 2> /dev/full").returncode == 2


@pytest.mark.parametrize("flags", ["", " --json"])
def test_a_command_whose_reader_has_left_does_its_work(desk: Desk, flags: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as gone:
        done = process(desk, gone, *NEW_KEY, *flags.split())
    assert done.returncode == 0, done
    assert not any(word in done.stderr for word in FAULT)
    assert desk.path("new.json").exists()


def test_a_reader_of_messages_that_has_left_takes_no_result_with_it(desk: Desk) -> None:
    done = shell(desk, " ".join(NEW_KEY) + " 2> >(true)")
    assert done.returncode == 0, done
    assert "new.json" in done.stdout


def process(desk: Desk, out: IO[str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CHEAPLY, *words],
        cwd=desk.directory,
        env={"PATH": os.environ["PATH"], **desk.environment},
        stdout=out,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("--version >&-", 0),
        ("--help >&-", 0),
        (" ".join(NEW_KEY) + " >&-", 0),
        (" ".join(NEW_KEY) + " >&- 2>&- <&-", 0),
        ("consent show absent 2>&-", 1),
        ("key new -o new.json <&-", 1),
    ],
)
def test_a_stream_that_was_closed_is_no_fault(desk: Desk, words: str, code: int) -> None:
    done = shell(desk, words)
    assert done.returncode == code, done
    assert not any(word in done.stdout + done.stderr for word in FAULT)
    assert done.stdout == ""


def test_a_file_is_not_taken_for_a_stream_that_was_closed(desk: Desk) -> None:
    shell(desk, " ".join(NEW_KEY) + " >&- 2>&- <&-")
    assert json.loads(desk.path("new.json").read_text())["version"] == 3


def test_a_terminal_without_accents_is_spoken_to_without_them(desk: Desk) -> None:
    plain = {"PYTHONIOENCODING": "ascii", "SCEAU_LANGUAGE": "fr"}
    done = shell(desk, " ".join(NEW_KEY), **plain)
    assert done.returncode == 0, done
    assert "cle" in done.stderr
    assert "\\x" not in done.stderr
    assert "Scelle accords et dossiers de complementaire sante" in shell(desk, "--help", **plain).stdout
    refused = shell(desk, "consent show absent", **plain)
    assert "absent ne peut pas etre lu" in refused.stderr
    assert (refused.returncode, refused.stdout) == (1, "")


def test_json_is_the_same_whatever_characters_the_terminal_takes(desk: Desk) -> None:
    words = "key new -o clé.json --password-file secret --json --force"
    in_ascii = shell(desk, words, PYTHONIOENCODING="ascii")
    assert json.loads(in_ascii.stdout)["file"] == "clé.json"
    assert in_ascii.stdout.isascii()


def test_a_file_name_that_is_no_text_is_shown_all_the_same(desk: Desk) -> None:
    for flags in ("", " --json"):
        done = shell(desk, r"consent show $'caf\xe9'" + flags)
        assert done.returncode == 1, done
        assert len(done.stderr.splitlines()) == 1


REVOKE = ("consent", "revoke", "card.json", "--offline", "-o", "revocation.json")
REVOKE_ASKS = ("[y/N] ", "PIN: ")
KEY = ("key", "new", "-o", "new.json")
KEY_ASKS = ("new key: ", "once more: ")


@pytest.mark.parametrize(
    ("words", "asks", "typed"),
    [
        (KEY, KEY_ASKS, []),
        (KEY, KEY_ASKS, ["a long password"]),
        (REVOKE, REVOKE_ASKS, []),
        (REVOKE, REVOKE_ASKS, ["y"]),
    ],
)
@pytest.mark.parametrize("leave", ["Ctrl-C", "Ctrl-D"])
def test_leaving_at_any_prompt_writes_nothing_and_says_so_on_a_line_of_its_own(
    consented: Desk, words: tuple[str, ...], asks: tuple[str, ...], typed: list[str], leave: str
) -> None:
    consented.write("sceau.toml", "")
    before = consented.files()
    code, shown = at_terminal(consented, words, asks, typed, leave)
    # The end of input is no answer to a question, and no password.
    refused = leave == "Ctrl-D" and words == REVOKE and not typed
    assert code == (1 if refused else 130), shown
    assert shown.splitlines()[-1].startswith("sceau: Not confirmed" if refused else "sceau: Interrupted.")
    assert "Traceback" not in shown
    assert consented.files() == before


@pytest.mark.parametrize("answer", ["n", "", "perhaps"])
def test_what_is_no_yes_is_a_no(consented: Desk, answer: str) -> None:
    consented.write("sceau.toml", "")
    before = consented.files()
    code, shown = at_terminal(consented, REVOKE, REVOKE_ASKS, [answer], None)
    assert (code, "Not confirmed" in shown) == (1, True), shown
    assert consented.files() == before


def test_a_key_with_a_history_takes_a_yes_of_its_own(consented: Desk) -> None:
    before = consented.files()
    words = ("consent", "sign", "request.json", "-o", "s.json", "--card", "c.json", "--key", "key.json")
    code, shown = at_terminal(consented, words, ("[y/N] ", "[y/N] "), ["y", "n"], None)
    assert (code, "used before" in shown, "Not confirmed" in shown) == (1, True, True), shown
    assert consented.files() == before


def at_terminal(
    desk: Desk, words: tuple[str, ...], asks: tuple[str, ...], typed: list[str], leave: str | None
) -> tuple[int, str]:
    """Exit code and output of a command at a terminal, where its first prompts are answered and the next is left."""
    master, slave = pty.openpty()
    command = subprocess.Popen(
        [*CHEAPLY, *words],
        cwd=desk.directory,
        env={"PATH": os.environ["PATH"], "TERM": "dumb", "COLUMNS": "200", **desk.environment},
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    shown = ""
    try:
        for place, line in enumerate(typed):
            shown = _read(master, shown, asks[place])
            os.write(master, f"{line}\n".encode())
        if leave is not None:
            shown = _read(master, shown, asks[len(typed)])
        if leave == "Ctrl-C":
            _interrupt(command, master)
        elif leave == "Ctrl-D":
            os.write(master, b"\x04")
        shown = _read(master, shown, None)
        return command.wait(timeout=60), shown.replace("\r\n", "\n")
    finally:
        command.kill()
        command.wait()
        os.close(master)


def _interrupt(command: subprocess.Popen[bytes], terminal: int) -> None:
    """Ctrl-C, and again where Python saw the first only once it was waiting for the line, as a person would."""
    for _ in range(6):
        command.send_signal(signal.SIGINT)
        if select.select([terminal], [], [], 10)[0]:
            return


def _read(terminal: int, shown: str, prompt: str | None) -> str:
    """``shown`` and what a command adds, until it asks ``prompt``, or (None) until it ends."""
    while prompt is None or not shown.endswith(prompt):
        ready, _, _ = select.select([terminal], [], [], 120)
        assert ready, f"no prompt {prompt!r}: {shown}"
        try:
            got = os.read(terminal, 1024)
        except OSError:
            # The command has ended, and its side of the terminal is closed.
            break
        if not got:
            break
        shown += got.decode(errors="replace")
    return shown


def test_an_interrupted_wait_says_what_was_sent(consented: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_transaction: Transaction, _timeout: float) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Transaction, "wait", interrupted)
        done = consented.run("consent", "record", "signed.json", "--request", "request.json")
    assert done.code == 130
    said, last = done.err.replace("\n", " ").split("sceau: ")
    assert "0x" in said
    assert "may still be written" in said
    assert last.strip() == "Interrupted."
    assert consented.run("consent", "check", "signed.json").code == 0
