# SPDX-License-Identifier: Apache-2.0
"""A whole sealed record: scope, values and the seed of its salts. Its root is what goes on the chain.

A person who has a sealed record can read everything and show any part of it: it stays in the store.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sceau.documents.identifiers import bytes_of, hex_of
from sceau.documents.strict_json import Data
from sceau.errors import Sentence
from sceau.record.canonical import Value
from sceau.record.errors import NothingToShow, OpeningDoesNotFit, PathNotInRecord
from sceau.record.leaf import PAD_PREFIX, ZERO, Leaf, salted
from sceau.record.leaf_json import NOT_ITS_TYPE, value_from_json, value_to_json
from sceau.record.multiproof import Multiproof
from sceau.record.profile import Profile
from sceau.record.profile_file import load_profile
from sceau.record.scope import RECORD_PATH, Scope
from sceau.record.tree import build, multiproof

if TYPE_CHECKING:
    from sceau.record import shapes

FORMAT = "sceau-opening/1"
SEED_BYTES = 32

_WHAT = Sentence("files.opening")


def seal(scope: Scope, values: Mapping[str, Value]) -> SealedRecord:
    """Seals ``values`` under a fresh random seed; ``.root`` of the result is the commitment.

    Two seals of the same values have different roots. Keep the opening, and send its root again in a retry:
    never seal twice for one step. Raises what :meth:`Profile.validate` raises, :class:`ProfileUnknown`, and
    :class:`ScopeNotCanonical` when the profile needs a claim and the scope has none, or the reverse.
    """
    return SealedRecord(scope, values, secrets.token_bytes(SEED_BYTES))


@dataclass(frozen=True, repr=False)
class SealedRecord:
    """A sealed record, built by :func:`seal` or restored from what was kept; immutable.

    ``values`` are canonical, by path. ``seed`` is 32 secret bytes, used for this root and never for another.
    """

    scope: Scope
    values: Mapping[str, Value]
    seed: bytes

    def __post_init__(self) -> None:
        if len(self.seed) != SEED_BYTES:
            raise ValueError("a seed is 32 bytes")
        self.scope.require(self.profile.bound_to)
        object.__setattr__(self, "values", MappingProxyType(self.profile.validate(self.values)))

    def __repr__(self) -> str:
        # Neither seed nor values: this ends up in logs and tracebacks.
        return f"SealedRecord({self.scope.profile_key}, root {self.root})"

    @property
    def profile(self) -> Profile:
        """The profile of the record."""
        return load_profile(self.scope.profile, self.scope.version)

    @property
    def root(self) -> str:
        """The commitment: '0x' and 64 lower-case hexadecimal digits."""
        return hex_of(self._nodes[0])

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """Every leaf: ``sceau.record``, the values in the order of their paths, and the free places."""
        fields = self.profile.fields
        leaves = [salted(self.seed, "string", RECORD_PATH, self.scope.text())]
        leaves += [salted(self.seed, fields[path].type, path, value) for path, value in self.values.items()]
        free = self.profile.leaves - len(leaves)
        leaves += [
            salted(self.seed, "bytes32", f"{PAD_PREFIX}{number}", ZERO) for number in range(1, free + 1)
        ]
        return tuple(leaves)

    @cached_property
    def _nodes(self) -> list[bytes]:
        return build(leaf.hash for leaf in self.leaves)

    def prove(self, paths: Iterable[str]) -> Multiproof:
        """The leaves at ``paths``, and always ``sceau.record``, with their proof.

        What may be shown to whom is a policy's business (:mod:`sceau.policy`), not this method's. Raises
        :class:`NothingToShow` when no path is given, :class:`PathNotInRecord` for one without a value here.
        """
        chosen = set(paths)
        for path in sorted(chosen, key=str):
            if path not in self.values:
                raise PathNotInRecord(path)
        if not chosen:
            raise NothingToShow
        return self._prove([leaf for leaf in self.leaves if leaf.path in chosen | {RECORD_PATH}])

    def prove_all(self) -> Multiproof:
        """Every leaf, free places included: a full opening for one who may see all, without the seed."""
        return self._prove(list(self.leaves))

    def _prove(self, shown: list[Leaf]) -> Multiproof:
        places = {self._nodes.index(leaf.hash, self.profile.leaves - 1): leaf for leaf in shown}
        order, branch = multiproof(self._nodes, places)
        return Multiproof(tuple(places[index] for index in order), branch.proof, branch.flags)

    def to_json(self) -> dict[str, Any]:
        """Everything needed to restore it, ready for ``json.dumps``. It holds the seed: keep it encrypted."""
        fields = self.profile.fields
        return {
            "format": FORMAT,
            "scope": self.scope.text(),
            "values": {path: value_to_json(fields[path].type, value) for path, value in self.values.items()},
            "seed": hex_of(self.seed),
            "root": self.root,
        }

    @classmethod
    def from_json(cls, data: Data) -> SealedRecord:
        """Restores what :meth:`to_json` wrote, from its text or the parsed object.

        Raises :class:`FileMalformed` on anything else, :class:`OpeningDoesNotFit` when the root is not that
        of the values, and what :func:`seal` raises on values that the profile refuses.
        """
        from sceau.documents.model import read
        from sceau.record import shapes

        return cls.of_shape(read(shapes.Opening, data, _WHAT))

    @classmethod
    def of_shape(cls, written: shapes.Opening) -> SealedRecord:
        """What a file holds, once its shape was found right; raises as :meth:`from_json`."""
        scope = Scope.parse(written.scope)
        profile = load_profile(scope.profile, scope.version)
        record = cls(scope, read_values(profile, written.values, _WHAT), bytes_of(written.seed))
        if record.root != written.root:
            raise OpeningDoesNotFit
        return record


def read_values(profile: Profile, written: Mapping[str, str | bool], what: Sentence) -> dict[str, Value]:
    """The values that a file writes by path, not yet checked against the profile's rules.

    Raises :class:`PathUnknown`, :class:`FileMalformed`.
    """
    values: dict[str, Value] = {}
    for path, each in written.items():
        value = value_from_json(profile.field(path).type, each)
        if value is None:
            from sceau.documents.model import malformed_at

            raise malformed_at(f"values.{path}", NOT_ITS_TYPE, what)
        values[path] = value
    return values
