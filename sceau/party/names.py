# SPDX-License-Identifier: Apache-2.0
"""Which names a party may have, and when two names look alike.

Patients and shops read names and act on them, so a name must not hide anything, imitate another party's name, or say
what the consortium says of a party. Scripts and look-alikes are those of Unicode (UTS 39): ``confusable-homoglyphs``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from typing import Literal

from sceau.errors import Sentence
from sceau.party.reserved import BEFORE_A_NUMBER, BEFORE_A_NUMERAL, NEVER, NUMERALS

#: What may stand between letters and digits, beside the blank.
PUNCTUATION = frozenset("'’-–.,:&/()+!°«»\"·@")

CHARACTER = Sentence("party.name-character")
DIRECTION = Sentence("party.name-direction")
SCRIPTS = Sentence("party.name-scripts")
LETTERS = Sentence("party.name-letters")
NUMBER = Sentence("party.name-number")
STATUS = Sentence("party.name-status")

#: Letters that are read from right to left reorder what stands beside the name in a French text.
_RIGHT_TO_LEFT = frozenset(("R", "AL", "AN", "RLE", "RLO", "RLI"))
#: More marks on one letter than any language has hide the lines above and below.
_MOST_MARKS = 2
_FEWEST_LETTERS = 2
#: What the library says of ASCII: where all names are French, it need not be loaded.
_OF_ASCII = {"I": "l", "i": "l", "1": "l", "0": "o", "O": "o"}
_RUN = re.compile(r"[^\W\d_]+|\d+")
_ALNUM = re.compile(r"[^\W_]+")
_SHORT = 3
_ROMAN = re.compile(r"[ivxlcdm]+")
_ORDINAL = frozenset(("st", "nd", "rd", "th", "e", "er", "re", "eme", "ieme"))


def broken_rule(name: str) -> Sentence | None:
    """The first rule that a name breaks, or ``None``. Hidden characters are refused before, as in every text."""
    if not all(_allowed(character) for character in name) or _too_many_marks(name):
        return CHARACTER
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in name):
        return DIRECTION
    # Letters that are ASCII without their accents are Latin: nothing needs to be loaded for a French name.
    if not _bare(name, "NFD").isascii() and len(_scripts(name)) > 1:
        return SCRIPTS
    words = _words(name)
    if not any(_is_word(word, before) for before, word in zip(["", *words], words, strict=False)):
        return LETTERS
    return _reserved(words, frozenset.__contains__) or _reserved(_alnum(name), _resembles)


def look_alike(one: str, other: str) -> bool:
    """Whether a reader could take one name for the other."""
    return not looks(one).isdisjoint(looks(other))


@cache
def looks(name: str) -> frozenset[str]:
    """What a name looks like: two names look alike when these have something in common.

    The name without case, accents, blanks and punctuation, each character replaced by the one that stands for all that
    look like it; as it is written, in capitals and in small letters: letters that look alike in one case differ in the
    other.
    """
    plain = unicodedata.normalize("NFKC", name)
    return frozenset(
        _skeleton(form)
        for written in dict.fromkeys((name, plain))
        for form in (written, written.upper(), written.lower())
    )


@cache
def _skeleton(text: str) -> str:
    # Twice: what stands for a letter may have an accent or a case of its own. And before it is brought to another form
    # of Unicode: a long s is an s there, and looks like an f.
    for _ in range(2):
        text = _imitated(_letters(_imitated(text)))
    text = _letters(text).casefold()
    # Two letters that look like one.
    return text.replace("rn", "m").replace("vv", "w").replace("cl", "d")


def _imitated(text: str) -> str:
    """A text with each letter, digit and mark replaced by what it looks like."""
    written = [character for character in text if unicodedata.category(character)[0] in "LMN"]
    prototypes = _OF_ASCII if _bare("".join(written), "NFD").isascii() else _prototypes()
    return "".join(prototypes.get(character, character) for character in written)


def _letters(text: str) -> str:
    """Letters and digits alone, without accents."""
    return "".join(c for c in _bare(text) if unicodedata.category(c)[0] in "LN")


@cache
def _prototypes() -> dict[str, str]:
    """For each character one that stands for all that look like it."""
    from confusable_homoglyphs.confusables import confusables_data

    groups: dict[str, set[str]] = {}
    for imitated, alike in confusables_data.items():
        for character, other in ((_single(imitated), _single(each["c"])) for each in alike):
            # What several characters imitate is mended by hand, where one Latin letter is imitated.
            if len(character) == len(other) == 1:
                joined = groups.get(character, {character}) | groups.get(other, {other})
                for each in joined:
                    groups[each] = joined
    prototypes = {
        each["c"]: imitated
        for imitated, alike in confusables_data.items()
        for each in alike
        if len(each["c"]) == 1 < len(imitated) and imitated.isascii() and imitated.isalnum()
        if not each["c"].isascii()
    }
    prototypes |= {character: min(group, key=_plainness) for character, group in groups.items()}
    # A capital I, a small l and a one are one group to Unicode; a small i joins them, whose capital is an I.
    return {**prototypes, **dict.fromkeys([*groups["i"], *groups["l"]], "l"), **_OF_ASCII}


def _bare(text: str, form: Literal["NFD", "NFKD"] = "NFKD") -> str:
    """A text without accents; without other forms of letters, too (NFKD)."""
    return "".join(c for c in unicodedata.normalize(form, text) if not unicodedata.combining(c))


def _single(text: str) -> str:
    """A character without its marks: to Unicode, "ø" is an "o" with a stroke over it."""
    return "".join(c for c in text if unicodedata.category(c) not in ("Mn", "Cf")) if len(text) > 1 else text


def _plainness(character: str) -> tuple[bool, bool, str]:
    return not character.isascii(), not character.isalpha(), character


def _allowed(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character == " " or character in PUNCTUATION
    return unicodedata.category(character)[0] == "L" or _is_mark(character) or character in PUNCTUATION


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc")


def _too_many_marks(name: str) -> bool:
    run = _MOST_MARKS  # a mark needs a letter before it
    for character in name:
        run = run + 1 if _is_mark(character) else 0 if character.isalpha() else _MOST_MARKS
        if run > _MOST_MARKS:
            return True
    return False


def _scripts(name: str) -> set[str]:
    """The scripts of a name's letters; a letter of no script, as a mathematical one, is a script of its own."""
    from confusable_homoglyphs.categories import alias

    # A mark of another script can look like a letter; those that go with every script have none.
    marks = {alias(character) for character in name if _is_mark(character)} - {"INHERITED", "COMMON"}
    return marks | {alias(character) for character in name if character.isalpha()}


