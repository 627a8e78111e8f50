# SPDX-License-Identifier: Apache-2.0
"""What a command stores, in the files that its options name and in the store of the settings."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from sceau.cli.errors import FileTwice
from sceau.cli.file_store import file_store
from sceau.documents.errors import FileExists
from sceau.settings import SettingMissing, Settings
from sceau.store import Arrived, Kind, LocalStore, Number
from sceau.store.errors import EnvelopeReplayed

ROOT, CLAIM = "0x" + "aa" * 32, "0x" + "cc" * 32
STEP = {"format": "a step"}
SEALED = {"recipient": 2, "text": "eyJ"}


def arrived(id_: str = "one") -> Arrived:
    return Arrived(sender=1, id=id_, document={"signed": id_}, claim=CLAIM)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "store").mkdir()
    return Settings(store=tmp_path / "store")


def test_a_step_and_its_envelope_go_into_their_files_and_are_taken_back(
    settings: Settings, tmp_path: Path
) -> None:
    step, envelope = tmp_path / "step.json", tmp_path / "step.env"
    store = file_store(settings, step=step, envelope=envelope)
    store.put(Kind.STEP, ROOT, STEP, claim=CLAIM)
    store.put(Kind.ENVELOPE, ROOT, SEALED, claim=CLAIM)
    assert (json.loads(step.read_text()), envelope.read_text()) == (STEP, "eyJ\n")
    assert [stat.S_IMODE(path.stat().st_mode) for path in (step, envelope)] == [0o600, 0o600]
    # The next command finds it in the store.
    assert file_store(settings).of_claim(Kind.STEP, CLAIM) == [STEP]
    for kind in (Kind.STEP, Kind.ENVELOPE):
        store.discard(kind, ROOT)
    assert not step.exists()
    assert not envelope.exists()
    assert file_store(settings).get(Kind.STEP, ROOT) is None


def test_a_file_that_this_command_did_not_write_is_never_removed(settings: Settings, tmp_path: Path) -> None:
    step = tmp_path / "step.json"
    store = file_store(settings, step=step)
    step.write_text("another's")
    store.discard(Kind.STEP, ROOT)
    assert step.read_text() == "another's"
    with pytest.raises(FileExists):
        store.put(Kind.STEP, ROOT, STEP, claim=CLAIM)
    assert step.read_text() == "another's"


def test_files_are_looked_at_before_anything_is_done(settings: Settings, tmp_path: Path) -> None:
    there = tmp_path / "there.json"
    there.write_text("")
    for named in ({"step": there}, {"envelope": there}, {"others": (None, there)}):
        with pytest.raises(FileExists):
            file_store(settings, **named)
    file_store(settings, step=there, force=True).put(Kind.STEP, ROOT, STEP)
    assert json.loads(there.read_text()) == STEP
    new = tmp_path / "new.json"
    with pytest.raises(FileTwice):
        file_store(settings, step=new, others=(tmp_path / "." / "new.json",))


def test_a_message_is_kept_in_its_file_when_it_is_received(settings: Settings, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    store = file_store(settings, others=(kept,))
    store.files.keep(1, "one", kept)
    assert not kept.exists()
    store.receive([arrived("two"), arrived("one")])
    assert json.loads(kept.read_text()) == {"signed": "one"}
    assert LocalStore(settings.store).has_received(1, "two")
    assert len(store.of_claim(Kind.MESSAGE, CLAIM)) == 2


def test_a_message_that_another_process_received_first_is_kept_in_no_file(
    settings: Settings, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.json"
    store = file_store(settings)
    store.files.keep(1, "one", kept)
    LocalStore(settings.store).receive([arrived("two")])
    with pytest.raises(EnvelopeReplayed):
        store.receive([arrived("one"), arrived("two")])
    assert not kept.exists()
    assert not store.has_received(1, "one")


def test_what_must_last_needs_a_store_and_the_rest_none(tmp_path: Path) -> None:
    store = file_store(Settings(), step=tmp_path / "step.json")
    store.put(Kind.STEP, ROOT, STEP, claim=CLAIM)
    store.put(Kind.VERDICT, "one", {"id": "one"})
    assert store.get(Kind.VERDICT, "one") == {"id": "one"}
    for lasting in (
        lambda: store.has_received(1, "one"),
        lambda: store.receive([arrived()]),
        lambda: store.reserve(Number.DISPATCH, "BL1", CLAIM, ended=lambda _: False),
        lambda: store.release(Number.DISPATCH, "BL1", CLAIM),
    ):
        with pytest.raises(SettingMissing):
            lasting()


def test_a_verdict_stays_only_where_that_is_asked_for(settings: Settings) -> None:
    file_store(settings).put(Kind.VERDICT, "passing", {"id": "passing"})
    file_store(settings, verdicts_stay=True).put(Kind.VERDICT, "staying", {"id": "staying"})
    later = file_store(settings)
    assert later.get(Kind.VERDICT, "passing") is None
    assert later.get(Kind.VERDICT, "staying") == {"id": "staying"}
