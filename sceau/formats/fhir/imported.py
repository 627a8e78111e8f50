# SPDX-License-Identifier: Apache-2.0
"""What an importer gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sceau.errors import Sentence
from sceau.formats.fhir import rules
from sceau.formats.fhir.errors import FieldRefused, Notice
from sceau.record.canonical import Value


@dataclass(frozen=True, repr=False)
class Imported:
    """Canonical values for one record, and what the caller must know about them.

    ``profile`` is the key of the record's profile, such as ``'optical-claim/1'``; ``values`` are ready to be
    sealed under it; ``notices`` were no reason to refuse the file, but a person should see them.
    """

    profile: str
    values: Mapping[str, Value]
    notices: tuple[Notice, ...] = ()

    def __repr__(self) -> str:
        # No value: this ends up in logs and tracebacks.
        return f"Imported({self.profile}, {len(self.values)} values, {len(self.notices)} notices)"


def optional(read: Callable[[], str | None], notices: list[Notice]) -> str | None:
    """What ``read`` gives of a field that a record may lack: ``None``, and a notice, where it cannot be read."""
    try:
        return read()
    except FieldRefused as refused:
        path, rule = refused.details["path"], refused.details["rule"]
    notices.append(
        Notice(
            str(path), rules.left_out(rule) if isinstance(rule, Sentence) else rules.left_out(rules.MALFORMED)
        )
    )
    return None
