# SPDX-License-Identifier: Apache-2.0
"""Dated files: each is one version of something that changes with the law, in force between two days.

A package brings its files in its folder ``data``; a folder of the user's adds versions, or replaces them, without a
release of this software.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Generic, TypeVar

from sceau.documents.files import first_bytes
from sceau.documents.strict_json import LONGEST
from sceau.errors import SceauError, Sentence


@dataclass(frozen=True)
class Dated:
    """One version. Dates are inclusive; ``valid_until`` None means until further notice."""

    id: str
    version: str
    valid_from: date
    valid_until: date | None
    sources: tuple[str, ...]

    @property
    def key(self) -> str:
        """Identifier and version: 'fr-responsible-contract/2024-11-30'."""
        return f"{self.id}/{self.version}"

    def in_force(self, on: date) -> bool:
        """Whether this version was in force on that day."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


D = TypeVar("D", bound=Dated)


@dataclass(frozen=True)
class DatedFiles(Generic[D]):
    """The files of one kind.

    ``package`` is the package that brings them; ``parse`` reads a file's text, named by its second argument.
    ``broken`` is the error for a file (details ``file``, ``where``, ``rule``), ``unreadable`` for a folder.
    """

    package: str
    parse: Callable[[str | bytes, str], D]
    broken: Callable[..., SceauError]
    unreadable: Callable[..., SceauError]

    def all(self, directory: Path | None = None) -> list[D]:
        """Every version of the package and of ``directory``, by identifier and version.

        A file of ``directory`` with the identifier and version of a packaged one replaces it. Raises ``broken``,
        also for two files of one version in one folder: which one counts would rest on their names; ``unreadable``.
        """
        if directory is None:
            return list(self._of_package)
        return self._all(directory)

    @cached_property
    def _of_package(self) -> tuple[D, ...]:
        return tuple(self._all(None))

    def _all(self, directory: Path | None) -> list[D]:
        found: dict[tuple[str, str], D] = {}
        for files in (_packaged(self.package), self._of_directory(directory)):
            own: dict[tuple[str, str], D] = {}
            for name, text in files:
                read = self.parse(text, name)
                if (read.id, read.version) in own:
                    raise self.broken(file=name, where="version", rule=_TWICE)
                own[read.id, read.version] = read
            found |= own
        return [found[key] for key in sorted(found)]

    def _of_directory(self, directory: Path | None) -> list[tuple[str, bytes]]:
        if directory is None:
            return []
        try:
            files = sorted(path for path in directory.iterdir() if path.suffix == ".json")
            return [(path.name, first_bytes(path, LONGEST + 1)) for path in files]
        except (OSError, ValueError):
            raise self.unreadable(directory=directory) from None


@cache
def _packaged(package: str) -> tuple[tuple[str, bytes], ...]:
    """The names and texts of a package's files. They are read once: they change with the code that reads them."""
    files = resources.files(package).joinpath("data").iterdir()
    return tuple((file.name, file.read_bytes()) for file in files if file.name.endswith(".json"))


def counting_on(day: date, versions: Iterable[D]) -> D | None:
    """The version that counts on a day: of those in force, the one that came into force last."""
    in_force = [each for each in versions if each.in_force(day)]
    return max(in_force, key=lambda each: (each.valid_from, each.version), default=None)


_TWICE = Sentence("documents.version-twice")
