# SPDX-License-Identifier: Apache-2.0
"""Sealing, keeping and restoring a record."""

import json
import random
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sceau.documents.errors import FileMalformed
from sceau.errors import SceauError
from sceau.record import RECORD_PATH, Multiproof, Scope, SealedRecord, Value, seal
from sceau.record.errors import (
    NothingToShow,
    OpeningDoesNotFit,
    PathMissing,
    PathNotInRecord,
    PathUnknown,
    ProfileUnknown,
    RuleBroken,
    ScopeNotCanonical,
    ValueNotCanonical,
)
from tests.client.record.records import (
    CLAIM,
    CONSENT_SCOPE,
    CONTRACT,
    LARGEST_LENSES,
    LENS_SCOPE,
    consent_values,
    random_record,
)

seeds = st.integers(0, 2**64)


def consent(seed: int = 0) -> dict[str, Value]:
    return consent_values(random.Random(seed))


@given(seeds)
def test_any_record_is_sealed_shown_and_read(seed: int) -> None:
    rng = random.Random(seed)
    scope, values = random_record(rng)
    record = seal(scope, values)
    chosen = rng.sample(sorted(values), rng.randint(1, len(values)))
    shown = Multiproof.from_json(json.dumps(record.prove(chosen).to_json()))
    assert shown.read(record.root, scope) == {path: values[path] for path in chosen}
    assert record.prove_all().read_full(record.root, scope) == values
    assert SealedRecord.from_json(json.dumps(record.to_json())) == record


def test_every_seal_has_a_fresh_seed_and_root() -> None:
    openings = [seal(CONSENT_SCOPE, consent()) for _ in range(50)]
    assert len({each.seed for each in openings}) == 50
    assert len({each.root for each in openings}) == 50
    assert len({leaf.salt for each in openings for leaf in each.leaves}) == 50 * 16


def test_a_leaf_of_every_path_its_scope_and_its_free_places() -> None:
    record = seal(CONSENT_SCOPE, consent())
    paths = [leaf.path for leaf in record.leaves]
    assert len(paths) == len(set(paths)) == 16
    assert paths[0] == RECORD_PATH
    assert record.leaves[0].value == CONSENT_SCOPE.text()
    pads = [leaf for leaf in record.leaves if leaf.path.startswith("pad.")]
    assert [leaf.path for leaf in pads] == [f"pad.{n}" for n in range(1, 16 - len(record.values))]
    assert {(leaf.type, leaf.value) for leaf in pads} <= {("bytes32", "0x" + "00" * 32)}


def test_a_disclosure_always_shows_the_record_and_nothing_that_was_not_chosen() -> None:
    shown = seal(LENS_SCOPE, LARGEST_LENSES).prove(["right.axis", "right.axis"])
    assert {leaf.path for leaf in shown.leaves} == {RECORD_PATH, "right.axis"}


@pytest.mark.parametrize("paths", [["group.8"], ["purpose", "nothing"], ["pad.1"], [RECORD_PATH], "purpose"])
def test_only_what_the_record_holds_is_shown(paths: list[str] | str) -> None:
    values = {**consent(), "purpose": "X"}
    for place in range(2, 9):
        values.pop(f"group.{place}", None)
    with pytest.raises(PathNotInRecord):
        seal(CONSENT_SCOPE, values).prove(paths)


def test_a_disclosure_of_nothing_is_not_made() -> None:
    with pytest.raises(NothingToShow):
        seal(CONSENT_SCOPE, consent()).prove([])


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"payer": 0}, ValueNotCanonical),
        ({"payer": "3"}, ValueNotCanonical),
        ({"payer": True}, ValueNotCanonical),
        ({"name": "X"}, PathUnknown),
        ({"pad.1": "0x" + "00" * 32}, PathUnknown),
        ({RECORD_PATH: "x"}, PathUnknown),
        ({5: "x"}, PathUnknown),
        ({"group.1": "ZZZ", "group.2": "AAA"}, RuleBroken),
    ],
)
def test_a_record_outside_its_profile_is_not_sealed(change: dict[Any, Any], error: type[SceauError]) -> None:
    with pytest.raises(error):
        seal(CONSENT_SCOPE, {**consent(), **change})


