# SPDX-License-Identifier: Apache-2.0
"""A claim's life between the parties of a test's deployment."""

from __future__ import annotations

from copy import copy
from datetime import datetime, timezone

from sceau import Payer, Practice, Supplier
from sceau.claim.prepared import Argument, PreparedStep
from sceau.claim.steps import STEPS
from sceau.conformity.keys import OrderKey
from sceau.conformity.seals import locks
from sceau.formats.optics.order import load_invoice
from sceau.messages.mailbox import Mailbox
from sceau.record import Scope, Value, seal
from sceau.store import LocalStore
from sceau.terms import Step
from scripts.documents import DATA, document
from scripts.life import LASTS, ClaimLife
from tests.support.deployed import Deployed
from tests.support.mailboxes import Published, publish
from tests.support.stores import copied

__all__ = ["DATA", "UNTIL", "Life"]

#: The last day of an authorisation that a test gives today.
UNTIL = (datetime.now(timezone.utc).date() + LASTS).isoformat()


class Life(ClaimLife):
    """One claim and those who write on it, opened without a consent.

    ``published`` are the message keys of practice, supplier and payer; new ones are published if none are given.
    """

    def __init__(self, chain: Deployed, published: Published | None = None) -> None:
        self.chain = chain
        self.published = published or publish(chain, "practice", "supplier", "payer")
        self._stores = {name: LocalStore(None) for name in ("practice", "supplier", "payer")}
        super().__init__(*self._roles(), written=lambda _, handle: handle.wait(30))
        self.open()

    def _roles(self) -> tuple[Practice, Supplier, Payer]:
        network, signers = self.chain.network, self.chain.signers
        stores, boxes = self._stores, self.mailboxes
        return (
            Practice(network, signers["practice"], store=stores["practice"], mailbox=boxes["practice"]),
            Supplier(network, signers["supplier"], store=stores["supplier"], mailbox=boxes["supplier"]),
            Payer(network, signers["payer"], store=stores["payer"], mailbox=boxes["payer"]),
        )

    @property
    def mailboxes(self) -> dict[str, Mailbox]:
        """A mailbox of each party whose keys are published."""
        return {name: self.published.mailbox(name, self._stores.get(name)) for name in self.published.keys}

    def copy(self) -> Life:
        """The same claim, to go on with while this one stays as it is: for a chain that is rolled back."""
        own = copy(self)
        own.steps, own.signed = dict(self.steps), dict(self.signed)
        own._stores = {name: copied(store) for name, store in self._stores.items()}
        own.practice, own.supplier, own.payer = own._roles()
        return own

    @property
    def key(self) -> OrderKey:
        """The key of the order that was placed last."""
        placed = self.steps.get("remake") or self.steps["order"]
        assert placed.order_key is not None
        return placed.order_key

    def supplied_by(self, name: str) -> Supplier:
        """Goes on with another supplier, which the next orders name; gives the one before."""
        before = self.supplier
        store = self._stores.setdefault(name, LocalStore(None))
        chain = self.chain
        self.supplier = Supplier(
            chain.network, chain.signers[name], store=store, mailbox=self.published.mailbox(name, store)
        )
        return before

    def head(self) -> str:
        return self.practice.history(self.claim).state.head

    def sealed(
        self, profile: str, values: dict[str, Value], step: Step, order_number: int = 0
    ) -> PreparedStep:
        """A step with a record of the test's own choosing, of those that carry a commitment and nothing else."""
        record = seal(self._scope(profile, step, order_number), values)
        row = STEPS[step]
        arguments: dict[str, Argument] = {
            "claim": self.claim,
            "head": self.head(),
            "root": record.root,
            "own": order_number,
        }
        return PreparedStep(
            self.claim, row.function, tuple(arguments[each] for each in row.arguments), record
        )

    def unsent_invoice(self, **changes: Value) -> PreparedStep:
        """An invoice that is sealed, and only shown to people."""
        number, order_locks = self.practice.history(self.claim).current_order()
        values = {**load_invoice(document("invoice")), **changes}
        record = seal(self._scope("fr-optical-invoice", Step.INVOICE, number), values)
        arguments = (self.claim, number, record.root, list(locks(record, self.key)), order_locks)
        return PreparedStep(self.claim, "invoice", arguments, record)

    def _scope(self, profile: str, step: Step, order_number: int) -> Scope:
        network = self.chain.network
        contract = network.address("ClaimRegistry")
        return Scope(profile, 1, network.chain_id, contract, self.claim, order_number, STEPS[step].code)

    def note(self, kind: str) -> None:
        """A ``cancel`` by the practice, a ``recordReturn`` or a ``dispute`` by the supplier."""
        {"cancel": self.cancel, "recordReturn": self.record_return, "dispute": self.dispute}[kind]()
