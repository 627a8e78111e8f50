# SPDX-License-Identifier: Apache-2.0
"""examples/ are whole days of a shop, in other languages, beside gateways of a supplier and a payer."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone

from scripts.documents import document
from tests.client.gateway.running import ROOT, WAIT, House, Http, until
from tests.support.deployed import Deployed

IN_A_MONTH = (datetime.now(timezone.utc).date() + timedelta(days=30)).isoformat()


def asks(client: Http, task: str) -> str:
    """The claim of the message that asks for a task, once it came."""

    def found() -> str:
        listed = client.get("/messages").body["messages"]
        return next((str(each["claim"]) for each in listed if each["asks"] == task), "")

    return str(until(found, bool))


def test_the_day_of_a_shop_in_javascript(house: Callable[[str], House], chain: Deployed) -> None:
    with ExitStack() as stack:
        homes = {name: house(name) for name in ("practice", "supplier", "payer")}
        shop, maker, insurer = (stack.enter_context(home.running()) for home in homes.values())
        folder = homes["practice"].folder
        for name in ("quote", "order", "invoice"):
            (folder / f"{name}.json").write_bytes(document(name))
        day = subprocess.Popen(
            ["node", str(ROOT / "examples" / "shop-day.mjs"), "quote.json", "order.json", "invoice.json"],
            cwd=folder,
            env={
                "PATH": os.environ["PATH"],
                "SCEAU": f"http://{shop.address}/v1/shop",
                "TOKEN_FILE": "client.token",
                "PAYER": str(chain.party("payer")),
                "SUPPLIER": str(chain.party("supplier")),
            },
            stdout=subprocess.PIPE,
            text=True,
        )
        stack.callback(day.kill)
        claim = asks(insurer, "decide")
        verdict = insurer.done("/verdicts", {"disclosure": claim})["verdict"]["id"]
        insurer.done(f"/verdicts/{verdict}/authorisation", {"valid_until": IN_A_MONTH})
        assert asks(maker, "deliver") == claim
        maker.done(f"/claims/{claim}/order-answers", {})
        maker.done(f"/claims/{claim}/deliveries", {"delivery": json.loads(document("delivery"))})
        said, _ = day.communicate(timeout=2 * WAIT)
        assert day.returncode == 0
        assert said.splitlines() == [
            f"opened {claim}",
            "authorised",
            "ordered",
            "delivered",
            "invoiced as ordered",
            "shown",
        ]
        assert asks(insurer, "settle") == claim
