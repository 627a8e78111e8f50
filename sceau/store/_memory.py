# SPDX-License-Identifier: Apache-2.0
"""A store in the memory of one process, without a database: for what need not outlive a run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sceau.store._protocol import Arrived, Filed, Kind, Number
from sceau.store.errors import EnvelopeReplayed, NumberAlreadyUsed


class MemoryStore:
    """A :class:`sceau.store.Store` in dictionaries. One thread uses it at a time."""

    def __init__(self) -> None:
        self._documents: dict[tuple[Kind, str], tuple[str, str]] = {}
        self._numbers: dict[tuple[Number, str], tuple[str, int]] = {}
        self._received: set[tuple[int, str]] = set()

    def put(self, kind: Kind, key: str, document: Mapping[str, Any], *, claim: str = "") -> None:
        """As :meth:`Store.put`."""
        self._documents[kind, key] = (claim, json.dumps(document))

    def put_all(self, kind: Kind, documents: Iterable[Filed]) -> None:
        """As :meth:`Store.put_all`."""
        with self.change():
            for each in documents:
                self.put(kind, each.key, each.document, claim=each.claim)

    def get(self, kind: Kind, key: str) -> dict[str, Any] | None:
        """As :meth:`Store.get`."""
        found = self._documents.get((kind, key))
        return None if found is None else json.loads(found[1])

    def of_claim(self, kind: Kind, claim: str) -> list[dict[str, Any]]:
        """As :meth:`Store.of_claim`."""
        return [
            json.loads(text)
            for (of, _), (about, text) in self._documents.items()
            if (of, about) == (kind, claim)
        ]

    def of_claims(self, kind: Kind, claims: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        """As :meth:`Store.of_claims`."""
        found: dict[str, list[dict[str, Any]]] = {claim: [] for claim in claims}
        for (of, _), (about, text) in self._documents.items():
            if of is kind and about in found:
                found[about].append(json.loads(text))
        return {claim: documents for claim, documents in found.items() if documents}

    def of_kind(self, kind: Kind) -> Iterator[tuple[str, dict[str, Any]]]:
        """As :meth:`Store.of_kind`."""
        for (of, key), (_, text) in list(self._documents.items()):
            if of is kind:
                yield key, json.loads(text)

    @contextmanager
    def change(self) -> Iterator[None]:
        """As :meth:`Store.change`."""
        before = dict(self._documents), dict(self._numbers), set(self._received)
        try:
            yield
        except BaseException:
            self._documents, self._numbers, self._received = before
            raise

    def discard(self, kind: Kind, key: str) -> None:
        """As :meth:`Store.discard`."""
        self._documents.pop((kind, key), None)

    def reserve(self, kind: Number, number: str, claim: str, *, ended: Callable[[str], bool]) -> None:
        """As :meth:`Store.reserve`."""
        holder, attempts = self._numbers.get((kind, number), (claim, 0))
        if holder != claim:
            if not holder or not ended(holder):
                raise NumberAlreadyUsed(what=kind, claim=holder)
            attempts = 0
        self._numbers[kind, number] = (claim, attempts + 1)

    def release(self, kind: Number, number: str, claim: str) -> None:
        """As :meth:`Store.release`."""
        holder, attempts = self._numbers.get((kind, number), ("", 0))
        if holder == claim and attempts > 1:
            self._numbers[kind, number] = (claim, attempts - 1)
        elif holder == claim:
            self._numbers.pop((kind, number), None)

    def has_received(self, sender: int, message: str) -> bool:
        """As :meth:`Store.has_received`."""
        return (sender, message) in self._received

    def receive(self, messages: Iterable[Arrived]) -> None:
        """As :meth:`Store.receive`."""
        arrived = list(messages)
        marks = [(each.sender, each.id) for each in arrived]
        for place, mark in enumerate(marks):
            if mark in self._received or mark in marks[:place]:
                raise EnvelopeReplayed(sender=mark[0])
        self._received.update(marks)
        for each in arrived:
            self.put(Kind.MESSAGE, each.key, each.document, claim=each.claim)
