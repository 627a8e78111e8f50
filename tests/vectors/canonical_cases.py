# SPDX-License-Identifier: Apache-2.0
"""Values accepted and refused, by format; a field is written as in a profile file, without path and group."""

import json
from typing import Any

ACCEPTED = [
    ({"format": "code"}, "A"),
    ({"format": "code"}, "GROUPED-CODES"),
    ({"format": "code"}, "1.67/HC+UV_2*3:4#5-6"),
    ({"format": "code"}, "9" * 40),
    ({"format": "code", "values": ["A", "B"]}, "B"),
    ({"format": "code", "longest": 60}, "X" * 60),
    ({"format": "grouped-code"}, "VU1"),
    ({"format": "grouped-code"}, "VXB654321"),
    ({"format": "grouped-code"}, "ZSB654321"),
    ({"format": "grouped-code"}, "VOILOIL"),
    ({"format": "text"}, "x"),
    ({"format": "text"}, "fr-1"),
    ({"format": "text"}, "Verres à teinte légère, n° 2 (½ €)"),
    ({"format": "text"}, "日本語 Ελληνικά עברית"),
    ({"format": "text"}, "𝔘"),
    ({"format": "text"}, "é" * 200),
    ({"format": "date"}, "1900-01-01"),
    ({"format": "date"}, "2024-02-29"),
    ({"format": "date"}, "2199-12-31"),
    ({"format": "dioptre"}, "0.00"),
    ({"format": "dioptre"}, "-2.00"),
    ({"format": "dioptre"}, "0.25"),
    ({"format": "dioptre"}, "-0.75"),
    ({"format": "dioptre"}, "40.00"),
    ({"format": "dioptre"}, "-40.00"),
    ({"format": "dioptre", "step": "0.12"}, "0.36"),
    ({"format": "prism"}, "-0.50"),
    ({"format": "prism"}, "30.00"),
    ({"format": "decimal"}, "1.67"),
    ({"format": "decimal"}, "999.99"),
    ({"format": "currency"}, "EUR"),
    ({"format": "axis"}, 1),
    ({"format": "axis"}, 180),
    ({"format": "cents"}, 0),
    ({"format": "cents"}, 10**12 - 1),
    ({"format": "signed-cents"}, -(10**12) + 1),
    ({"format": "signed-cents"}, 0),
    ({"format": "party"}, 1),
    ({"format": "party"}, 2**32 - 1),
    ({"format": "count"}, 0),
    ({"format": "count"}, 2**32 - 1),
    ({"format": "bytes32"}, "0x" + "0f" * 32),
    ({"format": "flag"}, True),
    ({"format": "flag"}, False),
]

