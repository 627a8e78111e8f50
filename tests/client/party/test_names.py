# SPDX-License-Identifier: Apache-2.0
"""Names that could deceive whoever reads them are refused, by rule; names that look alike are found."""

from __future__ import annotations

import string
import subprocess
import sys
import unicodedata

import pytest
from confusable_homoglyphs.confusables import confusables_data
from hypothesis import given
from hypothesis import strategies as st

from sceau.party import names
from sceau.party.entry import DirectoryEntry
from sceau.party.errors import NameRefused
from sceau.party.names import broken_rule, look_alike, looks
from sceau.party.reserved import BEFORE_A_NUMBER, NEVER

GOOD = [
    "Optique de la Gare",
    "L'Œil du Pont – Ets Müller & Fils (Lyon 3)",
    "Optic 2000 Saint-Étienne",
    "N.V. Optiek Janssens",
    "Mutuelle Générale de l'Éducation, section 44",
    "Οπτικά Αθηνών",
    "Оптика Невы",
    "Łódzka Optyka",
    "Studio 54",
]


@pytest.mark.parametrize("name", GOOD)
def test_names_of_firms_are_taken(name: str) -> None:
    assert broken_rule(name) is None
    assert DirectoryEntry.make(name, "FR", "732829320").name == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        # another party's name, written with letters of two scripts
        ("Mutuelle Lоire", "name-scripts"),  # Cyrillic о
        ("Μutuelle Loire", "name-scripts"),  # Greek Μ
        ("𝐌utuelle Loire", "name-scripts"),  # a mathematical letter
        ("Mutuelle ℓoire", "name-scripts"),
        ("Mutuelle L\u0c02ire", "name-scripts"),  # a mark of Telugu that looks like an o
        # what hides, reorders or imitates signs
        ("✓ Mutuelle Loire", "name-character"),
        ("Mutuelle Loire ★", "name-character"),
        ("Optique ①", "name-character"),
        ("Optique ３", "name-character"),
        ("Optique № 3", "name-character"),
        ("Mu\u0316\u0317\u0318tuelle", "name-character"),
        ("Mutuelle\u20dd", "name-character"),
        (" \u0301Mutuelle".strip(), "name-character"),
        ("Mutuelle שלום", "name-direction"),
        ("بصريات", "name-direction"),
        # the consortium's number
        ("Party 3", "name-number"),
        ("PARTIE 3", "name-number"),
        ("Pârtie-3", "name-number"),
        ("Optique, n° 3", "name-number"),
        ("Optique nº 3", "name-number"),
        ("Optique N.3", "name-number"),
        ("Optique No 3", "name-number"),
        ("par tie 3", "name-number"),
        ("P.a.r.t.y 3 Optique", "name-number"),
        ("Partie trois", "name-number"),
        ("Partie III", "name-number"),
        ("party3", "name-number"),
        ("Parties 3", "name-number"),
        ("Partie DOUZE", "name-number"),
        ("Part1e 3", "name-number"),
        ("Rnernbre 12", "name-number"),
        ("PARTlE DOUZE", "name-number"),
        ("3", "name-letters"),
        ("12 34", "name-letters"),
        ("3e", "name-letters"),
        ("3 - 4", "name-letters"),
        ("!", "name-letters"),
        # the consortium's word
        ("Mutuelle Loire (verified)", "name-status"),
        ("Mutuelle vérifiée", "name-status"),
        ("Confirmed Optics", "name-status"),
        ("C o n f i r m é Optique", "name-status"),
        ("Opticien agréé", "name-status"),
        ("Mutuelle Loire (membre du registre)", "name-status"),
        ("Mutuelle VERlFlED", "name-status"),
        ("Mutuelle ver1fiee", "name-status"),
        ("Mutuelle c0nfirmee", "name-status"),
    ],
)
def test_names_that_deceive_are_refused_by_the_rule(name: str, code: str) -> None:
    rule = broken_rule(name)
    assert rule is not None
    assert rule.code == code
    if unicodedata.is_normalized("NFC", name) and "\u20dd" not in name:
        with pytest.raises(NameRefused) as refused:
            DirectoryEntry.make(name, "FR", "732829320")
        assert refused.value.details["rule"].code == code