def test_a_record_without_a_required_path_is_not_sealed() -> None:
    values = consent()
    del values["expires"]
    with pytest.raises(PathMissing, match="expires"):
        seal(CONSENT_SCOPE, values)


@pytest.mark.parametrize(
    ("scope", "error"),
    [
        (Scope("consent", 1, 1, CONTRACT, CLAIM, 0, "opened"), ScopeNotCanonical),
        (Scope("optical-prescription", 1, 1, CONTRACT), ScopeNotCanonical),
        (Scope("consent", 99, 1, CONTRACT), ProfileUnknown),
        (Scope("no-such", 1, 1, CONTRACT), ProfileUnknown),
    ],
)
def test_a_scope_that_does_not_fit_its_profile_is_not_sealed(scope: Scope, error: type[SceauError]) -> None:
    with pytest.raises(error):
        seal(scope, consent() if scope.profile == "consent" else LARGEST_LENSES)


def test_nothing_printed_holds_a_secret() -> None:
    record = seal(LENS_SCOPE, LARGEST_LENSES)
    shown = record.prove(["right.sphere", "right.prism.vertical"])
    secrets = [record.seed.hex(), repr(record.seed), "-2.00", "-0.50", "2026-10-05"]
    secrets += [leaf.salt.hex() for leaf in record.leaves] + [repr(leaf.salt) for leaf in record.leaves]
    for printed in (record, shown, record.leaves, shown.leaves, [record], {"a": shown}):
        assert not [secret for secret in secrets if secret in f"{printed!r}{printed}"]
    assert record.root in repr(record)


def test_an_opening_cannot_be_changed() -> None:
    record = seal(CONSENT_SCOPE, consent())
    with pytest.raises(AttributeError):
        record.seed = bytes(32)  # type: ignore[misc]  # what must not work
    with pytest.raises(TypeError):
        record.values["payer"] = 5  # type: ignore[index]  # what must not work


def test_the_values_given_may_change_afterwards_without_changing_the_seal() -> None:
    values = consent()
    record = seal(CONSENT_SCOPE, values)
    values["payer"] = 99
    assert record.values["payer"] != 99


@pytest.mark.parametrize("seed", [b"", bytes(31), bytes(33)])
def test_a_seed_has_32_bytes(seed: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        SealedRecord(CONSENT_SCOPE, consent(), seed)


def test_a_file_cut_anywhere_is_refused_in_one_line() -> None:
    record = seal(CONSENT_SCOPE, consent())
    for text, read in (
        (json.dumps(record.to_json()), SealedRecord.from_json),
        (json.dumps(record.prove(["payer"]).to_json()), Multiproof.from_json),
    ):
        for end in range(len(text)):
            with pytest.raises(FileMalformed) as caught:
                read(text[:end])
            assert "\n" not in str(caught.value)
            with pytest.raises(FileMalformed):
                read(text[:end].encode())


@given(seeds)
@settings(max_examples=300)
def test_a_file_with_one_other_character_is_never_read_as_another_record(seed: int) -> None:
    rng = random.Random(seed)
    scope, values = random_record(rng)
    record = seal(scope, values)
    shown = record.prove(rng.sample(sorted(values), rng.randint(1, len(values))))
    for part, read in (
        (record.to_json(), lambda text: SealedRecord.from_json(text).root),
        (shown.to_json(), lambda text: Multiproof.from_json(text).read(record.root, scope)),
    ):
        text = json.dumps(part)
        place = rng.randrange(len(text))
        edited = text[:place] + rng.choice('0123456789abcdefxA-. "{}[],:\x00é\\') + text[place + 1 :]
        try:
            found = read(edited)
        except SceauError:
            continue
        # A change of white space, or of a character for itself, changes nothing.
        assert found == read(text)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.floats(allow_nan=False)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.sampled_from(["format", "scope", "values", "seed", "root"]), json_values)
