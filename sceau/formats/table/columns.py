# SPDX-License-Identifier: Apache-2.0
"""What the columns of a table hold, as a TOML file declares it: nothing about a table is guessed.

An example is tests/data/quote-columns.toml, for the table tests/data/quote.csv.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sceau.documents.files import first_bytes
from sceau.errors import Sentence
from sceau.formats.documents import READERS
from sceau.formats.source import Source, name_of
from sceau.formats.table import errors
from sceau.formats.table.errors import ColumnsInvalid
from sceau.record import Profile, Value, load_profile

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FORMAT = "sceau-columns/1"

#: The profiles that a table can give values of: the format of their own files, and what reads these.
LOADERS: Final = MappingProxyType({profile: (name, load) for name, (profile, load) in READERS.items()})

#: What each entry of one word may be. ``dates`` in the letters that people know, by the format that Python knows.
DATES: Final = MappingProxyType({"YYYY-MM-DD": "%Y-%m-%d", "DD/MM/YYYY": "%d/%m/%Y", "YYYYMMDD": "%Y%m%d"})
ENCODINGS: Final = MappingProxyType({"utf-8": "utf-8-sig", "cp1252": "cp1252", "iso-8859-15": "iso-8859-15"})
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "format": (FORMAT,),
        "profile": tuple(LOADERS),
        "separator": (";", ",", "\t", "|"),
        "decimal": (",", "."),
        "encoding": tuple(ENCODINGS),
        "dates": tuple(DATES),
    }
)
_OTHERS: Final = {"yes", "no", "passed-over", "columns", "constants"}

_LONGEST = 100_000
# Thousands of open brackets would crash the parser.
_MOST_BRACKETS = 1_000
_LONGEST_NAME = 100


@dataclass(frozen=True)
class Columns:
    """A declaration: ``columns`` and ``constants`` by their paths in ``profile``; the columns of ``passed_over`` are
    in the table and are not read. ``yes`` and ``no`` are the words of a flag, where the table has one."""

    profile: Profile
    separator: str
    decimal: str
    encoding: str
    dates: str
    columns: Mapping[str, str]
    constants: Mapping[str, Value]
    passed_over: frozenset[str]
    yes: str | None = None
    no: str | None = None

    @property
    def headers(self) -> frozenset[str]:
        """Every header that the table has."""
        return self.passed_over.union(self.columns.values())


def load_columns(source: Source) -> Columns:
    """The declaration in ``source``, a path or the file's bytes. Raises :class:`ColumnsInvalid`, naming the entry."""
    data = _parsed(source)
    for name in data:
        if name not in _CHOICES and name not in _OTHERS:
            # Cut short: something pasted on the wrong line could be anything.
            raise ColumnsInvalid(entry=name[:20], rule=errors.NO_ENTRY)
    words = {name: _choice(data, name, allowed) for name, allowed in _CHOICES.items()}
    name, _, version = words["profile"].partition("/")
    profile = load_profile(name, int(version))
    columns = _columns(_table(data, "columns"), profile)
    constants = _table(data, "constants")
    for path, value in constants.items():
        _require_path(path, profile, columns)
        if type(value) not in (str, int, bool) or ".prism." in path:
            raise ColumnsInvalid(entry=path, rule=errors.ENTRY_WRONG)
    return Columns(
        profile=profile,
        separator=words["separator"],
        decimal=words["decimal"],
        encoding=ENCODINGS[words["encoding"]],
        dates=DATES[words["dates"]],
        columns=MappingProxyType(columns),
        constants=MappingProxyType(constants),
        passed_over=_passed_over(data.get("passed-over", []), columns),
        **_flags(data, profile, columns),
    )


def _parsed(source: Source) -> dict[str, Any]:
    rule: Sentence = errors.NOT_TOML
    try:
        data = source if isinstance(source, bytes) else first_bytes(Path(source), _LONGEST + 1)
        if len(data) <= _LONGEST and data.count(b"[") + data.count(b"{") <= _MOST_BRACKETS:
            return tomllib.loads(data.decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        # The parser's own error quotes the file.
        pass
    raise ColumnsInvalid(entry="TOML" if isinstance(source, bytes) else name_of(source), rule=rule)


def _choice(data: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> str:
    if name not in data:
        raise ColumnsInvalid(entry=name, rule=errors.ENTRY_MISSING)
    value = data[name]
    if not isinstance(value, str) or value not in allowed:
        raise ColumnsInvalid(entry=name, rule=errors.WRONG_FORMAT if name == "format" else errors.ENTRY_WRONG)
    return value


def _table(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    table = data.get(name, {})
    if not isinstance(table, dict):
        raise ColumnsInvalid(entry=name, rule=errors.ENTRY_WRONG)
    return table


def _columns(declared: Mapping[str, Any], profile: Profile) -> dict[str, str]:
    """The header of each path."""
    columns: dict[str, str] = {}
    for header, path in declared.items():
        if not _is_header(header) or not isinstance(path, str):
            raise ColumnsInvalid(entry="columns", rule=errors.ENTRY_WRONG)
        _require_path(path, profile, columns)
        columns[path] = header
    if not columns:
        raise ColumnsInvalid(entry="columns", rule=errors.ENTRY_MISSING)
    return columns


def _require_path(path: str, profile: Profile, columns: Mapping[str, str]) -> None:
    if path not in profile.fields:
        raise ColumnsInvalid(entry=path[:_LONGEST_NAME], rule=errors.PATH_UNKNOWN)
    if path in columns:
        raise ColumnsInvalid(entry=path, rule=errors.PATH_TWICE)


def _passed_over(names: object, columns: Mapping[str, str]) -> frozenset[str]:
    if not isinstance(names, list) or not all(_is_header(name) for name in names):
        raise ColumnsInvalid(entry="passed-over", rule=errors.ENTRY_WRONG)
    if len(set(names)) < len(names) or not set(names).isdisjoint(columns.values()):
        raise ColumnsInvalid(entry="passed-over", rule=errors.ENTRY_WRONG)
    return frozenset(names)


def _flags(data: Mapping[str, Any], profile: Profile, columns: Mapping[str, str]) -> dict[str, str]:
    """The two words of a flag, which a table with a flag needs."""
    if not any(profile.fields[path].format == "flag" for path in columns) and not {"yes", "no"} & set(data):
        return {}
    words: dict[str, str] = {}
    for name in ("yes", "no"):
        word = data.get(name)
        if not isinstance(word, str) or not word.strip() or word in words.values():
            raise ColumnsInvalid(
                entry=name, rule=errors.ENTRY_WRONG if name in data else errors.ENTRY_MISSING
            )
        words[name] = word
    return words


def _is_header(name: object) -> bool:
    return isinstance(name, str) and name == name.strip() != "" and len(name) <= _LONGEST_NAME
