# SPDX-License-Identifier: Apache-2.0
"""JSON that somebody else wrote, read by an interpreter whose recursion limit no longer protects it."""

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau.documents.errors import FileMalformed
from sceau.documents.strict_json import DEEPEST, LONGEST, parse_object, read_object
from sceau.errors import Sentence

WHAT = Sentence("thing", "thing", "une chose")
MANY = 60_000
#: Each nests MANY deep, and hides it from whoever counts brackets without reading texts.
HIDDEN = {
    "plain": "[" * MANY,
    "objects": '{"a":' * MANY,
    "closers in a text before": '["' + "]" * MANY + '",' + "[" * MANY,
    "a closer in a text at each level": '["]",' * MANY,
    "an escaped quote": '["\\"]",' * MANY,
    "an escaped backslash": '["\\\\","]",' * MANY,
    "closers in a key": '{"}":' * MANY,
    "in a value": '{"leaves": ' + "[" * MANY + "}",
}
#: As bytes that another encoding would read otherwise: U+225B holds the bytes of a bracket and of a quote.
ENCODED = {
    "UTF-16": ("[" * MANY).encode("utf-16"),
    "UTF-16 with quotes": ('["\u225b",' * MANY).encode("utf-16-le"),
    "UTF-32": ("[" * MANY).encode("utf-32"),
}


@pytest.mark.parametrize("name", [*HIDDEN, *ENCODED])
def test_what_nests_too_deep_is_refused_before_it_is_parsed(name: str) -> None:
    text = HIDDEN.get(name) or ENCODED[name]
    with pytest.raises(FileMalformed):
        read_object(text, WHAT)
    for decimals in (False, True):
        rule = parse_object(text, decimals=decimals)
        assert isinstance(rule, Sentence)
        assert rule.code in ("json-too-deep", "json-not-utf8")


def test_the_process_survives_where_the_recursion_limit_was_lifted() -> None:
    # As `import eth_account` does; a crash of the parser would end this process, so another one tries.
    code = """
import json, sys
sys.setrecursionlimit(100_000)
from sceau.errors import Sentence
from sceau.documents.strict_json import read_object
for text in json.load(sys.stdin):
    try:
        read_object(text, Sentence("x", "x", "x"))
    except Exception as error:
        print(error.details["rule"].code)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(list(HIDDEN.values())),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["json-too-deep"] * len(HIDDEN)


@pytest.mark.parametrize("depth", [1, DEEPEST - 1, DEEPEST, DEEPEST + 1])
def test_the_limit_is_a_depth_and_not_a_number_of_brackets(depth: int) -> None:
    text = '{"a":' + "[" * (depth - 1) + "]" * (depth - 1) + "}" if depth > 1 else "{}"
    wide = '{"a":[' + ",".join(["[]"] * 1000) + "]}"
    assert read_object(wide, WHAT)
    if depth <= DEEPEST:
        assert read_object(text, WHAT) == json.loads(text)
    else:
        with pytest.raises(FileMalformed, match="too deep"):
            read_object(text, WHAT)


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.booleans(), st.lists(st.text()))))
def test_what_nests_little_is_read_whatever_its_texts_hold(data: dict[str, Any]) -> None:
    for text in (json.dumps(data), json.dumps(data, ensure_ascii=False).encode()):
        assert read_object(text, WHAT) == data
        assert parse_object(text, decimals=True) == data


@pytest.mark.parametrize(
    "text",
    [
        '"' * LONGEST,
        '"\\"' * (LONGEST // 3) + "\\",
        '"\\' * (LONGEST // 2),
        "\\" * LONGEST,
        '"a' * (LONGEST // 2),
    ],
    ids=lambda text: repr(text[:6]),
)
def test_a_hostile_text_is_read_in_one_pass(text: str) -> None:
    """Looked at again from each of its places, such a text would keep this test for hours."""
    with pytest.raises(FileMalformed):
        read_object(text, WHAT)


def test_a_text_that_is_too_long_is_not_parsed() -> None:
    text = json.dumps({"a": "x" * LONGEST})
    with pytest.raises(FileMalformed, match="too long"):
        read_object(text, WHAT)
    with pytest.raises(FileMalformed, match="too long"):
        read_object(text.encode(), WHAT)


@pytest.mark.parametrize("data", ['\ufeff{"a": 1}', b'\xef\xbb\xbf{"a": 1}'])
def test_a_byte_order_mark_is_passed_over(data: str | bytes) -> None:
    assert parse_object(data) == {"a": 1}


@pytest.mark.parametrize("data", ['\ufeff\ufeff{"a": 1}', '{"a": 1}\ufeff', b"+/v8-{}", b'{"a": 1}\0'])
def test_another_mark_is_not(data: str | bytes) -> None:
    assert isinstance(parse_object(data), Sentence)


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "latin-1", "cp1252"]
)
def test_another_encoding_is_told(encoding: str) -> None:
    """As "Unicode" or "ANSI" is saved by some systems: such a file was neither truncated nor edited."""
    told = parse_object('{"a": "été"}'.encode(encoding))
    assert isinstance(told, Sentence)
    assert told.code == "json-not-utf8"
