# SPDX-License-Identifier: Apache-2.0
"""What a consortium admin types: deploy, verify, admit and the rest, through Brownie on running nodes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sceau.chain.manifest import Manifest
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.chain.registries.parties import read_key, read_party
from sceau.chain.signer import Signer
from sceau.chain.transaction import send_data
from sceau.errors import InputError
from sceau.party.application import apply
from sceau.party.directory import DirectoryEntry
from sceau.roles import admin as roles
from sceau.terms import Role
from scripts import parties
from scripts.block_period import GAPS_NEEDED
from tests.e2e.desk import ROOT, Admin, brownie, keystore, told
from tests.support.faulty_node import BLOCK, RECEIPT, Asked, Fault, faulty
from tools import ganache

ENTRY = DirectoryEntry("Optique de la Gare", "FR", "73282932000074", None)


@pytest.fixture(scope="module")
def paid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Admin]:
    """An admin without money, deploying on a chain with fees at a funder's expense."""
    folder = tmp_path_factory.mktemp("paid")
    with ganache.ganache(chain_id=2018) as node:
        funder = keystore(folder, "funder", Signer.from_key(bytes.fromhex(node.keys[4][2:])))
        admin = Admin(folder, node, Signer.generate(), FUNDER=str(funder), BLOCK_PERIOD="0")
        told(admin.run("deploy"))
        yield admin


@pytest.fixture(scope="module")
def free(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Admin]:
    """An admin whose account nobody ever funded, on a chain where nothing costs a fee."""
    if ganache.anvil_program() is None:
        pytest.skip("Anvil is not installed here")
    with ganache.anvil(at_once=True) as node:
        # Old enough to be measured: tests/tools waits for a young chain.
        node.request("anvil_mine", hex(GAPS_NEEDED + 1), "0x1")
        admin = Admin(tmp_path_factory.mktemp("free"), node, Signer.generate())
        admin.succeed("deploy")
        yield admin


@pytest.mark.any_node
def test_the_plain_command_deploys_on_the_development_network(tmp_path: Path) -> None:
    path = tmp_path / "deployment.json"
    told(brownie("deploy", network="development", environment={"SCEAU_MANIFEST": str(path)}))
    manifest = Manifest.load(path)
    assert (manifest.chain_id, manifest.block_period) == (1337, 0)
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.any_node
def test_a_clone_under_any_folder_name_deploys(tmp_path: Path) -> None:
    """Brownie imports a script by its path, dots for slashes: a folder such as mktemp's `tmp.XYZ` stops it."""
    clone = tmp_path / "sceau-1.0 (copy)" / "clone"
    unused = shutil.ignore_patterns("__pycache__", "mutation", "proofs")
    for folder in ("contracts", "interfaces", "scripts", "tools", "build", ".home"):
        shutil.copytree(ROOT / folder, clone / folder, ignore=unused)
    for link in (".venv", "node_modules", "sceau", "brownie-config.yaml"):
        (clone / link).symlink_to(ROOT / link)
    (clone / "tests").mkdir()
    settings = {"SCEAU_MANIFEST": "deployment.json"}
    told(brownie("deploy", network="development", root=clone, environment=settings))
    assert Manifest.load(clone / "deployment.json").block > 0


def test_the_manifest_fits_the_chain_and_names_what_built_it(free: Admin) -> None:
    manifest = free.network.manifest
    assert manifest.chain_id == 31337
    assert manifest.block_period == 1
    assert manifest.genesis_hash == Node(free.url).genesis_hash()
    assert manifest.compiler == {
        "version": "0.8.28",
        "evm_version": "shanghai",
        "optimizer_runs": 10000,
        "via_ir": True,
        "remappings": ["@openzeppelin=node_modules/@openzeppelin"],
        "openzeppelin": "5.3.0",
    }
    first = manifest.contracts["ConsortiumAccessManager"].transaction
    created: Any = free.node.request("eth_getTransactionReceipt", first)
    assert int(created["blockNumber"], 16) == manifest.block


def test_a_manifest_is_never_written_over(paid: Admin) -> None:
    before, height = paid.manifest.read_bytes(), paid.network.node.head().number
    assert "already exists" in paid.fail("deploy")
    assert paid.manifest.read_bytes() == before
    assert paid.network.node.head().number == height


def test_a_second_deployment_stands_at_other_addresses_from_another_key(paid: Admin, tmp_path: Path) -> None:
    second = Admin(tmp_path, paid.node, paid.signer, FUNDER=paid.environment["FUNDER"], BLOCK_PERIOD="7")
    second.succeed("deploy")
    one, two = paid.network, second.network
    assert two.manifest.block_period == 7
    assert not {e.address for e in one.manifest.contracts.values()} & {
        e.address for e in two.manifest.contracts.values()
    }
    senders = {creator(one), creator(two)}
    assert len(senders) == 2
    assert paid.signer.address not in senders


def creator(network: Network) -> str:
    """The address that sent all four creating transactions."""
    (sender,) = {network.node.sender(e.transaction) for e in network.manifest.contracts.values()}
    return sender


