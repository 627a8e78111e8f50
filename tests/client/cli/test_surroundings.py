# SPDX-License-Identifier: Apache-2.0
"""The command where a system is odd: no home, an unknown user, a deleted folder, other encodings, strange variables."""

from __future__ import annotations

import json
import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from sceau.chain.errors import KeystoreInvalid, ManifestInvalid
from sceau.chain.manifest import Manifest
from sceau.chain.signer import Signer
from sceau.cli.main import run
from sceau.policy import list_policies
from sceau.policy.errors import PolicyBroken
from sceau.settings import HomeUnknown, load_settings
from tests.client.cli.conftest import CHEAPLY, Desk, Result

SCEAU = (sys.executable, "-m", "sceau.cli.main")
PASSWORD = "mot de passe d'été"


def process(
    desk: Desk, *words: str, given: bytes = b"", **variables: str
) -> subprocess.CompletedProcess[bytes]:
    environment = {"PATH": os.environ["PATH"], **desk.environment, **variables}
    return subprocess.run(
        [*CHEAPLY, *words], cwd=desk.directory, env=environment, input=given, capture_output=True, check=False
    )


def refused(result: Result, code: str) -> None:
    """One line, a documented exit code, and no fault of the program."""
    assert result.code == 1
    (line,) = result.err.strip().splitlines()
    assert json.loads(line)["error"] == code


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252", "latin-1"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_password_is_one_by_standard_input_in_any_locale_and_by_file(
    bare: Desk, encoding: str, mark: bytes
) -> None:
    given = mark + PASSWORD.encode() + b"\r\n"
    made = process(
        bare, "key", "new", "-o", "k.json", "--password-file", "-", given=given, PYTHONIOENCODING=encoding
    )
    assert made.returncode == 0, made.stderr
    assert Signer.from_keystore(bare.path("k.json"), PASSWORD).address


def test_standard_input_that_is_not_utf_8_is_refused_in_one_line(bare: Desk) -> None:
    words = ("key", "new", "-o", "k.json", "--password-file", "-", "--json")
    done = process(bare, *words, given=PASSWORD.encode("latin-1"))
    refused(Result(done.returncode, done.stdout.decode(), done.stderr.decode()), "file-not-read")
    assert not bare.path("k.json").exists()


def test_a_line_that_is_too_long_is_not_cut_to_another_secret(bare: Desk) -> None:
    words = ("key", "new", "-o", "k.json", "--password-file", "-", "--json")
    done = process(bare, *words, given=b"x" * 1_000_001)
    refused(Result(done.returncode, done.stdout.decode(), done.stderr.decode()), "file-not-read")


@pytest.mark.parametrize(
    ("words", "variables"),
    [
        (("doctor", "--keystore", "~nosuchuser/k.json"), {}),
        (("doctor", "--config", "~nosuchuser/sceau.toml"), {}),
        (("doctor",), {"SCEAU_KEYSTORE": "~nosuchuser/k.json"}),
        (("doctor",), {"SCEAU_CONFIG": "~nosuchuser/sceau.toml"}),
    ],
)
def test_the_folder_of_an_unknown_user_is_told(
    bare: Desk, words: tuple[str, ...], variables: dict[str, str]
) -> None:
    refused(bare.run(*words, "--json", **variables), "home-unknown")
    for page in ("--help", "--version"):
        assert bare.run(page, **variables).code == 0


def test_it_is_told_from_a_file_of_settings_too(bare: Desk) -> None:
    bare.write("sceau.toml", 'keystore = "~nosuchuser/k.json"\n')
    refused(bare.run("doctor", "--json"), "home-unknown")
    assert bare.run("--help").code == 0


