# SPDX-License-Identifier: Apache-2.0
"""Message keys and the directory, from the command line."""

from __future__ import annotations

import json
import stat

import pytest

from sceau.party.entry import DirectoryEntry
from tests.client.cli.conftest import PASSWORD, Desk, furnish
from tests.support.deployed import Deployed

MESSAGES = "a password for messages"


@pytest.fixture
def desk(bare: Desk) -> Desk:
    bare.write("messages.password", MESSAGES + "\n")
    bare.write(
        "sceau.toml",
        'message_password_file = "messages.password"\nmessage_keys = "messages"\ndirectory = "entries"\n',
    )
    return bare


def test_new_keys_are_locked_and_their_public_half_is_written_apart(desk: Desk) -> None:
    made = desk.run("message-keys", "new", "-o", "messages", "--public", "jwks.json", "--json")
    assert made.code == 0, made
    assert stat.S_IMODE(desk.path("messages").stat().st_mode) == 0o600
    locked = desk.path("messages").read_text()
    assert "kty" not in locked
    keys = desk.json("jwks.json")["keys"]
    assert [key["use"] for key in keys] == ["sig", "enc"]
    assert all("d" not in key for key in keys)
    assert [key["kid"] for key in keys] == [made.data["signing"], made.data["encryption"]]
    again = desk.run("message-keys", "public", "-o", "again.json")
    assert again.code == 0, again
    assert desk.json("again.json") == desk.json("jwks.json")


def test_a_private_key_or_password_is_printed_nowhere(desk: Desk) -> None:
    for flags in ((), ("--json",)):
        made = desk.run("message-keys", "new", "-o", "messages", "--force", *flags)
        assert MESSAGES not in made.out + made.err
        assert '"d"' not in made.out + made.err


def test_keys_are_not_written_over(desk: Desk) -> None:
    desk.write("messages", "precious")
    before = desk.files()
    assert "messages" in desk.run("message-keys", "new", "-o", "messages").refused()
    assert "jwks" in desk.run("message-keys", "new", "-o", "new", "--public", "no/jwks").refused()
    assert desk.files() == before


def test_a_wrong_password_or_another_file_is_refused_plainly(desk: Desk) -> None:
    desk.run("message-keys", "new", "-o", "messages")
    desk.write("messages.password", "wrong")
    line = desk.run("message-keys", "public", "-o", "jwks.json").refused()
    assert "messages" in line
    assert "password is wrong" in line
    desk.write("messages", "{}")
    assert "does not open" in desk.run("message-keys", "public", "-o", "jwks.json").refused()
    desk.path("messages").unlink()
    assert "does not exist" in desk.run("message-keys", "public", "-o", "jwks.json").refused()
    desk.write("sceau.toml", "")
    said = desk.run("message-keys", "public", "-o", "jwks.json", SCEAU_LANGUAGE="fr").refused()
    assert "SCEAU_MESSAGE_KEYS" in said
    assert not desk.path("jwks.json").exists()


def test_a_party_publishes_its_entry_and_others_put_it_into_their_directory(
    chain: Deployed, desk: Desk
) -> None:
    furnish(desk.directory, chain, "practice")
    desk.write("controller.json", chain.controllers["practice"].to_keystore(PASSWORD, iterations=2**10))
    desk.path("entries").mkdir()
    configuration = desk.path("sceau.toml").read_text() + 'directory = "entries"\n'
    desk.write("sceau.toml", configuration + 'message_password_file = "messages.password"\n')
    desk.run("message-keys", "new", "-o", "messages", "--public", "jwks.json")
    made = desk.run(
        *("directory", "entry", "--name", "Optique du Pont", "--identifier", "73282932000074"),
        *("--jwks", "jwks.json", "-o", "entry.json", "--json"),
    )
    assert made.code == 0, made
    early = desk.run("directory", "add", "entry.json").refused()
    assert "No party" in early
    published = desk.run(
        *("directory", "publish", "entry.json", "--party", "1", "--keystore", "controller.json", "--json")
    )
    assert published.code == 0, published
    assert published.data["hash"] == made.data["hash"]
    added = desk.run("directory", "add", "entry.json", "--json")
    stored = str(desk.path("entries/party-1.json"))
    # Its keys count; its name waits for the admins, who admitted the party without one.
    assert added.data == {"party": 1, "name": None, "waits": True, "resembles": None, "file": stored}
    assert "Party 1 published another name" in desk.run("directory", "add", "entry.json").err
    listed = desk.run("directory", "list", "--json").data["parties"]
    unnamed = {"name": None, "country": None, "identifier": None, "resembles": None}
    assert listed[0] == {"party": 1, "messages": True, "known": True, "waits": True, **unnamed}
    assert listed[1] == {"party": 2, "messages": False, "known": False, "waits": False, **unnamed}
    for language, said in (("en", "no name"), ("fr", "pas de fiche")):
        shown = desk.run("directory", "list", SCEAU_LANGUAGE=language)
        assert said in shown.out
        assert "Optique du Pont" not in shown.out + shown.err

    entry = DirectoryEntry.from_json(desk.path("entry.json").read_bytes())
    statement = chain.consortium.confirm_identity(1, entry)
    desk.write("statement.json", statement.to_json())
    added = desk.run("directory", "add", "statement.json", "--json")
    kept = str(desk.path(f"entries/party-1-confirmed-{statement.publication}.json"))
    named = {"name": "Optique du Pont", "waits": False, "resembles": None}
    assert added.data == {"party": 1, "file": kept, **named}
    assert "Optique du Pont" in desk.run("directory", "list").out
    desk.write("statement.json", {**statement.to_json(), "party": 2})
    assert "statement.json" in desk.run("directory", "add", "statement.json").refused()