def test_what_the_fresh_key_did_not_need_goes_back_to_the_funder(paid: Admin) -> None:
    node = paid.network.node
    price = 2 * (node.head().base_fee or 0) + 10**9
    assert node.balance(creator(paid.network)) < 100_000 * price


def test_a_chain_whose_blocks_do_not_tell_its_period_needs_it_stated(paid: Admin, tmp_path: Path) -> None:
    height = paid.network.node.head().number
    silent = Admin(tmp_path, paid.node, paid.signer, FUNDER=paid.environment["FUNDER"])
    assert "BLOCK_PERIOD=5" in silent.fail("deploy")
    assert not silent.manifest.exists()
    assert paid.network.node.head().number == height


def test_zero_is_not_published_for_a_chain_that_makes_blocks_by_itself(free: Admin, tmp_path: Path) -> None:
    careless = Admin(tmp_path, free.node, free.signer, BLOCK_PERIOD="0")
    assert "State the seconds between two blocks." in careless.fail("deploy")
    assert not careless.manifest.exists()


def test_without_money_on_a_chain_with_fees_nothing_is_deployed(paid: Admin, tmp_path: Path) -> None:
    poor = Admin(tmp_path, paid.node, Signer.generate(), BLOCK_PERIOD="0")
    assert "cannot pay the fees" in poor.fail("deploy")
    assert not poor.manifest.exists()


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"SCEAU_KEYSTORE": ""}, "SCEAU_KEYSTORE"),
        ({"SCEAU_KEYSTORE": "/nowhere/key.json"}, "/nowhere/key.json"),
        ({"FUNDER": "/nowhere/funder.json"}, "/nowhere/funder.json"),
        ({"BLOCK_PERIOD": "soon"}, "BLOCK_PERIOD"),
        ({"SCEAU_MANIFEST": "/nowhere/deployment.json"}, "/nowhere/deployment.json"),
    ],
)
def test_a_setting_that_is_wrong_is_named_before_anything_is_sent(
    paid: Admin, environment: dict[str, str], said: str
) -> None:
    height = paid.network.node.head().number
    fresh = {"SCEAU_MANIFEST": str(paid.folder / "other.json")}
    assert said in paid.fail("deploy", **{**fresh, **environment})
    assert paid.network.node.head().number == height
    assert not (paid.folder / "other.json").exists()


