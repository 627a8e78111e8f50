# SPDX-License-Identifier: Apache-2.0
"""What the roles know of the entries of an outbox: whether they stand already, and what follows when they are mined."""

from __future__ import annotations

from collections.abc import Callable

from sceau.chain.following import Receipt
from sceau.chain.network import Network
from sceau.chain.registries.consents import read_state
from sceau.claim.prepared import PreparedStep
from sceau.roles.named import require_assumed
from sceau.roles.queue import CONSENT, WITHDRAWAL
from sceau.roles.step_writer import StepWriter
from sceau.roles.writing import newest
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
    """Consents that the party records (``CONSENT``) or withdraws (``WITHDRAWAL``)."""

    def __init__(self, network: Network, party: Callable[[], int], written: str) -> None:
        self._network = network
        self._party = party
        self._written = written

    def require(self, entry: Entry) -> None:
        """The contract looks at all that counts."""

    def written(self, entry: Entry) -> Receipt | None:
        """The block that holds it."""
        return where_written(self._network, self._party, name_of(entry), self._written)

    def mined(self, entry: Entry) -> None:
        """Nothing follows."""

    def learnt(self, entry: Entry, receipt: Receipt) -> None:
        """Where a consent stands its registry says."""

    def dropped(self, entry: Entry) -> None:
        """What the patient signed stays stored: it may be recorded later."""

    def instead(self, entry: Entry) -> bool:  # noqa: ARG002  # as of steps
        """Nothing takes the place of a consent."""
        return False


def where_written(network: Network, party: Callable[[], int], consent: str, written: str) -> Receipt | None:
    """Where a party recorded (``CONSENT``) or withdrew (``WITHDRAWAL``) a consent; ``None`` where it did not."""
    state = read_state(network, consent)
    if state.recorder != party() or (written == WITHDRAWAL and not state.withdrawn_at):
        return None
    event, at = {
        CONSENT: ("ConsentRecorded", state.recorded_at),
        WITHDRAWAL: ("ConsentWithdrawn", state.withdrawn_at),
    }[written]
    return newest(network, "ConsentRegistry", event, consent, at=at)


def name_of(entry: Entry) -> str:
    """What an entry is about: a step's commitment, a consent's identifier."""
    return entry.key.partition(":")[2]
