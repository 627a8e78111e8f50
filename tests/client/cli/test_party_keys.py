# SPDX-License-Identifier: Apache-2.0
"""A party's own keys by the command: added, retired, stolen; control handed over."""

from __future__ import annotations

import pytest

from sceau.chain.registries.parties import read_key, read_party
from sceau.chain.signer import Signer
from sceau.chain.transaction import send_data
from tests.client.cli.conftest import PASSWORD, Desk
from tests.support.deployed import Deployed

CONTROLLER = ("--keystore", "controller.json")


@pytest.fixture
def owner(shop: Desk, chain: Deployed) -> Desk:
    """The practice's desk, where the controller's key is at hand, and a new key under a password of its own."""
    shop.write("controller.json", chain.controllers["practice"].to_keystore(PASSWORD, iterations=2**10))
    shop.write("new.json", Signer.generate().to_keystore("another password", iterations=2**10))
    shop.write("new.password", "another password\n")
    return shop


def written(desk: Desk, *words: str, keys: tuple[str, ...] = ()) -> dict[str, object]:
    """What a command prints for programs; it has written a transaction."""
    result = desk.run("party", *words, "--json")
    assert result.code == 0, result
    data: dict[str, object] = result.data
    assert set(data) == {"party", *keys, "state", "transaction"}
    assert data["state"] == "written"
    assert isinstance(data["transaction"], dict)
    return data


def stands(desk: Desk, *words: str) -> dict[str, object]:
    """What it prints when it is done again: nothing is sent."""
    result = desk.run("party", *words, "--json")
    assert (result.code, result.data["transaction"]) == (0, None)
    data: dict[str, object] = result.data
    return data


def test_keys_are_listed_by_number_by_key_and_without_naming_anybody(shop: Desk, chain: Deployed) -> None:
    own = chain.signers["practice"].address
    for named in ((), ("1",), (own,)):
        listed = shop.run("party", "keys", *named, "--json").data
        assert (listed["party"], [key["key"] for key in listed["keys"]]) == (1, [own])
        assert listed["block"]["number"] == chain.network.node.head().number
    assert "peut agir" in shop.run("party", "keys", LANG="fr_FR.UTF-8").out
    assert "party number" in shop.run("party", "keys", "nobody").err


def test_a_key_is_added_with_its_own_password_and_another_retired(owner: Desk, chain: Deployed) -> None:
    words = ("add-key", "--party", "1", "--key", "new.json", *CONTROLLER)
    assert "new.json" in owner.run("party", *words).refused()
    added = written(owner, *words, "--key-password-file", "new.password", keys=("key",))
    assert read_key(chain.network, str(added["key"])).active
    again = stands(owner, *words, "--key-password-file", "new.password")
    assert isinstance(added["transaction"], dict)
    assert (again["key"], again["block_number"]) == (added["key"], added["transaction"]["block_number"])
    retired = written(owner, "retire-key", str(added["key"]), "--yes", *CONTROLLER, keys=("key", "stolen"))
    assert retired["stolen"] is None
    assert not read_key(chain.network, str(added["key"])).active
    listed = owner.run("party", "keys", "--json").data["keys"]
    assert [key["active"] for key in listed] == [True, False]


def test_a_key_retires_itself_and_asks_first(shop: Desk, chain: Deployed) -> None:
    own = chain.signers["practice"].address
    height = chain.network.node.head().number
    assert shop.run("party", "retire-key").code == 1
    assert chain.network.node.head().number == height
    assert written(shop, "retire-key", "--yes", keys=("key", "stolen"))["key"] == own
    assert not read_key(chain.network, own).active


def test_a_stolen_key_is_retired_and_the_admins_get_the_exact_call(shop: Desk, chain: Deployed) -> None:
    own = chain.signers["practice"].address
    words = ("retire-key", "--yes", "--stolen-since", "2026-01-02T03:04:05Z")
    stolen = written(shop, *words, keys=("key", "stolen"))["stolen"]
    assert isinstance(stolen, dict)
    assert stolen["since"] == "2026-01-02T03:04:05Z"
    assert stolen["command"].startswith(f"tools/brownie run parties compromised {own} 2026-01-02T03:04:05Z ")
    assert own in stolen["en"]
    assert own in stolen["fr"]
    network = chain.network
    send_data(
        network.node, chain.admin, to=stolen["to"], data=stolen["data"], chain_id=network.chain_id
    ).wait()
    assert read_key(network, own).compromised_since == 1_767_323_045


def test_what_to_tell_is_said_again_in_words(shop: Desk, chain: Deployed) -> None:
    """By somebody who retired the key at once, and found out later since when it was gone."""
    assert shop.run("party", "retire-key", "--yes").code == 0
    said = shop.run(
        "party", "retire-key", "--yes", "--stolen-since", "2026-01-02", LANG="fr_FR.UTF-8", COLUMNS="300"
    )
    assert said.code == 0, said
    assert "Une clé de signature de la partie 1 a été volée" in said.out
    assert f"parties compromised {chain.signers['practice'].address} 2026-01-02T00:00:00Z" in said.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("retire-key", "--stolen-since", "yesterday"), 1),
        (("retire-key", "--stolen-since", "2999-01-01"), 1),
        (("retire-key", "0x12"), 1),
        (("retire-key", "0x" + "12" * 20), 1),
        (("add-key", "--party", "1", "--key", "new.json", "--key-password-file", "new.password"), 1),
        (("add-key", "--party", "one", "--key", "new.json"), 2),
        (("offer-control", "0x12", "--party", "1", *CONTROLLER), 1),
        (("withdraw-offer", "--party", "1"), 1),
        (("accept-control", "--party", "1"), 1),
    ],
)
def test_what_cannot_be_is_refused_and_writes_nothing(
    owner: Desk, chain: Deployed, words: tuple[str, ...], code: int
) -> None:
    height, yes = chain.network.node.head().number, ("--yes",) if words[0] == "retire-key" else ()
    owner.run("party", *words, *yes).refused(code)
    assert chain.network.node.head().number == height


def test_control_is_offered_withdrawn_and_accepted(owner: Desk, chain: Deployed) -> None:
    new = chain.signers["stranger"]
    owner.write("new-controller.json", new.to_keystore(PASSWORD, iterations=2**10))
    offered = written(owner, "offer-control", new.address, "--party", "1", *CONTROLLER, keys=("offered_to",))
    assert offered["offered_to"] == new.address
    assert owner.run("party", "show", "1", "--json").data["pending_controller"] == new.address
    assert new.address in owner.run("party", "show", "1").out
    written(owner, "withdraw-offer", "--party", "1", *CONTROLLER)
    assert read_party(chain.network, 1).pending_controller is None
    written(owner, "offer-control", new.address, "--party", "1", *CONTROLLER, keys=("offered_to",))
    accepted = written(
        owner, "accept-control", "--party", "1", "--keystore", "new-controller.json", keys=("controller",)
    )
    assert accepted["controller"] == read_party(chain.network, 1).controller == new.address
