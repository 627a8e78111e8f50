# SPDX-License-Identifier: Apache-2.0
"""Makes the certificate of an erasure from what the store noted of it, the register, the notices and the chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sceau.chain.network import Network
from sceau.chain.registries.errors import NoSuchClaim
from sceau.chain.signer import Signer
from sceau.chain.times import iso_text
from sceau.claim.history import read_history
from sceau.deployment import RegistryId
from sceau.documents.identifiers import ZERO_HASH
from sceau.errors import Language
from sceau.messages.given import Given, entries_of
from sceau.messages.outgoing import Outgoing
from sceau.papers.certificate import FORMAT, ErasureCertificate, certify
from sceau.papers.certificate_page import certificate_page
from sceau.roles.errors import ErasureUnknown
from sceau.roles.keeping import REASONS
from sceau.roles.notifying import REASONS_OF_ANSWERS, Notice, notices
from sceau.store import Kind, LocalStore
from sceau.store.erasing import Erased, erasures
from sceau.terms import step_words

_STAYS = {"received": "must-not-come-back", "number": "must-not-serve-twice"}


def certificate(
    network: Network, store: LocalStore, signer: Signer, party: int, named: str | None = None
) -> ErasureCertificate:
    """As :meth:`DeletingParty.erasure_certificate`."""
    head = network.head()
    erased = _erasure(store, named)
    entries = [each for each in entries_of(store) if _is_of(each, erased)]
    claims = dict.fromkeys([*erased.claims, *(each.claim for each in entries)])
    registry = RegistryId.of(network.manifest, "PartyRegistry")
    content = {
        "format": FORMAT,
        **registry.to_json(),
        "party": party,
        "erasure": erased.id,
        "issued_at": iso_text(head.timestamp),
        "block": {"number": head.number, "hash": head.hash.lower()},
        "removed_at": iso_text(erased.at),
        "final_at": iso_text(erased.final_at or 0),
        "periods": erased.periods,
        "erased": {
            "claims": list(erased.claims),
            "consents": list(erased.consents),
            "commitments": list(erased.commitments),
            "records": dict(erased.kinds),
        },
        "stays": list(_stays(erased, len(entries))),
        "kept": [dict(each) for each in erased.kept],
        "backups": {"covered": erased.backup_covers, "tried": list(_tried(erased))},
        "search": None if erased.proof is None else {**erased.proof, "at": iso_text(erased.proof["at"])},
        "given": list(_given(store, entries)),
        "on_chain": [each for claim in claims for each in _on_chain(network, claim, head.number)],
    }
    return certify(content, signer, registry)


def page(made: ErasureCertificate, language: Language = "en") -> str:
    """A certificate as one page of text."""
    return certificate_page(made, language, reasons={**REASONS, **REASONS_OF_ANSWERS})


def _erasure(store: LocalStore, named: str | None) -> Erased:
    """The newest erasure, or the newest that is, or is of, what is named. Raises :class:`ErasureUnknown`."""
    found = [
        each
        for each in erasures(store)
        if named is None or named in (each.id, *each.claims, *each.consents, *each.commitments)
    ]
    if not found:
        raise ErasureUnknown
    return found[-1]


def _is_of(entry: Given, erased: Erased) -> bool:
    shown = {each.commitment for each in entry.shown}
    return entry.claim in erased.claims or not shown.isdisjoint(erased.commitments)


def _stays(erased: Erased, given: int) -> Iterator[dict[str, Any]]:
    for kind, count in erased.left.items():
        yield {"kind": kind, "count": count, "reason": _STAYS[kind]}
    if given:
        yield {"kind": Kind.GIVEN.value, "count": given, "reason": "says-who-was-given-what"}


def _tried(erased: Erased) -> Iterator[dict[str, Any]]:
    """Each backup as it was tried last."""
    last = {each["sha256"]: each for each in erased.tried}
    yield from ({**each, "at": iso_text(each["at"])} for each in last.values())


def _given(store: LocalStore, entries: Iterable[Given]) -> Iterator[dict[str, Any]]:
    together: dict[tuple[int, str], list[Given]] = {}
    for each in entries:
        together.setdefault((each.recipient, each.claim), []).append(each)
    for (recipient, claim), found in together.items():
        commitments = [shown.commitment for each in found for shown in each.shown if shown.commitment]
        yield {
            "recipient": recipient,
            "claim": claim,
            "commitments": list(dict.fromkeys(commitments)),
            "keys": any(shown.keys for each in found for shown in each.shown),
            "last_at": iso_text(max(each.last_at for each in found)),
            # Where one of them has no day, it may be held for longer than any that has.
            "delete_by": None if any(each.delete_by is None for each in found) else max(_days(found)),
            "notices": [
                told_notice(store, each) for each in notices(store, claim) if each.recipient == recipient
            ],
        }


def _days(entries: Iterable[Given]) -> Iterator[str]:
    yield from (each.delete_by for each in entries if each.delete_by is not None)


def told_notice(store: LocalStore, notice: Notice) -> dict[str, Any]:
    """A notice as it is told of: what it was for, how far it came, and its answer."""
    return {
        "cause": notice.cause,
        "made_at": iso_text(notice.at),
        "state": _state(store, notice.message),
        "outcome": notice.outcome,
        "reason": _reason(notice.reason),
        "until": notice.until,
    }


def _reason(code: str | None) -> str | None:
    """The code of an answer; another party's own words do not come under this one's signature."""
    return code if code is None or code in REASONS or code in REASONS_OF_ANSWERS else "other"


def _state(store: LocalStore, message: str | None) -> str:
    """How far the message of a notice came, as far as this party knows."""
    stored = None if message is None else store.get(Kind.OUTGOING, message)
    if stored is None:
        return "handed-over"
    if Outgoing.from_json(stored).receipt is not None:
        return "received"
    on_its_way = store.get(Kind.DELIVERY, str(message))
    return "left" if on_its_way is not None and on_its_way["first_left_at"] is not None else "waiting"


def _on_chain(network: Network, claim: str, block: int) -> Iterator[dict[str, Any]]:
    try:
        history = read_history(network, claim, block=block)
    except NoSuchClaim:
        return
    yield {
        "claim": claim,
        "steps": [
            {
                "step": step_words(each.step).code,
                "order": each.order_number,
                "commitment": None if each.commitment == ZERO_HASH else each.commitment,
            }
            for each in history.steps
        ],
    }
