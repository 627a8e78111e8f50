# SPDX-License-Identifier: Apache-2.0
"""Which free text is canonical: one writing for what a reader sees, the same on every version of Unicode.

Text is NFC; every character is visible (or is the plain space U+0020) and is one of Unicode 3.2, the fixed
set of RFC 3454, table A.1. A fixed set, because the normal form of a character that a Python, a database or
a supplier's program does not know yet depends on its version: two of them would not agree on the hash.
"""

from __future__ import annotations

import unicodedata

from sceau.errors import Sentence

EMPTY = Sentence("record.text-empty")
NOT_NFC = Sentence("record.text-not-nfc")
HIDDEN = Sentence("record.text-hidden-character")
UNASSIGNED = Sentence("record.text-character-unknown")
BLANKS = Sentence("record.text-blanks")

#: Characters that no reader sees, or that stand for something lost, beside those of categories C and Z:
#: combining grapheme joiner, Hangul fillers, Khmer inherent vowels, Mongolian and other variation selectors,
#: braille blank, bidirectional isolates (assigned after Unicode 3.2, named here for the sake of the message),
#: object replacement, replacement character.
INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2066\u2067\u2068\u2069\u2800\u3164\uffa0\ufffc\ufffd"
    "\ufe00\ufe01\ufe02\ufe03\ufe04\ufe05\ufe06\ufe07\ufe08\ufe09\ufe0a\ufe0b\ufe0c\ufe0d\ufe0e\ufe0f"
)


def broken_rule(text: str) -> Sentence | None:
    """The first rule that ``text`` breaks, or None when it is canonical. Length is the caller's business."""
    if not text:
        return EMPTY
    for character in text:
        if character in INVISIBLE:
            return HIDDEN
        # Before the category: that of a character assigned later depends on the version of Unicode.
        if unicodedata.ucd_3_2_0.category(character) == "Cn":
            return UNASSIGNED
        if character != " " and unicodedata.category(character)[0] not in "LMNPS":
            return HIDDEN
    if not unicodedata.is_normalized("NFC", text):
        return NOT_NFC
    if text.startswith(" ") or text.endswith(" ") or "  " in text:
        return BLANKS
    return None
