# SPDX-License-Identifier: Apache-2.0
"""Whatever bytes somebody changed in a file, its reader reads it or refuses it by an error of this program."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sceau.chain.manifest import Manifest
from sceau.chain.signer import Signer
from sceau.cli.main import run
from sceau.consent.compact import load_card
from sceau.documents.wrapped import text_of
from sceau.errors import SceauError
from sceau.formats.fhir import import_claim, import_prescription
from sceau.messages.envelope import PartyNamespace, encrypt_envelope, open_envelope
from sceau.messages.source import read_disclosure_source, read_source
from sceau.party.application import kept_in
from sceau.party.directory import Directory
from sceau.party.message_keys import MessageKeys
from sceau.policy import list_policies
from sceau.settings import load_settings
from tests.support.documents import Kind, kinds
from tests.support.stage import Played

FHIR = Path(__file__).parents[2] / "fhir-r4"
SETTINGS = (
    b'nodes = ["https://node-1.example", "http://[::1]:8545"]\nmanifest = "~/deployment.json"\nkeystore = "key.json"\n'
    b'fee_limit = "0.1"\nlanguage = "fr"\n'
)
#: What is put into a file: pieces of JSON and TOML, numbers and texts that readers stumble over, other encodings.
PIECES = (
    *(bytes([byte]) for byte in b"\0\xff\\\"'{}[],:=\r\n\t#~ -+0"),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"\xc2\xa0"),
    *("é".encode(), "\u202e".encode(), b"~nobody-such/", b"/dev/null", b"..", b"eyJ", b"%s", b"{0}", b"0x"),
    *(b"-0", b"1.0", b"1e400", b"9" * 30, b"9" * 5000, b"NaN", b"null", b"true", b"{}", b"[]", b'""', b"[["),
    b"2026-02-30",
)


def changed(dice: random.Random, data: bytes) -> bytes:
    """``data`` with one to four slices removed, doubled, moved or replaced; now and then only its beginning."""
    for _ in range(dice.randint(1, 4)):
        start = dice.randint(0, len(data))
        end = min(len(data), start + dice.randint(0, 40))
        piece = dice.choice((*PIECES, dice.randbytes(dice.randint(1, 4))))
        data = dice.choice(
            (
                data[:start] + piece + data[start:],
                data[:start] + piece + data[end:],
                data[:start] + data[end:],
                data[:end] + data[start:],
                data[:start] + data[end:] + data[start:end],
                data[:start],
            )
        )
    return data


#: Formats whose readers take an object that was parsed before.
PARSED_BEFORE = ("sceau-deployment-1", "jwks")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


Reader = Callable[[bytes], object]


def hold(read: Reader, data: bytes) -> None:
    """Reads, or is refused in one line."""
    try:
        read(data)
    except SceauError as refused:
        told = f"{refused.message('en')}{refused.message('fr')}"
    else:
        told = ""
    assert "\n" not in told


many = settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SEEDS = st.integers(0, 2**32).map(random.Random)


@pytest.fixture(scope="module")
def every(played: Played) -> list[Kind]:
    with played.set() as stage:
        return kinds(stage)


@many
@given(dice=SEEDS)
def test_a_document_of_any_format_is_read_or_refused(every: list[Kind], dice: random.Random) -> None:
    """Every format once in each example."""
    for kind in every:
        text = changed(dice, json.dumps(kind.files[0], indent=1).encode()).decode("utf-8", "replace")
        if kind.schema in PARSED_BEFORE and not _is_json(text):
            continue
        hold(lambda data, kind=kind: kind.read(data.decode()), text.encode())  # type: ignore[misc] # its own kind


@many
@given(dice=SEEDS)
def test_settings(tmp_path: Path, dice: random.Random) -> None:
    def read(content: bytes) -> object:
        file = tmp_path / "sceau.toml"
        file.write_bytes(content)
        return load_settings(config=file, environment={})

    hold(read, changed(dice, SETTINGS))
    # The pages of help are shown whatever the file says.
    assert run(["--config", str(tmp_path / "sceau.toml"), "--version"]) in (0, 2)


KEYSTORE = Signer.generate().to_keystore("secret", iterations=2)


@many
@given(dice=SEEDS)
def test_a_keystore_opens_to_its_own_key_or_not_at_all(tmp_path: Path, dice: random.Random) -> None:
    def read(content: bytes) -> None:
        file = tmp_path / "key.json"
        file.write_bytes(content)
        opened = Signer.from_keystore(file, "secret")
        assert opened.address == Signer.from_keystore_json(KEYSTORE, "secret").address

    hold(read, changed(dice, json.dumps(KEYSTORE).encode()))


OWN, OTHER = MessageKeys.generate(), MessageKeys.generate()
HERE = PartyNamespace(1337, "0x" + "ab" * 20)
ENVELOPE = encrypt_envelope(
    "note",
    {"a": 1},
    namespace=HERE,
    sender=1,
    keys=OTHER,
    recipient=2,
    recipient_keys=OWN.public,
    now=1_800_000_000,
    size=8_192,
).encode()


@many
@given(dice=SEEDS)
def test_an_envelope(dice: random.Random) -> None:
    def read(content: bytes) -> None:
        read_disclosure_source(content)
        source = read_source(content)
        if isinstance(source, str):
            message = open_envelope(
                source,
                kind=None,
                namespace=HERE,
                reader=2,
                keys=OWN,
                published=lambda _party, _at: OTHER.public,
                now=1_800_000_000,
            )
            assert message.body == {"a": 1}

    hold(read, changed(dice, ENVELOPE))


LOCKED = OWN.locked("secret").encode()


# Each unlocking takes half a second.
@settings(many, max_examples=4)
@given(dice=SEEDS)
def test_message_keys(dice: random.Random) -> None:
    hold(lambda content: MessageKeys.unlock(text_of(content), "secret"), changed(dice, LOCKED))


@many
@given(dice=SEEDS)
def test_files_of_a_folder(every: list[Kind], dice: random.Random, tmp_path: Path) -> None:
    """A card, a manifest, a policy and the entries of a directory, read as files."""
    known = {kind.schema: json.dumps(kind.files[0]).encode() for kind in every}

    def policies(file: Path) -> object:
        return list_policies(file.parent)

    def entries(file: Path) -> object:
        kept_in(file.read_bytes())
        return Directory.load(file.parent)

    for number, (schema, read) in enumerate(
        {
            "sceau-consent-card-1": load_card,
            "sceau-deployment-1": Manifest.load,
            "sceau-policy-1": policies,
            "sceau-directory-entry-2": entries,
        }.items()
    ):
        folder = tmp_path / str(number)
        folder.mkdir(exist_ok=True)
        file = folder / "file.json"

        def from_file(content: bytes, file: Path = file, read: Callable[[Path], object] = read) -> object:
            file.write_bytes(content)
            return read(file)

        hold(from_file, changed(dice, known[schema]))


@many
@given(dice=SEEDS)
def test_fhir(dice: random.Random) -> None:
    claim, coverage, prescription = (
        (FHIR / f"{name}.json").read_bytes()
        for name in ("Claim-660151", "Coverage-9876B1", "VisionPrescription-33123")
    )
    hold(lambda content: import_claim(content, coverage), changed(dice, claim))
    hold(lambda content: import_claim(claim, content), changed(dice, coverage))
    hold(import_prescription, changed(dice, prescription))
