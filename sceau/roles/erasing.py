# SPDX-License-Identifier: Apache-2.0
"""Erasing a claim, a record or a consent for good: what may go goes, what must be kept is kept, with the reason.

What is written on a claim is read from the chain first (``sceau/roles/keeping.py``); then rows, keys and copies go in
the order of ``sceau/store/erasing.py``; then it is proved (``sceau/roles/traces.py``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from sceau.chain.network import Network
from sceau.chain.registries.consents import read_state
from sceau.claim.prepared import PreparedStep
from sceau.documents.identifiers import CONSENT_ID, checked_id, is_hash
from sceau.record import Value
from sceau.retention import Periods, load_periods
from sceau.roles.errors import StoreMissing
from sceau.roles.keeping import Judged, Kept, judge
from sceau.roles.traces import Proof, Traces, prove, require_there, trials, tried
from sceau.store import Kind, LocalStore, Store
from sceau.store.erasing import (
    DAY,
    STAYS,
    Copies,
    Erased,
    Removed,
    enter_proof,
    erasures,
    finish,
    on_their_way,
    pending,
    remove,
)


@dataclass(frozen=True)
class Wanted:
    """What is to be erased: claims, consents, single records by their commitments (a request for consent that was
    never signed is one), and entries of the register of disclosures by their identifiers."""

    claims: tuple[str, ...] = ()
    consents: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    given: tuple[str, ...] = ()


@dataclass(frozen=True)
class Erasure:
    """The result of an erasure.

    ``erased`` is what was removed now, ``None`` where there was nothing; ``kept`` what was not, with the reasons.
    ``finished`` became final now, ``pending`` are removed and not final yet. ``proof`` is what was searched
    afterwards. ``unknown`` is what was named although nothing of it is stored.
    """

    erased: Erased | None
    kept: tuple[Kept, ...]
    unknown: tuple[str, ...]
    finished: tuple[Erased, ...]
    pending: tuple[Erased, ...]
    proof: Proof | None
    periods: str

    @property
    def final(self) -> bool:
        """Whether what was removed now, and all that was before, is final."""
        return not self.pending

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "erased": None if self.erased is None else self.erased.to_json(),
            "kept": [each.to_json() for each in self.kept],
            "unknown": list(self.unknown),
            "final": self.final,
            "finished": [each.to_json() for each in self.finished],
            "pending": [each.to_json() for each in self.pending],
            "proof": None if self.proof is None else self.proof.to_json(),
            "periods": self.periods,
        }


def erase(
    network: Network,
    store: Store,
    wanted: Wanted,
    copies: Copies,
    *,
    insist: bool = False,
    nowhere_else: bool = False,
    old_backups: Iterable[Path] = (),
    search: Iterable[Path] = (),
    periods: Periods | None = None,
) -> Erasure:
    """As :meth:`DeletingParty.erase`, on a party's own store."""
    local, backups, places = own(store), tuple(old_backups), tuple(search)
    require_there([*backups, *places])
    wanted = _checked(wanted)
    now = network.head().timestamp
    counting = periods or load_periods(on=datetime.fromtimestamp(now, timezone.utc).date())
    chosen = _Choice(network, local, counting)
    chosen.add(wanted)
    removed = chosen.remove(now, insist=insist)
    done = [each.id for each in finish(local, copies, at=now, insist=insist, nowhere_else=nowhere_else)]
    now_removed = [] if removed is None else [removed.erased.id]
    opened = tried(local, backups)
    proof = None
    if removed is not None:
        proof = prove(local, Traces.of(removed.rows), [copies.backup, *places], opened)
        enter_proof(local, now_removed, proof.counted(now), ())
    # A backup is told of where the key that opened it is gone, or should be.
    enter_proof(local, dict.fromkeys([*done, *now_removed]), None, trials(opened, now))
    entered = {each.id: each for each in erasures(local)}
    return Erasure(
        erased=None if removed is None else entered[removed.erased.id],
        kept=tuple(chosen.kept),
        unknown=tuple(chosen.unknown),
        finished=tuple(entered[each] for each in done),
        pending=tuple(pending(local)),
        proof=proof,
        periods=counting.key,
    )


def claims_stating(store: Store, path: str, value: Value) -> list[str]:
    """The claims that have a stored record with this value at this path, in the sequence in which they were sealed."""
    steps = (PreparedStep.from_json(document) for _, document in store.of_kind(Kind.STEP))
    return list(dict.fromkeys(step.claim for step in steps if step.record.values.get(path) == value))


def own(store: Store) -> LocalStore:
    """A party's own database. Raises :class:`StoreMissing` for anything else: nothing else is erased."""
    if not isinstance(store, LocalStore):
        raise StoreMissing
    return store


