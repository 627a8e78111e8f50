# SPDX-License-Identifier: Apache-2.0
"""All classes of error of the library."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import sceau
from sceau.documents.errors import InFile
from sceau.errors import SceauError


def below(kind: type[SceauError]) -> Iterator[type[SceauError]]:
    """Every class that derives from another."""
    for child in kind.__subclasses__():
        yield child
        yield from below(child)


def errors_of_the_library() -> list[type[SceauError]]:
    """Every class of error outside the command line, but the one that says another error of a file."""
    for module in pkgutil.walk_packages(sceau.__path__, "sceau."):
        importlib.import_module(module.name)
    ours = {
        kind
        for kind in below(SceauError)
        if kind.__module__.startswith("sceau.") and not kind.__module__.startswith("sceau.cli.")
        if kind is not InFile
    }
    return sorted(ours, key=lambda kind: (kind.__module__, kind.__qualname__))
