# SPDX-License-Identifier: Apache-2.0
"""Neither the number of leaves nor the shape of a proof tells which optional paths a record has."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping

from sceau.record import RECORD_PATH, Multiproof, SealedRecord, Value
from sceau.record.tree import build, multiproof
from tests.client.record.records import LARGEST_LENSES, LENS_SCOPE, SMALLEST_LENSES

SHOWN = ("prescription.written", "right.sphere")
MANY = 600


def openings(values: Mapping[str, Value]) -> Iterator[SealedRecord]:
    for number in range(MANY):
        yield SealedRecord(LENS_SCOPE, values, hashlib.sha256(b"padding %d" % number).digest())


def shape(disclosure: Multiproof) -> tuple[int, int, tuple[bool, ...]]:
    """What a reader, or whoever sees the size of a message, can count."""
    return len(disclosure.leaves), len(disclosure.proof), disclosure.proof_flags


def test_the_shapes_of_a_full_and_of_a_sparse_record_are_the_same() -> None:
    full, sparse = (
        Counter(shape(record.prove(SHOWN)) for record in openings(values))
        for values in (LARGEST_LENSES, SMALLEST_LENSES)
    )
    assert len(full) > 10
    # Each shape is as likely in one as in the other, within what 600 draws allow (5 standard deviations and a half
    # of the difference of two counts; the seeds are fixed, so this cannot flicker).
    for each in full | sparse:
        assert abs(full[each] - sparse[each]) <= 5.5 * (full[each] + sparse[each]) ** 0.5


def test_without_free_places_the_shape_tells() -> None:
    # The control: the same record in the smallest tree that holds it. If this stopped telling, the test above
    # would prove nothing.
    def unpadded(record: SealedRecord) -> tuple[int, int, tuple[bool, ...]]:
        leaves = [leaf for leaf in record.leaves if not leaf.path.startswith("pad.")][:4]
        nodes = build(leaf.hash for leaf in leaves)
        chosen = [nodes.index(leaf.hash, 3) for leaf in leaves if leaf.path in (RECORD_PATH, *SHOWN)]
        order, branch = multiproof(nodes, chosen)
        return len(order), len(branch.proof), branch.flags

    full = {shape(record.prove(SHOWN)) for record in openings(LARGEST_LENSES)}
    sparse = {unpadded(record) for record in openings(SMALLEST_LENSES)}
    assert not full & sparse


def test_a_leaf_is_as_likely_to_be_in_any_place() -> None:
    # Leaves are placed by their salted hashes: the place of a path tells nothing either.
    places: Counter[int] = Counter()
    for record in openings(SMALLEST_LENSES):
        hashes = sorted(leaf.hash for leaf in record.leaves)
        places[hashes.index(next(leaf.hash for leaf in record.leaves if leaf.path == "right.sphere"))] += 1
    expected = MANY / 16
    assert set(places) == set(range(16))
    # Chi-square with 15 degrees of freedom: over 44.3 once in 10,000.
    assert sum((places[place] - expected) ** 2 / expected for place in range(16)) < 44.3


def test_as_many_leaves_whatever_the_record_holds() -> None:
    for values in (LARGEST_LENSES, SMALLEST_LENSES):
        assert {len(record.leaves) for record in openings(values)} == {16}