def test_new_keys_after_a_theft_need_nobody_and_keep_the_name(chain: Deployed, desk: Desk) -> None:
    furnish(desk.directory, chain, "practice")
    desk.write("controller.json", chain.controllers["practice"].to_keystore(PASSWORD, iterations=2**10))
    desk.path("entries").mkdir()
    named = ("--name", "Optique du Pont", "--identifier", "73282932000074", "--jwks", "jwks.json")
    publish = ("--party", "1", "--keystore", "controller.json")
    configuration = desk.path("sceau.toml").read_text() + 'directory = "entries"\n'
    desk.write("sceau.toml", configuration + 'message_password_file = "messages.password"\n')
    made: tuple[tuple[str, tuple[str, ...]], ...] = (("first", ()), ("second", ("--after", "first.json")))
    for name, after in made:
        desk.run("message-keys", "new", "-o", "messages", "--public", "jwks.json", "--force")
        assert desk.run("directory", "entry", *named, *after, "-o", f"{name}.json").code == 0
        assert desk.run("directory", "publish", f"{name}.json", *publish).code == 0
        if name == "first":
            entry = DirectoryEntry.from_json(desk.path("first.json").read_bytes())
            desk.write("entries/statement.json", chain.consortium.confirm_identity(1, entry).to_json())
    # A reader that never saw the first entry: the second brings what proves that only its keys are new.
    added = desk.run("directory", "add", "second.json", "--json").data
    assert (added["name"], added["waits"]) == ("Optique du Pont", False)
    assert desk.json("entries/party-1.json")["former_keys"] == [entry.keys_hash]
    renamed = ("--name", "Mutuelle Loire", *named[2:], "--after", "second.json", "-o", "third.json")
    warned = desk.run("directory", "entry", *renamed, "--json")
    assert (warned.code, "warning" in warned.err) == (0, True)


def test_the_entry_of_an_application_can_be_added(chain: Deployed, desk: Desk) -> None:
    furnish(desk.directory, chain, "stranger")
    desk.write("controller.json", chain.controllers["supplier"].to_keystore(PASSWORD, iterations=2**10))
    desk.path("entries").mkdir()
    applied = desk.run(
        *("party", "apply", "--name", "Verrier", "--identifier", "73282932000074", "--role", "supplier"),
        *(
            "--controller",
            chain.controllers["supplier"].address,
            "--key",
            "key.json",
            "-o",
            "application.json",
        ),
    )
    assert applied.code == 0, applied
    # The same entry, published by a party that is admitted already.
    desk.write("entry.json", desk.json("application.json")["entry"])
    done = desk.run("directory", "publish", "entry.json", "--party", "2", "--keystore", "controller.json")
    assert done.code == 0, done
    added = desk.run("directory", "add", "application.json", "--directory", "entries")
    assert added.code == 0, added
    assert desk.json("entries/party-2.json")["name"] == "Verrier"


def test_only_the_controller_publishes(chain: Deployed, desk: Desk) -> None:
    furnish(desk.directory, chain, "practice")
    desk.run("directory", "entry", "--name", "Aube", "--identifier", "732829320", "-o", "entry.json")
    line = desk.run("directory", "publish", "entry.json", "--party", "1").refused()
    assert "controller" in line


@pytest.mark.parametrize(
    "damage",
    ["{}", "{", '{"format": "sceau-directory-entry/1"}', '{"format": "sceau-identity-confirmation/1"}'],
)
def test_a_damaged_entry_is_named(chain: Deployed, desk: Desk, damage: str) -> None:
    furnish(desk.directory, chain, "practice")
    desk.path("entries").mkdir()
    desk.write("entries/broken.json", damage)
    before = desk.files()
    assert "broken.json" in desk.run("directory", "list", "--directory", "entries").refused()
    assert (
        "broken.json"
        in desk.run("directory", "add", "entries/broken.json", "--directory", "entries").refused()
    )
    assert desk.files() == before


def test_published_keys_with_a_private_half_are_refused(desk: Desk) -> None:
    desk.run("message-keys", "new", "-o", "messages", "--public", "jwks.json")
    keys = desk.json("jwks.json")
    keys["keys"][0]["d"] = keys["keys"][0]["x"]
    desk.write("jwks.json", json.dumps(keys))
    line = desk.run(
        "directory",
        "entry",
        "--name",
        "Aube",
        "--identifier",
        "732829320",
        "--jwks",
        "jwks.json",
        "-o",
        "entry.json",
    ).refused()
    assert "private" in line
    assert not desk.path("entry.json").exists()
