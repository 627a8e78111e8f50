# SPDX-License-Identifier: Apache-2.0
"""The demonstration is played as a reader plays it, on a Ganache of its own and on a node that is running."""

from __future__ import annotations

import io
import os
import re
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sceau.claim.prepared import PreparedStep
from sceau.consent.request import ConsentRequest
from sceau.record import SealedRecord
from sceau.store import LocalStore
from scripts.block_period import GAPS_NEEDED
from scripts.demo.page import page
from scripts.demo.story import HIDDEN, Story
from scripts.demo.terminal import WIDTH, Terminal
from tests.support.faulty_node import SURVIVABLE, faulty
from tests.support.stores import rows_of
from tools.ganache import anvil, anvil_program

# tests/behind_faults.py plays the demonstration itself.
pytestmark = pytest.mark.any_node

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "reports" / "demo"

#: What a reader is told, in this order.
STORY = (
    "1. A French quote",
    "Who has what of the quote",
    "The insurer's verdict: ACCEPTED",
    "What the chain holds of this claim",
    "2. HL7's example files",
    "VOTRE ACCORD POUR TRANSMETTRE DES DONNÉES",
    "Who has what of the claim",
    "The insurer's verdict: ACCEPTED",
    "3. The patient takes the consent back",
    "python scripts/revoke_consent.py card.json",
    "révoqué par sa clé",
    "The insurer's verdict: REFUSED",
    "The patient revoked the consent",
    "refuses to show it again",
    "The claim itself goes on",
    "4. Order, delivery and invoice agree",
    "The insurer's verdict: ACCEPTED",
    "Order 1 conforms",
    "5. A swapped lens",
    "The insurer's verdict: REFUSED",
    "differs from the order in: lens product",
    "6. A remake",
    "The insurer's verdict: ACCEPTED",
    "7. A lens maker that is not connected",
    "The insurer's verdict: ACCEPTED",
    "This is silence, not fraud",
    "8. In short",
    "9. What it cost",
    "consent revoked by the patient's card",
    "10. For engineers",
    "reports/demo/story.html",
)

#: What compiler, Brownie and Python would say of themselves.
NOISE = re.compile(
    r"Brownie v|[Cc]ompil(?:ing|ed) (?:contracts|the published)|Solc|Optimizer|Warning|Running '|Block period"
)

#: What takes a page out of its one file, or runs in it.
ELSEWHERE = re.compile(
    r"<script|javascript:|\bon\w+=|\bsrc=|\bhref=|url\(|@import|<link|<iframe|<img", re.IGNORECASE
)


@dataclass(frozen=True)
class Played:
    """What a run said, and the page that it left."""

    out: str
    err: str
    page: str


