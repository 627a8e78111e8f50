# SPDX-License-Identifier: Apache-2.0
"""The story as one HTML page: no script, nothing from elsewhere, and fit for printing on A4."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
from html import escape

from sceau.documents.html_page import html_page
from scripts.demo.story import (
    Block,
    Cell,
    Command,
    Heading,
    Hidden,
    Lead,
    Quotation,
    Result,
    Sentence,
    Story,
    Table,
)

#: A table of up to so many rows is printed on one sheet.
_SHORT = 14

_STYLE = """
:root { color-scheme: light; --ink: #1b1f24; --quiet: #5a6472; --line: #c9d0d8; --pale: #f3f5f7; --seal: #8a1c2b; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 50rem; padding: 2rem 1.25rem 4rem; color: var(--ink); background: #fff;
  font: 1rem/1.5 "Segoe UI", "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; }
h1 + p { margin: .3rem 0 1.2rem; padding-bottom: .8rem; border-bottom: 3px solid var(--seal); color: var(--quiet); }
h2 { margin: 2.4rem 0 .4rem; font-size: 1.3rem; line-height: 1.25; break-after: avoid; }
h2 b { margin-right: .4em; color: var(--seal); }
p { margin: .7rem 0; }
p.lead { font-size: 1.08rem; break-after: avoid; }
pre { margin: .7rem 0; padding: .45rem .8rem; background: var(--ink); color: #fff; border-radius: 4px;
  font: .9rem/1.4 ui-monospace, "DejaVu Sans Mono", "Liberation Mono", monospace; white-space: pre-wrap; }
table { width: 100%; margin: 1rem 0; border-collapse: collapse; font-size: .88rem; line-height: 1.35; }
caption { padding-bottom: .3rem; text-align: left; font-weight: 600; break-after: avoid; }
th, td { padding: .22rem .9rem .22rem 0; text-align: left; vertical-align: top; }
th { border-bottom: 1.5px solid var(--ink); font-weight: 600; }
td { border-bottom: 1px solid var(--line); }
tr.last td { border-top: 1.5px solid var(--ink); border-bottom: 0; font-weight: 600; }
td.code { font: .92em/1.45 ui-monospace, "DejaVu Sans Mono", "Liberation Mono", monospace; overflow-wrap: anywhere; }
td.hidden { color: var(--quiet); font-style: italic; }
td.hidden span { padding: 0 .5em; background: repeating-linear-gradient(135deg, #e3e7eb 0 3px, #eef1f3 3px 6px);
  border-radius: 3px; }
.number { padding-right: 0; padding-left: .9rem; text-align: right; font-variant-numeric: tabular-nums; }
th.number { white-space: nowrap; }
figure { margin: 1rem 0; }
figcaption { font-weight: 600; break-after: avoid; }
blockquote { margin: .4rem 0 0; padding: .6rem 1rem; background: var(--pale); border-left: 3px solid var(--line);
  font-size: .92rem; white-space: pre-line; }
.result { margin: 1rem 0; padding: .6rem 1rem; border: 1.5px solid; border-radius: 6px; break-inside: avoid; }
.result strong { text-transform: uppercase; letter-spacing: .04em; }
.result ul { margin: .3rem 0 0; padding-left: 1.2rem; color: var(--ink); font-size: .92rem; }
.good { border-color: #1d7a46; background: #f1f8f4; } .good strong { color: #14613a; }
.bad { border-color: #b3261e; background: #fdf3f2; } .bad strong { color: #9b1c15; }
@media (max-width: 30rem) { table { font-size: .78rem; } th, td { padding-right: .4rem; } }
@page { size: A4; margin: 16mm 15mm 18mm; }
@media print {
  html { font-size: 9.5pt; }
  body { max-width: none; padding: 0; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  h2 { margin-top: 1.8rem; }
  table.short, tr, .result, pre { break-inside: avoid; }
  tr.last { break-before: avoid; }
  thead { display: table-header-group; }
}
"""


def page(story: Story, made: str) -> str:
    """The whole page; ``made`` says when and where the story was played."""
    body = "\n".join(_html(block) for block in story.blocks)
    head = f"<h1>{escape(story.title)}</h1>\n<p>{escape(made)}</p>"
    return html_page(story.title, _STYLE, f"{head}\n{body}", "en")


@singledispatch
def _html(block: Block) -> str:
    raise TypeError(f"{type(block).__name__} is not a block of a story")


@_html.register
def _(block: Heading) -> str:
    return f"<h2><b>{block.number}</b>{escape(block.title)}</h2>"


@_html.register
def _(block: Lead) -> str:
    return f'<p class="lead">{escape(block.text)}</p>'


@_html.register
def _(block: Sentence) -> str:
    return f"<p>{escape(block.text)}</p>"


@_html.register
def _(block: Command) -> str:
    return f"<pre>{escape(block.text)}</pre>"


@_html.register
def _(block: Quotation) -> str:
    return (
        f"<figure><figcaption>{escape(block.caption)}</figcaption>"
        f'<blockquote lang="{escape(block.language)}">{escape(block.text)}</blockquote></figure>'
    )


@_html.register
def _(block: Table) -> str:
    head = "".join(
        f'<th class="number">{escape(column)}</th>'
        if place in block.numbers
        else f"<th>{escape(column)}</th>"
        for place, column in enumerate(block.columns)
    )
    rows = [f"<tr>{_cells(row, block)}</tr>" for row in block.rows]
    if block.last:
        rows.append(f'<tr class="last">{_cells(block.last, block)}</tr>')
    kind = ' class="short"' if len(rows) <= _SHORT else ""
    return (
        f"<table{kind}><caption>{escape(block.caption)}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n" + "\n".join(rows) + "\n</tbody></table>"
    )


@_html.register
def _(block: Result) -> str:
    findings = "".join(f"<li>{escape(each)}</li>" for each in block.findings)
    return (
        f'<div class="result {"good" if block.good else "bad"}">{escape(block.what)}: '
        f"<strong>{escape(block.word)}</strong>{f'<ul>{findings}</ul>' if findings else ''}</div>"
    )


def _cells(row: Iterable[Cell], table: Table) -> str:
    return "".join(_cell(cell, number=place in table.numbers) for place, cell in enumerate(row))


def _cell(cell: Cell, *, number: bool) -> str:
    if isinstance(cell, Hidden):
        return f'<td class="hidden"><span>{cell}</span></td>'
    kind = ' class="number"' if number else ' class="code"' if cell.startswith("0x") else ""
    return f"<td{kind}>{escape(cell)}</td>"
