# SPDX-License-Identifier: Apache-2.0
"""Reading profile files (format ``sceau-profile/1``, specified in docs/records.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

from sceau.record.canonical import FORMATS, Limits
from sceau.record.errors import ProfileBroken, ProfileUnknown
from sceau.record.profile import Field, Profile
from sceau.record.rules import RULES, Rule

if TYPE_CHECKING:
    from sceau.documents.model import Fault
    from sceau.record import profile_shapes as shapes

_FILE = re.compile(r"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)-([1-9][0-9]{0,3})\.json")
_VERSION = re.compile(r"[1-9][0-9]{0,3}")
_RESERVED = ("sceau.", "pad.")
_DECIMALS = ("dioptre", "prism", "decimal")
_HUNDREDTHS = re.compile(r"-?[0-9]{1,4}\.[0-9]{2}")


def profile_names() -> tuple[tuple[str, int], ...]:
    """Name and version of every profile of this package, sorted."""
    return tuple(sorted(_files()))


def load_profile(name: object, version: int | None = None) -> Profile:
    """The profile ``name`` in ``version`` (the latest when None). Raises :class:`ProfileUnknown`.

    Raises :class:`ProfileBroken` when the file does not follow the format.
    """
    if version is None:
        version = max((number for each, number in _files() if each == name), default=0)
    if not isinstance(name, str) or (name, version) not in _files():
        # The name may come from somebody else's file: it is printed only when it looks like a name.
        readable = isinstance(name, str) and len(name) <= 40 and _FILE.fullmatch(f"{name}-1.json") is not None
        raise ProfileUnknown(profile=f"{name}/{version or '*'}" if readable else "(?)")
    return _load(name, version)


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
        from sceau.documents.model import fault_at

        raise _broken(profile.key, fault_at("name", "profile.of-another-file"))
    return profile


def parse_profile(text: str, label: str) -> Profile:
    """The profile that ``text`` (JSON) holds; ``label`` names it in errors. Raises :class:`ProfileBroken`."""
    from sceau.documents.model import Fault, parse
    from sceau.record import profile_shapes as shapes

    written = parse(shapes.Profile, text)
    if isinstance(written, Fault):
        raise _broken(label, written)
    try:
        return _profile(written)
    except _Wrong as wrong:
        raise _broken(label, wrong.fault) from None


class _Wrong(Exception):  # becomes a ProfileBroken as soon as the label is known
    def __init__(self, fault: Fault) -> None:
        self.fault = fault


def _broken(label: str, fault: Fault) -> ProfileBroken:
    return ProfileBroken(profile=label, rule=fault.sentence)


def _profile(written: shapes.Profile) -> Profile:
    _expect(written.leaves & (written.leaves - 1) == 0, "leaves", "profile.power-of-two")
    for name, each in written.lists.items():
        _expect(each.at_least <= each.places, f"lists.{name}", "profile.at-least-over-places")
    fields: dict[str, Field] = {}
    for number, given in enumerate(written.fields):
        for field in _fields(given, written.lists, f"fields[{number}]"):
            _expect(field.path not in fields, f"fields[{number}]", "profile.path-twice")
            fields[field.path] = field
    # One place is taken by sceau.record.
    _expect(len(fields) < written.leaves, "fields", "profile.do-not-fit")
    return Profile(
        name=written.name,
        version=written.version,
        leaves=written.leaves,
        bound_to=written.bound_to,
        titles=_titles(written.title),
        fields=MappingProxyType(fields),
        lists=MappingProxyType({name: each.places for name, each in written.lists.items()}),
        rules=tuple(
            rule
            for number, given in enumerate(written.rules)
            for rule in _rules(given, written.lists, fields, f"rules[{number}]")
        ),
    )


def _fields(given: shapes.ProfileField, lists: Mapping[str, shapes.Places], at: str) -> Iterator[Field]:
    template = given.path
    _expect(not template.startswith(_RESERVED), f"{at}.path", "profile.reserved")
    for path, place in _places(template, lists, f"{at}.path"):
        at_least = lists[_list_name(template)].at_least if place else 1
        yield Field(
            path=path,
            type=FORMATS[given.format].type,
            format=given.format,
            required=given.required and place <= at_least,
            group=given.group,
            limits=_limits(given, at),
            template=template,
            place=place,
            required_in_place=given.required and place > 0,
            titles=None if given.title is None else _titles(given.title),
        )


def _places(template: str, lists: Mapping[str, shapes.Places], at: str) -> list[tuple[str, int]]:
    """The concrete paths of a template with their places; of a path outside lists, itself with place 0."""
    count = template.split(".").count("N")
    if count == 0:
        return [(template, 0)]
    _expect(count == 1 and _list_name(template) in lists, at, "profile.of-no-list")
    return [(_at(template, place), place) for place in range(1, lists[_list_name(template)].places + 1)]


def _list_name(template: str) -> str:
    return ".".join(template.split(".")[: template.split(".").index("N")])


def _at(template: str, place: int) -> str:
    return ".".join(str(place) if segment == "N" else segment for segment in template.split("."))


def _limits(given: shapes.ProfileField, at: str) -> Limits:
    def number(name: str, value: int | str | None) -> int | None:
        if value is None:
            return None
        if given.format in _DECIMALS:
            fits = isinstance(value, str) and _HUNDREDTHS.fullmatch(value)
            _expect(fits, f"{at}.{name}", "profile.two-decimals")
            return int(str(value).replace(".", ""))
        _expect(isinstance(value, int), f"{at}.{name}", "documents.json-number")
        return int(value)

    return Limits(
        minimum=number("min", given.min),
        maximum=number("max", given.max),
        step=number("step", given.step),
        longest=given.longest,
        values=None if given.values is None else tuple(given.values),
        zero=given.zero,
    )


def _titles(given: shapes.Title) -> Mapping[str, str]:
    return MappingProxyType({"en": given.en, "fr": given.fr})


def _rules(
    given: Mapping[str, str | list[str]],
    lists: Mapping[str, shapes.Places],
    fields: Mapping[str, Field],
    at: str,
) -> Iterator[Rule]:
    """The rules that one object of the file stands for: one, or one for each place of a list."""
    name = str(given["rule"])
    kind = RULES[name]
    many: dict[str, tuple[str, ...]] = {}
    single: dict[str, list[tuple[str, int]]] = {}
    for key in kind.keys:
        templates = [given[key]] if isinstance(given[key], str) else given[key]
        paths = [_places(str(each), lists, at) for each in templates]
        if key in kind.many:
            many[key] = tuple(path for each in paths for path, _ in each)
        else:
            _expect(len(paths) == 1, at, "profile.not-a-rule")
            single[key] = paths[0]
    turns = max((len(paths) for paths in single.values()), default=1)
    for turn in range(turns):
        # A path outside the list is the same at every place.
        at_turn = {key: (paths[min(turn, len(paths) - 1)][0],) for key, paths in single.items()}
        rule = Rule(name, MappingProxyType({**at_turn, **many}))
        for path in (path for paths in rule.paths.values() for path in paths):
            _expect(path in fields, at, "profile.names-no-field")
        yield rule


def _expect(holds: object, place: str, otherwise: str) -> None:
    if not holds:
        from sceau.documents.model import fault_at

        raise _Wrong(fault_at(place, otherwise))
