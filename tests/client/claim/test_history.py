# SPDX-License-Identifier: Apache-2.0
"""An event that no contract of ours announces about a claim is an invention of the node's."""

from __future__ import annotations

from typing import Any

import pytest
from eth_utils.crypto import keccak

from sceau.claim.errors import HistoryIncomplete
from sceau.claim.history import read_history
from tests.support.lying_node import lying
from tests.support.stage import Stage


@pytest.mark.parametrize("place", [0, 1, -1])
def test_an_event_of_the_contract_that_is_about_no_claim_is_found_out(stage: Stage, place: int) -> None:
    paused = {"topics": ["0x" + keccak(text="Paused(address)").hex()], "data": "0x" + "00" * 31 + "01"}

    def lie(method: str, _params: Any, result: Any) -> Any:
        if method == "eth_getLogs" and len(result) > 1:
            result[place] = {**result[place], **paused}
        return result

    claim = stage.delivered.claim
    with lying(stage.chain, lie) as network, pytest.raises(HistoryIncomplete):
        read_history(network, claim, block=network.node.head().number)
