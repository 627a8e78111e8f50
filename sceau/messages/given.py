# SPDX-License-Identifier: Apache-2.0
"""The register of disclosures: what a party gave to whom, in which envelopes, and never the values themselves.

:meth:`sceau.messages.mailbox.Mailbox.encrypt`, through which every envelope goes, writes it before it returns one. What
left before there was a register, or in a file without an envelope, is not in it: :attr:`Register.since` says from when
on it is whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sceau.chain.times import iso_text
from sceau.claim.prepared import PreparedStep
from sceau.consent.typed_data import consent_id
from sceau.messages.envelope import Draft
from sceau.record import Scope
from sceau.store import Kind, Store
from sceau.terms import Group, group_words

_SINCE = "since"


@dataclass(frozen=True)
class Shown:
    """What an envelope shows of one record.

    ``commitment`` is the record's, ``None`` where the envelope does not name it; ``paths`` the values given, ``keys``
    the groups whose keys were. ``whole`` says that its seed went with it, so that every leaf can be rebuilt.
    """

    profile: str
    step: str | None
    order_number: int
    commitment: str | None
    paths: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    whole: bool = False

    def to_json(self) -> dict[str, Any]:
        """As JSON values: no value of the record is among them."""
        return {
            "profile": self.profile,
            "step": self.step,
            "order": self.order_number,
            "commitment": self.commitment,
            "paths": list(self.paths),
            "keys": list(self.keys),
            "whole": self.whole,
        }

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Shown:
        """What :meth:`to_json` wrote."""
        return cls(
            read["profile"],
            read["step"],
            read["order"],
            read["commitment"],
            tuple(read["paths"]),
            tuple(read["keys"]),
            read["whole"],
        )


@dataclass(frozen=True)
class Given:
    """One entry of the register: what one party was given in envelopes of one kind, of one content.

    ``policy`` is identifier, version and clause; ``consent`` the identifier of the consent relied on; ``delete_by`` the
    last day on which the recipient may hold it, ISO 8601. Times are the chain's, in seconds: of the first envelope and
    of the last; ``times`` is how many were made. ``left_at`` is when one last left by the exchange, ``None`` where none
    did: it waits, was dropped with its step, or a person carries it. The register does not know whether it
    arrived.
    """

    recipient: int
    kind: str
    claim: str
    shown: tuple[Shown, ...]
    policy: Mapping[str, str] | None
    consent: str | None
    delete_by: str | None
    first_at: int
    last_at: int
    times: int = 1
    left_at: int | None = None

    @property
    def id(self) -> str:
        """Its key in the store: the same for an envelope that is made again of the same."""
        content = {**self.to_json(), "first_at": 0, "last_at": 0, "times": 0}
        del content["left_at"]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """As JSON values, for the store and for a person who asks what was given."""
        return {
            "recipient": self.recipient,
            "kind": self.kind,
            "claim": self.claim,
            "shown": [each.to_json() for each in self.shown],
            "policy": None if self.policy is None else dict(self.policy),
            "consent": self.consent,
            "delete_by": self.delete_by,
            "first_at": iso_text(self.first_at),
            "last_at": iso_text(self.last_at),
            "times": self.times,
            "left_at": iso_text(self.left_at or 0),
        }

    def _stored(self) -> dict[str, Any]:
        return {
            **self.to_json(),
            "first_at": self.first_at,
            "last_at": self.last_at,
            "left_at": self.left_at,
        }

    @classmethod
    def _from_store(cls, read: Mapping[str, Any]) -> Given:
        return cls(**{**read, "shown": tuple(Shown.from_json(each) for each in read["shown"])})


@dataclass(frozen=True)
class Register:
    """Entries of the register, oldest first.

    ``since`` is the chain's time (seconds) from which on every envelope was entered, ``None`` where none was yet: of
    what was given before, the store does not know.
    """

    entries: tuple[Given, ...]
    since: int | None

    def to_json(self) -> dict[str, Any]:
        """The register as JSON values."""
        return {
            "since": None if self.since is None else iso_text(self.since),
            "given": [each.to_json() for each in self.entries],
        }


def read_register(store: Store, claim: str | None = None) -> Register:
    """The register of a store, of one claim or of all."""
    begun = store.get(Kind.REGISTER, _SINCE)
    found = (
        (document for _, document in store.of_kind(Kind.GIVEN))
        if claim is None
        else store.of_claim(Kind.GIVEN, claim.lower())
    )
    return Register(
        tuple(Given._from_store(each) for each in found), None if begun is None else begun["since"]
    )


def entries_of(store: Store) -> Iterator[Given]:
    """All entries of the register, in order, memory flat."""
    yield from (Given._from_store(document) for _, document in store.of_kind(Kind.GIVEN))


def enter(
    store: Store,
    kind: str,
    body: Mapping[str, Any],
    attached: Mapping[str, Any],
    *,
    claim: str,
    recipient: int,
    now: int,
) -> None:
    """Enters in the register what an envelope shows, if it shows anything; ``now`` is the chain's time."""
    given = given_by(kind, body, attached, claim=claim, recipient=recipient, now=now)
    with store.change():
        given = None if given is None else _with_commitments(store, given)
        if store.get(Kind.REGISTER, _SINCE) is None:
            store.put(Kind.REGISTER, _SINCE, {"since": now})
        if given is not None:
            before = store.get(Kind.GIVEN, given.id)
            if before is not None:
                known = Given._from_store(before)
                given = replace(given, first_at=known.first_at, times=known.times + 1, left_at=known.left_at)
            store.put(Kind.GIVEN, given.id, given._stored(), claim=claim)


