# SPDX-License-Identifier: Apache-2.0
"""Whatever goes wrong is one line and an exit code; standard output belongs to the result."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from sceau.cli import main as entry
from sceau.cli.screen import Screen
from tests.client.cli.conftest import Desk

SILENT_NODE = """
import socket, time
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen()
print(server.getsockname()[1], flush=True)
time.sleep(60)
"""
SECRET = "0xdeadbeefcafe and the patient's name"


def break_doctor(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def broken(*_arguments: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr("sceau.cli.doctor.diagnose", broken)


def test_an_unexpected_exception_is_one_line_without_its_message(
    bare: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_doctor(monkeypatch, KeyError(SECRET))
    line = bare.run("doctor").refused(70)
    assert "KeyError" in line
    assert SECRET not in line
    assert "report" in line
    assert "Signalez" in bare.run("doctor", LANG="fr_FR.UTF-8").refused(70)


def test_a_developer_can_ask_for_the_traceback(bare: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    break_doctor(monkeypatch, KeyError("x"))
    result = bare.run("doctor", SCEAU_DEBUG="1")
    assert result.code == 70
    assert "Traceback" in result.err


def test_an_error_for_programs_is_one_json_line(bare: Desk) -> None:
    line = bare.run("consent", "show", "absent.json", "--json").refused()
    said = json.loads(line)
    assert said["error"] == "file-not-read"
    assert "absent.json" in said["message"]


def test_a_message_of_several_lines_is_said_in_one(capsys: pytest.CaptureFixture[str]) -> None:
    Screen().error("code", "first\n  second")
    assert capsys.readouterr().err == "sceau: first second\n"


def test_text_of_others_cannot_move_the_cursor_or_reorder_the_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Screen().error("code", "red \x1b[31m and \u202eback\u202c")
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert "\u202e" not in said
    Screen().facts([("label", "a\x1b[2Jb")])
    assert "\x1b" not in capsys.readouterr().out


def test_a_hash_stays_in_one_piece_however_narrow_the_screen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    digest = "0x" + "ab" * 32
    Screen().facts([("A label", digest), ("Words", "some words that go on " * 4)])
    lines = capsys.readouterr().out.splitlines()
    assert f"  {digest}" in lines
    assert all(len(line) <= 40 for line in lines if digest not in line)


@pytest.mark.parametrize(
    ("words", "english", "french"),
    [
        (("consent", "show"), "Missing argument 'CARD'", "Il manque l'argument CARTE"),
        (("consent", "shwo"), "No such command", "Commande inconnue"),
        (("consent", "show", "card", "--nope"), "No such option: --nope", "Option inconnue : --nope"),
        (("consent", "show", "card", "hunter2"), "extra argument", "argument de trop"),
        (("verify", "d.json", "--as", "many"), "party number", "numéro de partie"),
        (("verify", "d.json", "--as", "4294967296"), "party number", "numéro de partie"),
        (("consent", "relay", "r", "--timeout", "0"), "whole number of seconds", "nombre entier de secondes"),
        (
            ("consent", "relay", "r", "--timeout", "9" * 30),
            "whole number of seconds",
            "nombre entier de secondes",
        ),
        (
            ("consent", "relay", "r", "--timeout", "1e3"),
            "whole number of seconds",
            "nombre entier de secondes",
        ),
        (("party", "show", "0"), "party number", "numéro de partie"),
        (("key", "new"), "Missing option '--output'", "Il manque l'option --output"),
        (("consent", "revoke", "c", "--offline"), "go together", "vont ensemble"),
    ],
)
def test_a_wrong_command_line_is_one_line_in_the_users_language(
    bare: Desk, words: tuple[str, ...], english: str, french: str
) -> None:
    said = bare.run(*words).refused(2)
    assert english in said
    assert "--help" in said
    assert "hunter2" not in said
    assert french in bare.run(*words, SCEAU_LANGUAGE="fr").refused(2)


def test_a_group_without_a_command_shows_its_help(bare: Desk) -> None:
    result = bare.run("consent")
    assert result.code == 2
    assert "revoke" in result.out
    assert result.err == ""


def test_an_error_in_the_configuration_is_said_in_the_language_asked_for(bare: Desk) -> None:
    bare.write("sceau.toml", 'language = "fr"\nkeystor = "x"')
    assert "fichier de configuration" in bare.run("doctor", SCEAU_LANGUAGE="fr").refused()
    assert "configuration file" in bare.run("doctor").refused()
    assert "Écrivez en ou fr" not in bare.run("doctor", "--config", "/dev/null", "--language", "de").refused()


def test_the_file_may_choose_the_language_of_help_too(bare: Desk) -> None:
    bare.write("sceau.toml", 'language = "fr"')
    assert "Afficher cette page" in bare.run("--help").out


def test_ctrl_c_is_one_line(bare: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    break_doctor(monkeypatch, KeyboardInterrupt())
    assert bare.run("doctor").refused(130) == "sceau: Interrupted."


def test_ctrl_c_in_a_real_process_leaves_no_traceback_and_no_file(bare: Desk) -> None:
    listener = subprocess.Popen([sys.executable, "-c", SILENT_NODE], stdout=subprocess.PIPE, text=True)
    assert listener.stdout is not None
    port = listener.stdout.readline().strip()
    # A node that takes the connection and never answers: the command is caught in the middle.
    command = subprocess.Popen(
        [sys.executable, "-m", "sceau.cli.main", "doctor", "--node", f"http://127.0.0.1:{port}"],
        cwd=bare.directory,
        env={"PATH": os.environ["PATH"], **bare.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        time.sleep(3)
        command.send_signal(signal.SIGINT)
        out, err = command.communicate(timeout=20)
    finally:
        command.kill()
        listener.kill()
        listener.communicate()
    assert command.returncode == 130, err
    assert "Traceback" not in out + err
    assert bare.files() == {}


def test_a_reader_that_leaves_early_is_no_error(bare: Desk) -> None:
    command = f"{sys.executable} -m sceau.cli.main --help | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command],
        env={"PATH": os.environ["PATH"], **bare.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_the_entry_point_ends_the_process_with_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "run", lambda _words: 3)
    with pytest.raises(SystemExit) as ended:
        entry.main()
    assert ended.value.code == 3
