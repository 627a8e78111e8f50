# SPDX-License-Identifier: Apache-2.0
"""Reading policy files (format ``sceau-policy/1``, docs/policies.md) and choosing the right version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sceau.documents.errors import FileMalformed
from sceau.documents.strict_json import read_object
from sceau.errors import Sentence
from sceau.policy._policy import Clause, Policy, matches
from sceau.policy.errors import NoPolicyInForce, PolicyBroken, PolicyFolderMissing, PolicyUnknown
from sceau.record.errors import ProfileUnknown
from sceau.record.profile import Profile
from sceau.record.profile_file import load_profile

FORMAT = "sceau-policy/1"

_POLICY_KEYS = frozenset(
    {"format", "id", "version", "valid_from", "valid_until", "recipient", "contract", "sources", "clauses"}
)
_CLAUSE_KEYS = frozenset({"consent", "purpose", "delete_after_days", "allow"})
_WHAT = Sentence("files.policy")
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_CODE = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*")
_PROFILE = re.compile(r"([a-z][a-z0-9-]{0,39})/([1-9][0-9]{0,3})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_RETENTION = 3653
"""Ten years, in days: the most that any clause may ask for."""


def load_policy(
    id: str,  # noqa: A002  # the word of the file format
    version: str | None = None,
    *,
    on: date | None = None,
    directory: Path | None = None,
) -> Policy:
    """The policy ``id`` in ``version`` or, without one, in the version in force on day ``on`` (today in UTC).

    ``directory`` holds further policy files (``*.json``); one with the identifier and version of a packaged
    file replaces it. Where several versions are in force on a day, the latest to come into force counts.
    Raises :class:`PolicyUnknown`, :class:`NoPolicyInForce`, :class:`PolicyFolderMissing` or
    :class:`PolicyBroken`.
    """
    known = [policy for policy in list_policies(directory) if policy.id == id]
    if version is not None:
        known = [policy for policy in known if policy.version == version]
    if not known:
        raise PolicyUnknown(policy=id if version is None else f"{id}/{version}")
    if version is not None:
        return known[0]
    day = on or datetime.now(timezone.utc).date()
    in_force = [policy for policy in known if policy.in_force(day)]
    if not in_force:
        raise NoPolicyInForce(policy=id, day=day.isoformat())
    return max(in_force, key=lambda policy: (policy.valid_from, policy.version))


def list_policies(directory: Path | None = None) -> list[Policy]:
    """Every policy of the package and of ``directory``, by identifier and version."""
    found: dict[tuple[str, str], Policy] = {}
    for name, text in _packaged():
        policy = parse_policy(text, name)
        found[policy.id, policy.version] = policy
    for policy in _of_directory(directory) if directory is not None else ():
        found[policy.id, policy.version] = policy
    return [found[key] for key in sorted(found)]


def _packaged() -> Iterator[tuple[str, str]]:
    for file in resources.files("sceau.policy").joinpath("data").iterdir():
        if file.name.endswith(".json"):
            yield file.name, file.read_text("utf-8")


def _of_directory(directory: Path) -> list[Policy]:
    own: dict[tuple[str, str], Policy] = {}
    try:
        files = sorted(path for path in directory.iterdir() if path.suffix == ".json")
        texts = [(path.name, path.read_bytes()) for path in files]
    except OSError:
        raise PolicyFolderMissing(directory=directory) from None
    for name, text in texts:
        policy = parse_policy(text, name)
        if (policy.id, policy.version) in own:
            raise _broken(name, "version", "another file has it too", "un autre fichier l'a aussi")
        own[policy.id, policy.version] = policy
    return list(own.values())


def parse_policy(text: str | bytes, file: str = "policy") -> Policy:
    """The policy that ``text`` holds; ``file`` names it in errors. Raises :class:`PolicyBroken`."""
    try:
        data = read_object(text, _WHAT)
    except FileMalformed as error:
        raise PolicyBroken(file=file, where="$", rule=error.details["rule"]) from None
    return _Reader(file).policy(data)


@dataclass(frozen=True)
class _Reader:
    """Reads the parts of one file, naming the file and the place of whatever is wrong."""

    file: str

    def policy(self, data: Mapping[str, Any]) -> Policy:
        self._keys(data, _POLICY_KEYS, "$")
        if data["format"] != FORMAT:
            raise _broken(self.file, "format", f"must be '{FORMAT}'", f"doit être « {FORMAT} »")
        valid_from = self._date(data["valid_from"], "valid_from")
        valid_until = None if data["valid_until"] is None else self._date(data["valid_until"], "valid_until")
        if valid_until is not None and valid_until < valid_from:
            raise _broken(self.file, "valid_until", "is before valid_from", "précède valid_from")
        clauses = self._object(data["clauses"], "clauses")
        return Policy(
            id=self._shaped(data["id"], _NAME, "id"),
            version=self._date(data["version"], "version").isoformat(),
            valid_from=valid_from,
            valid_until=valid_until,
            recipient=self._shaped(data["recipient"], _NAME, "recipient"),
            contract=self._shaped(data["contract"], _NAME, "contract"),
            sources=self._sources(data["sources"]),
            clauses=MappingProxyType({name: self._clause(name, given) for name, given in clauses.items()}),
        )

    def _clause(self, name: str, given: object) -> Clause:
        self._shaped(name, _NAME, "clauses")
        where = f"clauses.{name}"
        data = self._object(given, where)
        self._keys(data, _CLAUSE_KEYS, where)
        if type(data["consent"]) is not bool:
            raise _broken(self.file, f"{where}.consent", "must be true or false", "doit être true ou false")
        days = data["delete_after_days"]
        if type(days) is not int or not 1 <= days <= _LONGEST_RETENTION:
            raise _broken(
                self.file,
                f"{where}.delete_after_days",
                f"must be a whole number of days from 1 to {_LONGEST_RETENTION}",
                f"doit être un nombre entier de jours de 1 à {_LONGEST_RETENTION}",
            )
        allow = self._object(data["allow"], f"{where}.allow")
        return Clause(
            name=name,
            consent=data["consent"],
            purpose=self._shaped(data["purpose"], _CODE, f"{where}.purpose"),
            delete_after_days=days,
            allow=MappingProxyType(
                {key: self._patterns(key, paths, f"{where}.allow") for key, paths in allow.items()}
            ),
        )

    def _patterns(self, profile_key: str, paths: object, where: str) -> tuple[str, ...]:
        """Path patterns of one profile; one that fits no path of it is a misprint, and refused."""
        profile = self._profile(profile_key, where)
        inside = f"{where}.{profile_key}"
        if not isinstance(paths, list) or not paths or not all(isinstance(path, str) for path in paths):
            raise _broken(self.file, inside, "must be a list of paths", "doit être une liste de chemins")
        for place, pattern in enumerate(paths):
            at = f"{inside}[{place}]"
            if not any(matches(pattern, path) for path in profile.fields):
                raise _broken(
                    self.file, at, "fits no path of the profile", "ne correspond à aucun chemin du profil"
                )
            if pattern in paths[:place]:
                raise _broken(self.file, at, "is given twice", "est donné deux fois")
        return tuple(paths)

    def _profile(self, profile_key: str, where: str) -> Profile:
        match = _PROFILE.fullmatch(profile_key)
        if match is not None:
            try:
                return load_profile(match[1], int(match[2]))
            except ProfileUnknown:
                pass
        raise _broken(
            self.file,
            where,
            "names a profile that is unknown here; profiles are written name/version",
            "nomme un profil inconnu ici ; un profil s'écrit nom/version",
        )

    def _sources(self, given: object) -> tuple[str, ...]:
        if not isinstance(given, list) or not given or not all(_is_address(one) for one in given):
            raise _broken(
                self.file,
                "sources",
                "must list at least one web address (https://…)",
                "doit donner au moins une adresse web (https://…)",
            )
        return tuple(given)

    def _keys(self, data: Mapping[str, Any], expected: frozenset[str], where: str) -> None:
        missing = sorted(expected - set(data))
        if missing:
            raise _broken(self.file, where, f"'{missing[0]}' is missing", f"« {missing[0]} » manque")
        if set(data) != expected:
            # Its name is not printed: it can be anything.
            raise _broken(self.file, where, "holds an unknown key", "contient une clé inconnue")

    def _object(self, given: object, where: str) -> Mapping[str, Any]:
        if not isinstance(given, dict) or not given:
            raise _broken(self.file, where, "must be an object and not empty", "doit être un objet non vide")
        return given

    def _shaped(self, given: object, shape: re.Pattern[str], where: str) -> str:
        if not isinstance(given, str) or len(given) > 60 or not shape.fullmatch(given):
            kind = ("capitals", "majuscules") if shape is _CODE else ("lower case", "minuscules")
            raise _broken(
                self.file,
                where,
                f"must be a name in {kind[0]} with hyphens",
                f"doit être un nom en {kind[1]} avec traits d'union",
            )
        return given

    def _date(self, given: object, where: str) -> date:
        if isinstance(given, str) and _DATE.fullmatch(given):
            try:
                return date.fromisoformat(given)
            except ValueError:
                pass
        raise _broken(self.file, where, "must be a date YYYY-MM-DD", "doit être une date AAAA-MM-JJ")


def _is_address(given: object) -> bool:
    return isinstance(given, str) and given.startswith(("https://", "http://")) and given.isascii()


def _broken(file: str, where: str, en: str, fr: str) -> PolicyBroken:
    return PolicyBroken(file=file, where=where, rule=Sentence("policy-rule", en, fr))
