# SPDX-License-Identifier: Apache-2.0
"""Shapes of documents: strict pydantic models behind the one door for JSON.

A shape says which keys a document has and how each value is written. It takes exact types only (true is not 1, "1" is
not 1), no unknown key, and shows no value. What values mean together is checked by the class that reads the document.

Of a refusal, only a rule and a path of names that the shape itself knows leave this module: pydantic's own errors hold
what the document holds. Import this module where a document is read and not before: pydantic takes a tenth of a second.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from sceau.documents.errors import FileMalformed
from sceau.documents.strict_json import Data, object_in
from sceau.errors import Sentence


class Shape(BaseModel):
    """The base of all shapes."""

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        # The line under a field describes it in docs/schemas.
        use_attribute_docstrings=True,
    )

    def __repr__(self) -> str:
        # No value: this ends up in logs and tracebacks.
        return f"{type(self).__name__}(…)"

    __str__ = __repr__


S = TypeVar("S", bound=Shape)


@dataclass(frozen=True)
class Says:
    """Mark of a type: the sentence for whatever does not fit it, by its key; it says "{place} must be …"."""

    rule: str


def exactly(pattern: re.Pattern[str] | str) -> StringConstraints:
    """The constraint that a whole text is written as ``pattern`` says."""
    written = pattern if isinstance(pattern, str) else pattern.pattern
    return StringConstraints(pattern=f"^(?:{written})$")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a document.

    ``place`` is the path of the value that is wrong or missing, such as ``record.shown.leaves[0].salt``; empty for the
    document as a whole. ``where`` is that of the part in which somebody must look: the object that lacks a key.
    """

    place: str
    where: str
    broken: Sentence

    @property
    def sentence(self) -> Sentence:
        """The rule that is broken, with its place."""
        return self._said(self.place)

    @property
    def rule(self) -> Sentence:
        """The same for who says ``where``: the place as seen from there."""
        return self._said(self.place.removeprefix(self.where).removeprefix("."))

    def _said(self, place: str) -> Sentence:
        named = Sentence("documents.place", path=place) if place else _WHOLE
        return Sentence(self.broken.key, **self.broken.details, place=named)


def parse(shape: type[S], data: Data) -> S | Fault:
    """The document in ``data`` (a text, or an object already parsed), or what is wrong with it.

    The fault is returned, not raised: nothing of the document stands behind the caller's error.
    """
    found = object_in(data)
    if isinstance(found, Sentence):
        return Fault("", "", found)
    try:
        return shape.model_validate(found)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
    return _fault(shape, min(problems, key=_weight))


def read(shape: type[S], data: Data, what: Sentence) -> S:
    """The document in ``data``; ``what`` names its kind in errors. Raises :class:`FileMalformed`."""
    found = parse(shape, data)
    if isinstance(found, Fault):
        raise FileMalformed(what=what, rule=found.sentence)
    return found


def fault_at(place: str, rule: str, **details: object) -> Fault:
    """The fault of a value that has its shape and breaks another rule, by the key of a sentence with a ``{place}``."""
    return Fault(place, place, Sentence(rule, **details))


def malformed_at(place: str, rule: str, what: Sentence) -> FileMalformed:
    """The error for such a value; ``what`` names the kind of document."""
    return FileMalformed(what=what, rule=fault_at(place, rule).sentence)


def _weight(problem: ErrorDetails) -> int:
    """Which of several problems is told: another format first, then a missing key, then the first in order."""
    if problem["loc"] == ("format",):
        return 0
    return 1 if problem["type"] == "missing" else 2


