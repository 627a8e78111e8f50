# SPDX-License-Identifier: Apache-2.0
"""Gathers all that a party holds of claims and consents, of every kind that the store knows (GDPR art. 15).

What a row says is told whole, but for secrets, signatures and hashes of proofs: they say nothing of the person, and
whoever has them can show the record to others. Rows that only say how far something is are counted.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from typing import Any

from sceau.chain.network import Network
from sceau.chain.registries.consents import read_state
from sceau.chain.times import iso_text
from sceau.claim.history import History
from sceau.deployment import RegistryId
from sceau.documents.identifiers import CONSENT_ID, ZERO_HASH, checked_id
from sceau.errors import Language, SceauError
from sceau.messages.given import Given, read_register
from sceau.papers.holding import FORMAT, Holding
from sceau.record import RECORD_PATH, Scope
from sceau.record.leaf_json import value_from_json
from sceau.retention import Periods, load_periods
from sceau.roles.certifying import told_notice
from sceau.roles.erasing import own
from sceau.roles.keeping import REASONS, judge
from sceau.roles.notifying import notices
from sceau.store import Kind, LocalStore, Store
from sceau.store._sealing import Opened
from sceau.store.erasing import erasures
from sceau.terms import state_words, step_words

#: Kinds of rows that are told with what they say.
TOLD = frozenset(
    {
        Kind.STEP.value,
        Kind.CONSENT_REQUEST.value,
        Kind.SIGNED_CONSENT.value,
        Kind.MESSAGE.value,
        Kind.EVIDENCE_REQUEST.value,
        Kind.INFORMATION.value,
        Kind.VERDICT.value,
        Kind.OUTGOING.value,
        Kind.INTENTION.value,
        Kind.OBEYED.value,
        Kind.REQUEST.value,
        "outbox",
    }
)
#: Kinds that have a part of their own in the answer: the register, the notices, what was erased.
IN_PARTS = frozenset({Kind.GIVEN.value, Kind.NOTICE.value, Kind.ERASURE.value})
#: Kinds that are counted: they repeat what is told, encrypted, or say how far it is.
COUNTED = frozenset(
    {
        Kind.ENVELOPE.value,
        Kind.UNCONFIRMED.value,
        Kind.DELIVERY.value,
        Kind.TOLD.value,
        Kind.PROOF.value,
        Kind.UNHANDLED.value,
        Kind.MEMO.value,
        "received",
        "number",
    }
)
#: Kinds that are never about a claim or a consent.
ABOUT_NOBODY = frozenset(
    {
        Kind.DIRECTORY_ENTRY.value,
        Kind.POLICY.value,
        Kind.SENT_AGAIN.value,
        Kind.RESTORED.value,
        Kind.REGISTER.value,
        "request-begun",
    }
)

_SECRET = frozenset({"seed", "salt", "key", "order_key", "keys", "secret", "raw"})
_PROOF = frozenset({"proof", "proofFlags", "proof_flags", "signature", "text", "attached_digest"})
#: How a transaction was to be paid for says nothing of a person.
_PAID = frozenset({"fees"})
_UNTOLD = _SECRET | _PROOF | _PAID


def held(
    network: Network, store: Store, party: int, *, claims: Iterable[str] = (), consents: Iterable[str] = ()
) -> Holding:
    """As :meth:`DeletingParty.held`."""
    local, head = own(store), network.head()
    periods = load_periods(on=datetime.fromtimestamp(head.timestamp, timezone.utc).date())
    register = read_register(local)
    gathered = _Gathering(network, local, periods, register.entries)
    named = [checked_id(each, CONSENT_ID) for each in consents]
    of_claims = [gathered.claim(checked_id(each)) for each in dict.fromkeys(claims)]
    under = [each["on_chain"]["consent"] for each in of_claims if each["on_chain"] is not None]
    of_consents = [gathered.consent(each) for each in dict.fromkeys([*named, *filter(None, under)])]
    return Holding(
        {
            "format": FORMAT,
            **RegistryId.of(network.manifest, "PartyRegistry").to_json(),
            "party": party,
            "made_at": iso_text(head.timestamp),
            "block": {"number": head.number, "hash": head.hash.lower()},
            "register_since": iso_text(register.since or 0),
            "periods": periods.key,
            "claims": of_claims,
            "consents": of_consents,
        }
    )


def page(holding: Holding, language: Language = "en") -> str:
    """All of it as text."""
    return holding.page(language, reasons=REASONS)


class _Gathering:
    """What one store holds, subject by subject."""

    def __init__(
        self, network: Network, store: LocalStore, periods: Periods, register: Iterable[Given]
    ) -> None:
        self._network = network
        self._store = store
        self._periods = periods
        self._register = tuple(register)

    def claim(self, claim: str) -> dict[str, Any]:
        with self._store.vault.view() as rows:
            found = [] if rows is None else rows.about(claim)
            waiting = rows is not None and rows.waits_to_be_written(claim)
        judged = judge(self._network, self._store, claim, self._periods, waiting=waiting)
        kept, history = judged.kept, judged.history
        last = None if history is None else max(step.day for step in history.steps)
        ended = kept is None or kept.code not in ("not-ended", "waits-to-be-written", "not-on-chain")
        from_day = None if last is None else last + timedelta(days=self._periods.erase_claim_after)
        return {
            **self._of(claim, found, {} if history is None else _times(history)),
            "given": [each.to_json() for each in self._register if each.claim == claim],
            "kept": {
                "reason": None if kept is None else kept.code,
                "until": None if kept is None or kept.until is None else kept.until.isoformat(),
                "erased_from": from_day.isoformat() if ended and from_day is not None else None,
            },
            "on_chain": None if history is None else _on_chain(history),
        }

    def consent(self, consent: str) -> dict[str, Any]:
        signed = self._store.get(Kind.SIGNED_CONSENT, consent)
        asked = None if signed is None else self._store.get(Kind.CONSENT_REQUEST, signed["commitment"])
        with self._store.vault.view() as rows:
            found = [] if rows is None else rows.about(consent)
        for kind, document in ((Kind.CONSENT_REQUEST, asked), (Kind.SIGNED_CONSENT, signed)):
            if document is not None:
                found.append((kind.value, Opened("", consent, document)))
        state = read_state(self._network, consent, self._network.head())
        ends = [end for end in (state.expires_at, state.revoked_at, state.withdrawn_at) if end]
        day = datetime.fromtimestamp(min(ends), timezone.utc).date() if ends else None
        from_day = None if day is None else day + timedelta(days=self._periods.erase_consent_after)
        return {
            **self._of(consent, found, {}),
            "given": [each.to_json() for each in self._register if each.consent == consent],
            "kept": {
                "reason": None,
                "until": None,
                "erased_from": None if from_day is None else from_day.isoformat(),
            },
            "on_chain": None
            if not state.recorded_at
            else {
                "recorder": state.recorder,
                "recorded_at": iso_text(state.recorded_at),
                "expires_at": iso_text(state.expires_at),
                "revoked_at": iso_text(state.revoked_at),
                "withdrawn_at": iso_text(state.withdrawn_at),
                "attested": state.attested,
            },
        }

    def _of(
        self, subject: str, found: Iterable[tuple[str, Opened]], times: Mapping[str, int]
    ) -> dict[str, Any]:
        """Of every kind but those of :data:`COUNTED` what a row says: one that is new is told, too."""
        told, notes = [], dict[str, int]()
        for kind, row in found:
            if kind in COUNTED:
                notes[kind] = notes.get(kind, 0) + 1
            elif kind not in IN_PARTS:
                told.append(_told(kind, row, times))
        return {
            "subject": subject,
            "held": told,
            "notes": notes,
            "notices": [
                {**told_notice(self._store, each), "recipient": each.recipient}
                for each in notices(self._store, subject)
            ],
            "erased_at": [
                iso_text(each.at)
                for each in erasures(self._store)
                if subject in (*each.claims, *each.consents)
            ],
        }


def _told(kind: str, row: Opened, times: Mapping[str, int]) -> dict[str, Any]:
    said, document = _Said(), row.document
    said.add(document)
    sender = recipient = None
    about, at = said.kind or kind, said.signed_at
    if kind in (Kind.MESSAGE.value, Kind.OBEYED.value):
        sender = int(row.key.partition(":")[0])
    elif kind == Kind.OUTGOING.value:
        recipient, about, at = (
            document["draft"]["recipient"],
            document["draft"]["kind"],
            document["encrypted_at"],
        )
    elif kind == Kind.INTENTION.value:
        recipient, at = document["payer"], document["wanted_at"]
    elif kind == Kind.EVIDENCE_REQUEST.value:
        recipient, at = document["party"], document["asked_at"]
    elif kind == Kind.INFORMATION.value:
        sender, recipient, at = document["payer"], document["practice"], document["asked_at"]
    elif kind == Kind.VERDICT.value:
        about, at = document["outcome"], document["time"]
    elif kind == Kind.STEP.value:
        about, at = document["function"], times.get(document["opening"]["root"], 0)
    return {
        "kind": kind,
        "sender": sender,
        "recipient": recipient,
        "about": about,
        "at": iso_text(at),
        "records": said.records,
        "facts": said.facts,
    }


class _Said:
    """What JSON values say, at any depth: records by their paths, and everything else by its place."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []
        self.facts: dict[str, str] = {}
        self.signed_at = 0
        self.kind = ""

    def add(self, value: Any, place: str = "", profile: str = "") -> None:
        if isinstance(value, str):
            self._text(value, place)
        elif isinstance(value, list | tuple):
            for number, each in enumerate(value, 1):
                self.add(each, f"{place}.{number}", profile)
        elif isinstance(value, Mapping):
            self._object(value, place, profile)
        elif value is not None:
            self.facts[place.lstrip(".")] = str(value)

    def _text(self, text: str, place: str) -> None:
        if text[:1] in ("{", "["):
            with suppress(ValueError):
                self.add(json.loads(text), place)
                return
        if text:
            self.facts[place.lstrip(".")] = text

    def _object(self, value: Mapping[str, Any], place: str, profile: str) -> None:
        if isinstance(value.get("scope"), str):
            with suppress(SceauError):
                profile = Scope.parse(value["scope"]).profile_key
        for name, each in value.items():
            if name == "values" and isinstance(each, Mapping):
                self.records.append({"profile": profile, "values": dict(each)})
            elif name == "leaves" and isinstance(each, list):
                self.records.append(_leaves(each))
            elif name == "signed" and isinstance(each, str):
                self._signed(each, place)
            elif name not in _UNTOLD:
                self.add(each, f"{place}.{name}", profile)

    def _signed(self, text: str, place: str) -> None:
        """What a sender signed, a JWS: its own time and kind, and the body."""
        with suppress(ValueError, IndexError):
            part = text.split(".")[1]
            claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
            self.signed_at, self.kind = int(claims.get("iat") or 0), str(claims.get("kind") or "")
            self.add(claims.get("body"), f"{place}.body")


def _leaves(leaves: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What leaves of a record show; one of them says of which profile the record is."""
    values, profile = {}, ""
    for leaf in leaves:
        name, written = leaf["name"], leaf["value"]
        if name == RECORD_PATH:
            with suppress(SceauError):
                profile = Scope.parse(written).profile_key
        elif not name.startswith("pad."):
            value = value_from_json(leaf["type"], written)
            values[name] = str(written) if value is None else value
    return {"profile": profile, "values": values}


def _times(history: History) -> dict[str, int]:
    return {step.commitment: step.time for step in history.steps}


def _on_chain(history: History) -> dict[str, Any]:
    return {
        "state": state_words(history.state.state).code,
        "consent": history.consent,
        "steps": list(_steps(history)),
    }


def _steps(history: History) -> Iterator[dict[str, Any]]:
    for each in history.steps:
        yield {
            "step": step_words(each.step).code,
            "order": each.order_number,
            "commitment": None if each.commitment == ZERO_HASH else each.commitment,
            "party": each.party,
            "at": iso_text(each.time),
        }