def _make(*variables: str, mark: str = "") -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    # The width of the terminal does not matter.
    environment |= {"DEMO_MARK": mark, "COLUMNS": "200"}
    return subprocess.run(
        ["make", "demo", *variables],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def _played(*variables: str, mark: str = "") -> Played:
    ended = _make(*variables, mark=mark)
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    return Played(ended.stdout, ended.stderr, (FOLDER / "story.html").read_text("utf-8"))


def _assert_told(output: str) -> None:
    words, place = " ".join(output.split()), 0
    for sentence in STORY:
        found = words.find(sentence, place)
        assert found >= 0, f"not told, or not in its place: {sentence}"
        place = found + 1


def _left_over(mark: str) -> list[str]:
    """Processes that inherited a mark in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return found


@pytest.fixture(scope="module")
def mark() -> str:
    return uuid.uuid4().hex


@pytest.fixture(scope="module")
def played(mark: str) -> Played:
    """One run on a chain of its own, for all that look at it."""
    return _played(mark=mark)


def test_the_story_is_told_in_order(played: Played) -> None:
    _assert_told(played.out)


def test_no_process_is_left_over(played: Played, mark: str) -> None:
    assert played.out
    assert _left_over(mark) == []


def test_it_fits_a_terminal_of_80_columns(played: Played) -> None:
    assert [line for line in played.out.splitlines() if len(line) > 80] == []


def test_compiler_and_brownie_say_nothing_of_themselves(played: Played) -> None:
    assert NOISE.findall(played.out) == []
    assert played.err == ""


def test_most_of_the_french_quote_is_hidden_from_the_insurer_and_all_of_it_from_the_chain(
    played: Played,
) -> None:
    quote = next(rows for caption, rows in _tables(played.page) if caption == "Who has what of the quote:")
    heading, *rows, seal = quote
    assert heading[1:] == ["shop holds", "insurer sees", "chain holds"]
    hidden = [row for row in rows if row[2] == "hidden"]
    assert len(hidden) > len(rows) / 2
    assert all(row[1] != "hidden" for row in rows)
    assert all(row[3] == "hidden" for row in rows)
    assert seal[3] == "a commitment"
    # The insurer gets the grouped codes, and neither a price of one lens nor the prescription.
    titles = {row[0] for row in hidden}
    assert {"Right lens: price", "Right eye: sphere (dioptres)", "Left eye: addition (dioptres)"} <= titles
    assert "Right lens: grouped code" not in titles


def test_the_page_tells_the_same_story_in_one_file_without_a_script(played: Played) -> None:
    assert ELSEWHERE.findall(played.page) == []
    titles = re.findall(r"^(\d+)\. (.*?) ─+$", played.out, re.MULTILINE)
    assert len(titles) == 10
    assert re.findall(r"<h2><b>(\d+)</b>(.*?)</h2>", played.page) == [
        (number, title.replace("'", "&#x27;")) for number, title in titles
    ]
    assert '<blockquote lang="fr">VOTRE ACCORD' in played.page


def test_neither_page_nor_terminal_holds_a_secret(played: Played) -> None:
    secrets = dict(_secrets())
    # Four quotes and a claim with their orders, a prescription, a consent: seeds, salts of each leaf, order keys.
    assert len(secrets) > 500
    for what in ("story.html", "terminal"):
        text = (played.page if what == "story.html" else played.out).lower().replace("\n", "")
        assert [name for name, secret in secrets.items() if secret in text] == [], what
    passwords = [(FOLDER / name).read_text() for name in ("card.pin", "admin.password")]
    assert [password for password in passwords if password in played.page or password in played.out] == []


def _secrets() -> Iterator[tuple[str, str]]:
    """Every secret that the three parties stored, as hexadecimal digits."""
    stores = sorted(FOLDER.glob("*/store.sqlite"))
    assert [store.parent.name for store in stores] == ["payer", "practice", "supplier"]
    for store in stores:
        for kind, row in rows_of(LocalStore(store.parent)):
            yield from _secrets_of(f"{store.parent.name} {kind} {row.key}", kind, row.document)


def _secrets_of(name: str, kind: str, document: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    if kind == "step":
        step = PreparedStep.from_json(document)
        for part, record in {"record": step.record, **step.inner}.items():
            yield from _secrets_in(f"{name} {part}", record)
        if step.order_key is not None:
            yield f"{name} order key", step.order_key.reveal().removeprefix("0x")
    elif kind == "consent-request":
        yield from _secrets_in(name, ConsentRequest.from_json(document).record)


def _secrets_in(name: str, record: SealedRecord) -> Iterator[tuple[str, str]]:
    yield f"{name} seed", record.seed.hex()
    for leaf in record.leaves:
        yield f"{name} salt of {leaf.path}", leaf.salt.hex()


@pytest.mark.skipif(anvil_program() is None, reason="Anvil is missing on this machine")
def test_it_is_played_on_a_running_chain_that_charges_nothing_and_leaves_it_running() -> None:
    """Through a node whose gateway answers with a page for a moment, each time that something was sent."""
    with anvil(at_once=True) as node, faulty(node.url, SURVIVABLE["html200"]) as url:
        node.request("anvil_mine", hex(GAPS_NEEDED + 1), "0x1")  # old enough for its period to be measured
        played = _played(f"NETWORK={url}")
        _assert_told(played.out)
        assert "charges fees" not in played.out
        assert node.request("eth_chainId") == hex(node.chain_id)


def test_a_node_that_is_not_there_is_said_in_one_line() -> None:
    ended = _make("NETWORK=http://127.0.0.1:9")
    assert ended.returncode != 0
    assert "http://127.0.0.1:9 does not answer" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_page_escapes_what_it_is_told_and_marks_what_is_hidden() -> None:
    story = Story("A <b>title</b>")
    story.chapter("One & one", "“<i>”")
    story.table("<u>", ("<c>",), [("<v>",), (HIDDEN,)])
    story.quote("<q>", "<r>", language="fr")
    story.result("<w>", "<x>", good=False, findings=["<y>"])
    told = page(story, "<made>")
    assert not set(re.findall(r"<(\w+)>", told)) & {
        "b>title",
        "i",
        "u",
        "c",
        "v",
        "q",
        "r",
        "w",
        "x",
        "y",
        "made",
    }
    assert "One &amp; one" in told
    assert '<td class="hidden"><span>hidden</span></td>' in told


def test_a_long_word_and_a_wide_table_are_folded_on_a_terminal() -> None:
    shown = io.StringIO()
    story = Story("", Terminal(shown).show)
    story.say("x" * 200)
    story.quote("y" * 200, "z" * 200, language="fr")
    story.table(
        "t" * 200, ("a" * 50, "b" * 50, "c" * 50), [("d" * 90, "e" * 90, "f" * 90)], last=("g", "h", "i")
    )
    story.result("r" * 200, "accepted", good=True, findings=["f" * 200])
    story.command("c" * 200)
    assert max(len(line) for line in shown.getvalue().splitlines()) <= WIDTH
    for letter, times in (("x", 200), ("z", 200), ("d", 90), ("e", 90), ("f", 290)):
        assert shown.getvalue().count(letter) >= times


class _Reader(HTMLParser):
    """Reads the tables of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[tuple[str, list[list[str]]]] = []
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as its base
        if tag == "table":
            self.tables.append(("", []))
        elif tag == "tr":
            self.tables[-1][1].append([])
        if tag in ("caption", "th", "td"):
            self._text = ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "caption":
            self.tables[-1] = (self._text, self.tables[-1][1])
        elif tag in ("th", "td"):
            self.tables[-1][1][-1].append(self._text)


def _tables(text: str) -> list[tuple[str, list[list[str]]]]:
    """The tables of a page: caption, and rows of cells."""
    reader = _Reader()
    reader.feed(text)
    return reader.tables
