# SPDX-License-Identifier: Apache-2.0
"""What the roles know of the entries of an outbox: whether they stand already, and what follows when they are mined."""

from __future__ import annotations

from collections.abc import Callable

from sceau.chain.following import Receipt
from sceau.chain.network import Network
from sceau.claim.prepared import PreparedStep
from sceau.roles.named import require_assumed
from sceau.roles.step_writer import StepWriter
from sceau.store import Kind, Store
from sceau.store.entry import Entry


class StepEntries:
    """Steps of claims. ``instead`` writes another step in the place of one that stopped, and says whether it did."""

    def __init__(
        self,
        network: Network,
        store: Store,
        writer: StepWriter,
        instead: Callable[[PreparedStep, str], bool] = lambda *_: False,
    ) -> None:
        self._network = network
        self._store = store
        self._writer = writer
        self._instead = instead

    def require(self, entry: Entry) -> None:
        """What was assumed of named parties when there was no node. Raises PartyOfAnotherRole."""
        require_assumed(self._network, entry.assumed)

    def written(self, entry: Entry) -> Receipt | None:
        """Where the step stands with this very commitment."""
        step = self._step(entry)
        return None if step is None else self._writer.written(step)

    def mined(self, entry: Entry) -> None:
        """The step is written: asking for the same again asks for another one."""
        step = self._step(entry)
        if step is not None:
            self._writer.confirm(step)

    def learnt(self, entry: Entry, receipt: Receipt) -> None:
        """Where it stands, its claim is looked for from now on."""
        step = self._step(entry)
        if step is not None:
            self._writer.learn(step, receipt)

    def dropped(self, entry: Entry) -> None:
        """Forgets the step, its message and its number."""
        step = self._step(entry)
        if step is not None:
            self._writer.give_up(step)

    def instead(self, entry: Entry) -> bool:
        """Another step in its place, by the code of why it stopped."""
        step = self._step(entry)
        return step is not None and self._instead(step, str((entry.reason or {}).get("code", "")))

    def _step(self, entry: Entry) -> PreparedStep | None:
        stored = self._store.get(Kind.STEP, name_of(entry))
        return None if stored is None else PreparedStep.from_json(stored)


class ConsentEntries:
    """Consents that are recorded or withdrawn; ``stands`` finds where, by the consent's identifier."""

    def __init__(self, stands: Callable[[str], Receipt | None]) -> None:
        self._stands = stands

    def require(self, entry: Entry) -> None:
        """The contract looks at all that counts."""

    def written(self, entry: Entry) -> Receipt | None:
        """The block that holds it."""
        return self._stands(name_of(entry))

    def mined(self, entry: Entry) -> None:
        """Nothing follows."""

    def learnt(self, entry: Entry, receipt: Receipt) -> None:
        """Where a consent stands its registry says."""

    def dropped(self, entry: Entry) -> None:
        """What the patient signed stays stored: it may be recorded later."""

    def instead(self, entry: Entry) -> bool:  # noqa: ARG002  # as of steps
        """Nothing takes the place of a consent."""
        return False


def name_of(entry: Entry) -> str:
    """What an entry is about: a step's commitment, a consent's identifier."""
    return entry.key.partition(":")[2]