class _Choice:
    """What is erased of what is wanted, and what is kept."""

    def __init__(self, network: Network, store: LocalStore, periods: Periods) -> None:
        self._network = network
        self._store = store
        self._periods = periods
        self._judged: dict[str, Judged] = {}
        self._claims: list[str] = []
        self._consents: list[str] = []
        self._rows: list[tuple[str, str]] = []
        self._commitments: set[str] = set()
        self.kept: list[Kept] = []
        self.unknown: list[str] = []

    def add(self, wanted: Wanted) -> None:
        """Judges all that is wanted; nothing is changed."""
        for claim in wanted.claims:
            self._claim(claim)
        for record in wanted.records:
            self._record(record)
        # After the claims: a consent goes with the last claim under it.
        for claim in self._claims:
            history = self._judged[claim].history
            if history is not None and history.consent is not None:
                self._consent(history.consent, named=False)
        for consent in wanted.consents:
            self._consent(consent, named=True)
        for entry in wanted.given:
            self._given(entry)

    def remove(self, now: int, *, insist: bool) -> Removed | None:
        """Removes what was chosen, in one change; ``None`` where there is nothing."""
        if not self._claims and not self._rows:
            return None
        free = [claim for claim in self._claims if self._judged[claim].frees_its_numbers]
        return remove(
            self._store,
            at=now,
            claims=self._claims,
            lanes=self._consents,
            rows=dict.fromkeys(self._rows),
            free=free,
            commitments=self._commitments,
            kept=[each.to_json() for each in self.kept],
            periods=self._periods.key,
            insist=insist,
        )

    def _claim(self, claim: str) -> None:
        held = self._about(claim)
        if not held:
            self.unknown.append(claim)
        elif not self._is_kept(claim):
            self._claims.append(claim)
            for _, document in held:
                self._commitments |= Traces.of_document(document).commitments

    def _given(self, id_: str) -> None:
        """An entry of the register, once nothing else is stored of its claim: it says who was given what."""
        entry = self._store.get(Kind.GIVEN, id_)
        if entry is None or (self._about(entry["claim"]) and entry["claim"] not in self._claims):
            self.unknown.append(id_)
        else:
            self._rows.append((Kind.GIVEN.value, id_))

    def _record(self, commitment: str) -> None:
        claim = self._claim_of(commitment)
        if claim is None and commitment in _unsigned(self._store):
            self._commitments.add(commitment)
            self._rows.append((Kind.CONSENT_REQUEST.value, commitment))
        elif claim is None:
            self.unknown.append(commitment)
        elif not self._is_kept(claim):
            self._commitments.add(commitment)
            shown = set()
            own_step = self._store.get(Kind.STEP, commitment)
            secrets = frozenset[str]() if own_step is None else Traces.of_document(own_step).secrets
            for (kind, key), document in self._about(claim):
                # A key of it, or a group that was opened, does not name it.
                if commitment in json.dumps(document) or secrets & Traces.of_document(document).secrets:
                    self._rows.append((kind, key))
                    shown |= {str(document.get("disclosure", "")), *_ids(document)}
            for (kind, key), document in self._about(claim):
                # A verdict names the disclosure that it judged, and holds what was shown in it.
                if kind == Kind.VERDICT.value and document.get("disclosure") in shown - {""}:
                    self._rows.append((kind, key))

    def _consent(self, consent: str, *, named: bool) -> None:
        signed = self._store.get(Kind.SIGNED_CONSENT, consent)
        asked = None if signed is None else self._store.get(Kind.CONSENT_REQUEST, signed["commitment"])
        if signed is None:
            if named:
                self.unknown.append(consent)
            return
        for claim in self._claims_under(consent):
            if claim not in self._claims:
                # What a kept claim rests on is kept with it.
                if named:
                    self.kept.append(Kept(consent, "consent-of-claim"))
                return
        with self._store.vault.view() as rows:
            if rows is not None and rows.waits_to_be_written(consent):
                self.kept.append(Kept(consent, "waits-to-be-written"))
                return
        self._consents.append(consent)
        self._rows.append((Kind.SIGNED_CONSENT.value, consent))
        if asked is not None:
            self._rows.append((Kind.CONSENT_REQUEST.value, signed["commitment"]))
        self._commitments.add(signed["commitment"])

    def _claims_under(self, consent: str) -> Iterator[str]:
        """The claims under a consent that something is stored of, or that the chain says must be kept."""
        known = set()
        for _, document in self._store.of_kind(Kind.STEP):
            if document["function"] == "open" and consent in document["arguments"]:
                known.add(document["claim"])
                yield document["claim"]
        # One whose opening was erased before, as a single record, rests on it nevertheless.
        for claim in self._opened_under(consent):
            if claim not in known and self._judge(claim).kept is not None:
                yield claim

    def _opened_under(self, consent: str) -> Iterator[str]:
        from sceau.chain.announced import block_since

        head = self._network.head()
        state = read_state(self._network, consent, head)
        if not state.recorded_at:
            return
        opened = self._network.events(
            "ClaimRegistry",
            [None, "0x" + f"{state.recorder:064x}"],
            name="ClaimOpened",
            from_block=block_since(self._network, state.recorded_at, head.number),
            to_block=head.number,
        )
        yield from (str(event.args["claim"]) for event in opened if event.args["consent"] == consent)

    def _is_kept(self, claim: str) -> bool:
        kept = self._judge(claim).kept
        if kept is not None and kept not in self.kept:
            self.kept.append(kept)
        return kept is not None

    def _judge(self, claim: str) -> Judged:
        if claim not in self._judged:
            with self._store.vault.view() as rows:
                waiting = rows is not None and rows.waits_to_be_written(claim)
            self._judged[claim] = judge(self._network, self._store, claim, self._periods, waiting=waiting)
        return self._judged[claim]

    def _about(self, claim: str) -> list[tuple[tuple[str, str], dict[str, Any]]]:
        but = STAYS | {"number", "received", "memo", "outbox"}
        with self._store.vault.view() as rows:
            found = [] if rows is None else rows.about(claim, but=but)
        staying = on_their_way(found)
        return [((kind, row.key), row.document) for kind, row in found if (kind, row.key) not in staying]

    def _claim_of(self, commitment: str) -> str | None:
        """The claim of a record: of this party's own step, or of what it received of another's."""
        own_step = self._store.get(Kind.STEP, commitment)
        if own_step is not None:
            return str(own_step["claim"])
        with self._store.vault.view() as rows:
            for _, row in () if rows is None else rows.all():
                if row.claim and commitment in json.dumps(row.document):
                    return row.claim
        return None


