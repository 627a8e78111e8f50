# SPDX-License-Identifier: Apache-2.0
"""A disclosed part of a record: chosen leaves and the hashes that lead from them to the sealed root.

Its JSON is the private data of the Ethereum Attestation Service SDK 2.10, which checks it unchanged
(``PrivateData.verifyMultiProof``), as do ``@openzeppelin/merkle-tree`` and ``MerkleProof.sol``. They check
the proof only; :meth:`Multiproof.read` also refuses what they accept: no leaf at all, a foreign record, a
path shown twice, a value in a second writing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from sceau.documents.identifiers import bytes_of, hex_of
from sceau.documents.strict_json import Data
from sceau.errors import Sentence
from sceau.record.canonical import LeafType, Value
from sceau.record.errors import (
    LeafNotCanonical,
    LeafTypeWrong,
    LeafUnknown,
    NoLeaf,
    NotFull,
    PathTwice,
    ProofDoesNotFit,
    RecordForeign,
    RecordLeafAlone,
    RecordLeafMissing,
    ScopeNotCanonical,
)
from sceau.record.leaf import PAD_PREFIX, ZERO, Leaf
from sceau.record.leaf_json import NOT_ITS_TYPE, leaf_to_json, value_from_json
from sceau.record.profile import Profile
from sceau.record.profile_file import load_profile
from sceau.record.scope import RECORD_PATH, Scope
from sceau.record.tree import Branch, root_from

if TYPE_CHECKING:
    from sceau.record import shapes

_WHAT = Sentence("files.disclosure")


@dataclass(frozen=True, repr=False)
class Multiproof:
    """Leaves in descending order of their place in the tree, with the proof's hashes and flags."""

    leaves: tuple[Leaf, ...]
    proof: tuple[bytes, ...]
    proof_flags: tuple[bool, ...]

    def __repr__(self) -> str:
        return f"Multiproof({len(self.leaves)} leaves)"

    def read(self, root: str, expected: Scope) -> dict[str, Value]:
        """The values shown, by path, when they are part of the record ``expected`` sealed under ``root``.

        ``root`` is the commitment on the chain ('0x' and 64 hex digits). Raises a :class:`DisclosureRefused`
        for each rule of docs/records.md, "Reading a disclosure"; :class:`ProfileUnknown` when the expected
        profile is not in this package; :class:`ScopeNotCanonical` when it needs a claim and ``expected`` has
        none, or the reverse.
        """
        profile = _profile_of(expected)
        values = self._values(profile, pads=False)
        self._check_record(values, expected)
        if not values:
            raise RecordLeafAlone
        self._check_proof(root, profile)
        return values

    def read_full(self, root: str, expected: Scope) -> dict[str, Value]:
        """As :meth:`read`, for a whole record: every leaf is shown, and the record's own rules hold.

        Raises also :class:`NotFull`, :class:`PathMissing` and :class:`RuleBroken`.
        """
        profile = _profile_of(expected)
        values = self._values(profile, pads=True)
        self._check_record(values, expected)
        if len(self.leaves) != profile.leaves:
            raise NotFull(profile=profile.key, expected=profile.leaves, count=len(self.leaves))
        # All paths are distinct and known, so the pads are 1, 2... without a gap, or one would be unknown.
        values = {path: value for path, value in values.items() if not path.startswith(PAD_PREFIX)}
        self._check_proof(root, profile)
        return profile.validate(values)

    def _values(self, profile: Profile, *, pads: bool) -> dict[str, Value]:
        """Every leaf checked against the profile, the leaf ``sceau.record`` included."""
        if not self.leaves:
            raise NoLeaf
        values: dict[str, Value] = {}
        free = self._free(profile) if pads else 0
        for leaf in self.leaves:
            if leaf.path in values:
                raise PathTwice(leaf.path)
            _check_leaf(leaf, profile, free)
            values[leaf.path] = leaf.value
        return values

    def _free(self, profile: Profile) -> int:
        """How many places of the record hold no value, by the paths that are shown."""
        return profile.leaves - len(
            {leaf.path for leaf in self.leaves if not leaf.path.startswith(PAD_PREFIX)}
        )

    def _check_record(self, values: dict[str, Value], expected: Scope) -> None:
        """Takes the leaf ``sceau.record`` out of ``values``, after comparing it with the record asked for."""
        if RECORD_PATH not in values:
            raise RecordLeafMissing
        try:
            scope = Scope.parse(cast(str, values.pop(RECORD_PATH)))
        except ScopeNotCanonical as error:
            raise LeafNotCanonical(RECORD_PATH, rule=error.details["rule"]) from None
        part = scope.difference(expected)
        if part is not None:
            raise RecordForeign(part=part)

    def _check_proof(self, root: str, profile: Profile) -> None:
        branch = Branch(self.proof, self.proof_flags)
        found = root_from([leaf.hash for leaf in self.leaves], branch, profile.leaves)
        if found is None or hex_of(found) != root.lower():
            raise ProofDoesNotFit

    def to_json(self) -> dict[str, Any]:
        """The private data as the SDK writes it, ready for ``json.dumps``; integers are decimal strings."""
        return {
            "leaves": [leaf_to_json(leaf) for leaf in self.leaves],
            "proof": [hex_of(node) for node in self.proof],
            "proofFlags": list(self.proof_flags),
        }

    @classmethod
    def from_json(cls, data: Data) -> Multiproof:
        """Reads what :meth:`to_json` or the SDK wrote, as text or as the parsed object.

        Checks the shape only; nothing is proved before :meth:`read`. Raises :class:`FileMalformed`.
        """
        from sceau.documents.model import read
        from sceau.record import shapes

        return cls.of_shape(read(shapes.Multiproof, data, _WHAT))

    @classmethod
    def of_shape(cls, written: shapes.Multiproof) -> Multiproof:
        """What a file holds, once its shape was found right; raises as :meth:`from_json`."""
        return cls(
            leaves=tuple(_leaf(each, number) for number, each in enumerate(written.leaves)),
            proof=tuple(map(bytes_of, written.proof)),
            proof_flags=tuple(written.proofFlags),
        )


