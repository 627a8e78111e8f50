# SPDX-License-Identifier: Apache-2.0
"""Reading files of renewal rules (format ``sceau-renewal/1``, docs/verdicts.md) and choosing the version of a day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sceau.documents.errors import FileMalformed
from sceau.documents.strict_json import read_object
from sceau.errors import Sentence
from sceau.renewal.errors import RulesBroken, RulesFolderMissing, RulesUnknown
from sceau.renewal.rules import Band, EarlyCase, RenewalRules

FORMAT = "sceau-renewal/1"

#: The rules of this package, for spectacles paid for in France.
FRENCH = "fr-optical"

_KEYS = {"format", "id", "version", "valid_from", "valid_until", "sources", "bands", "early"}
_WHAT = Sentence("files.renewal-rules")
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_CODE = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")
_OLDEST = 150
_LONGEST = 120


def load_rules(id: str = FRENCH, *, on: date, directory: Path | None = None) -> RenewalRules:  # noqa: A002  # the word of the file format
    """The rules in force on a day: that of the purchase that they are asked about.

    ``directory`` holds further files (``*.json``); one with the identifier and version of a packaged file replaces
    it. Where several versions are in force, the one that came into force last counts.

    Raises:
        RulesUnknown: none of that name is in force on that day.
        RulesFolderMissing, RulesBroken.
    """
    in_force = [rules for rules in list_rules(directory) if rules.id == id and rules.in_force(on)]
    if not in_force:
        raise RulesUnknown(rules=id, day=on.isoformat())
    return max(in_force, key=lambda rules: (rules.valid_from, rules.version))


def list_rules(directory: Path | None = None) -> list[RenewalRules]:
    """All rules of the package and of ``directory``. Raises as :func:`load_rules`."""
    found: dict[tuple[str, str], RenewalRules] = {}
    for files in (_packaged(), _of_directory(directory)):
        own: dict[tuple[str, str], RenewalRules] = {}
        for name, text in files:
            rules = parse_rules(text, name)
            if (rules.id, rules.version) in own:
                raise _broken(name, "version", "another file has it too", "un autre fichier l'a aussi")
            own[rules.id, rules.version] = rules
        found |= own
    return [found[key] for key in sorted(found)]


def parse_rules(text: str | bytes, file: str = "rules") -> RenewalRules:
    """The rules that ``text`` holds; ``file`` names it in errors. Raises :class:`RulesBroken`."""
    try:
        data = read_object(text, _WHAT)
    except FileMalformed as error:
        raise RulesBroken(file=file, where="$", rule=error.details["rule"]) from None
    return _Reader(file).rules(data)


def _packaged() -> Iterator[tuple[str, str | bytes]]:
    for file in resources.files("sceau.renewal").joinpath("data").iterdir():
        if file.name.endswith(".json"):
            yield file.name, file.read_text("utf-8")


def _of_directory(directory: Path | None) -> list[tuple[str, bytes]]:
    if directory is None:
        return []
    try:
        files = sorted(path for path in directory.iterdir() if path.suffix == ".json")
        return [(path.name, path.read_bytes()) for path in files]
    except OSError:
        raise RulesFolderMissing(directory=directory) from None


class _Reader:
    """Reads one file, naming the place of whatever is wrong."""

    def __init__(self, file: str) -> None:
        self._file = file

    def rules(self, data: Mapping[str, Any]) -> RenewalRules:
        self._keys(data, _KEYS, "$")
        if data["format"] != FORMAT:
            raise self._broken("format", f"must be '{FORMAT}'", f"doit être « {FORMAT} »")
        bands = self._bands(data["bands"])
        start = self._date(data["valid_from"], "valid_from")
        until = None if data["valid_until"] is None else self._date(data["valid_until"], "valid_until")
        if until is not None and until < start:
            raise self._broken("valid_until", "is before valid_from", "précède valid_from")
        return RenewalRules(
            id=self._shaped(data["id"], _NAME, "id"),
            version=self._date(data["version"], "version").isoformat(),
            valid_from=start,
            valid_until=until,
            sources=self._sources(data["sources"]),
            bands=bands,
            early=self._cases(data["early"], {band.code for band in bands}),
        )

    def _bands(self, given: object) -> tuple[Band, ...]:
        bands = []
        for place, item in self._items(given, "bands"):
            self._keys(item, {"code", "from_age", "months", "title"}, place)
            bands.append(
                Band(
                    code=self._shaped(item["code"], _CODE, f"{place}.code"),
                    from_age=self._whole(item["from_age"], _OLDEST, f"{place}.from_age"),
                    months=self._whole(item["months"], _LONGEST, f"{place}.months"),
                    title=self._title(item["title"], item["code"], f"{place}.title"),
                )
            )
        ages = [band.from_age for band in bands]
        if not ages or ages[0] != 0 or ages != sorted(set(ages)):
            raise self._broken("bands", "must begin at age 0 and ascend", "doivent partir de 0 an et monter")
        self._once("bands", bands)
        return tuple(bands)

    def _cases(self, given: object, bands: set[str]) -> tuple[EarlyCase, ...]:
        cases = []
        for place, item in self._items(given, "early"):
            self._keys(item, {"code", "months", "title"}, place)
            months = item["months"]
            if not isinstance(months, Mapping) or not months or not set(months) <= bands:
                raise self._broken(
                    f"{place}.months",
                    "must name bands of this file",
                    "doit nommer des tranches de ce fichier",
                )
            cases.append(
                EarlyCase(
                    code=self._shaped(item["code"], _CODE, f"{place}.code"),
                    months=MappingProxyType(
                        {
                            band: self._whole(months[band], _LONGEST, f"{place}.months.{band}")
                            for band in months
                        }
                    ),
                    title=self._title(item["title"], item["code"], f"{place}.title"),
                )
            )
        self._once("early", cases)
        return tuple(cases)

    def _once(self, name: str, items: Sequence[Band | EarlyCase]) -> None:
        if len({item.code for item in items}) != len(items):
            raise self._broken(name, "a code is given twice", "un code est donné deux fois")

    def _items(self, given: object, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        if not isinstance(given, list):
            raise self._broken(name, "must be a list", "doit être une liste")
        for number, item in enumerate(given):
            place = f"{name}[{number}]"
            if not isinstance(item, Mapping):
                raise self._broken(place, "must be an object", "doit être un objet")
            yield place, item

    def _keys(self, data: Mapping[str, Any], wanted: set[str], place: str) -> None:
        for key in sorted(wanted - set(data)):
            raise self._broken(place, f"'{key}' is missing", f"« {key} » manque")
        if set(data) != wanted:
            raise self._broken(place, "it holds an unknown key", "une clé y est inconnue")

    def _shaped(self, given: object, shape: re.Pattern[str], place: str) -> str:
        if not isinstance(given, str) or not shape.fullmatch(given):
            raise self._broken(place, "is not written as it should be", "n'est pas écrit comme il faut")
        return given

    def _whole(self, given: object, most: int, place: str) -> int:
        if type(given) is not int or not 0 <= given <= most:
            raise self._broken(
                place, f"must be a whole number up to {most}", f"doit être un entier jusqu'à {most}"
            )
        return given

    def _date(self, given: object, place: str) -> date:
        try:
            day = date.fromisoformat(given) if isinstance(given, str) else None
        except ValueError:
            day = None
        if day is None or day.isoformat() != given:
            raise self._broken(place, "must be a date YYYY-MM-DD", "doit être une date AAAA-MM-JJ")
        return day

    def _sources(self, given: object) -> tuple[str, ...]:
        if not isinstance(given, list) or not given or not all(isinstance(each, str) for each in given):
            raise self._broken("sources", "must name its sources", "doit citer ses sources")
        return tuple(given)

    def _title(self, given: object, code: str, place: str) -> Sentence:
        if not isinstance(given, Mapping) or set(given) != {"en", "fr"}:
            raise self._broken(place, "must be in en and fr", "doit être en en et fr")
        if not all(isinstance(text, str) and text for text in given.values()):
            raise self._broken(place, "must be text", "doit être un texte")
        return Sentence(code, given["en"], given["fr"])

    def _broken(self, where: str, en: str, fr: str) -> RulesBroken:
        return _broken(self._file, where, en, fr)


def _broken(file: str, where: str, en: str, fr: str) -> RulesBroken:
    return RulesBroken(file=file, where=where, rule=Sentence("renewal-rule", en, fr))