def _words(name: str) -> list[str]:
    """Runs of letters, and runs of digits, without case and accents."""
    return _RUN.findall(_bare(unicodedata.normalize("NFKC", name).casefold()))


def _is_word(word: str, before: str) -> bool:
    """Whether it is more than a number with its ending, such as the "e" of "3e"."""
    ending = before.isdigit() and word in _ORDINAL
    return not word.isdigit() and not ending and len(word) >= _FEWEST_LETTERS


def _reserved(words: list[str], among: Callable[[frozenset[str], str], bool]) -> Sentence | None:
    """The rule that reserved words break; ``among`` says whether a word is one of some."""
    for word, following in _joined(words):
        one = word.removesuffix("s")
        if following.isdigit() and (among(BEFORE_A_NUMBER, word) or among(BEFORE_A_NUMBER, one)):
            return NUMBER
        numeral = following in NUMERALS or _ROMAN.fullmatch(following)
        if numeral and (among(BEFORE_A_NUMERAL, word) or among(BEFORE_A_NUMERAL, one)):
            return NUMBER
        if among(NEVER, word) or among(NEVER, one):
            return STATUS
    return None


def _resembles(reserved: frozenset[str], word: str) -> bool:
    """Whether a word looks like a reserved one; short ones look like too much."""
    return len(word) > _SHORT and _skeleton(word) in _skeletons(reserved)


@cache
def _skeletons(words: frozenset[str]) -> frozenset[str]:
    return frozenset(_skeleton(word) for word in words if len(word) > _SHORT)


def _alnum(name: str) -> list[str]:
    """Runs of letters and digits, without accents: in a word, a digit can stand for a letter that it looks like."""
    return _ALNUM.findall(_bare(unicodedata.normalize("NFKC", name).casefold()))


def _joined(words: list[str]) -> Iterator[tuple[str, str]]:
    """Every run of words written as one, with the word that follows: "v e r i f i e d" is a word, too."""
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            yield "".join(words[start:end]), words[end] if end < len(words) else ""
