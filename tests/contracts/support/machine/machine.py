# SPDX-License-Identifier: Apache-2.0
"""Random lives of a whole consortium: every act is sent to the chain and asked of the model beside it.

Brownie's own state machine crashes with this Hypothesis; this one is Hypothesis' own, each life on a snapshot.
"""

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.contracts.support.machine.claiming import Claiming
from tests.contracts.support.machine.governing import Governing
from tests.contracts.support.machine.random_life import Data
from tests.contracts.support.terms import DAY

# How often each act is chosen. A life has more or less governing; see `begin`.
LIVING = {
    "advance_claim": 8,
    "try_claim": 4,
    "open_claim": 3,
    "record_consent": 3,
    "revoke_consent": 1,
    "withdraw_consent": 1,
    "wait": 1,
}
GOVERNING = {"govern": 3, "admit": 1, "manage_keys": 2, "manage_party": 2}


class ConsortiumMachine(Governing, Claiming, RuleBasedStateMachine):
    """One random life."""

    def __init__(self) -> None:
        RuleBasedStateMachine.__init__(self)  # type: ignore[no-untyped-call]  # Hypothesis 6.27 has no types here
        super().__init__()
        self.acts: list[Callable[[Data], None]] = []

    def teardown(self) -> None:
        self.end()

    @initialize(governing=st.sampled_from([0, 1, 1, 2, 4]))
    def begin(self, governing: int) -> None:
        weights = LIVING | {name: weight * governing for name, weight in GOVERNING.items()}
        self.acts = [getattr(self, name) for name, weight in weights.items() for _ in range(weight)]

    @rule(data=st.data())
    def act(self, data: Data) -> None:
        self._pick(data, self.acts)(data)

    def wait(self, data: Data) -> None:
        """Until just before, at or after the end of a consent, or for a while."""
        ends = [consent.expires_at for consent in self.consents.consents.values() if consent.expires_at]
        near = [end + shift for end in ends for shift in (-2, -1, 0) if end + shift > self.now]
        spans = [self.now + span for span in (1, 60, 3600, DAY, 10 * DAY)]
        self.now = self.chain.mine_at(self._pick(data, near if near and self._chance(data, 50) else spans))
        self.taken["wait"] += 1
