# SPDX-License-Identifier: Apache-2.0
"""The four groups are the same paths in the same formats, whoever writes them, and nothing else is in them."""

from __future__ import annotations

import pytest
from eth_abi.abi import decode, encode

from sceau.conformity import differences, group_values
from sceau.conformity.errors import GroupEmpty
from sceau.conformity.groups import VERSIONS, canonical_group, group_paths
from sceau.errors import SceauError
from sceau.record import Profile, Value, load_profile
from sceau.record.errors import PathMissing, PathUnknown, RuleBroken, ValueNotCanonical
from sceau.terms import Group
from tests.client.conformity.lenses import values

PROFILES = [load_profile(name, 1) for name in ("lens-order", "lens-delivery", "fr-optical-invoice")]


def grouped(profile: Profile) -> set[str]:
    return set().union(*group_paths(profile.key).values())


def test_the_three_profiles_carry_the_groups_in_the_same_formats() -> None:
    assert sorted(VERSIONS) == sorted(profile.key for profile in PROFILES)
    fields = [
        {
            path: (field.type, field.format, field.limits, field.group, field.titles, field.required_in_place)
            for path, field in profile.fields.items()
            if path in grouped(profile)
        }
        for profile in PROFILES
    ]
    assert fields[0] == fields[1] == fields[2]
    assert len(fields[0]) == 2 * (1 + 7 + 2 * 8 + 6 + 1)


def test_the_three_profiles_hold_the_groups_to_the_same_rules() -> None:
    rules = [
        {
            (rule.name, str(sorted(rule.paths.items())))
            for rule in profile.rules
            if set().union(*rule.paths.values()) <= grouped(profile)
        }
        for profile in PROFILES
    ]
    assert rules[0] == rules[1] == rules[2]
    assert len(rules[0]) > 40


def test_every_path_of_a_lens_is_in_one_group_and_kept_from_payers_but_for_the_act_codes() -> None:
    profile = PROFILES[0]
    paths = group_paths(profile.key)
    expected = {Group.ACT_CODES: "GROUPED-CODES", Group.CORRECTION: "CORRECTION"}
    for field in profile.fields.values():
        groups = [group for group in Group if field.path in paths[group]]
        assert len(groups) == (0 if field.path.startswith("order.") else 1), field.path
        if groups:
            assert field.group == expected.get(groups[0], "PRODUCT")


def test_a_group_is_encoded_as_the_document_says() -> None:
    content = group_values("lens-order/1", values("order"))[Group.CORRECTION]
    version, entries = decode(["uint256", "(string,string,bytes)[]"], content.encoded)
    assert version == 1
    assert [(path, kind) for path, kind, _ in entries] == [
        ("left.addition", "string"),
        ("left.cylinder", "string"),
        ("left.sphere", "string"),
        ("right.addition", "string"),
        ("right.axis", "uint256"),
        ("right.cylinder", "string"),
        ("right.prism.vertical", "string"),
        ("right.sphere", "string"),
    ]
    assert entries[4][2] == encode(["uint256"], [100])
    assert entries[7][2] == encode(["string"], ["-1.75"])


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"right.cylinder": "0.75"}, ValueNotCanonical),
        ({"right.code": "vxb1"}, ValueNotCanonical),
        ({"right.prism.vertical": "0.00"}, ValueNotCanonical),
        ({"right.colour": "RED"}, PathUnknown),
        ({"order.date": None}, PathMissing),
        ({"left.sphere": None}, RuleBroken),
        ({"right.supplement.1.code": "ZZ"}, RuleBroken),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else "",
)
def test_groups_are_made_only_of_a_whole_canonical_record(
    changes: dict[str, Value | None], refusal: type[SceauError]
) -> None:
    """A second writing of a lens is refused, not sealed as another lens."""
    given = {path: value for path, value in (values("order") | changes).items() if value is not None}
    with pytest.raises(refusal):
        group_values("lens-order/1", given)


def test_differences_are_named_by_path_and_may_be_on_one_side_only() -> None:
    ours = group_values("lens-order/1", values("order"))[Group.CORRECTION]
    theirs = group_values("lens-order/1", values("order", right__axis=20, right__prism=None))[
        Group.CORRECTION
    ]
    assert differences(ours, theirs) == ("right.axis", "right.prism.vertical")
    assert differences(theirs, ours) == differences(ours, theirs)
    assert differences(ours, ours) == ()


def test_nothing_of_a_group_gives_no_tag() -> None:
    with pytest.raises(GroupEmpty):
        canonical_group("lens-order/1", Group.CORRECTION, {"right.code": "VXB1", "order.date": "2026-11-24"})


def test_a_record_shows_no_value_in_a_log() -> None:
    content = group_values("lens-order/1", values("order"))[Group.CORRECTION]
    assert repr(content) == "CanonicalGroup(correction, 8 entries)"
