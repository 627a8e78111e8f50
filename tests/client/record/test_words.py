# SPDX-License-Identifier: Apache-2.0
"""A record's values as people read them."""

from __future__ import annotations

import pytest

from sceau.errors import Language
from sceau.record import load_profile, load_profile_key, profile_names
from sceau.record.errors import ProfileUnknown
from sceau.record.words import values_in_words


@pytest.mark.parametrize(("language", "written"), [("en", "343.97"), ("fr", "343,97")])
def test_amounts_are_in_whole_units_and_their_names_do_not_say_cents(
    language: Language, written: str
) -> None:
    (said,) = values_in_words("fr-optical-quote/1", {"total.amc": 34397}, language)
    assert said[1] == written
    assert "cent" not in said[0]
    assert "cent" in load_profile("fr-optical-quote").field("total.amc").title(language)


def test_small_amounts_keep_their_cents() -> None:
    for cents, words in ((0, "0.00"), (5, "0.05"), (100, "1.00")):
        assert values_in_words("fr-optical-quote/1", {"total.amc": cents})[0][1] == words


def test_values_stand_in_the_order_of_the_profile_and_places_of_a_list_are_numbered() -> None:
    for name, version in profile_names():
        profile = load_profile(name, version)
        fields = list(profile.fields.values())
        said = values_in_words(profile.key, {field.path: "x" for field in reversed(fields)})
        assert len(said) == len(fields)
        for field, (title, words) in zip(fields, said, strict=True):
            assert words == "x"
            assert title.endswith(f" ({field.place})") == bool(field.place)


@pytest.mark.parametrize(("language", "yes", "no"), [("en", "yes", "no"), ("fr", "oui", "non")])
def test_a_flag_is_yes_or_no(language: Language, yes: str, no: str) -> None:
    key, path = next(
        (f"{name}/{version}", field.path)
        for name, version in profile_names()
        for field in load_profile(name, version).fields.values()
        if field.type == "bool"
    )
    for value, word in ((True, yes), (False, no)):
        assert values_in_words(key, {path: value}, language)[0][1] == word


@pytest.mark.parametrize(
    "key", ["lens-order/2", "lens-order/", "lens-order", "lens-order/1/1", "/1", "", "x/01"]
)
def test_a_profile_that_is_not_there_has_no_words(key: str) -> None:
    with pytest.raises(ProfileUnknown):
        load_profile_key(key)
    with pytest.raises(ProfileUnknown):
        values_in_words(key, {})