def test_a_wrong_password_is_told_and_not_shown(paid: Admin, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("battery staple\n", encoding="utf-8")
    said = paid.fail("parties", "suspend", "1", SCEAU_PASSWORD_FILE=str(wrong))
    assert "does not open" in said
    assert "battery" not in said


def test_a_party_is_shown_admitted_suspended_and_compromised(free: Admin) -> None:
    network, key = free.network, Signer.generate()
    controller = Signer.generate().address
    application = apply(network.manifest, entry=ENTRY, roles=Role.PRACTICE, controller=controller, keys=[key])
    path = str(free.folder / "application.json")
    application.save(path)
    assert application.in_words() in free.succeed("parties", "show", path)
    assert "Nothing was done" in free.fail("parties", "admit", path)
    assert "It is party 1." in free.succeed("parties", "admit", path, "yes")
    assert read_key(network, key.address).party == 1

    free.succeed("parties", "suspend", "1")
    listed = free.succeed("parties", "list")
    assert re.search(r"1: practice; SUSPENDED; admitted \d{4}-", listed)
    assert key.address in listed
    assert "new consents: recorded\nnew claims: recorded" in listed
    free.succeed("parties", "reinstate", "1")
    free.succeed("parties", "pause", "claims")
    assert "new consents: recorded\nnew claims: PAUSED" in free.succeed("parties", "list")
    free.succeed("parties", "unpause", "claims")
    free.succeed("parties", "set_roles", "1", "practice,auditor")
    assert read_party(network, 1).roles == Role.PRACTICE | Role.AUDITOR

    since = network.node.head().timestamp
    assert "Nothing was done" in free.fail("parties", "compromised", key.address, "2026-01-01")
    free.succeed("parties", "compromised", key.address, "2026-01-01T00:00:00Z", "yes")
    state = read_key(network, key.address)
    assert state.compromised_since == 1_767_225_600 < since
    assert state.retired_at >= since


def once_written(late: Callable[[Asked, int], None]) -> Fault:
    """A fault in every answer after a receipt, given the height of its block."""
    heights: list[int] = []

    def at(asked: Asked) -> None:
        if heights:
            return late(asked, heights[0])
        answer = asked.true()
        if asked.method == RECEIPT and answer.get("result"):
            heights.append(int(answer["result"]["blockNumber"], 16))
        return asked.answer(answer)

    return at


def a_block_behind(asked: Asked, height: int) -> None:
    """The replica behind the same address that does not have the block yet, three times."""
    if asked.method == BLOCK and asked.params[0] == "latest" and asked.seen.times["old heads"] < 3:
        asked.seen.times["old heads"] += 1
        return asked.result(asked.of(BLOCK, hex(height - 1), False))
    return asked.answer()


def application_of(admin: Admin, name: str) -> tuple[str, Signer]:
    """The file of an application, and its key."""
    key = Signer.generate()
    controller = Signer.generate().address
    application = apply(
        admin.network.manifest, entry=ENTRY, roles=Role.SUPPLIER, controller=controller, keys=[key]
    )
    application.save(admin.folder / name)
    return str(admin.folder / name), key


@pytest.mark.any_node
def test_an_admission_is_told_by_a_node_that_has_its_block_a_moment_later(free: Admin) -> None:
    path, key = application_of(free, "late.json")
    with faulty(free.url, once_written(a_block_behind)) as url:
        ended = free.call("parties", "admit", path, "yes", SCEAU_NODE=url)
    assert ended.code == 0, ended.err
    assert f"It is party {read_key(free.network, key.address).party}." in ended.out


@pytest.mark.any_node
def test_an_admission_that_is_written_is_no_failure_where_its_number_cannot_be_read(
    free: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait = roles.Admin.number_after
    monkeypatch.setattr(
        roles.Admin, "number_after", lambda self, what, receipt: wait(self, what, receipt, 0.1)
    )
    path, key = application_of(free, "gone.json")
    with faulty(free.url, once_written(lambda asked, _: asked.hang_up())) as url:
        ended = free.call("parties", "admit", path, "yes", SCEAU_NODE=url)
    assert "The party is admitted: block " in ended.out
    assert ended.code == 6
    assert read_key(free.network, key.address).party


def test_a_safe_is_given_the_call_that_admits(free: Admin) -> None:
    network = free.network
    path, key = application_of(free, "supplier.json")
    said = free.succeed("parties", "calldata", path)
    to, data = re.findall(r"^(?:to|data) (0x\w+)$", said, re.MULTILINE)
    sent: Any = free.node.request("eth_getTransactionCount", free.signer.address, "latest")
    send_data(
        network.node, free.signer, to=to, data=data, chain_id=network.chain_id, least=int(sent, 16)
    ).wait(30)
    assert read_key(network, key.address).roles == Role.SUPPLIER


def test_a_role_is_given_and_taken_back_and_the_last_admin_stays(free: Admin) -> None:
    guard = Signer.generate().address
    free.succeed("roles", "grant", "suspension,governance", guard)
    assert "Nothing was done" in free.fail("roles", "revoke", "suspension", guard)
    free.succeed("roles", "revoke", "suspension", guard, "yes")
    shown = free.succeed("roles", "show")
    assert guard in shown.split("GOVERNANCE")[1]
    assert guard not in shown.split("SUSPENSION")[1].split("GOVERNANCE")[0]
    assert "last holder of ADMIN" in free.fail("roles", "revoke", "admin", free.signer.address, "yes")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("parties", "suspend"), "unpause consents|claims"),
        (("parties", "suspnd", "1"), "parties has no verb 'suspnd'"),
        (("parties",), "parties needs a verb"),
        (("roles", "grnt"), "revoke ROLE[,ROLE] ACCOUNT"),
        (("parties", "compromised", "0x12", "2026-01-01"), "0x12 is not an address"),
        (("parties", "compromised", "0x" + "12" * 20, "yesterday"), "yesterday is not a time"),
        (("parties", "suspend", "77"), "Party 77 does not exist"),
        (("parties", "show", "/nowhere/application.json"), "/nowhere/application.json"),
        (("roles", "grant", "boss", "0x" + "12" * 20), "SUSPENSION"),
    ],
)
def test_a_wrong_command_is_told_in_plain_words(free: Admin, command: tuple[str, ...], said: str) -> None:
    ended = free.call(*command)
    assert ended.code == 1
    assert said in ended.err


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("deploy",), "already exists"),
        (("parties", "suspnd", "1"), "parties has no verb 'suspnd'"),
        (("roles", "grant", "boss", "0x" + "12" * 20), "SUSPENSION"),
    ],
)
def test_brownie_lets_a_script_tell_what_is_wrong(paid: Admin, command: tuple[str, ...], said: str) -> None:
    ended = paid.run(*command)
    assert ended.code == 1
    assert said in ended.err
    assert "Traceback" not in ended.out + ended.err


@pytest.mark.any_node
@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        (parties.party_argument, "one", "a party's number"),
        (parties.party_argument, "0", "a party's number"),
        (parties.party_argument, str(2**32), "a party's number"),
        (parties.party_argument, "١", "a party's number"),
        (parties.roles_argument, "practice,boss", "practice, supplier, payer, auditor"),
        (parties.roles_argument, "", "practice, supplier, payer, auditor"),
        (parties.registry_argument, "everything", "consents or claims"),
    ],
)
def test_a_wrong_argument_is_told_what_it_must_be(
    read: Callable[[str], object], text: str, said: str
) -> None:
    with pytest.raises(InputError) as refused:
        read(text)
    assert said in str(refused.value)


@pytest.mark.any_node
def test_arguments_are_read_as_they_are_meant() -> None:
    assert parties.party_argument("7") == 7
    assert parties.roles_argument("Practice,auditor") == Role.PRACTICE | Role.AUDITOR


def test_another_chain_is_refused(free: Admin, paid: Admin) -> None:
    assert "chain id 31337" in paid.fail("parties", "list", SCEAU_NODE=free.url)