def _fault(shape: type[Shape], problem: ErrorDetails) -> Fault:
    kind, steps = problem["type"], problem["loc"]
    if kind in ("extra_forbidden", "invalid_key"):
        # The key's name is not told: whoever edited the document chose it.
        return fault_at(_walk(shape, steps[:-1]).path, _KEY_UNKNOWN)
    if steps[-1:] == ("[key]",):
        reached = _walk(shape, steps[:-2])
        key, _ = get_args(_bare(reached.annotation))
        return fault_at(reached.path, _rule_in(_marks(key)) or _KEY_UNKNOWN)
    reached = _walk(shape, steps)
    if kind == "missing":
        return Fault(reached.path, _walk(shape, steps[:-1]).path, Sentence("documents.json-key-missing"))
    if kind == "string_unicode" and _is_shape(_bare(reached.annotation)):
        # It is a key that is not text.
        return fault_at(reached.path, _KEY_UNKNOWN)
    if reached.rule is None and steps == ("format",):
        (expected,) = get_args(shape.model_fields["format"].annotation)
        return fault_at(reached.path, "documents.json-format", expected=expected)
    return fault_at(reached.path, reached.rule or _RULES.get(kind, "documents.json-written"))


@dataclass(frozen=True)
class _Reached:
    """Where a path of steps leads: as it may be told, the type that is expected there, and a field's own marks."""

    path: str
    annotation: Any
    marks: tuple[Any, ...] = ()

    @property
    def rule(self) -> str | None:
        return _rule_in((*self.marks, *_marks(self.annotation)))


def _walk(shape: type[Shape], steps: Sequence[int | str]) -> _Reached:
    """Follows pydantic's steps through the types. The path ends before a key that may not be told."""
    at, told = _Reached("", shape), True
    for step in steps:
        bare = _bare(at.annotation)
        if _is_shape(bare) and step in bare.model_fields:
            field = bare.model_fields[step]
            name, annotation, marks = f".{step}", field.annotation, tuple(field.metadata)
        elif get_origin(bare) is list:
            name, annotation, marks = f"[{step}]", get_args(bare)[0], ()
        elif get_origin(bare) is dict:
            key, annotation = get_args(bare)
            name, marks, told = f".{step}", (), told and _may_be_told(key, step)
        else:
            break
        at = _Reached((at.path + name if told else at.path).removeprefix("."), annotation, marks)
    return at


def _is_shape(annotation: Any) -> bool:
    # On Python 3.10 list[int] passes for a class, and is none.
    return get_origin(annotation) is None and isinstance(annotation, type) and issubclass(annotation, Shape)


def _bare(annotation: Any) -> Any:
    """A type without its marks, and without its "or null"."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, types.UnionType):
            annotation = next(each for each in get_args(annotation) if each is not types.NoneType)
        else:
            return annotation


def _marks(annotation: Any) -> tuple[Any, ...]:
    """The marks of a type, also of the one beside "or null"."""
    found: tuple[Any, ...] = ()
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        found = (*marks, *_marks(inner))
    elif get_origin(annotation) in (Union, types.UnionType):
        found = tuple(mark for each in get_args(annotation) for mark in _marks(each))
    return found


def _rule_in(marks: Sequence[Any]) -> str | None:
    return next((mark.rule for mark in marks if isinstance(mark, Says)), None)


def _may_be_told(annotation: Any, key: object) -> bool:
    """Whether a key of an object may be printed: its type says how it is written, and it is."""
    patterns = [m.pattern for m in _marks(annotation) if isinstance(m, StringConstraints) and m.pattern]
    return isinstance(key, str) and any(re.search(pattern, key) for pattern in patterns)


_WHOLE = Sentence("documents.whole")
_KEY_UNKNOWN = "documents.json-key-unknown"
_RULES: Mapping[str, str] = {
    "string_type": "documents.json-text",
    "string_unicode": "documents.json-text",
    "int_type": "documents.json-number",
    "bool_type": "documents.json-boolean",
    "model_type": "documents.json-object",
    "dict_type": "documents.json-object",
    "list_type": "documents.json-a-list",
    "greater_than_equal": "documents.json-range",
    "less_than_equal": "documents.json-range",
    "too_long": "documents.json-length",
    "too_short": "documents.json-length",
    "string_too_long": "documents.json-length",
    "string_too_short": "documents.json-length",
    "literal_error": "documents.json-listed",
}
