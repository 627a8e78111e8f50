# SPDX-License-Identifier: Apache-2.0
"""A role is read out of the access manager's storage as the manager itself answers, at every time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from eth_abi import encode

from sceau import Network
from sceau.chain.errors import AnswerUnproved
from sceau.chain.node import Node
from sceau.chain.registries.parties import read_publications
from sceau.chain.transaction import send
from sceau.documents.hashing import word
from sceau.party.access import ADMIN, MANAGER, admin_role, holders, pending_grants
from sceau.proof.access import get_access, has_role
from sceau.proof.layout import views
from sceau.roles.admin import Admin
from tests.support.deployed import Deployed
from tests.support.lying_node import lying
from tests.support.mailboxes import confirmation, publish
from tests.support.qbft import Lie, Seals, listing, proved, qbft_at, validator_keys

KEYS = validator_keys(4)
ADMISSION, SUSPENSION = admin_role("ADMISSION"), admin_role("SUSPENSION")
_DAY = 86_400


def packed(since: int, before: int, after: int, effect: int) -> tuple[int, int]:
    """A member as storage holds it: since when, and the delay."""
    return since, effect << 64 | before << 32 | after


def asked(role: int) -> bytes:
    return bytes(4) + encode(["uint64", "address"], [role, "0x" + "11" * 20])


@pytest.mark.parametrize(
    ("stored", "time", "role", "access"),
    [
        (packed(0, 0, 0, 0), 10, (0, 0), (0, 0, 0, 0)),
        (packed(1, 0, 0, 0), 1, (1, 0), (1, 0, 0, 0)),
        (packed(10, 0, 0, 0), 9, (0, 0), (10, 0, 0, 0)),
        (packed(10, 0, 0, 0), 10, (1, 0), (10, 0, 0, 0)),
        (packed(10, 0, 7, 0), 10, (1, 7), (10, 7, 0, 0)),
        (packed(10, 9, 7, 20), 19, (1, 9), (10, 9, 7, 20)),
        (packed(10, 9, 7, 20), 20, (1, 7), (10, 7, 0, 0)),
        (packed(0, 9, 7, 20), 19, (0, 9), (0, 9, 7, 20)),
        (packed(2**48 - 1, 2**32 - 1, 2**32 - 2, 2**48 - 1), 5, (0, 2**32 - 1), None),
    ],
)
def test_a_member_is_read_at_a_time(
    stored: tuple[int, int], time: int, role: tuple[int, int], access: tuple[int, ...] | None
) -> None:
    assert has_role(asked(1), stored, time) == role
    if access is not None:
        assert get_access(asked(1), stored, time) == access
    assert has_role(asked(2**64 - 1), stored, time) == (1, 0)


def test_the_members_lie_in_one_word() -> None:
    view = views()["ConsortiumAccessManager", "hasRole"]
    stored = packed(2**48 - 3, 2**32 - 5, 2**32 - 7, 2**48 - 11)
    bits = stored[1] << 48 | stored[0]
    assert tuple(member.of([bits]) for member in view.members) == stored
    # What stands above them does not count.
    assert view.answer([bits | 0xFF << 160], asked(1), 2**48 - 3) == word(1) + word(2**32 - 7)


def agree(chain: Deployed, network: Network, accounts: Sequence[str]) -> set[tuple[Any, ...]]:
    """Everything that the manager answers of roles and accounts, once it is proved to be so."""
    block, found = network.head().number, set[tuple[Any, ...]]()
    for role in (ADMIN.number, ADMISSION.number, SUSPENSION.number, 77, 2**64 - 1):
        for account in accounts:
            for view in ("hasRole", "getAccess"):
                told = chain.network.read(MANAGER, view, role, account, block=block)
                assert network.read(MANAGER, view, role, account, block=block) == told
                found.add((view, *told))
    return found


def test_proved_roles_are_those_that_the_manager_answers(ganache_chain: Deployed) -> None:
    chain = ganache_chain
    admin = Admin(chain.network, chain.admin)
    now, slow, later, gone, nobody = (
        chain.signers[name].address for name in ("practice", "supplier", "payer", "auditor", "stranger")
    )
    admin.grant([ADMISSION], now).wait(30)
    admin.grant([ADMISSION, SUSPENSION], slow, delay=3 * _DAY).wait(30)
    admin.grant([ADMISSION], gone, delay=5).wait(30)
    admin.revoke([ADMISSION], gone).wait(30)
    # A shorter delay waits as long as it is shorter, and five days at least; so does the delay of grants.
    admin_of = chain.admin
    send(chain.network, admin_of, MANAGER, "grantRole", SUSPENSION.number, slow, 60).wait(30)
    send(chain.network, admin_of, MANAGER, "setGrantDelay", ADMISSION.number, 2 * _DAY).wait(30)
    chain.sleep(6 * _DAY)
    send(chain.network, admin_of, MANAGER, "grantRole", ADMISSION.number, later, 9).wait(30)
    send(chain.network, admin_of, MANAGER, "grantRole", ADMISSION.number, slow, 7).wait(30)
    accounts = (chain.admin.address, now, slow, later, gone, nobody)
    answers = set[tuple[Any, ...]]()
    with proved(chain, KEYS) as (network, _):
        for seconds in (0, _DAY, _DAY + 60, 3 * _DAY, 30 * _DAY):
            chain.sleep(seconds)
            answers |= agree(chain, network, accounts)
        block = network.head().number
        assert holders(network, block=block) == holders(chain.network, block=block)
        assert pending_grants(network, block=block) == pending_grants(chain.network, block=block)
    roles = {each[1:] for each in answers if each[0] == "hasRole"}
    # Held and not, at once, after a delay, after a shorter one, and by everybody.
    assert {(True, 0), (False, 0), (True, 3 * _DAY), (True, 60), (True, 7), (False, 9), (True, 9)} <= roles
    assert any(each[0] == "getAccess" and each[4] for each in answers)


def without(method: str, answer: Any) -> Lie:
    return lambda asked, _params, result: answer if asked == method else result


def test_a_role_that_was_taken_away_is_not_shown_as_held(ganache_chain: Deployed) -> None:
    chain = ganache_chain
    published = publish(chain, "practice")
    party = chain.party("practice")
    entry = published.directory.entry(chain.network, party)
    signed = confirmation(chain, party, entry.identity)
    before = chain.network.head().number
    publication = read_publications(chain.network, block=before)[party][-1]
    other = chain.signers["payer"]
    Admin(chain.network, chain.admin).grant([ADMIN], other.address).wait(30)
    Admin(chain.network, other).revoke([ADMISSION], chain.admin.address).wait(30)

    def as_before(method: str, params: Any, result: Any) -> Any:
        if method in ("eth_call", "eth_getProof"):
            return chain.test_node.request(method, *params[:-1], hex(before))
        return result

    with lying(chain, as_before) as network:
        assert signed.counts(network, publication, block=network.head().number)
    with proved(chain, KEYS, lie=as_before) as (network, _), pytest.raises(AnswerUnproved):
        signed.counts(network, publication, block=network.head().number)
    with proved(chain, KEYS) as (network, _):
        assert not signed.counts(network, publication, block=network.head().number)


def test_a_key_is_not_taken_for_a_contract_that_signs_whatever_a_node_says(chain: Deployed) -> None:
    published = publish(chain, "practice")
    party = chain.party("practice")
    entry = published.directory.entry(chain.network, party)
    true = confirmation(chain, party, entry.identity)
    forged = type(true)(**{**vars(true), "signature": "0x" + "22" * 65})
    block = chain.network.head().number
    publication = read_publications(chain.network, block=block)[party][-1]
    registry = chain.network.manifest.contracts["PartyRegistry"].address

    def wallet(method: str, params: Any, result: Any) -> Any:
        if method == "eth_getCode" and result == "0x":
            return chain.test_node.request("eth_getCode", registry, "latest")
        if method == "eth_call" and params[0]["data"].startswith("0x1626ba7e"):
            return "0x1626ba7e" + "00" * 28
        return result

    with lying(chain, wallet) as network:
        assert forged.counts(network, publication, block=block)
    with proved(chain, KEYS, lie=wallet) as (network, _):
        assert not forged.counts(network, publication, block=block)
        assert true.counts(network, publication, block=block)
        # An address that nobody used is none either; a registry is one.
        assert not network.node.has_code("0x" + "5c" * 20, block)
        assert network.node.has_code(registry, block)


def test_whether_there_is_a_contract_is_proved_or_refused(chain: Deployed) -> None:
    block = chain.network.head().number
    with (
        qbft_at(chain.url, lambda _: Seals(KEYS)) as (_, true),
        qbft_at(chain.url, lambda _: Seals(KEYS), without("eth_getProof", {"accountProof": []})) as (url, _),
    ):
        network = Network(Node(url), listing(chain.network.manifest, true, KEYS))
        with pytest.raises(AnswerUnproved):
            network.node.has_code(chain.admin.address, block)
