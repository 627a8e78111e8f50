# SPDX-License-Identifier: Apache-2.0
"""An audit as one HTML page for print: what was found, and what proves it. No script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from sceau.audit.ruling import Report, Seals
from sceau.chain.times import utc_text
from sceau.documents.html_page import html_page
from sceau.errors import Language, Sentence
from sceau.terms import state_words, step_words

_STYLE = """
body { margin: 2rem auto; max-width: 48rem; padding: 0 1rem; color: #1b1f24; background: #fff;
  font: 1rem/1.5 "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; } h2 { font-size: 1.15rem; margin: 1.6rem 0 .4rem; }
p.result { padding: .5rem .9rem; border: 2px solid; font-weight: 600; }
p.good { color: #14613a; } p.bad { color: #9b1c15; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
th, td { padding: .25rem .8rem .25rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid #c9d0d8; }
th { font-weight: 600; white-space: nowrap; }
.code { font: .85em/1.4 "DejaVu Sans Mono", "Liberation Mono", monospace; overflow-wrap: anywhere; }
@page { size: A4; margin: 16mm 15mm; }
@media print { body { margin: 0; max-width: none; padding: 0; font-size: 9.5pt; } tr { break-inside: avoid; } }
"""


def audit_page(report: Report, language: Language = "en") -> str:
    """The page. It holds no value of a record, and no name."""

    def on_page(code: str, **details: object) -> str:
        return _on_page(code, language, **details)

    state, block = report.history.state, report.block
    kind = "good" if report.holds else "bad"
    body = [
        f"<h1>{on_page('title')}</h1>",
        f'<p class="result {kind}">{on_page("holds" if report.holds else "fails")}</p>',
        _table(
            [
                (on_page("claim"), _code(state.claim)),
                (on_page("state"), escape(state_words(state.state).text(language))),
                (on_page("head"), _code(state.head)),
                (on_page("block"), f"{block.number}, {utc_text(int(block.time.timestamp()))}"),
                (on_page("hash"), _code(block.hash)),
            ]
        ),
        f"<h2>{on_page('proved')}</h2>",
        *(
            [f"<p>{on_page('by-node-proved' if block.proved else 'believed')}</p>"]
            if report.seals is None
            else _sealed(report.seals, language)
        ),
        f"<h2>{on_page('checks')}</h2>",
        _table(
            (on_page("valid" if check.holds else "invalid"), escape(check.sentence.text(language)))
            for check in report.checks
        ),
    ]
    if report.rulings:
        body += [
            f"<h2>{on_page('rulings')}</h2>",
            _table(
                (escape(each.blame.text(language)), escape(each.sentence.text(language)))
                for each in report.rulings
            ),
        ]
    steps = (
        (
            escape(step_words(each.step).text(language)),
            utc_text(each.time),
            on_page("party", party=each.party),
            on_page("block-number", number=each.block),
            _code(each.transaction),
        )
        for each in report.history.steps
    )
    body += [f"<h2>{on_page('steps')}</h2>", _table(steps)]
    return html_page(Sentence("audit-page.title").text(language), _STYLE, "\n".join(body), language)


def _sealed(seals: Seals, language: Language) -> Iterator[str]:
    counts = {"sealers": len(seals.sealers), "validators": len(seals.validators)}
    yield f"<p>{_on_page('sealed', language, **counts)}</p>"
    yield _table(
        (
            _on_page("validator", language),
            _code(each),
            _on_page("has-sealed" if each in seals.sealers else "has-not-sealed", language),
        )
        for each in seals.validators
    )
    yield f"<p>{_on_page('not-proved', language)}</p>"


def _on_page(code: str, language: Language, **details: object) -> str:
    return escape(Sentence(f"audit-page.{code}", **details).text(language))


def _code(text: str) -> str:
    return f'<span class="code">{escape(text)}</span>'


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    made = (
        f"<tr><th>{head}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>" for head, *cells in rows
    )
    return f"<table>{''.join(made)}</table>"
