# SPDX-License-Identifier: Apache-2.0
"""A whole claim by three gateways, each asked over HTTP by its own party's software."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from typing import Any

from scripts.documents import document
from tests.client.gateway.running import House, until
from tests.support.deployed import Deployed

IN_A_MONTH = (datetime.now(timezone.utc).date() + timedelta(days=30)).isoformat()


def told(name: str) -> Any:
    """A document of the trade."""
    return json.loads(document(name))


def test_a_claim_is_opened_ordered_delivered_invoiced_and_settled(
    house: Callable[[str], House], chain: Deployed
) -> None:
    with ExitStack() as stack:
        shop, maker, insurer = (
            stack.enter_context(house(name).running()) for name in ("practice", "supplier", "payer")
        )
        payer, supplier = chain.party("payer"), chain.party("supplier")
        claim = shop.written("/quotes", {"quote": told("quote"), "payer": payer})["claim"]
        shop.done(f"/claims/{claim}/disclosures", {"clause": "minimal"})

        shown = insurer.message("disclosure", claim)
        assert shown["asks"] == "decide"
        verdict = insurer.done("/verdicts", {"disclosure": shown["id"]})["verdict"]
        assert (verdict["outcome"], verdict["claim"]) == ("accepted", claim)
        assert insurer.get(f"/verdicts/{verdict['id']}").body["outcome"] == "accepted"
        insurer.written(f"/verdicts/{verdict['id']}/authorisation", {"valid_until": IN_A_MONTH})
        insurer.done(f"/messages/{shown['id']}/done")

        authorised = shop.message("step-opening", claim)
        assert (authorised["step"], authorised["asks"]) == ("authorised", "order")
        opened = shop.get(f"/messages/{authorised['id']}").body
        assert IN_A_MONTH in opened["values"].values()
        shop.written(f"/claims/{claim}/orders", {"order": told("order"), "supplier": supplier})

        ordered = maker.message("order", claim)
        assert (ordered["differing"], ordered["asks"]) == ([], "deliver")
        values = maker.get(f"/messages/{ordered['id']}").body["values"]
        assert values["right.lens.code"]
        maker.done(f"/claims/{claim}/order-answers", {})
        delivered = maker.written(f"/claims/{claim}/deliveries", {"delivery": told("delivery")})
        assert delivered["differing"] == []

        assert shop.message("order-answer", claim)["accepted"] is True
        invoiced = shop.written(f"/claims/{claim}/invoices", {"invoice": told("invoice")})
        assert invoiced["differing"] == []
        shop.done(f"/claims/{claim}/disclosures", {"clause": "minimal"})

        until(
            lambda: [each["asks"] for each in insurer.get("/messages").body["messages"]],
            lambda asks: "settle" in asks,
        )
        last = insurer.done("/verdicts", {"disclosure": claim})["verdict"]
        settled = insurer.post(f"/verdicts/{last['id']}/settlement", {"payment_reference": "PAY-1"})
        assert settled.status in (201, 202), (settled, last)
        until(
            lambda: shop.get("/claims").body["claims"],
            lambda claims: [(each["claim"], each["state"]) for each in claims] == [(claim, "settled")],
        )
        seen = shop.get(f"/claims/{claim}").body
        assert [each["step"] for each in seen["claim"]["steps"]] == [
            "opened",
            "authorised",
            "ordered",
            "delivered",
            "invoiced",
            "settled",
        ]
        assert len(seen["own_steps"]) == 3
        assert not any(step["values"] for step in seen["claim"]["steps"])
        held = shop.get(f"/claims/{claim}?held=true").body["claim"]["steps"]
        assert held[0]["values"]["fr-optical-quote/1"]["right.code"]
        assert shop.get("/outbox").body == {"entries": [], "disclosures": []}

        today = datetime.now(timezone.utc).date().isoformat()
        insurer.done(f"/claims/{claim}/payment-notices", {"day": today, "reference": "VIR-1"})
        paid = shop.message("payment-notice", claim)
        assert (paid["reference"], paid["day"]) == ("VIR-1", today)
        asked = {"paths": ["right.code", "right.price"], "clause": "minimal", "reason": "CODES"}
        insurer.done(f"/claims/{claim}/information-requests", asked)
        wanted = shop.message("information-request", claim)
        shop.done(f"/messages/{wanted['id']}/decline", {"reason": "SHOWN-BEFORE"})
        again = shop.post(f"/messages/{wanted['id']}/grant")
        assert (again.status, again.code) == (422, "request-answered")
        (listed,) = until(
            lambda: insurer.get(f"/claims/{claim}/information-requests").body["requests"],
            lambda requests: len(requests[0]["answers"]) == 2,
        )
        assert [each["outcome"] for each in listed["answers"]] == ["refused", "declined"]
        assert listed["waiting"] == []
        assert datetime.fromisoformat(listed["asked_at"].removesuffix("Z")).date().isoformat() <= today
