# SPDX-License-Identifier: Apache-2.0
"""Disclosures that a party wants and that cannot be made yet, in its store: *intentions*.

An intention holds what is to be shown to whom, and no value of it. It is there once, whatever is wanted how often. In
the change in which its disclosure is queued, it goes. One that may not be made stops, with its reason; it stays until
somebody wants it again or gives it up. What is about its claim or its step goes with these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sceau.messages.envelope import Draft
from sceau.messages.outgoing import is_on_its_way, queue
from sceau.store import Kind, LocalStore, Store


@dataclass(frozen=True)
class Intention:
    """A disclosure that is wanted.

    ``about`` is what it shows, as :func:`sceau.messages.outgoing.about_shown`. ``step`` is the commitment of the step
    on which it waits, ``root`` that of the record: the step's own, or one inside it. ``policy`` names a policy, or one
    version of it. ``consent`` holds the commitment and the signing address of the consent relied on, ``wanted_at``
    seconds since 1970, ``reason`` why it stopped. ``id`` is its number among all that waits.
    """

    about: str
    claim: str
    step: str
    root: str
    payer: int
    policy: str
    clause: str
    paths: tuple[str, ...]
    consent: Mapping[str, str] | None
    wanted_at: int
    reason: Mapping[str, str] | None = None
    id: int = field(default=0, compare=False)

    def document(self) -> dict[str, Any]:
        """What is stored of it."""
        stored = asdict(self)
        del stored["id"]
        return stored


def want(store: Store, intention: Intention) -> None:
    """Stores an intention, unless a disclosure of the same is on its way; one that stopped is wanted again."""
    with store.change():
        if not is_on_its_way(store, intention.about):
            _put(store, intention)


def intentions(store: LocalStore) -> list[Intention]:
    """The intentions of a store, in the order in which they were first wanted."""
    with store.vault.view() as rows:
        found = [] if rows is None else rows.of_kind(Kind.INTENTION.value, limit=1_000_000)
    return [_read(each.document, place) for place, each in found]


def made(store: Store, intention: Intention, draft: Draft) -> bool:
    """Queues the disclosure of an intention, which is over; ``False`` if it was given up or changed meanwhile."""
    with store.change():
        if not _is_there(store, intention):
            return False
        queue(store, draft)
        store.discard(Kind.INTENTION, intention.about)
        return True


def stop(store: Store, intention: Intention, reason: Mapping[str, str]) -> bool:
    """An intention may not be made, for a reason; ``False`` if it was given up or changed meanwhile."""
    with store.change():
        if not _is_there(store, intention):
            return False
        _put(store, replace(intention, reason=reason))
        return True


def retry_intention(store: LocalStore, id_: int) -> bool:
    """Makes a stopped intention wanted again; whether there is one of this number that stopped."""
    with store.change():
        found = _of(store, id_)
        if found is None or found.reason is None:
            return False
        _put(store, replace(found, reason=None))
        return True


def drop_intention(store: LocalStore, id_: int) -> bool:
    """Gives up an intention; whether there was one of this number."""
    with store.change():
        found = _of(store, id_)
        if found is not None:
            store.discard(Kind.INTENTION, found.about)
        return found is not None


def drop_of_step(store: Store, claim: str, step: str) -> None:
    """Forgets what was to be shown of a step that was taken back."""
    with store.change():
        for each in store.of_claim(Kind.INTENTION, claim):
            if each["step"] == step:
                store.discard(Kind.INTENTION, each["about"])


def _of(store: LocalStore, id_: int) -> Intention | None:
    return next((each for each in intentions(store) if each.id == id_), None)


def _is_there(store: Store, intention: Intention) -> bool:
    stored = store.get(Kind.INTENTION, intention.about)
    return stored is not None and _read(stored) == intention


def _put(store: Store, intention: Intention) -> None:
    store.put(Kind.INTENTION, intention.about, intention.document(), claim=intention.claim)


def _read(stored: Mapping[str, Any], place: int = 0) -> Intention:
    return Intention(**{**stored, "paths": tuple(stored["paths"]), "id": place})