def test_any_json_in_an_opening_is_refused_by_an_error_of_ours(key: str, value: object) -> None:
    written = seal(CONSENT_SCOPE, consent()).to_json()
    for data in ({**written, key: value}, json.dumps({**written, key: value})):
        with pytest.raises(SceauError):
            SealedRecord.from_json(data)


@given(st.sampled_from(["leaves", "proof", "proofFlags", "type", "name", "value", "salt"]), json_values)
def test_any_json_in_a_disclosure_is_refused_by_an_error_of_ours(key: str, value: object) -> None:
    record = seal(CONSENT_SCOPE, consent())
    written = record.prove(["payer"]).to_json()
    (written if key in written else written["leaves"][0])[key] = value
    for data in (written, json.dumps(written)):
        with pytest.raises(SceauError):
            Multiproof.from_json(data).read(record.root, CONSENT_SCOPE)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        "9" * 10_000,
        '{"format": ' + "9" * 10_000 + "}",
        " " * 2_000_000,
        b"\xff\xfe\x00",
        b"\x80",
        "\ud800",
        '"\\ud800"',
        "null",
        None,
        5,
        [],
    ],
    ids=lambda text: repr(text)[:12],
)
def test_hostile_files_are_refused_by_an_error_of_ours(text: Any) -> None:
    for read in (SealedRecord.from_json, Multiproof.from_json):
        with pytest.raises(FileMalformed):
            read(text)


def test_deep_and_large_objects_already_parsed_are_refused_too() -> None:
    deep: dict[str, Any] = {}
    for _ in range(sys.getrecursionlimit() * 2):
        deep = {"leaves": deep}
    wide = {"leaves": [0] * 5000, "proof": [], "proofFlags": []}
    hostile: tuple[Any, ...] = (
        deep,
        wide,
        {"leaves": [], "proof": ["0x" + "00" * 32] * 5000, "proofFlags": []},
        {1: 2},
    )
    for data in hostile:
        with pytest.raises(FileMalformed):
            Multiproof.from_json(data)
        with pytest.raises(FileMalformed):
            SealedRecord.from_json(data)


def test_a_huge_value_is_refused_before_it_is_hashed() -> None:
    record = seal(CONSENT_SCOPE, consent())
    for path in ("purpose", "text.version", RECORD_PATH):
        written = record.prove(["purpose", "text.version"]).to_json()
        next(leaf for leaf in written["leaves"] if leaf["name"] == path)["value"] = "A" * 10_000_000
        with pytest.raises(SceauError) as caught:
            Multiproof.from_json(written).read(record.root, CONSENT_SCOPE)
        assert caught.value.code == "disclosure-value-not-canonical"
        assert len(str(caught.value)) < 300


def test_the_root_may_be_written_in_capitals_but_must_be_one() -> None:
    record = seal(CONSENT_SCOPE, consent())
    shown = record.prove(["payer"])
    assert shown.read(record.root.upper().replace("0X", "0x"), CONSENT_SCOPE)
    for root in ("", "0x", record.root[2:], record.root + "00"):
        with pytest.raises(SceauError):
            shown.read(root, CONSENT_SCOPE)


def test_the_opening_of_another_root_is_refused() -> None:
    first, second = seal(CONSENT_SCOPE, consent()), seal(CONSENT_SCOPE, consent())
    with pytest.raises(OpeningDoesNotFit):
        SealedRecord.from_json({**first.to_json(), "root": second.root})


def test_a_reader_that_names_no_claim_is_told_so() -> None:
    record = seal(LENS_SCOPE, LARGEST_LENSES)
    anywhere = Scope(LENS_SCOPE.profile, LENS_SCOPE.version, LENS_SCOPE.chain_id, LENS_SCOPE.contract)
    for read in (record.prove(["right.axis"]).read, record.prove_all().read_full):
        with pytest.raises(ScopeNotCanonical):
            read(record.root, anywhere)