def note_left(store: Store, draft: Draft, claim: str, now: int) -> None:
    """Notes that an envelope left by the exchange, where it shows something; in the change of the store around it."""
    given = given_by(draft.kind, draft.body, draft.attached, claim=claim, recipient=draft.recipient, now=now)
    key = "" if given is None else _with_commitments(store, given).id
    before = store.get(Kind.GIVEN, key)
    if before is not None:
        left = replace(Given._from_store(before), left_at=now)
        store.put(Kind.GIVEN, key, left._stored(), claim=claim)


def given_by(
    kind: str, body: Mapping[str, Any], attached: Mapping[str, Any], *, claim: str, recipient: int, now: int
) -> Given | None:
    """The entry of an envelope; ``None`` for one that shows no value, leaf or key.

    The content of the envelope decides, not its kind: an envelope of a new kind is entered as well.
    """
    shown = (
        *_opening(attached),
        *_disclosed(attached),
        *_opened_groups(attached),
        *_act_code_key(body, attached),
    )
    if not shown:
        return None
    policy, consent = attached.get("policy"), attached.get("consent")
    return Given(
        recipient=recipient,
        kind=kind,
        claim=claim,
        shown=shown,
        policy=policy,
        consent=consent_id(consent["commitment"], consent["key"]) if consent else None,
        delete_by=attached.get("delete_by"),
        first_at=now,
        last_at=now,
    )


def shown_of(step: PreparedStep) -> Shown:
    """What the whole sealed record of a step shows, with the keys of its groups where it places an order."""
    keys = _codes(Group) if step.order_key is not None else ()
    return _shown(step.record.scope, step.record.root, step.record.values, keys, whole=True)


def _with_commitments(store: Store, given: Given) -> Given:
    """With the commitments that the envelope itself does not name: those of this party's own steps.

    A key of act codes, and a group that is opened to an auditor, say of which order they are. By the commitment their
    reader is told when that record is erased.
    """
    if all(each.commitment is not None for each in given.shown):
        return given
    steps = [
        (Scope.parse(document["opening"]["scope"]), document)
        for document in store.of_claim(Kind.STEP, given.claim)
    ]

    def commitment(shown: Shown) -> str | None:
        for scope, document in steps:
            is_step = scope.step == shown.step if shown.step else document["order_key"] is not None
            if is_step and (scope.order_number or 0) == shown.order_number:
                return str(document["opening"]["root"])
        return None

    return replace(
        given,
        shown=tuple(
            replace(each, commitment=commitment(each)) if each.commitment is None else each
            for each in given.shown
        ),
    )


def _opening(attached: Mapping[str, Any]) -> tuple[Shown, ...]:
    """A whole record, and the key of an order with it."""
    opening = attached.get("opening")
    if not opening:
        return ()
    keys = _codes(Group) if "order_key" in attached else ()
    return (_shown(Scope.parse(opening["scope"]), opening["root"], opening["values"], keys, whole=True),)


def _disclosed(attached: Mapping[str, Any]) -> tuple[Shown, ...]:
    """A chosen part of a record, and of the consent under which it is shown."""
    record, consent = attached.get("record"), attached.get("consent")
    if not record:
        return ()
    shown = [_shown(Scope.parse(record["scope"]), record["root"], _paths(record["shown"]))]
    if consent:
        paths = _paths(consent["shown"])
        shown.append(Shown("consent", None, 0, consent["commitment"], _sorted(paths)))
    return tuple(shown)


def _opened_groups(attached: Mapping[str, Any]) -> tuple[Shown, ...]:
    """Groups opened to an auditor, each with its key."""
    openings = attached.get("openings")
    if not openings:
        return ()
    paths = [path for each in openings for path in _paths(each["shown"])]
    keys = tuple(each["group"] for each in openings)
    return (_shown(Scope.parse(attached["scope"]), None, paths, keys),)


def _act_code_key(body: Mapping[str, Any], attached: Mapping[str, Any]) -> tuple[Shown, ...]:
    """The key of an order's act codes, by itself."""
    if "key" not in attached:
        return ()
    return (Shown("", None, body.get("order") or 0, None, keys=_codes([Group.ACT_CODES])),)


def _shown(
    scope: Scope, root: str | None, paths: Any, keys: tuple[str, ...] = (), *, whole: bool = False
) -> Shown:
    return Shown(scope.profile_key, scope.step, scope.order_number or 0, root, _sorted(paths), keys, whole)


def _paths(multiproof: Mapping[str, Any]) -> list[str]:
    return [leaf["name"] for leaf in multiproof["leaves"]]


def _sorted(paths: Any) -> tuple[str, ...]:
    return tuple(sorted({path for path in paths if path != "sceau.record" and not path.startswith("pad.")}))


def _codes(groups: Any) -> tuple[str, ...]:
    return tuple(group_words(group).code for group in groups)