REFUSED = [
    ({"format": "code"}, "", "code-shape"),
    ({"format": "code"}, "abc", "code-shape"),
    ({"format": "code"}, " A", "code-shape"),
    ({"format": "code"}, "A B", "code-shape"),
    ({"format": "code"}, "A\n", "code-shape"),
    ({"format": "code"}, "-A", "code-shape"),
    ({"format": "code"}, "=A", "code-shape"),
    ({"format": "code"}, "É", "code-shape"),
    ({"format": "code"}, "А", "code-shape"),  # Cyrillic
    ({"format": "code"}, "Ａ", "code-shape"),  # full width
    ({"format": "code"}, "٣", "code-shape"),  # an Arabic digit
    ({"format": "code"}, "9" * 41, "too-long"),
    ({"format": "code", "values": ["A", "B"]}, "C", "not-listed"),
    ({"format": "code"}, 1, "not-text"),
    ({"format": "code"}, True, "not-text"),
    ({"format": "code"}, None, "not-text"),
    ({"format": "code"}, ["A"], "not-text"),
    ({"format": "grouped-code"}, "2203240", "code-individual"),
    ({"format": "grouped-code"}, "12345678", "code-individual"),
    ({"format": "grouped-code"}, "0000002203240", "code-individual"),
    ({"format": "grouped-code"}, "LPP2203240", "code-individual"),
    ({"format": "grouped-code"}, "LPP:2203240", "code-individual"),
    ({"format": "grouped-code"}, "22.03.240", "code-individual"),
    ({"format": "grouped-code"}, "2-203-240", "code-individual"),
    ({"format": "grouped-code"}, "2203240*1", "code-individual"),
    ({"format": "grouped-code"}, "220324O", "code-individual"),
    ({"format": "grouped-code"}, "22B3Z4Q", "code-individual"),
    ({"format": "grouped-code"}, "2S03-24Z", "code-individual"),
    ({"format": "grouped-code"}, "VXB1/2203240", "code-individual"),
    ({"format": "grouped-code"}, "V2X2B0V3X2B4V0", "code-individual"),
    ({"format": "text"}, "", "text-empty"),
    ({"format": "text"}, " x", "text-blanks"),
    ({"format": "text"}, "x ", "text-blanks"),
    ({"format": "text"}, "x  y", "text-blanks"),
    ({"format": "text"}, " ", "text-blanks"),
    ({"format": "text"}, "e\u0301", "text-not-nfc"),
    ({"format": "text"}, "\u212b", "text-not-nfc"),  # the Angstrom sign is Å
    ({"format": "text"}, "\u1100\u1161", "text-not-nfc"),  # Hangul in parts
    ({"format": "text"}, "a\tb", "text-hidden-character"),
    ({"format": "text"}, "a\nb", "text-hidden-character"),
    ({"format": "text"}, "a\x00", "text-hidden-character"),
    ({"format": "text"}, "a\x7f", "text-hidden-character"),
    ({"format": "text"}, "a\x85", "text-hidden-character"),
    ({"format": "text"}, "a\xa0b", "text-hidden-character"),  # no-break space
    ({"format": "text"}, "a\xadb", "text-hidden-character"),  # soft hyphen
    ({"format": "text"}, "a\u034fb", "text-hidden-character"),
    ({"format": "text"}, "a\u061cb", "text-character-unknown"),  # Arabic letter mark
    ({"format": "text"}, "\u115f", "text-hidden-character"),
    ({"format": "text"}, "a\u180eb", "text-hidden-character"),
    ({"format": "text"}, "a\u200bb", "text-hidden-character"),  # zero-width space
    ({"format": "text"}, "a\u200db", "text-hidden-character"),  # zero-width joiner
    ({"format": "text"}, "a\u200eb", "text-hidden-character"),  # left-to-right mark
    ({"format": "text"}, "a\u2028b", "text-hidden-character"),  # line separator
    ({"format": "text"}, "a\u202eb", "text-hidden-character"),  # right-to-left override
    ({"format": "text"}, "a\u202fb", "text-hidden-character"),  # narrow no-break space
    ({"format": "text"}, "a\u2060b", "text-hidden-character"),  # word joiner
    ({"format": "text"}, "a\u2066b", "text-hidden-character"),  # left-to-right isolate
    ({"format": "text"}, "a\u2800b", "text-hidden-character"),  # braille blank
    ({"format": "text"}, "a\u3000b", "text-hidden-character"),  # ideographic space
    ({"format": "text"}, "\u3164", "text-hidden-character"),  # Hangul filler
    ({"format": "text"}, "a\ufe0f", "text-hidden-character"),  # variation selector
    ({"format": "text"}, "\ufeffa", "text-hidden-character"),  # byte order mark
    ({"format": "text"}, "a\ufffd", "text-hidden-character"),  # replacement character
    ({"format": "text"}, "\ud800", "text-hidden-character"),  # a lone surrogate
    ({"format": "text"}, "a\udc00", "text-hidden-character"),
    ({"format": "text"}, "\ue000", "text-hidden-character"),  # private use
    ({"format": "text"}, "\U000e0041", "text-hidden-character"),  # tag letter
    ({"format": "text"}, "\U000e0100", "text-character-unknown"),  # variation selector 17
    ({"format": "text"}, "2\u1d49", "text-character-unknown"),  # a raised e, Unicode 4.0: write 2e
    ({"format": "text"}, "\u20b9", "text-character-unknown"),  # rupee sign, Unicode 6.0
    ({"format": "text"}, "\U0001f453", "text-character-unknown"),  # spectacles, Unicode 6.0
    ({"format": "text"}, "\uffff", "text-character-unknown"),
    ({"format": "text"}, "x" * 201, "too-long"),
    ({"format": "text"}, 5, "not-text"),
    ({"format": "date"}, "2024-2-9", "date-shape"),
    ({"format": "date"}, "20240229", "date-shape"),
    ({"format": "date"}, "2024-W09-4", "date-shape"),
    ({"format": "date"}, "2023-02-29", "date-shape"),
    ({"format": "date"}, "2024-13-01", "date-shape"),
    ({"format": "date"}, "2024-00-10", "date-shape"),
    ({"format": "date"}, "2024/01/01", "date-shape"),
    ({"format": "date"}, "1899-12-31", "date-shape"),
    ({"format": "date"}, "2200-01-01", "date-shape"),
    ({"format": "date"}, "٢٠٢٤-01-01", "date-shape"),
    ({"format": "date"}, "2024-01-01\n", "too-long"),
    ({"format": "date"}, "2024-01-01T00:00:00Z", "too-long"),
    ({"format": "dioptre"}, "", "decimal-shape"),
    ({"format": "dioptre"}, "-2", "decimal-shape"),
    ({"format": "dioptre"}, "-2.0", "decimal-shape"),
    ({"format": "dioptre"}, "+2.00", "decimal-shape"),
    ({"format": "dioptre"}, "2,00", "decimal-shape"),
    ({"format": "dioptre"}, "02.00", "decimal-shape"),
    ({"format": "dioptre"}, ".25", "decimal-shape"),
    ({"format": "dioptre"}, "-.25", "decimal-shape"),
    ({"format": "dioptre"}, "2.000", "decimal-shape"),
    ({"format": "dioptre"}, "2.00 ", "decimal-shape"),
    ({"format": "dioptre"}, "2.00\n", "decimal-shape"),
    ({"format": "dioptre"}, "\u22122.00", "decimal-shape"),  # the minus sign U+2212
    ({"format": "dioptre"}, "٢.00", "decimal-shape"),
    ({"format": "dioptre"}, "1e2", "decimal-shape"),
    ({"format": "dioptre"}, "NaN", "decimal-shape"),
    ({"format": "dioptre"}, "9" * 1000 + ".00", "decimal-shape"),
    ({"format": "dioptre"}, "-0.00", "decimal-minus-zero"),
    ({"format": "dioptre"}, "0.10", "not-a-step"),
    ({"format": "dioptre"}, "-2.12", "not-a-step"),
    ({"format": "dioptre"}, "40.25", "out-of-range"),
    ({"format": "dioptre"}, "-200.00", "out-of-range"),
    ({"format": "dioptre", "max": "0.00"}, "0.25", "out-of-range"),
    ({"format": "dioptre", "zero": False}, "0.00", "zero-left-out"),
    ({"format": "dioptre"}, -2, "not-text"),
    ({"format": "prism"}, "0.00", "zero-left-out"),
    ({"format": "prism"}, "30.25", "out-of-range"),
    ({"format": "prism"}, "0.30", "not-a-step"),
    ({"format": "decimal"}, "-1.00", "out-of-range"),
    ({"format": "decimal"}, "1000.00", "out-of-range"),
    ({"format": "currency"}, "eur", "currency-shape"),
    ({"format": "currency"}, "EU", "currency-shape"),
    ({"format": "currency"}, "€", "currency-shape"),
    ({"format": "currency"}, "EURO", "too-long"),
    ({"format": "axis"}, 0, "out-of-range"),
    ({"format": "axis"}, 181, "out-of-range"),
    ({"format": "axis"}, -90, "out-of-range"),
    ({"format": "axis"}, "90", "not-integer"),
    ({"format": "axis"}, True, "not-integer"),
    ({"format": "axis"}, None, "not-integer"),
    ({"format": "cents"}, -1, "out-of-range"),
    ({"format": "cents"}, 10**12, "out-of-range"),
    ({"format": "cents"}, "12.50", "not-integer"),
    ({"format": "signed-cents"}, 10**12, "out-of-range"),
    ({"format": "party"}, 0, "out-of-range"),
    ({"format": "party"}, 2**32, "out-of-range"),
    ({"format": "party"}, True, "not-integer"),
    ({"format": "count"}, -1, "out-of-range"),
    ({"format": "count", "min": 1}, 0, "out-of-range"),
    ({"format": "bytes32"}, "0x" + "0F" * 32, "bytes32-shape"),
    ({"format": "bytes32"}, "0X" + "0f" * 32, "bytes32-shape"),
    ({"format": "bytes32"}, "0f" * 32, "bytes32-shape"),
    ({"format": "bytes32"}, "0x" + "0f" * 31, "bytes32-shape"),
    ({"format": "bytes32"}, "0x" + "0f" * 33, "too-long"),
    ({"format": "flag"}, 1, "not-flag"),
    ({"format": "flag"}, 0, "not-flag"),
    ({"format": "flag"}, "true", "not-flag"),
    ({"format": "flag"}, None, "not-flag"),
]


def vectors() -> dict[str, Any]:
    return {
        "about": "Values of each format: accepted as they are, or refused with the rule. 'field' is written as in a "
        "profile file; 'code_points' stands for a text that some JSON readers or editors would change.",
        "accepted": [{"field": field, **_value(value)} for field, value in ACCEPTED],
        "refused": [{"field": field, **_value(value), "rule": rule} for field, value, rule in REFUSED],
    }


def _value(value: object) -> dict[str, Any]:
    if isinstance(value, str) and not value.isascii():
        return {"code_points": [ord(character) for character in value]}
    return {"value": json.loads(json.dumps(value))}
