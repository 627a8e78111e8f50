# SPDX-License-Identifier: Apache-2.0
"""Requests that do their work once: a client names each, and asks again when it heard no answer.

What a request made is stored in the same change of the store as the work itself. A process that is killed between the
work and the answer finds what was made; one that is killed before has made nothing. Where two processes work on one
request at the same time, the work of the one that began last counts, and the other's is rolled back.

What a request made, what it was answered and the fingerprint of what was asked are erased with the claim or consent
that they are about. That it was begun stays, so that it is not done again.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sceau.store._local import LocalStore
from sceau.store._protocol import BEGUN, Kind
from sceau.store._rows import Rows
from sceau.store.errors import RequestDiffers, RequestErased, RequestTaken

_SALT_BYTES = 16
#: What counts as the work of a request; all else that is stored beside it follows from it.
_WORK = frozenset(
    each.value
    for each in (
        Kind.STEP,
        Kind.CONSENT_REQUEST,
        Kind.SIGNED_CONSENT,
        Kind.VERDICT,
        Kind.OUTGOING,
        Kind.INTENTION,
    )
)


@dataclass(frozen=True)
class Made:
    """Something that a request stored: the kind of the document, its key, and the claim or consent that it is about."""

    kind: Kind
    key: str
    claim: str


@dataclass(frozen=True, repr=False)
class Begun:
    """A request that is being worked on.

    ``made`` is what an earlier attempt stored, in the order in which it did; ``answer`` what was answered then.
    """

    made: tuple[Made, ...] = ()
    answer: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        return f"Begun({len(self.made)} made, answered: {self.answer is not None})"


class Requests:
    """The named requests of a store."""

    def __init__(self, store: LocalStore) -> None:
        self._store = store

    @contextmanager
    def once(self, name: str, asked: bytes) -> Iterator[Begun]:
        """Work for a request: what is stored inside, by this thread, is stored together with the request's name.

        A request whose work fails before it made anything is forgotten.

        Args:
            name: the client and the name that it chose; another client's is another request.
            asked: all that is asked, in one form.

        Raises:
            RequestDiffers: something else was asked under this name.
            RequestErased: what it made was erased since.
            RequestTaken: inside, at the first thing that is stored: another process works on the request.
        """
        name, owner = hashlib.sha256(name.encode()).hexdigest(), secrets.token_hex(8)
        begun = self._begin(name, asked, owner)
        if begun.answer is not None:
            yield begun
            return
        try:
            with self._store.vault.together(lambda rows: self._add(rows, name, owner)):
                yield begun
        except Exception:
            self._forget(name, owner)
            raise

    def answer(self, name: str, answer: Mapping[str, Any], *, about: str = "") -> None:
        """Stores what a request is answered. It is erased with what the request made.

        ``about`` is the claim or consent of a request that made nothing, as where another had made it before. Of what
        was made about no claim and no consent nothing would erase the answer: it is not stored.
        """
        name = hashlib.sha256(name.encode()).hexdigest()
        with self._store.vault.change() as rows:
            row = rows.get(Kind.REQUEST.value, name)
            if row is not None and (_claim_of(row) or not row["made"]):
                rows.put(Kind.REQUEST.value, name, _claim_of(row) or about, {**row, "answer": dict(answer)})

    def _begin(self, name: str, asked: bytes, owner: str) -> Begun:
        with self._store.vault.change() as rows:
            row = rows.get(Kind.REQUEST.value, name)
            if row is None:
                if rows.get(BEGUN, name) is not None:
                    raise RequestErased
                salt = secrets.token_hex(_SALT_BYTES)
                row = {"salt": salt, "asked": _fingerprint(salt, asked), "made": [], "answer": None}
                rows.put(BEGUN, name, "", {})
            elif not hmac.compare_digest(row["asked"], _fingerprint(row["salt"], asked)):
                raise RequestDiffers
            if row["answer"] is None:
                rows.put(Kind.REQUEST.value, name, _claim_of(row), {**row, "owner": owner})
        return Begun(tuple(Made(Kind(kind), key, claim) for kind, key, claim in row["made"]), row["answer"])

    def _add(self, rows: Rows, name: str, owner: str) -> None:
        """Adds what a change stored to its request; part of the change."""
        made = [[kind, key, claim] for kind, key, claim in rows.written if kind in _WORK]
        if not made:
            return
        row = rows.get(Kind.REQUEST.value, name)
        if row is None or row["owner"] != owner:
            raise RequestTaken
        row = {**row, "made": [*row["made"], *(each for each in made if each not in row["made"])]}
        rows.put(Kind.REQUEST.value, name, _claim_of(row), row)

    def _forget(self, name: str, owner: str) -> None:
        with self._store.vault.change() as rows:
            row = rows.get(Kind.REQUEST.value, name)
            if row is not None and row["owner"] == owner and not row["made"]:
                rows.remove(Kind.REQUEST.value, name)
                rows.remove(BEGUN, name)


def _fingerprint(salt: str, asked: bytes) -> str:
    """Of what was asked: without the salt, which is erased with it, nobody finds by it what was asked."""
    return hmac.new(bytes.fromhex(salt), asked, hashlib.sha256).hexdigest()


def _claim_of(row: Mapping[str, Any]) -> str:
    """The claim or consent with which the request is erased: the first that it made something of."""
    about = (key if kind == Kind.SIGNED_CONSENT.value else claim for kind, key, claim in row["made"])
    return next(filter(None, about), "")