def test_without_a_home_nothing_of_the_user_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def unknown(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    # What the system gives for such a user, "~", is a name like any other: nothing may be read there.
    (tmp_path / "~" / ".config" / "sceau").mkdir(parents=True)
    (tmp_path / "~" / ".config" / "sceau" / "sceau.toml").write_text(
        'nodes = ["http://elsewhere"]\n', "utf-8"
    )
    monkeypatch.chdir(tmp_path)
    assert load_settings(environment={}).nodes == ()
    with pytest.raises(HomeUnknown):
        load_settings({"manifest": "~/deployment.json"}, environment={})
    for page in (["--help"], ["--version"]):
        assert run(page) == 0


@pytest.mark.parametrize(
    "variables",
    [
        {"HOME": "/dev/null", "XDG_CONFIG_HOME": ""},
        {"HOME": "", "XDG_CONFIG_HOME": ""},
        {"HOME": "relative", "XDG_CONFIG_HOME": ""},
        {"HOME": "/no/such/folder", "XDG_CONFIG_HOME": ""},
        {"XDG_CONFIG_HOME": "/dev/null"},
        {"XDG_CONFIG_HOME": "~nosuchuser"},
    ],
)
def test_a_home_that_is_none_holds_no_settings(bare: Desk, variables: dict[str, str]) -> None:
    quote = Path(__file__).parents[2] / "data" / "quote.json"
    done = bare.run("import", "quote", quote, "-o", "values.json", "--json", **variables)
    assert (done.code, done.err) == (0, "")


def test_a_working_directory_that_was_deleted_is_told(bare: Desk) -> None:
    gone = bare.path("gone")
    for words, code in ((("doctor", "--json"), 1), (("--help",), 0), (("--version",), 0)):
        gone.mkdir()
        done = subprocess.run(
            ["sh", "-c", 'rmdir ../gone && exec "$@"', "sh", *SCEAU, *words],
            cwd=gone,
            env={"PATH": os.environ["PATH"], **bare.environment, "PYTHONPATH": str(Path.cwd())},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        if code:
            assert json.loads(done.stderr)["error"] == "working-directory-gone"


@pytest.mark.parametrize(
    "variables",
    [
        {"TERMINAL_WIDTH": "abc"},
        {"TERMINAL_WIDTH": ""},
        {"TERMINAL_WIDTH": "-4"},
        {"TERMINAL_WIDTH": "²"},
        {"COLUMNS": "abc"},
        {"COLUMNS": "1"},
        {"COLUMNS": "0"},
        {"COLUMNS": "-1"},
        {"COLUMNS": "²"},
        {"COLUMNS": "99999999999"},
        {"LINES": "٣"},
        {"TERMINAL_WIDTH": "99999999999999999999"},
        {"LINES": "x"},
        {"TERM": "no-such-terminal"},
        {"XDG_CONFIG_HOME": "relative"},
        {"SCEAU_NODE": ","},
    ],
)
@pytest.mark.parametrize("page", ["--help", "--version"])
def test_odd_variables_hide_no_page_of_help(bare: Desk, variables: dict[str, str], page: str) -> None:
    done = process(bare, page, given=b"", **variables)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout


def test_a_hyphen_is_no_name_of_an_output(bare: Desk) -> None:
    refused(
        bare.run("key", "new", "-o", "-", "--password-file", "-", "--json", typed=PASSWORD),
        "file-not-written",
    )
    refused(bare.run("message-keys", "new", "-o", "-", "--public", "p.json", "--json"), "file-not-written")
    refused(bare.run("message-keys", "new", "-o", "p.json", "--public", "-", "--json"), "file-not-written")
    quote = Path(__file__).parents[2] / "data" / "quote.json"
    for name in ("-", "./-"):
        refused(bare.run("import", "quote", quote, "-o", name, "--force", "--json"), "file-not-written")
    assert not bare.files()


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no device that never ends")
def test_a_file_that_never_ends_is_not_read_to_its_end(bare: Desk) -> None:
    """As a link or a mistaken name may lead to one: the memory would be full first."""
    zero = Path("/dev/zero")
    refused(bare.run("doctor", "--config", zero, "--json"), "config-invalid")
    with pytest.raises(KeystoreInvalid):
        Signer.from_keystore(zero, PASSWORD)
    with pytest.raises(ManifestInvalid):
        Manifest.load(zero)
    bare.path("x.json").symlink_to(zero)
    with pytest.raises(PolicyBroken):
        list_policies(bare.directory)


def test_a_pipe_holds_up_no_page_of_help(bare: Desk) -> None:
    os.mkfifo(bare.path("pipe"))
    refused(bare.run("doctor", "--config", "pipe", "--json"), "config-invalid")
    for page in ("--help", "--version"):
        assert bare.run(page, SCEAU_CONFIG="pipe").code == 0


WARNS = """
import logging, sys, warnings
from sceau.cli.main import run

class Warns:
    def main(self, **_):
        warnings.warn("/usr/lib/python3/web3/main.py: no priority fee", UserWarning, stacklevel=1)
        logging.getLogger("web3").warning("no priority fee")
        return 0

sys.exit(run(["party", "list", "--json"], build=Warns))
"""


def test_nothing_of_a_library_is_written_among_what_programs_read(bare: Desk) -> None:
    """A node that lacks a method makes web3 warn, with a path of this computer."""
    environment = {"PATH": os.environ["PATH"], **bare.environment}
    done = subprocess.run([sys.executable, "-c", WARNS], env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
