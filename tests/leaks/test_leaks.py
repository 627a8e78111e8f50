# SPDX-License-Identifier: Apache-2.0
"""The chain holds nothing private: everything is played, dumped, searched, and played again with other values.

One half looks for every private value in every writing of four bytes or more, and for every hash of one that anybody
could repeat. The other half plays the same scenario with other private values, shorter ones too, and with others
left out: nothing may differ but what data/may_differ.json names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from types import ModuleType

import pytest

import sceau.roles.errors
import sceau.store.errors
from sceau.chain.abis import abi
from sceau.messages.envelope import Message
from sceau.messages.stored import StoredMessage
from sceau.record import load_profile
from tests.leaks.compare import ASKED, DERIVED, KEYED, differences, explained_fees
from tests.leaks.private import add_secret, needles, private_paths, secrets_of
from tests.leaks.result import Result, masked, played
from tests.leaks.scenario import perform
from tests.leaks.search import LONG, Needles, surely
from tests.leaks.stories import FIRST, SECOND, read_data
from tests.support.stores import file_of

PUBLIC = read_data("public")
MESSAGES = (Message.__name__, StoredMessage.__name__)


@pytest.fixture(scope="module")
def first() -> Result:
    return played(FIRST, perform)


@pytest.fixture(scope="module")
def second() -> Result:
    return played(SECOND, perform)


def test_no_private_value_and_no_plain_hash_of_one_is_on_the_chain(first: Result, second: Result) -> None:
    looked_for = needles(first.play)
    others = needles(second.play, hashed=False)
    found = looked_for.search(first.dump.pieces())
    found_there = others.search(second.dump.pieces())
    assert not [str(hit) for hit in surely(found, found_there, others.labels)]
    assert not [str(hit) for hit in surely(found_there, found, looked_for.labels)]


def test_other_private_values_change_nothing_but_what_is_named(first: Result, second: Result) -> None:
    assert not list(differences(first.facts, second.facts))


@pytest.mark.parametrize("which", ["first", "second"])
def test_fees_follow_from_the_gas_of_earlier_blocks_alone(which: str, request: pytest.FixtureRequest) -> None:
    result: Result = request.getfixturevalue(which)
    assert not list(explained_fees(result.facts))


def test_everything_that_may_differ_is_there_and_does(first: Result, second: Result) -> None:
    """A name that no play uses would be a gap in the scenario, one that is always equal need not be excused."""
    pairs = zip(first.facts, second.facts, strict=True)
    differing = {name for (name, value), (_, other) in pairs if value != other}
    assert differing <= KEYED.keys() | DERIVED.keys() | ASKED.keys()
    assert {*KEYED, *ASKED} <= differing


def test_the_same_glasses_twice_are_sealed_as_other_glasses(first: Result) -> None:
    roots = Counter(record.root for record in first.play.openings.values())
    assert set(roots.values()) == {1}
    seals = defaultdict(set)
    claim: object = None
    for name, value in first.facts:
        if name in ("ClaimRegistry.OrderPlaced: claim", "ClaimRegistry.OrderDelivered: claim"):
            claim = value
        elif name in ("ClaimRegistry.OrderPlaced: locks", "ClaimRegistry.OrderDelivered: tags"):
            seals[claim].add(value)
    assert len(seals) == 4
    assert sum(map(len, seals.values())) == len(set().union(*seals.values()))


def test_no_secret_is_logged_printed_raised_or_shown(first: Result, second: Result) -> None:
    """Keys, seeds, salts and PINs in no writing; values of eight bytes or more, but for words of the profiles."""
    secret, others = secrets_of(first.play), secrets_of(second.play)
    found, found_there = secret.search(first.said()), others.search(second.said())
    assert not [str(hit) for hit in surely(found, found_there, others.labels)]
    values = needles(first.play, hashed=False).search(first.said())
    long = [hit for hit in values if hit.size >= LONG and not said_anyway(first, hit.labels)]
    assert not [str(hit) for hit in long]


def test_what_is_said_does_not_depend_on_private_values(first: Result, second: Result) -> None:
    assert masked(first.errors()) == masked(second.errors())
    assert masked(first.logs) == masked(second.logs)


def test_no_key_is_pickled(first: Result) -> None:
    """What holds a key does not let it go into another process; but for messages, which a party stores as they are."""
    made = Needles()
    for label, content in first.play.secrets.items():
        if ": salt of " not in label and not label.endswith(": seed"):
            add_secret(made, label, content, hashed=False)
    hits = made.search((kind, each) for kind, each in first.play.pickled if kind not in MESSAGES)
    assert not [str(hit) for hit in hits]


@pytest.mark.parametrize("errors", [sceau.roles.errors, sceau.store.errors])
def test_every_error_of_the_roles_and_of_their_store_is_raised(first: Result, errors: ModuleType) -> None:
    own = [each for each in vars(errors).values() if getattr(each, "__module__", "") == errors.__name__]
    codes = {vars(each)["code"] for each in own if "code" in vars(each)}
    assert codes
    assert codes <= {each.code for each in first.play.spoken}


def test_no_private_value_stands_in_the_file_of_a_store(first: Result, tmp_path: Path) -> None:
    """After whole lives of claims, of all three parties: nor a hash that a thief could make of a guess.

    Of eight bytes or more: a file that is encrypted holds any four bytes by chance.
    """
    play = first.play
    stores = [each.store for each in (play.practice, play.supplier, play.payer)]
    files = [("store", file_of(store, tmp_path)) for store in stores]
    assert all(len(content) > 20_000 for _, content in files)
    assert not [str(hit) for hit in needles(play).search(files) if hit.size >= LONG]


def test_the_scenario_writes_all_that_can_be_written(first: Result) -> None:
    told = {name.partition(":")[0] for name, _ in first.facts}
    for contract in ("ConsentRegistry", "ClaimRegistry"):
        for entry in abi(contract):
            writes = entry["type"] == "function" and entry["stateMutability"] == "nonpayable"
            if (writes or entry["type"] == "event") and entry["name"] not in PUBLIC["written by admins"]:
                assert f"{contract}.{entry['name']}" in told


def test_refused_calls_leave_revert_data_of_many_kinds(first: Result) -> None:
    assert len(first.dump.reverts) > 25
    assert len({value for name, value in first.facts if name == "revert: error"}) > 20


def test_the_second_story_says_something_else_at_every_path(first: Result, second: Result) -> None:
    same, in_one = set(), set()
    pairs = [
        (name, first.play.openings[name], second.play.openings.get(name)) for name in first.play.openings
    ]
    for name, record, other in pairs:
        there = {} if other is None else other.values
        for path in private_paths(record):
            if path not in there:
                in_one.add(path)
            elif there[path] == record.values[path] and not path.endswith(tuple(PUBLIC["said by all"])):
                same.add(f"{name}: {path}")
        in_one |= there.keys() - record.values.keys()
    assert {each for each in same if ": group." not in each} <= PUBLIC["said of claims"].keys()
    assert optional_paths() <= in_one
    consents = [(FIRST.consents[name], SECOND.consents[name]) for name in FIRST.consents]
    assert all(set(one.groups) != set(other.groups) for one, other in consents)


def optional_paths() -> set[str]:
    """What a lens order may have or not, and would tell most by having it: an eye and all that an eye can have."""
    fields = load_profile("lens-order").fields.values()
    return {field.path for field in fields if field.path.startswith(("right.", "left.")) and field.place < 2}


def said_anyway(result: Result, labels: tuple[str, ...]) -> bool:
    """Whether a value is a word that the profiles list, or the seal of a record: both may be said."""
    for label in labels:
        name, _, path = label.rpartition(": ")
        record = result.play.openings.get(name)
        if record is None or path == "sceau.record":
            continue
        field = record.profile.field(path)
        listed = field.limits.values is not None or field.format in ("flag", "bytes32")
        if listed or path.startswith("group.") or path == "purpose":
            return True
    return False
