# SPDX-License-Identifier: Apache-2.0
"""A claim in the hands of three desks: practice, supplier and payer, who hand each other files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.client.cli.offices import Office, Published, open_office
from tests.support.deployed import Deployed
from tests.support.life import UNTIL

MINIMAL = ("--to", 3, "--clause", "minimal")


@dataclass
class Trade:
    """The three desks, and the claim they work on."""

    shop: Office
    maker: Office
    insurer: Office
    claim: str = ""
    opened: int = 0
    file_number: str = ""

    def open(self, pec: str = "") -> None:
        self.opened += 1
        self.file_number = pec or f"PEC{self.opened}"
        self.shop.values("quote", pec_number=self.file_number)
        opened = self.shop.done(
            "claim", "open", "quote-values.json", "--payer", 3, "-o", "opening.json", "--json"
        )
        self.claim = opened.data["claim"]

    def disclose(self, step: str, *, sealed: bool = True) -> str:
        """What the minimal clause allows of a step, at the insurer's desk; the name of the file there."""
        name = step.replace(".json", "-shown.json")
        self.shop.done("disclose", step, *MINIMAL, "-o", name, "--force")
        if not sealed:
            return self.shop.hand(name, self.insurer)
        envelope = name.replace(".json", ".env")
        self.shop.done("envelope", "disclosure", name, "-o", envelope, "--force")
        self.shop.hand(envelope, self.insurer)
        self.insurer.path(name).unlink(missing_ok=True)
        self.insurer.done("envelope", "open", envelope, "-o", name)
        return name

    def authorise(self) -> None:
        shown = self.disclose("opening.json")
        self.insurer.done(
            *("claim", "authorise", shown, "--valid-until", UNTIL),
            *("-o", "authorisation.json", "--envelope", "authorisation.env"),
        )
        self.insurer.hand("authorisation.env", self.shop)
        self.shop.done("envelope", "open", "authorisation.env", "-o", "authorisation.json")

    def order(self, **changes: Any) -> None:
        self.shop.values("order", **changes)
        self.shop.done(
            *("claim", "order", "order-values.json", "--authorisation", "authorisation.json"),
            *("--supplier", 2, "-o", "order.json", "--envelope", "order.env"),
        )
        self.receive_order()

    def receive_order(self, name: str = "order") -> None:
        self.shop.hand(f"{name}.env", self.maker)
        self.maker.done(
            "claim", "answer", f"{name}.env", "--keep", f"{name}.json", "-o", f"{name}-answer.env"
        )
        self.maker.hand(f"{name}-answer.env", self.shop)
        self.shop.done("envelope", "open", f"{name}-answer.env", "-o", f"{name}-answer.json")

    def deliver(self, order: str = "order.json", *flags: str, **changes: Any) -> Any:
        changes = {"dispatch_reference": f"BL{self.opened}", **changes}
        self.maker.values("delivery", **changes)
        name = order.replace("order", "delivery")
        return self.maker.done(
            "claim", "deliver", order, "delivery-values.json", "-o", name, "--json", *flags
        ).data

    def invoice(self, order: str = "order.json", *flags: str, **changes: Any) -> Any:
        self.shop.values("invoice", **{"pec_number": self.file_number, **changes})
        return self.shop.done(
            "claim",
            "invoice",
            "invoice-values.json",
            "--order",
            order,
            "-o",
            "invoice.json",
            "--json",
            *flags,
        ).data

    def settle(self, *flags: str) -> Any:
        shown = self.disclose("invoice.json")
        return self.insurer.done("claim", "settle", shown, "-o", "settlement.json", "--json", *flags).data

    def history(self) -> Any:
        return self.shop.done("claim", "show", self.claim, "--json").data


def open_trade(directory: Path, chain: Deployed, published: Published) -> Trade:
    """The three desks, and a claim that the practice has opened."""
    shop, maker, insurer = (
        open_office(directory / name, chain, name, published) for name in ("practice", "supplier", "payer")
    )
    made = Trade(shop, maker, insurer)
    made.open()
    return made