@pytest.mark.parametrize("word", sorted(NEVER))
def test_no_reserved_word_is_taken(word: str) -> None:
    for written in (word, word.upper(), f"{word}s", "-".join(word)):
        assert broken_rule(f"Mutuelle {written} Loire") is names.STATUS


@pytest.mark.parametrize("word", sorted(BEFORE_A_NUMBER))
def test_no_number_is_taken_after_its_word(word: str) -> None:
    for written in (f"{word} 7", f"{word}7", f"{word.upper()}-7"):
        assert broken_rule(f"Optique {written}") in (names.NUMBER, names.STATUS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mutuelle Loire", "mutuelle-loire"),
        ("Mutuelle Loire", "MutuelleLoire"),
        ("Mutuelle Loire", "Mütüelle Loïre"),
        ("Mutuelle Loire", "Mutue11e Loire"),
        ("Mutuelle Loire", "MutueIIe Loire"),
        ("Mutuelle Loire", "Mutuelle L0ire"),
        ("Mutuelle Loire", "Mutuelle L\u00f8ire"),
        ("Mutuelle Loire", "Mutuelle.Loire!"),
        ("OPTICA", "ОРТІСА"),  # all Cyrillic: one script
        ("Optika", "ΟΡΤΙΚΑ"),  # all Greek
        ("Cope", "Соре"),
        ("Modern", "Modem"),
        ("Wave", "VVave"),
        ("ﬁne", "fine"),
        ("Straße", "STRASSE"),
        ("ſoleil", "soleil"),
        ("ſoleil", "foleil"),
        ("ϹΝΡ", "CNP"),  # all Greek; to Unicode the first is a sigma
        ("Æsio", "AESIO"),
        ("Œil", "Oeil"),
    ],
)
def test_look_alikes_are_found(one: str, other: str) -> None:
    assert look_alike(one, other)
    assert look_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mutuelle Loire", "Mutuelle Rhône"),
        ("Optique Centrale (Lyon)", "Optique Centrale (Nantes)"),
        ("Optic 2000", "Optic 3000"),
        ("Оптика Невы", "Optika Neva"),
        ("Mutuelle", "Mutualité"),
    ],
)
def test_other_names_are_others(one: str, other: str) -> None:
    assert not look_alike(one, other)


@given(st.text(min_size=1, max_size=30))
def test_any_text_is_judged_and_looks_like_itself(text: str) -> None:
    broken_rule(text)
    assert look_alike(text, text)
    assert looks(text) == looks(unicodedata.normalize("NFC", text)) or not unicodedata.is_normalized(
        "NFC", text
    )


@given(st.sampled_from(GOOD), st.data())
def test_punctuation_case_and_accents_hide_no_name(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name)))
    sign = data.draw(st.sampled_from([*names.PUNCTUATION, " "]))
    for written in (name[:place] + sign + name[place:], name.upper(), name.lower(), name.swapcase()):
        assert look_alike(name, written)


def test_whatever_the_library_says_of_a_latin_letter_is_found() -> None:
    """Also of a character that Unicode's other forms turn into something else, and of one that looks like several."""
    letters = [each for each in confusables_data if each.isascii() and each.isalnum()]
    pairs = {
        (each, alike["c"]) for each in letters for alike in confusables_data[each] if len(alike["c"]) == 1
    }
    found = [(one, other) for one, other in pairs if not look_alike(f"x{one}xx", f"x{other}xx")]
    # What no name may have needs no comparison.
    assert [pair for pair in found if broken_rule(f"xx{pair[1]}xx") is not names.CHARACTER] == []
    assert len(pairs) > 1_000


def test_what_is_said_of_ascii_is_what_the_library_says() -> None:
    """Names that are ASCII without their accents are compared without it."""
    prototypes = names._prototypes()
    for character in string.ascii_letters + string.digits:
        of_ascii = names._OF_ASCII.get(character, character)
        assert prototypes.get(character, character).casefold() == of_ascii.casefold()


def test_french_names_load_no_library() -> None:
    code = (
        "import sys; from sceau.party.names import broken_rule, looks;"
        "assert broken_rule('Mutuelle Générale') is None; looks('Mutuelle Générale');"
        "import sceau.roles.patient;"
        "assert not [each for each in sys.modules if each.startswith('confusable_homoglyphs')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
