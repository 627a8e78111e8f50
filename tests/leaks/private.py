# SPDX-License-Identifier: Apache-2.0
"""What is private of a play, in every writing and every plain hash."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sceau.record import SealedRecord, Value
from tests.leaks import hashes
from tests.leaks.encodings import INSIDE, encodings, secret
from tests.leaks.play import Play
from tests.leaks.search import Needles
from tests.leaks.stories import read_data

#: Paths of a consent that stand on the chain in the clear, as fields of their own: docs/privacy.md.
PUBLIC = frozenset(read_data("public")["consent"])


def needles(play: Play, *, hashed: bool = True) -> Needles:
    """All that must not be found in a dump of the play's chain; ``hashed``: plain hashes of it, too."""
    made = Needles()
    labels: dict[tuple[type, Value], list[str]] = defaultdict(list)
    for label, value in private_values(play):
        labels[type(value), value].append(label)
    for (_, value), named in labels.items():
        add_value(made, tuple(named), value, hashed=hashed)
    for label, content in play.secrets.items():
        add_secret(made, label, content, hashed=hashed)
    if hashed:
        _add_hashes(made, play)
    return made


def _add_hashes(made: Needles, play: Play) -> None:
    """Hashes of values with what stands beside them, of records, of groups; but those that every chain holds."""
    for name, record in play.openings.items():
        public = public_salts(play, record)
        for path in private_paths(record):
            for how, digest in hashes.of_value(record, path, public):
                made.add_digest((f"{name}: {path}",), how, digest)
        for how, digest in hashes.of_record(record, public):
            made.add_digest((f"{name}, whole",), how, digest)
        roots = [bytes.fromhex(each.root[2:]) for each in play.openings.values()]
        for how, digest in hashes.of_groups(record, [*public, *roots]):
            made.add_digest((f"{name}, groups",), how, digest)
    for digest in layout(play):
        made.forget_digest(digest)


def secrets_of(play: Play) -> Needles:
    """Keys, seeds, salts and PINs alone, for what is said in words: there a short value can be a word like another."""
    made = Needles()
    for label, content in play.secrets.items():
        add_secret(made, label, content)
    return made


def layout(play: Play) -> Iterator[bytes]:
    """Hashes that every chain holds: where Solidity puts the entries of a mapping, the version of typed data, and the
    detail that a claim's head takes of its payer and consent.

    They are hashes of an identifier with a small number, or of small numbers alone: a quantity of 1 hashed so could
    not be told from them, and is left to the comparison of two plays.
    """
    keys = [hashes.ZEROS, *(number.to_bytes(32, "big") for number in range(1, 16))]
    keys += [bytes.fromhex(each[2:]) for each in (*play.claims.values(), *play.consents.values())]
    addresses = [entry.address for entry in play.network.manifest.contracts.values()]
    everybody = (play.chain.admin, *play.chain.signers.values(), *play.chain.controllers.values())
    addresses += [signer.address for signer in everybody]
    keys += [bytes.fromhex(address[2:]).rjust(32, b"\0") for address in addresses]
    for key in keys:
        yield keccak(key)
        for place in range(16):
            slot = keccak(key + place.to_bytes(32, "big"))
            yield from (slot, keccak(slot))
    yield keccak(b"1")
    for consent in play.consents.values():
        for party in range(16):
            yield keccak(party.to_bytes(32, "big") + bytes.fromhex(consent[2:]))


def keccak(data: bytes) -> bytes:
    """keccak-256."""
    return hashes.ALGORITHMS["keccak-256"](data)


def add_value(made: Needles, labels: tuple[str, ...], value: Value, *, hashed: bool = True) -> None:
    """A value in every writing, and if ``hashed`` every hash of each."""
    forms = {written: how for how, written in reversed([*encodings(value)])}
    for written, how in forms.items():
        made.add(labels, how, written)
        for digest_how, digest in hashes.hashes(how, written) if hashed and INSIDE not in how else ():
            made.add_digest(labels, digest_how, digest)


def add_secret(made: Needles, label: str, content: bytes, *, hashed: bool = True) -> None:
    """A key, a seed, a salt; or a PIN, which is short enough to be guessed from a hash."""
    if len(content) < 16:
        add_value(made, (label,), content.decode(), hashed=hashed)
        return
    for how, written in secret(content):
        made.add((label,), how, written)
    made.add_random((label,), "a part", content)


def private_values(play: Play) -> Iterator[tuple[str, Value]]:
    """Every value of every record, of the patient and of the imported files, with a label that shows none of it."""
    for name, value in play.story.patient.items():
        yield f"patient: {name}", value
        for number, part in enumerate(value.replace(",", " ").split()):
            yield f"patient: {name}, part {number}", part
    for name, content in play.story.fhir.items():
        for place, text in _texts(json.loads(content)):
            yield f"FHIR {name}: {place}", text
    for name, record in play.openings.items():
        for path in private_paths(record):
            yield f"{name}: {path}", record.values[path]
        yield f"{name}: sceau.record", record.scope.text()


def private_paths(record: SealedRecord) -> list[str]:
    """The paths of a record that stand nowhere in the clear."""
    consent = record.scope.profile == "consent"
    return [path for path in record.values if not (consent and path in PUBLIC)]


def public_salts(play: Play, record: SealedRecord) -> list[bytes]:
    """What everybody can read on the chain and might be taken for a salt or a key."""
    scope = record.scope
    known = [scope.chain_id.to_bytes(32, "big"), bytes.fromhex(scope.contract[2:]).rjust(32, b"\0")]
    if scope.claim is not None:
        known.append(bytes.fromhex(scope.claim[2:]))
    return [
        *known,
        *(bytes.fromhex(play.consents[name][2:]) for name in ("signed",) if name in play.consents),
    ]


def _texts(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """The texts of an imported file that say something of somebody; codes of FHIR itself are no secret."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("system", "resourceType", "status", "div"):
                yield from _texts(inner, f"{place}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, f"{place}[{number}]")
    elif isinstance(value, str) and any(c.isdigit() for c in value):
        yield place, value