def _leaf(written: shapes.Leaf, number: int) -> Leaf:
    value = value_from_json(written.type, written.value)
    if value is None:
        from sceau.documents.model import malformed_at

        raise malformed_at(f"leaves[{number}].value", NOT_ITS_TYPE, _WHAT)
    return Leaf(written.type, written.name, value, bytes_of(written.salt))


def _profile_of(expected: Scope) -> Profile:
    profile = load_profile(expected.profile, expected.version)
    # A reader that asks for a claim's record without naming the claim would be shown any.
    expected.require(profile.bound_to)
    return profile


def _check_leaf(leaf: Leaf, profile: Profile, free: int) -> None:
    """Raises unless path, type and value are those of the profile; ``free`` is the number of pads."""
    field = profile.fields.get(leaf.path)
    if field is not None:
        # Most leaves come this way.
        if leaf.type != field.type:
            _check_type(leaf, field.type, profile)
        rule = field.broken_rule(leaf.value)
        if rule is not None:
            raise LeafNotCanonical(leaf.path, rule=rule)
    elif leaf.path == RECORD_PATH:
        _check_type(leaf, "string", profile)
    elif leaf.path in _pads(free):
        _check_type(leaf, "bytes32", profile)
        if leaf.value != ZERO:
            raise LeafNotCanonical(leaf.path, rule=_PAD)
    else:
        raise LeafUnknown(leaf.path, profile=profile.key)


def _check_type(leaf: Leaf, expected: LeafType, profile: Profile) -> None:
    if leaf.type != expected:
        raise LeafTypeWrong(leaf.path, type=leaf.type, expected=expected, profile=profile.key)


@lru_cache
def _pads(free: int) -> frozenset[str]:
    return frozenset(f"{PAD_PREFIX}{number}" for number in range(1, free + 1))


_PAD = Sentence("record.pad-not-zero")
