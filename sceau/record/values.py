# SPDX-License-Identifier: Apache-2.0
"""Files of a record's values before it is sealed: ``{"format", "profile", "values"}``, values by path.

Importers write them, a person may check or write them, and sealing commands read them. They hold everything in
clear.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sceau.documents.strict_json import Data
from sceau.errors import Sentence
from sceau.record.canonical import Value
from sceau.record.leaf_json import value_to_json
from sceau.record.profile import Profile
from sceau.record.profile_file import load_profile
from sceau.record.sealed import read_values

FORMAT = "sceau-values/1"

_WHAT = Sentence("record.values")


@dataclass(frozen=True, repr=False)
class RecordValues:
    """Canonical values for one record; ``profile`` is a key such as ``optical-claim/1``."""

    profile: str
    values: Mapping[str, Value]

    def __repr__(self) -> str:
        return f"RecordValues({self.profile}, {len(self.values)} values)"

    @property
    def profile_name(self) -> str:
        """The profile's name, without its version."""
        return self.profile.partition("/")[0]

    def to_json(self) -> dict[str, Any]:
        """The values as a file holds them: whole numbers as text, as in openings and disclosures."""
        fields = _profile(self.profile).fields
        written = {path: value_to_json(fields[path].type, value) for path, value in self.values.items()}
        return {"format": FORMAT, "profile": self.profile, "values": written}

    @classmethod
    def from_json(cls, data: Data) -> RecordValues:
        """Reads a file and holds its values against the profile.

        Raises:
            FileMalformed: it is truncated, or not a values file.
            RecordError: a path is unknown or missing, a value is not canonical, two do not fit together.
        """
        from sceau.documents.model import read
        from sceau.record import shapes

        written = read(shapes.RecordValues, data, _WHAT)
        profile = _profile(written.profile)
        return cls(written.profile, profile.validate(read_values(profile, written.values, _WHAT)))


def _profile(key: str) -> Profile:
    name, _, version = key.partition("/")
    return load_profile(name, int(version))
