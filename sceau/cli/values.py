# SPDX-License-Identifier: Apache-2.0
"""Files of a record's values before it is sealed: ``{"format", "profile", "values"}``, values by path.

Importers write them, a person may check or write them, and sealing commands read them. They hold everything in
clear.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sceau.documents.strict_json import malformed, read_object, require_keys
from sceau.errors import Sentence
from sceau.record import Value, load_profile
from sceau.record.leaf_json import value_from_json, value_to_json

FORMAT = "sceau-values/1"

_WHAT = Sentence("values", "values file", "un fichier de valeurs")


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
    def from_json(cls, data: bytes) -> RecordValues:
        """Reads a file and holds its values against the profile.

        Raises:
            FileMalformed: it is truncated, or no values file.
            RecordError: a path is unknown or missing, a value is not canonical, two do not fit together.
        """
        read = read_object(data, _WHAT)
        if read.get("format") != FORMAT:
            raise malformed(_WHAT, "format", f"its format is not {FORMAT}", f"son format n'est pas {FORMAT}")
        require_keys(read, ("format", "profile", "values"), _WHAT)
        if not isinstance(read["profile"], str) or not isinstance(read["values"], dict):
            raise malformed(_WHAT, "shape", "it is not shaped as one", "il n'en a pas la forme")
        profile = _profile(read["profile"])
        given = {
            path: value_from_json(profile.field(path).type, value, _WHAT)
            for path, value in read["values"].items()
        }
        return cls(read["profile"], profile.validate(given))


def _profile(key: str) -> Any:
    name, _, version = key.partition("/")
    if not version.isdigit():
        raise malformed(
            _WHAT,
            "profile",
            "its profile is not a name and a version, such as optical-claim/1",
            "son profil n'est pas un nom et une version, comme optical-claim/1",
        )
    return load_profile(name, int(version))
