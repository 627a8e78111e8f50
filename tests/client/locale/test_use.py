# SPDX-License-Identifier: Apache-2.0
"""What the sources say and what the catalogues hold are the same: no key is missing, none is unused."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from sceau.chain.registries.consents import Status
from sceau.errors import SceauError
from sceau.locale.catalogue import catalogue, template
from sceau.record.errors import PathError
from sceau.store import Number
from sceau.verify.findings import CATALOGUE
from tests.client.locale.test_catalogue import KEYS, places
from tests.client.locale.tree import below, errors_of_the_library

SOURCES = Path(__file__).resolve().parents[3] / "sceau"
TREES = {
    str(path.relative_to(SOURCES)): ast.parse(path.read_text(encoding="utf-8"))
    for path in SOURCES.rglob("*.py")
}
ERRORS = {kind.__name__: kind for kind in errors_of_the_library()}
_KEY = re.compile(rf"({'|'.join(catalogue('en'))})\.[a-z0-9_-]+")


def nodes() -> Iterator[tuple[str, ast.AST]]:
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            yield f"{name}:{getattr(node, 'lineno', 0)}", node


def calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    """Calls of functions and classes by their plain names, with their places."""
    for place, node in nodes():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if called in names:
                yield place, node


def texts(node: ast.AST) -> set[str]:
    """The texts that an argument may be: one, or one of two."""
    return {
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }


def given(call: ast.Call) -> set[str] | None:
    """The names of the details that a call gives; ``None`` when some are spread from elsewhere."""
    names = {keyword.arg for keyword in call.keywords}
    return None if None in names else {name for name in names if name is not None}


def mentioned() -> set[str]:
    """Keys that stand in the sources as they are."""
    found = set()
    for _, node in nodes():
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _KEY.fullmatch(node.value):
            found.add(node.value)
    return found


def first_texts(*names: str) -> set[str]:
    return {text for _, call in calls(*names) if call.args for text in texts(call.args[0])}


def test_every_sentence_that_the_sources_name_is_in_the_catalogues() -> None:
    for place, call in calls("Sentence"):
        if len(call.args) == 1 and not isinstance(call.args[0], ast.JoinedStr):
            assert texts(call.args[0]) <= set(KEYS), place
    # The findings' own test holds each against a scene on a chain.
    assert first_texts("finding") <= set(CATALOGUE)
    assert {kind.code for kind in ERRORS.values()} <= set(catalogue("en")["errors"])


def test_no_sentence_is_unused() -> None:
    made = {
        "errors": {kind.code for kind in below(SceauError)} | {"error"},
        "findings": set(CATALOGUE),
        "rulings": first_texts("ruling", "to_ask"),
        "checks": first_texts("_check"),
        "consent-states": {f"consent-{status.value}" for status in Status},
        "diagnosis": first_texts("_said"),
        "audit-page": first_texts("on_page", "_on_page"),
        "store": {number.value for number in Number},
        "cli": first_texts("say"),
    }
    used = mentioned() | {f"{namespace}.{code}" for namespace, codes in made.items() for code in codes}
    assert set(KEYS) <= used


def test_a_sentence_is_given_the_details_that_its_template_has() -> None:
    for place, call in calls("Sentence"):
        names = given(call)
        if names is not None and len(call.args) == 1 and isinstance(call.args[0], ast.Constant):
            # The document's reader adds the place of what is wrong.
            assert places(template(str(call.args[0].value), "en")) - {"place"} == names - {"place"}, place
    for place, call in calls("finding"):
        names = given(call)
        for code in texts(call.args[0]) if names is not None else ():
            assert places(template(f"findings.{code}", "en")) <= (names or set()), place


def test_an_error_is_raised_with_the_details_that_its_template_has() -> None:
    for place, call in calls(*ERRORS):
        kind = ERRORS[call.func.id if isinstance(call.func, ast.Name) else call.func.attr]  # type: ignore[attr-defined]
        names = given(call)
        if names is None or "code" not in vars(kind):
            continue
        positional = {"path"} if issubclass(kind, PathError) else set()
        assert places(template(f"errors.{kind.code}", "en")) <= names | positional, place


def test_the_library_holds_no_sentence_beside_the_catalogues() -> None:
    for kind in ERRORS.values():
        assert not {"en", "fr"} & set(vars(kind)), kind
    for place, call in calls("Sentence"):
        if not place.startswith("cli/"):
            assert len(call.args) == 1 or not any(isinstance(each, ast.Constant) for each in call.args[1:]), (
                place
            )
            assert not any(isinstance(each, ast.JoinedStr) for each in call.args[1:]), place
