# SPDX-License-Identifier: Apache-2.0
"""The deployed contract compares as this package computes, and is not to be fooled with what stands on the chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from sceau.chain.registries.claims import NO_CONSENT, ClaimState, claim_id, read_claim
from sceau.chain.transaction import send
from sceau.conformity import OrderKey, locks, tags
from sceau.record import SealedRecord, Value
from sceau.terms import Group
from tests.client.conformity.lenses import KEY, sealed, values
from tests.support.deployed import Deployed

SEALED = b"\x01" * 32
CONFORM, MISMATCH = 1, 2
EVERY_GROUP = tuple(Group)
OTHER_KEY = OrderKey(b"\x77" * 32)


def raw(written: str) -> bytes:
    return bytes.fromhex(written[2:])


def words(seals: Sequence[str]) -> list[bytes]:
    return [raw(each) for each in seals]


class Life:
    """One claim, authorised; orders, deliveries and invoices are written with seals of this package."""

    def __init__(self, chain: Deployed, nonce: bytes = b"\x0a" * 32) -> None:
        self.chain = chain
        self.claim = claim_id(chain.party("practice"), nonce)
        self._write("practice", "open", nonce, chain.party("payer"), raw(NO_CONSENT), SEALED)
        self._write("payer", "authorise", raw(self.claim), raw(self.state().head), SEALED)

    def _write(self, who: str, function: str, *arguments: object) -> None:
        network = self.chain.network
        send(network, self.chain.signers[who], "ClaimRegistry", function, *arguments).wait(30)

    def seal(
        self, kind: str, given: Mapping[str, Value] | None = None, order: int = 1, **scope: Any
    ) -> SealedRecord:
        network = self.chain.network
        place: dict[str, Any] = {
            "chain_id": network.chain_id,
            "contract": network.address("ClaimRegistry"),
            "claim": self.claim,
            "order_number": order,
        }
        return sealed(kind, given, **(place | scope))

    def state(self) -> ClaimState:
        network = self.chain.network
        return read_claim(network, self.claim, block=network.node.head().number)

    def order(self, key: OrderKey = KEY) -> None:
        self.locks = locks(self.seal("order"), key)
        supplier = self.chain.party("supplier")
        self._write("practice", "order", raw(self.claim), supplier, SEALED, words(self.locks))

    def remake(self, key: OrderKey) -> None:
        again = self.seal("order", values("order", order__reason="defect"), order=2, step="remade")
        self.locks = locks(again, key)
        supplier = self.chain.party("supplier")
        self._write("practice", "remake", raw(self.claim), 1, supplier, SEALED, words(self.locks))

    def deliver(self, attested: Sequence[str], order: int = 1) -> tuple[Group, ...]:
        arguments = (raw(self.claim), order, SEALED, words(attested), words(self.locks))
        self._write("supplier", "deliver", *arguments)
        return self.state().delivery_mismatch

    def invoice(self, **changes: object) -> tuple[Group, ...]:
        given = locks(self.seal("invoice", values("invoice", **changes)), KEY)
        self._write("practice", "invoice", raw(self.claim), 1, SEALED, words(given), words(self.locks))
        return self.state().invoice_mismatch

    def conformity(self) -> Any:
        network = self.chain.network
        block = network.node.head().number
        return network.read("ClaimRegistry", "conformityOf", raw(self.claim), block=block)


@pytest.fixture
def life(chain: Deployed) -> Life:
    return Life(chain)


def test_what_was_ordered_delivered_and_invoiced_is_conform_for_the_contract(life: Life) -> None:
    life.order()
    assert life.deliver(tags(life.seal("delivery"), KEY)) == ()
    assert life.invoice() == ()
    assert tuple(life.conformity()) == (CONFORM, 0)


@pytest.mark.parametrize(
    ("changes", "group"),
    [
        ({"right__code": "VXB9"}, Group.ACT_CODES),
        ({"right__lens__code": "ECO50"}, Group.LENS_PRODUCT),
        ({"left__sphere": "-2.25"}, Group.CORRECTION),
        ({"left__quantity": 2}, Group.QUANTITY),
    ],
    ids=lambda each: each.name.lower() if isinstance(each, Group) else "",
)
def test_the_contract_names_the_group_that_differs_at_delivery_and_at_invoice(
    life: Life, changes: dict[str, Any], group: Group
) -> None:
    life.order()
    made = life.seal("delivery", values("delivery", **changes))
    assert life.deliver(tags(made, KEY)) == (group,)
    assert life.invoice(**changes) == (group,)
    assert tuple(life.conformity()) == (MISMATCH, 1 << group)


def test_locks_copied_from_the_chain_are_a_mismatch_in_every_group(life: Life) -> None:
    life.order()
    assert life.deliver(life.locks) == EVERY_GROUP


def test_after_the_invoice_the_order_and_the_invoice_can_be_copied_no_better(life: Life) -> None:
    life.order()
    assert life.invoice() == ()
    assert life.deliver(locks(life.seal("invoice"), KEY)) == EVERY_GROUP


def test_a_wrong_key_is_a_mismatch_in_every_group(life: Life) -> None:
    life.order()
    assert life.deliver(tags(life.seal("delivery"), OTHER_KEY)) == EVERY_GROUP


@pytest.mark.parametrize("elsewhere", [{"claim": "0x" + "0b" * 32}, {"order_number": 2}, {"chain_id": 5}])
def test_tags_made_for_another_claim_order_or_chain_are_a_mismatch_in_every_group(
    life: Life, elsewhere: dict[str, Any]
) -> None:
    life.order()
    assert life.deliver(tags(life.seal("delivery", **elsewhere), KEY)) == EVERY_GROUP


def test_tags_that_fitted_the_first_order_do_not_fit_its_remake(life: Life) -> None:
    life.order()
    first = tags(life.seal("delivery"), KEY)
    assert life.deliver(first) == ()
    # Even a practice that draws no fresh key gives a remake other locks.
    life.remake(KEY)
    assert life.deliver(first, order=2) == EVERY_GROUP


def test_a_remake_under_a_fresh_key_fits_the_tags_made_for_it(life: Life) -> None:
    life.order()
    life.remake(OTHER_KEY)
    assert life.deliver(tags(life.seal("delivery", order=2), OTHER_KEY), order=2) == ()
