# SPDX-License-Identifier: Apache-2.0
"""The messages that a party received and did not handle yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from sceau.errors import NodeError, SceauError, StoreError
from sceau.messages.envelope import Message
from sceau.messages.kinds import Received
from sceau.messages.stored import StoredMessage
from sceau.roles.errors import NotInInbox
from sceau.roles.posting import Problem
from sceau.roles.tasks import Task
from sceau.store import Kind, Store


class Listed(NamedTuple):
    """A message of the inbox: its key, what it says, and what it asks for, ``None`` for nothing."""

    key: str
    message: Message
    received: Received
    task: Task | None


class Inbox:
    """Messages in the order in which they came, each read again and checked against the chain when it is its turn.

    A message counts as handled when the loop goes on to the next one: work that fails, or a process that is killed, is
    handed the same message again. One that cannot be read now is passed over and stays; :attr:`problems` says why.

    Args:
        store: the party's.
        read: reads a stored message, and checks it against the chain.
        task: what a message asks for now.
    """

    def __init__(
        self,
        store: Store,
        read: Callable[[StoredMessage], tuple[Message, Received]],
        task: Callable[[Received], Task | None],
    ) -> None:
        self._store = store
        self._read = read
        self._task = task
        #: Why messages were passed over, in the last iteration.
        self.problems: list[Problem] = []

    def __iter__(self) -> Iterator[Received]:
        """Each message that is not handled, as what it says.

        Raises:
            NodeError: no node answers: nothing can be checked against the chain.
            StoreUnusable.
        """
        for key, (_, received) in self.items():
            yield received
            self.handled(key)

    def __len__(self) -> int:
        return sum(1 for _ in self._store.of_kind(Kind.UNHANDLED))

    def items(self) -> Iterator[tuple[str, tuple[Message, Received]]]:
        """Each message with its key in the store; none counts as handled. Raises as iteration."""
        self.problems = []
        for key in [key for key, _ in self._store.of_kind(Kind.UNHANDLED)]:
            stored = self._store.get(Kind.MESSAGE, key)
            if stored is None or self._store.get(Kind.UNHANDLED, key) is None:
                # Another process handled it meanwhile, or it was erased.
                self.handled(key)
                continue
            try:
                found = self._read(StoredMessage.from_json(stored))
            except (NodeError, StoreError):
                raise
            except SceauError as error:
                self.problems.append(Problem(error.code, error, int(key.partition(":")[0])))
                continue
            yield key, found

    def listed(self) -> list[Listed]:
        """Each message with what it asks for as its claim stands now; none counts as handled. Raises as iteration."""
        return [
            Listed(key, message, received, self._task(received)) for key, (message, received) in self.items()
        ]

    def clear(self, listed: Iterable[Listed]) -> None:
        """Counts the messages as handled that ask for nothing, or for nothing any more."""
        for each in listed:
            if each.task is None:
                self.handled(each.key)

    def done(self, key: str) -> None:
        """Counts a message as handled, at the word of a person. Raises :class:`NotInInbox`."""
        if self._store.get(Kind.UNHANDLED, key) is None:
            raise NotInInbox
        self.handled(key)

    def handled(self, key: str) -> None:
        """A message needs nothing more."""
        self._store.discard(Kind.UNHANDLED, key)