def _ids(document: dict[str, Any]) -> set[str]:
    """The identifiers of disclosures that a stored message holds."""
    attached = document.get("attached")
    if not isinstance(attached, str):
        return set()
    read = json.loads(attached or "{}")
    return {str(read["id"])} if isinstance(read, dict) and "id" in read else set()


def _checked(wanted: Wanted) -> Wanted:
    return Wanted(
        tuple(dict.fromkeys(map(checked_id, wanted.claims))),
        tuple(dict.fromkeys(checked_id(each, CONSENT_ID) for each in wanted.consents)),
        tuple(dict.fromkeys(map(checked_id, wanted.records))),
        tuple(dict.fromkeys(wanted.given)),
    )


def expired(network: Network, store: Store, periods: Periods | None = None) -> Wanted:
    """What has been kept for as long as the periods say, and may go; nothing is changed.

    A claim counts from its last step on the chain, whatever is stored of it: steps, messages, requests or verdicts. A
    consent counts from its end, a request that nobody signed from the end that it asks for, and an entry of the
    register from what was given last. Whether each may go is judged when it is erased.
    """
    local = own(store)
    head = network.head()
    now, today = head.timestamp, datetime.fromtimestamp(head.timestamp, timezone.utc).date()
    counting = periods or load_periods(on=today)
    claims = []
    stored = _claims_stored(local)
    for claim in stored:
        judged = judge(network, local, claim, counting, waiting=False)
        if judged.kept is None and judged.history is not None:
            last = max(step.day for step in judged.history.steps)
            if last + timedelta(days=counting.erase_claim_after) <= today:
                claims.append(claim)
    consents = []
    for consent, _ in local.of_kind(Kind.SIGNED_CONSENT):
        state = read_state(network, consent, head)
        ends = [end for end in (state.expires_at, state.revoked_at, state.withdrawn_at) if end]
        if ends and min(ends) + counting.erase_consent_after * DAY <= now:
            consents.append(consent)
    requests = [
        commitment
        for commitment, expires_at in _unsigned(local).items()
        if expires_at + counting.erase_consent_after * DAY <= now
    ]
    given = [
        key
        for key, entry in local.of_kind(Kind.GIVEN)
        if entry["claim"] not in stored and entry["last_at"] + counting.erase_given_after * DAY <= now
    ]
    return Wanted(tuple(claims), tuple(consents), tuple(requests), tuple(given))


def _claims_stored(store: LocalStore) -> dict[str, None]:
    """The claims of which something is stored beside what stays of one that was erased, in the order they came."""
    but = STAYS | {"number", "received", "memo", "outbox"}
    with store.vault.view() as rows:
        held = () if rows is None else rows.all()
        return dict.fromkeys(row.claim for kind, row in held if kind not in but and is_hash(row.claim))


def _unsigned(store: Store) -> dict[str, int]:
    """The requests for consent of which no signed consent is stored, each with the end that it asks for, in seconds."""
    signed = {document["commitment"] for _, document in store.of_kind(Kind.SIGNED_CONSENT)}
    return {
        commitment: int(document["expires_at"])
        for commitment, document in store.of_kind(Kind.CONSENT_REQUEST)
        if commitment not in signed
    }
