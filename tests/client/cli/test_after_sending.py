# SPDX-License-Identifier: Apache-2.0
"""Once something was sent, no command says that nothing was written, whatever the node does then."""

from __future__ import annotations

import json

import pytest

from sceau.formats.optics.quote import load_quote
from sceau.record.values import RecordValues
from scripts.documents import document
from tests.client.cli.conftest import Desk, Result
from tests.support.deployed import Deployed
from tests.support.faulty_node import MODES, RECEIPT, Asked, Fault, faulty

REVOKE = ("consent", "revoke", "card.json", "--pin-file", "pin", "--yes")
WITHDRAW = ("consent", "withdraw", "signed.json", "--yes")
OPEN = ("claim", "open", "values.json", "--payer", "3", "-o", "step.json")
RECORD = ("consent", "record", "signed.json", "--request", "request.json")


def told(result: Result) -> tuple[str, str]:
    """The code of the error that a command ended with, and its warnings; nothing but JSON is on standard error."""
    lines = [json.loads(line) for line in result.err.splitlines()]
    return lines[-1]["error"], " ".join(line.get("warning", "") for line in lines)


@pytest.mark.parametrize("words", [RECORD, REVOKE, WITHDRAW], ids=lambda words: words[1])
def test_what_is_said_of_a_consent_while_the_node_is_silent(
    consented: Desk, chain: Deployed, words: tuple[str, ...]
) -> None:
    if words != RECORD:
        assert consented.run(*RECORD).code == 0
    with faulty(chain.url, MODES["dropaftersend"]) as url:
        ended = consented.run(*words, "--node", url, "--timeout", "1", "--json")
        assert (ended.code, ended.out) == (6, "")
        assert told(ended)[0] == "transaction-not-mined"
        hash_ = json.loads(ended.err.splitlines()[-1])["message"].split()[1]
        # It is on the chain, and sent once: the same words say so.
        again = consented.run(*words, "--json")
    assert (again.code, again.data["transaction"]) == (0, None)
    assert chain.network.node.sender(hash_)


def silent_after_the_receipt() -> Fault:
    """A node that gives the receipt, and nothing after it."""
    given: list[object] = []

    def fault(asked: Asked) -> None:
        if given:
            return asked.hang_up()
        answer = asked.true()
        if asked.method == RECEIPT and answer["result"]:
            given.append(answer)
        return asked.answer(answer)

    return fault


@pytest.mark.parametrize("words", [REVOKE, WITHDRAW], ids=lambda words: words[1])
def test_what_is_written_is_said_though_nothing_can_be_read_since(
    consented: Desk, chain: Deployed, words: tuple[str, ...]
) -> None:
    assert consented.run(*RECORD).code == 0
    with faulty(chain.url, silent_after_the_receipt()) as url:
        ended = consented.run(*words, "--node", url, "--timeout", "1", "--json")
    assert (ended.code, ended.out) == (6, "")
    assert told(ended)[0] == "written-unread"


def test_a_step_is_kept_and_named_while_the_node_is_silent(shop: Desk, chain: Deployed) -> None:
    shop.write("values.json", values())
    with faulty(chain.url, MODES["dropaftersend"]) as url:
        ended = shop.run(*OPEN, "--node", url, "--timeout", "1", "--json")
    assert (ended.code, ended.out) == (6, "")
    code, warnings = told(ended)
    assert code == "transaction-not-mined"
    assert "sceau claim send step.json" in warnings
    sent = shop.run("claim", "send", "step.json", "--json")
    assert (sent.code, sent.data["transaction"]) == (0, None)


def test_another_node_that_is_named_says_what_became_of_it(consented: Desk, chain: Deployed) -> None:
    assert consented.run(*RECORD).code == 0
    with faulty(chain.url, MODES["dropaftersend"]) as url:
        revoked = consented.run(*REVOKE, "--via", url, "--via", chain.url, "--json")
    assert (revoked.code, revoked.data["status"]) == (0, "revoked")
    assert revoked.data["transaction"]["hash"]


def test_a_step_that_was_never_handed_over_leaves_no_file(shop: Desk, chain: Deployed) -> None:
    """The node goes after it was connected to, before anything is signed."""
    shop.write("values.json", values())
    gone = lambda asked: asked.hang_up() if asked.method == "eth_estimateGas" else asked.answer()  # noqa: E731
    with faulty(chain.url, gone) as url:
        ended = shop.run(*OPEN, "--node", url, "--json")
    assert ended.code == 5
    assert not shop.path("step.json").exists()


@pytest.mark.parametrize("mode", ["nopriority", "neth5740"])
def test_standard_error_holds_json_alone_whatever_the_node_lacks(
    consented: Desk, chain: Deployed, mode: str
) -> None:
    consented.write("values.json", values())
    with faulty(chain.url, MODES[mode]) as url:
        ended = consented.process(*OPEN, "--node", url, "--json")
        assert (ended.code, ended.err) == (0, "")
        assert ended.data["transaction"]["hash"]
        if mode == "neth5740":
            assert consented.run(*REVOKE).code == 0
            refused = consented.process(*RECORD, "--node", url, "--json")
            assert (refused.code, told(refused)[0]) == (1, "consent-already-revoked")


def values() -> object:
    return RecordValues("fr-optical-quote/1", load_quote(document("quote"))).to_json()
