# SPDX-License-Identifier: Apache-2.0
"""Reading profile files (format ``sceau-profile/1``, specified in docs/records.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from sceau.documents.errors import FileMalformed
from sceau.documents.strict_json import read_object
from sceau.errors import Sentence
from sceau.record.canonical import FORMATS, Limits
from sceau.record.errors import ProfileBroken, ProfileUnknown
from sceau.record.profile import Field, Profile
from sceau.record.rules import RULES, Rule

_WHAT = Sentence("files.profile")
_FILE = re.compile(r"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)-([1-9][0-9]{0,3})\.json")
_VERSION = re.compile(r"[1-9][0-9]{0,3}")
_PATH = re.compile(r"[a-z][a-z0-9-]*(?:\.(?:[a-z][a-z0-9-]*|N))*")
_GROUP = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")
_LONGEST_PATH = 60
_RESERVED = ("sceau.", "pad.")
_MOST_LEAVES = 1024
_DECIMALS = ("dioptre", "prism", "decimal")
_HUNDREDTHS = re.compile(r"-?[0-9]{1,4}\.[0-9]{2}")

_PROFILE_KEYS = {"format", "name", "version", "title", "bound_to", "leaves", "lists", "fields", "rules"}
_FIELD_KEYS = {
    "path",
    "format",
    "required",
    "group",
    "title",
    "min",
    "max",
    "step",
    "longest",
    "values",
    "zero",
}


def profile_names() -> tuple[tuple[str, int], ...]:
    """Name and version of every profile of this package, sorted."""
    return tuple(sorted(_files()))


def load_profile(name: object, version: int | None = None) -> Profile:
    """The profile ``name`` in ``version`` (the latest when None). Raises :class:`ProfileUnknown`.

    Raises :class:`ProfileBroken` when the file does not follow the format.
    """
    known = [(each, number) for each, number in _files() if each == name]
    wanted = max(known, default=None) if version is None else (name, version)
    if wanted is None or wanted not in known:
        # The name may come from somebody else's file: it is printed only when it looks like a name.
        readable = isinstance(name, str) and len(name) <= 40 and _FILE.fullmatch(f"{name}-1.json") is not None
        raise ProfileUnknown(profile=f"{name}/{version or '*'}" if readable else "(?)")
    return _load(*wanted)


def load_profile_key(key: str) -> Profile:
    """The profile of a key, such as 'lens-order/1'. Raises as :func:`load_profile`."""
    name, _, version = key.partition("/")
    return load_profile(name, int(version) if _VERSION.fullmatch(version) else 0)


@cache
def _files() -> Mapping[tuple[str, int], str]:
    found = {}
    for file in resources.files("sceau.record").joinpath("profiles").iterdir():
        match = _FILE.fullmatch(file.name)
        if match is not None:
            found[match[1], int(match[2])] = file.name
    return found


@cache
def _load(name: str, version: int) -> Profile:
    file = resources.files("sceau.record").joinpath("profiles").joinpath(f"{name}-{version}.json")
    profile = parse_profile(file.read_text("utf-8"), f"{name}/{version}")
    if profile.key != f"{name}/{version}":
        raise _broken(f"{name}/{version}", "its name and version are not those of the file")
    return profile


def parse_profile(text: str, label: str) -> Profile:
    """The profile that ``text`` (JSON) holds; ``label`` names it in errors. Raises :class:`ProfileBroken`."""
    try:
        data = read_object(text, _WHAT)
    except FileMalformed as error:
        raise ProfileBroken(profile=label, rule=error.details["rule"]) from None
    try:
        return _profile(data)
    except _Wrong as wrong:
        raise _broken(label, str(wrong)) from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _broken(label, f"a part is missing or of the wrong kind ({error!r})") from None


class _Wrong(Exception):  # becomes a ProfileBroken as soon as the label is known
    pass


def _broken(label: str, what: str) -> ProfileBroken:
    # For the authors of profile files, who read English; no patient or shop meets it.
    return ProfileBroken(profile=label, rule=Sentence("profile-file", what, what))


def _profile(data: Mapping[str, Any]) -> Profile:
    _expect(data["format"] == "sceau-profile/1", "its format is not sceau-profile/1")
    _expect(set(data) <= _PROFILE_KEYS, "it has an unknown key")
    _expect(data["bound_to"] in ("contract", "claim"), "bound_to is neither 'contract' nor 'claim'")
    leaves = data["leaves"]
    _expect(
        type(leaves) is int and 2 <= leaves <= _MOST_LEAVES and leaves & (leaves - 1) == 0,
        "leaves is no power of two of at most 1024",
    )
    lists = {str(name): _list(name, given) for name, given in data.get("lists", {}).items()}
    fields: dict[str, Field] = {}
    for given in data["fields"]:
        for field in _fields(given, lists):
            _expect(field.path not in fields, f"{field.path} is there twice")
            fields[field.path] = field
    # One place is taken by sceau.record.
    _expect(len(fields) < leaves, f"{len(fields) + 1} leaves do not fit in {leaves}")
    places = {name: most for name, (most, _) in lists.items()}
    return Profile(
        name=str(data["name"]),
        version=int(data["version"]),
        leaves=leaves,
        bound_to=data["bound_to"],
        titles=_titles(data["title"]),
        fields=MappingProxyType(fields),
        lists=MappingProxyType(places),
        rules=tuple(rule for given in data.get("rules", []) for rule in _rules(given, places, fields)),
    )


def _list(name: str, given: Mapping[str, Any]) -> tuple[int, int]:
    """The number of places of a list, and how many of them are always used."""
    _expect(set(given) == {"places", "at_least"}, f"list {name} needs places and at_least")
    _expect(0 <= int(given["at_least"]) <= int(given["places"]), f"list {name}: at_least is over places")
    _expect(int(given["places"]) < _MOST_LEAVES, f"list {name} has more places than a record has leaves")
    return int(given["places"]), int(given["at_least"])


def _fields(given: Mapping[str, Any], lists: Mapping[str, tuple[int, int]]) -> Iterator[Field]:
    template = given["path"]
    _expect(_PATH.fullmatch(template) and len(template) <= _LONGEST_PATH, f"{template} is no path")
    _expect(not template.startswith(_RESERVED), f"{template} is reserved")
    _expect(set(given) <= _FIELD_KEYS, f"{template} has an unknown key")
    _expect(given["format"] in FORMATS, f"{template} has an unknown format")
    _expect(type(given["required"]) is bool, f"{template}: required is neither true nor false")
    _expect(_GROUP.fullmatch(given["group"]), f"{template} has no data group")
    for path, place in _places(template, {name: most for name, (most, _) in lists.items()}):
        at_least = lists[_list_name(template)][1] if place else 1
        yield Field(
            path=path,
            type=FORMATS[given["format"]].type,
            format=given["format"],
            required=given["required"] and place <= at_least,
            group=given["group"],
            limits=_limits(given),
            template=template,
            place=place,
            required_in_place=given["required"] and place > 0,
            titles=_titles(given["title"]) if "title" in given else None,
        )


def _places(template: str, lists: Mapping[str, int]) -> list[tuple[str, int]]:
    """The concrete paths of a template with their places; of a path outside lists, itself with place 0."""
    count = template.split(".").count("N")
    if count == 0:
        return [(template, 0)]
    _expect(count == 1 and _list_name(template) in lists, f"{template} is of no list that 'lists' names")
    return [(_at(template, place), place) for place in range(1, lists[_list_name(template)] + 1)]


def _list_name(template: str) -> str:
    return ".".join(template.split(".")[: template.split(".").index("N")])


def _at(template: str, place: int) -> str:
    return ".".join(str(place) if segment == "N" else segment for segment in template.split("."))


def _limits(given: Mapping[str, Any]) -> Limits:
    def number(key: str) -> int | None:
        value = given.get(key)
        if value is None:
            return None
        if given["format"] in _DECIMALS:
            _expect(_HUNDREDTHS.fullmatch(value), f"{given['path']}: {key} is no text with two decimals")
            return int(value.replace(".", ""))
        _expect(type(value) is int, f"{given['path']}: {key} is no whole number")
        return int(value)

    values = given.get("values")
    longest = given.get("longest")
    _expect(longest is None or type(longest) is int, f"{given['path']}: longest is no whole number")
    return Limits(
        minimum=number("min"),
        maximum=number("max"),
        step=number("step"),
        longest=longest,
        values=None if values is None else tuple(map(str, values)),
        zero=given.get("zero"),
    )


def _titles(given: Mapping[str, Any]) -> Mapping[str, str]:
    _expect(set(given) == {"en", "fr"}, "a title needs en and fr")
    return MappingProxyType({"en": str(given["en"]), "fr": str(given["fr"])})


def _rules(given: Mapping[str, Any], lists: Mapping[str, int], fields: Mapping[str, Field]) -> Iterator[Rule]:
    """The rules that one object of the file stands for: one, or one for each place of a list."""
    kind = RULES.get(given["rule"])
    _expect(
        kind is not None and set(given) == {"rule", *kind.keys},
        f"rule {given['rule']} is unknown or incomplete",
    )
    assert kind is not None  # noqa: S101  # for the type checker; said by the line above
    many: dict[str, tuple[str, ...]] = {}
    single: dict[str, list[tuple[str, int]]] = {}
    for key in kind.keys:
        if key in kind.many:
            templates = [given[key]] if isinstance(given[key], str) else given[key]
            many[key] = tuple(path for each in templates for path, _ in _places(each, lists))
        else:
            single[key] = _places(given[key], lists)
    turns = max((len(paths) for paths in single.values()), default=1)
    for turn in range(turns):
        # A path outside the list is the same at every place.
        at_turn = {key: (paths[min(turn, len(paths) - 1)][0],) for key, paths in single.items()}
        rule = Rule(given["rule"], MappingProxyType({**at_turn, **many}))
        for path in (path for paths in rule.paths.values() for path in paths):
            _expect(path in fields, f"rule {rule.name} names {path}, which is no field")
        yield rule


def _expect(holds: object, otherwise: str) -> None:
    if not holds:
        raise _Wrong(otherwise)
