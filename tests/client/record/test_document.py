# SPDX-License-Identifier: Apache-2.0
"""docs/records.md names what the code has, all of it and nothing else."""

import re
from pathlib import Path

from sceau.documents.strict_json import DEEPEST, LONGEST
from sceau.errors import SceauError
from sceau.record import FORMATS
from sceau.record.rules import RULES
from sceau.record.text import INVISIBLE
from tests.client.record.records import VECTORS

TEXT = (Path(__file__).parents[3] / "docs" / "records.md").read_text("utf-8")


def table(heading: str) -> list[list[str]]:
    """The rows of the first table after ``heading``, each a list of cells."""
    after = TEXT.split(heading, 1)[1]
    first = re.search(r"(?:^\|.*\n)+", after, re.MULTILINE)
    assert first
    lines = first[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def test_formats_and_their_leaf_types() -> None:
    rows = table("## Values")
    assert {row[0].strip("` ") for row in rows} == set(FORMATS)
    assert all(FORMATS[row[0].strip("` ")].type == row[1] for row in rows)


def test_limits_of_numbers() -> None:
    limits = {row[0].strip("` "): row[3].strip(" |") for row in table("## Values")}
    for name, least, most, words in [
        ("dioptre", -4000, 4000, "-40.00 to 40.00, multiples of 0.25"),
        ("prism", -3000, 3000, "-30.00 to 30.00, multiples of 0.25"),
        ("decimal", 0, 99999, "0.00 to 999.99"),
        ("axis", 1, 180, "1 to 180"),
        ("cents", 0, 10**12 - 1, "0 to 10¹² − 1"),
        ("signed-cents", 1 - 10**12, 10**12 - 1, "±(10¹² − 1)"),
        ("party", 1, 2**32 - 1, "1 to 2³² − 1"),
        ("count", 0, 2**32 - 1, "0 to 2³² − 1"),
    ]:
        assert (FORMATS[name].limits.minimum, FORMATS[name].limits.maximum) == (least, most)
        assert limits[name] == words
    for name in ("code", "grouped-code", "text"):
        assert limits[name] == f"{FORMATS[name].limits.longest} characters"


def test_rules_between_fields_and_their_keys() -> None:
    rows = {row[0].strip("` "): re.findall(r"`([a-z]+)`", row[1]) for row in table("A **rule** is")}
    assert rows == {name: list(kind.keys) for name, kind in RULES.items()}


def test_invisible_characters() -> None:
    sentence = re.search(r"is none of the characters.*?FFFD\.", TEXT, re.DOTALL)
    assert sentence
    named = set()
    for first, last in re.findall(r"U\+([0-9A-F]{4})(?:–U\+([0-9A-F]{4}))?", sentence[0]):
        named |= set(range(int(first, 16), int(last or first, 16) + 1))
    # The bidirectional isolates are refused already: they are not in Unicode 3.2.
    assert named == {ord(each) for each in INVISIBLE} - {0x2066, 0x2067, 0x2068, 0x2069}


def test_codes_of_refusals() -> None:
    def below(error: type[SceauError]) -> set[str]:
        return {error.code} | {code for each in error.__subclasses__() for code in below(each)}

    codes = set(re.findall(r"\[`([a-z-]+)`\]", TEXT))
    assert len(codes) > 10
    assert codes <= below(SceauError)


def test_limits_of_files() -> None:
    assert f"longer than {LONGEST:,} bytes or nests deeper than {DEEPEST} " in TEXT


def test_files_of_vectors() -> None:
    named = {row[0].strip("` ") for row in table("## Test vectors")}
    assert named <= {file.name for file in VECTORS.glob("*.json")}
    assert named >= {f"{name}.json" for name in ("canonical", "openings", "refused")}
