# SPDX-License-Identifier: Apache-2.0
"""The messages that a party sends, in its store: from the change in which they are queued until they are confirmed.

A message is queued in the same change as what it is about. It stays what it was made of, so that it can be encrypted
anew under the same identifier, until its recipient's signed receipt came; and longer, for a recipient that lost its
store. Times are the chain's, in seconds: both parties have the same, and a wrong clock of a computer floods nobody.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

from sceau.disclosure import Disclosure
from sceau.errors import SceauError
from sceau.messages import disclosure
from sceau.messages.envelope import LIFETIME, Draft, EnvelopeText, Message
from sceau.messages.errors import ReceiptOfNothing, SubjectUnclear
from sceau.messages.postal import RECEIPT, Receipt
from sceau.messages.readers import subject_of
from sceau.store import Kind, Store

#: A message is left again when no receipt came for so long; then for twice as long each time, up to the last.
FIRST_WAIT, LAST_WAIT = 86_400, 8 * 86_400

#: A receipt is left again for a repeated message at most once in so many seconds.
REPEATED_AFTER = 3_600

#: From so long after it was first left, a message without a receipt is told as unanswered.
UNANSWERED_AFTER = 7 * 86_400

#: An envelope is made anew in good time before it is stale.
_FRESH_FOR = LIFETIME - 2 * 86_400


@dataclass(frozen=True)
class Delivery:
    """How far the delivery of a message has come.

    ``step`` is the commitment of the step that it is about, without which it does not leave; ``secret`` is what the
    names of its files follow from, ``left`` how often it was left. A message that is ``final`` waits for no receipt:
    once it was left it is done.
    """

    id: str
    recipient: int
    claim: str
    secret: str
    step: str | None = None
    final: bool = False
    left: int = 0
    left_at: int | None = None
    first_left_at: int | None = None

    @property
    def name(self) -> str:
        """The name under which it is left next: a new one each time, which reveals nothing."""
        return self._name(self.left)

    @property
    def last_name(self) -> str | None:
        """The name under which it was left last."""
        return self._name(self.left - 1) if self.left else None

    def is_due(self, now: int) -> bool:
        """Whether it is to be left now."""
        if self.left_at is None:
            return True
        return now >= self.left_at + min(FIRST_WAIT << min(self.left - 1, 10), LAST_WAIT)

    def is_unanswered(self, now: int) -> bool:
        """Whether its recipient should have confirmed it."""
        return self.first_left_at is not None and now >= self.first_left_at + UNANSWERED_AFTER

    def _name(self, time: int) -> str:
        return hashlib.sha256(f"{self.secret}:{time}".encode()).hexdigest()[:32]


@dataclass(frozen=True, repr=False)
class Outgoing:
    """What a message says, and its envelope as it was encrypted last.

    ``contents`` are the SHA-256 of all that was sent under its identifier: of one thing, but for a disclosure that was
    built anew. ``left_at`` is when a receipt was left last. ``receipt`` is the recipient's word, ``ended`` the code of
    why it cannot be sent any more.
    """

    draft: Draft
    contents: tuple[str, ...]
    text: str | None = None
    keys: tuple[str, str] | None = None
    encrypted_at: int = 0
    left_at: int = 0
    receipt: Mapping[str, Any] | None = None
    ended: str | None = None

    @classmethod
    def of(cls, draft: Draft) -> Outgoing:
        """A message; one that was just encrypted is given as :meth:`encrypted`."""
        return cls(draft, (draft.content,))

    def encrypted(self, text: EnvelopeText) -> Outgoing:
        """With another envelope."""
        content = text.draft.content
        return replace(
            self,
            draft=text.draft,
            contents=(*(each for each in self.contents if each != content), content),
            text=str(text),
            keys=(text.signing_key, text.encryption_key),
            encrypted_at=text.encrypted_at,
        )

    def is_fresh(self, now: int, keys: tuple[str, str]) -> bool:
        """Whether its envelope can be left as it is: young enough, by keys that both parties still have."""
        if self.draft.kind == disclosure.KIND:
            # Policy and consent may be others since: two blocks can bear one time.
            return False
        return self.text is not None and now < self.encrypted_at + _FRESH_FOR and self.keys == keys

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Outgoing:
        """What :meth:`to_json` wrote."""
        keys = data["keys"]
        return cls(
            **{
                **data,
                "draft": Draft(**data["draft"]),
                "contents": tuple(data["contents"]),
                "keys": None if keys is None else (keys[0], keys[1]),
            }
        )


def queue(store: Store, message: EnvelopeText | Draft, *, step: str | None = None, about: str = "") -> str:
    """Queues a message, in the change of the store around it; gives the message's identifier.

    One that is about the same and is not confirmed yet stays as it is; one that says the same is never sent twice.

    Args:
        store: the party's.
        message: the envelope as it was made, or what it will be made of when it leaves.
        step: the commitment of the step that it is about: it leaves when that step stands on the chain.
        about: what it is about, if that is more than what it says: a disclosure of the same is the same.
    """
    draft = message.draft if isinstance(message, EnvelopeText) else message
    told = about or ("" if step is None else f"step:{step}") or _about(draft)
    found = store.get(Kind.TOLD, told)
    if found is not None and (_is_on_its_way(store, found["id"]) or draft.kind != disclosure.KIND):
        return str(found["id"])
    outgoing = Outgoing.of(draft)
    if isinstance(message, EnvelopeText):
        outgoing = outgoing.encrypted(message)
    claim = _claim_of(draft)
    store.put(Kind.OUTGOING, draft.id, outgoing.to_json(), claim=claim)
    store.put(Kind.TOLD, told, {"id": draft.id}, claim=claim)
    put_delivery(store, _delivery(draft, claim, step))
    return draft.id


def queue_receipt(store: Store, draft: Draft, message: Message, now: int) -> None:
    """Queues the receipt of a message, or the one that was made before: a repeat gets the same, once in a while."""
    sender, message_id = message.sender, message.id
    told = f"receipt:{sender}:{message_id}"
    found = store.get(Kind.TOLD, told)
    if found is None:
        store.put(Kind.OUTGOING, draft.id, Outgoing.of(draft).to_json())
        store.put(Kind.TOLD, told, {"id": draft.id})
        put_delivery(store, _delivery(draft, "", None))
    else:
        before = store.get(Kind.OUTGOING, found["id"])
        # A folder from which nothing can be removed brings every message at every occasion.
        if before is not None and now >= before["left_at"] + REPEATED_AFTER:
            leave_again(store, found["id"])


def leave_again(store: Store, id_: str) -> bool:
    """Lets a message leave with the next synchronisation, confirmed or not; ``False`` if it is not stored."""
    stored = store.get(Kind.OUTGOING, id_)
    if stored is None or stored["ended"] is not None:
        return False
    on_its_way = store.get(Kind.DELIVERY, id_)
    if on_its_way is None:
        draft = Draft(**stored["draft"])
        put_delivery(store, _delivery(draft, _claim_of(draft), None))
    else:
        put_delivery(store, replace(Delivery(**on_its_way), left_at=None))
    return True


def unqueue(store: Store, step: str) -> None:
    """Forgets the message that is about a step that was taken back."""
    found = store.get(Kind.TOLD, f"step:{step}")
    if found is not None:
        for kind in (Kind.OUTGOING, Kind.DELIVERY):
            store.discard(kind, found["id"])
        store.discard(Kind.TOLD, f"step:{step}")


def is_on_its_way(store: Store, about: str) -> bool:
    """Whether the message that tells of something waits to leave, or for its receipt."""
    found = store.get(Kind.TOLD, about)
    return found is not None and _is_on_its_way(store, found["id"])


def deliveries(store: Store) -> Iterator[Delivery]:
    """What is on its way, in the order in which it was queued."""
    for _, found in store.of_kind(Kind.DELIVERY):
        yield Delivery(**found)


def put_delivery(store: Store, delivery: Delivery) -> None:
    """Stores how far a message is."""
    store.put(Kind.DELIVERY, delivery.id, asdict(delivery), claim=delivery.claim)


def was_left(store: Store, delivery: Delivery, now: int) -> None:
    """Notes that a message was left; what was confirmed meanwhile stays confirmed."""
    with store.change():
        if store.get(Kind.DELIVERY, delivery.id) is None:
            return
        if delivery.final:
            store.discard(Kind.DELIVERY, delivery.id)
            stored = store.get(Kind.OUTGOING, delivery.id)
            if stored is not None:
                put_outgoing(store, replace(Outgoing.from_json(stored), left_at=now))
            return
        first = now if delivery.first_left_at is None else delivery.first_left_at
        put_delivery(store, replace(delivery, left=delivery.left + 1, left_at=now, first_left_at=first))


def still_lies(store: Store, delivery: Delivery, now: int) -> None:
    """Notes that a message was not fetched yet, and need not be left again."""
    with store.change():
        if store.get(Kind.DELIVERY, delivery.id) is not None:
            put_delivery(store, replace(delivery, left_at=now))


def confirm(store: Store, receipt: Receipt) -> Delivery | None:
    """Notes a recipient's receipt; gives how far the message was, ``None`` where it was confirmed before.

    Raises:
        ReceiptOfNothing: no such message was made out to who signed it, or it said something else.
    """
    with store.change():
        stored = store.get(Kind.OUTGOING, receipt.id)
        outgoing = None if stored is None else Outgoing.from_json(stored)
        if (
            outgoing is None
            or outgoing.draft.kind == RECEIPT
            or outgoing.draft.recipient != receipt.recipient
            or receipt.content not in outgoing.contents
        ):
            raise ReceiptOfNothing(sender=receipt.recipient)
        found = store.get(Kind.DELIVERY, receipt.id)
        if found is not None:
            word = {"signed": receipt.signed, "received_at": receipt.received_at}
            put_outgoing(store, replace(outgoing, receipt=word))
            store.discard(Kind.DELIVERY, receipt.id)
        return None if found is None else Delivery(**found)


def confirmed_since(store: Store, recipient: int, since: int) -> Iterator[str]:
    """The messages to one party that it confirmed at a time or later, by their identifiers."""
    for id_, stored in store.of_kind(Kind.OUTGOING):
        receipt = stored["receipt"]
        if stored["draft"]["recipient"] == recipient and receipt and receipt["received_at"] >= since:
            yield id_


def put_outgoing(store: Store, outgoing: Outgoing) -> None:
    """Stores a message."""
    store.put(Kind.OUTGOING, outgoing.draft.id, outgoing.to_json(), claim=_claim_of(outgoing.draft))


def end(store: Store, delivery: Delivery, code: str) -> None:
    """A message cannot be sent any more, for a reason with this code."""
    with store.change():
        stored = store.get(Kind.OUTGOING, delivery.id)
        if stored is not None:
            put_outgoing(store, replace(Outgoing.from_json(stored), ended=code))
        store.discard(Kind.DELIVERY, delivery.id)


def _is_on_its_way(store: Store, id_: str) -> bool:
    return store.get(Kind.DELIVERY, id_) is not None


def _delivery(draft: Draft, claim: str, step: str | None) -> Delivery:
    return Delivery(
        draft.id, draft.recipient, claim, secrets.token_hex(16), step=step, final=draft.kind == RECEIPT
    )


def _about(draft: Draft) -> str:
    """What a message tells of, if nothing else is said: what it says; of a disclosure, what is shown under what."""
    if draft.kind != disclosure.KIND:
        return f"said:{draft.recipient}:{draft.content}"
    return about_shown(Disclosure.from_json(draft.attached))


def about_shown(shown: Disclosure) -> str:
    """What a disclosure tells of: which values it shows to whom, under which clause of which policy."""
    asked = [shown.recipient, shown.root, shown.policy.id, shown.policy.clause, list(shown.paths)]
    return "shown:" + hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _claim_of(draft: Draft) -> str:
    with suppress(SubjectUnclear, SceauError):
        return subject_of(draft.body, draft.attached).claim
    return ""
