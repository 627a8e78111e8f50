# SPDX-License-Identifier: Apache-2.0
"""The proof that a chain runs the published source: whatever is altered, on either side, is found and named."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sceau.chain.abis import CONTRACTS, ContractName
from sceau.chain.errors import NodeRefused
from sceau.chain.manifest import Manifest
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.chain.signer import Signer
from sceau.chain.transaction import send, send_data
from scripts import source
from scripts.block_period import GAPS_NEEDED
from scripts.comparison import contract_faults
from scripts.deployment import Code, creation_data, deploy
from scripts.verify_deployment import compare, verify
from tests.support.faulty_node import SURVIVABLE, Asked, faulty
from tools import ganache


@pytest.fixture(scope="module")
def settings() -> dict[str, Any]:
    """A comparison takes whatever settings the manifest names: here those of the quickest compilation."""
    return {**source.project_settings(), "via_ir": False, "optimizer_runs": None}


@pytest.fixture(scope="module")
def compiled(settings: dict[str, Any]) -> Mapping[ContractName, Code]:
    # Compiled anew by test_a_comment_that_differs…, which finds two contracts equal to these.
    return source.compile_published(settings)


@pytest.fixture(scope="module")
def test_node() -> Iterator[ganache.Node]:
    with ganache.ganache() as node:
        yield node


@pytest.fixture(scope="module")
def admin(test_node: ganache.Node) -> Signer:
    return Signer.from_key(bytes.fromhex(test_node.keys[0][2:]))


@pytest.fixture(scope="module")
def founded(
    test_node: ganache.Node, admin: Signer, compiled: Mapping[ContractName, Code], settings: dict[str, Any]
) -> Network:
    node = Node(test_node.url)
    return Network(node, deploy(node, compiled, admin, compiler=settings, block_period=0))


@pytest.fixture
def network(test_node: ganache.Node, founded: Network) -> Iterator[Network]:
    """The deployment as it was made, whatever the test does to the chain."""
    snapshot = test_node.request("evm_snapshot")
    yield founded
    test_node.request("evm_revert", snapshot)


@pytest.fixture
def faults(compiled: Mapping[ContractName, Code]) -> Callable[..., tuple[set[str], str]]:
    """Names of the contracts in which something differs, and all that is said of them."""

    def found(network: Network, contracts: Mapping[ContractName, Code] = compiled) -> tuple[set[str], str]:
        differences = contract_faults(network, contracts, block=network.node.head().number)
        assert set(differences) == set(CONTRACTS)
        words = [word for said in differences.values() for word in said]
        return {name for name, said in differences.items() if said}, " ".join(words)

    return found


def with_entry(network: Network, name: ContractName, **changes: Any) -> Network:
    """The same node under an edited manifest."""
    entry = dataclasses.replace(network.manifest.contracts[name], **changes)
    contracts = {**network.manifest.contracts, name: entry}
    return Network(network.node, dataclasses.replace(network.manifest, contracts=contracts))


def altered_tree(to: Path, file: str, old: str, new: str) -> Path:
    """A copy of the source in which one text is replaced once."""
    for folder in ("contracts", "interfaces"):
        shutil.copytree(source.ROOT / folder, to / folder)
    (to / "node_modules").symlink_to(source.ROOT / "node_modules")
    path = to / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return to


def test_the_published_source_is_what_was_deployed(
    network: Network,
    faults: Callable[..., tuple[set[str], str]],
    compiled: Mapping[ContractName, Code],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert faults(network) == (set(), "")
    assert compare(network, compiled)
    said = capsys.readouterr().out
    assert said.count("as in the source") == 4
    assert "The code is the published source." in said
    assert f"{network.manifest.contracts['ConsortiumAccessManager'].arguments[0]} (single key)" in said
    # Shown by their codes, and the deployment is as published all the same: its roles are to be shared yet.
    assert all(f"  - {code}: " in said for code in ("key-holds-every-role", "deployer-holds-role"))


@pytest.mark.any_node
def test_there_is_something_to_mask(compiled: Mapping[ContractName, Code]) -> None:
    # Or the comparison of immutables below would show nothing.
    assert len(compiled["PartyRegistry"].immutables) > 3
    assert len(compiled["ClaimRegistry"].immutables) > 1


@pytest.mark.any_node
def test_one_line_of_code_that_differs_is_found(
    network: Network,
    faults: Callable[..., tuple[set[str], str]],
    compiled: Mapping[ContractName, Code],
    settings: dict[str, Any],
    tmp_path: Path,
) -> None:
    root = altered_tree(tmp_path, "contracts/party/PartyRegistry.sol", "MAX_KEYS = 16;", "MAX_KEYS = 17;")
    altered = source.compile_published(settings, root=root, contracts=["PartyRegistry"])
    differing, said = faults(network, {**compiled, **altered})
    assert differing == {"PartyRegistry"}
    assert "does not come from this source" in said
    assert "did not create it from this source" in said


def test_a_comment_that_differs_is_found_in_every_contract_that_reads_it(
    network: Network, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = altered_tree(tmp_path, "contracts/governance/ConsortiumPausable.sol", "can pause", "may pause")
    path = tmp_path / "deployment.json"
    path.write_text(json.dumps(network.manifest.to_json()), encoding="utf-8")
    assert not verify(network.node, path, root=root)
    said = capsys.readouterr().out
    differing = {line.split()[0] for line in said.splitlines() if line.endswith("DIFFERS")}
    assert differing == {"ConsentRegistry", "ClaimRegistry"}
    assert "NOT the published source" in said


@pytest.mark.any_node
def test_other_compiler_settings_give_other_code(
    network: Network,
    faults: Callable[..., tuple[set[str], str]],
    compiled: Mapping[ContractName, Code],
    settings: dict[str, Any],
) -> None:
    made = source.compile_published(
        {**settings, "evm_version": "paris"}, contracts=["ConsortiumAccessManager"]
    )
    differing, _ = faults(network, {**compiled, **made})
    assert differing == {"ConsortiumAccessManager"}


@pytest.mark.any_node
@pytest.mark.parametrize(
    "changes",
    [
        {"version": "0.8.27"},
        {"version": "../solc"},
        {"version": None},
        {"openzeppelin": "5.0.0"},
        {"via_ir": None},
    ],
)
def test_settings_that_cannot_be_used_are_named(settings: dict[str, Any], changes: dict[str, Any]) -> None:
    edited = {k: v for k, v in {**settings, **changes}.items() if v is not None}
    with pytest.raises(source.SourceNotCompiled):
        source.compile_published(edited, contracts=["ConsortiumAccessManager"])


@pytest.mark.any_node
def test_a_source_that_does_not_compile_says_where(settings: dict[str, Any], tmp_path: Path) -> None:
    root = altered_tree(tmp_path, "contracts/party/PartyRegistry.sol", "MAX_KEYS = 16;", "MAX_KEYS = ;")
    with pytest.raises(source.SourceNotCompiled, match=r"contracts/party/PartyRegistry\.sol"):
        source.compile_published(settings, root=root, contracts=["PartyRegistry"])


@pytest.mark.parametrize("name", CONTRACTS)
def test_other_code_at_an_address_is_found(
    network: Network, test_node: ganache.Node, faults: Callable[..., tuple[set[str], str]], name: ContractName
) -> None:
    address = network.address(name)
    code = bytearray(network.node.code(address))
    code[100] ^= 1
    test_node.request("evm_setAccountCode", address, "0x" + code.hex())
    differing, said = faults(network)
    assert differing == {name}
    assert "does not come from this source" in said
    assert "code_hash" in said


def test_code_cut_short_or_lengthened_is_found(
    network: Network, test_node: ganache.Node, faults: Callable[..., tuple[set[str], str]]
) -> None:
    address = network.address("ClaimRegistry")
    code = network.node.code(address)
    for other in (code[:-1], code + b"\0", code[:200]):
        test_node.request("evm_setAccountCode", address, "0x" + other.hex())
        assert "does not come from this source" in faults(network)[1]
    test_node.request("evm_setAccountCode", address, "0x")
    assert "there is no contract" in faults(network)[1]


def test_an_immutable_changed_after_the_creation_is_found(
    network: Network,
    test_node: ganache.Node,
    faults: Callable[..., tuple[set[str], str]],
    compiled: Mapping[ContractName, Code],
) -> None:
    address = network.address("ConsentRegistry")
    code = bytearray(network.node.code(address))
    start, length = compiled["ConsentRegistry"].immutables[0]
    code[start : start + length] = b"\x42" * length
    test_node.request("evm_setAccountCode", address, "0x" + code.hex())
    differing, said = faults(network)
    assert differing == {"ConsentRegistry"}
    assert "code_hash" in said
    assert "does not come from this source" not in said


def test_a_contract_created_on_other_contracts_is_found(
    network: Network,
    admin: Signer,
    faults: Callable[..., tuple[set[str], str]],
    compiled: Mapping[ContractName, Code],
) -> None:
    """The very same source, but its consents come from elsewhere: only what created it tells."""
    from eth_utils.crypto import keccak

    real = network.manifest.contracts["ClaimRegistry"]
    elsewhere = (*real.arguments[:2], admin.address)
    data = creation_data(compiled["ClaimRegistry"].creation, elsewhere)
    # It paid for the deployment, and took the roles.
    receipt = send_data(network.node, admin, to=None, data=data, chain_id=network.chain_id, least=2).wait()
    assert receipt.contract is not None
    forged = {
        "address": receipt.contract,
        "code_hash": "0x" + keccak(network.node.code(receipt.contract)).hex(),
        "transaction": receipt.hash,
    }
    assert faults(with_entry(network, "ClaimRegistry", **forged))[0] == {"ClaimRegistry"}
    said = faults(with_entry(network, "ClaimRegistry", **forged, arguments=elsewhere))[1]
    assert "not the addresses of its contracts" in said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code_hash": "0x" + "12" * 32}, "code_hash"),
        ({"address": "0x" + "12" * 20}, "there is no contract"),
        ({"transaction": "0x" + "12" * 32}, "does not know transaction"),
        ({"arguments": ("0x" + "12" * 20,)}, "not the addresses of its contracts"),
        ({"arguments": ()}, "not the addresses of its contracts"),
        ({"arguments": (7,)}, "are no addresses"),
    ],
)
def test_an_edited_manifest_is_found(
    network: Network, faults: Callable[..., tuple[set[str], str]], changes: dict[str, Any], said: str
) -> None:
    differing, words = faults(with_entry(network, "PartyRegistry", **changes))
    assert "PartyRegistry" in differing
    assert said in words


def test_entries_that_change_places_are_found(
    network: Network, faults: Callable[..., tuple[set[str], str]]
) -> None:
    contracts = dict(network.manifest.contracts)
    contracts["ConsentRegistry"], contracts["ClaimRegistry"] = (
        contracts["ClaimRegistry"],
        contracts["ConsentRegistry"],
    )
    swapped = Network(network.node, dataclasses.replace(network.manifest, contracts=contracts))
    assert {"ConsentRegistry", "ClaimRegistry"} <= faults(swapped)[0]


def test_the_creation_of_another_contract_proves_nothing(
    network: Network, faults: Callable[..., tuple[set[str], str]]
) -> None:
    other = network.manifest.contracts["ConsentRegistry"].transaction
    differing, said = faults(with_entry(network, "PartyRegistry", transaction=other))
    assert differing == {"PartyRegistry"}
    assert "did not create" in said


@pytest.mark.any_node
def test_what_a_node_does_not_answer_is_no_difference(
    network: Network, test_node: ganache.Node, compiled: Mapping[ContractName, Code]
) -> None:
    """Its receipts come late, it answers for another transaction, or fails: that says nothing of the contracts."""

    def confused(asked: Asked) -> None:
        if asked.method == "eth_getTransactionByHash" and asked.times <= 2:
            return asked.result(
                asked.of(asked.method, network.manifest.contracts["ClaimRegistry"].transaction)
            )
        return asked.answer()

    def failing(asked: Asked) -> None:
        if asked.method == "eth_getTransactionByHash":
            return asked.error(-32603, "Internal error")
        return asked.answer()

    for fault in (SURVIVABLE["latereceipt"], confused):
        with faulty(test_node.url, fault) as url:
            assert compare(Network.connect(url, network.manifest), compiled)
    with faulty(test_node.url, failing) as url, pytest.raises(NodeRefused):
        compare(Network.connect(url, network.manifest), compiled)


def test_admin_roles_that_were_opened_wider_are_found(
    network: Network, admin: Signer, compiled: Mapping[ContractName, Code], capsys: pytest.CaptureFixture[str]
) -> None:
    from sceau.party.access import MANAGER, selector

    everybody = 2**64 - 1
    target = network.address("PartyRegistry")
    admitting = [selector("PartyRegistry", "admit")]
    send(network, admin, MANAGER, "setTargetFunctionRole", target, admitting, everybody).wait()
    assert not compare(network, compiled)
    assert "PartyRegistry.admit is opened by role 18446744073709551615" in capsys.readouterr().out


def test_a_manifest_file_that_is_whole_is_read_back_equal(network: Network, tmp_path: Path) -> None:
    path = tmp_path / "deployment.json"
    path.write_text(json.dumps(network.manifest.to_json()), encoding="utf-8")
    assert Manifest.load(path) == network.manifest


@pytest.mark.any_node
def test_what_was_compiled_once_is_kept_until_the_source_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = source.project_settings()
    compiled = source.compile_once(settings)

    def compiled_again(*_: object, **__: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(source, "compile_published", compiled_again)
    assert source.compile_once(settings) == compiled
    with pytest.raises(AssertionError, match="compiled again"):
        source.compile_once({**settings, "optimizer_runs": 1})


def test_a_period_of_zero_where_blocks_come_by_themselves_is_told(
    network: Network,
    test_node: ganache.Node,
    compiled: Mapping[ContractName, Code],
    capsys: pytest.CaptureFixture[str],
) -> None:
    test_node.request("evm_mine")
    assert not compare(network, compiled)
    assert "Block period: the manifest says 0" in capsys.readouterr().out
    stated = Network(network.node, dataclasses.replace(network.manifest, block_period=1))
    assert compare(stated, compiled)
    for _ in range(GAPS_NEEDED):
        test_node.request("evm_mine")
    capsys.readouterr()
    milliseconds = Network(network.node, dataclasses.replace(network.manifest, block_period=5_000_000))
    assert not compare(milliseconds, compiled)
    assert "Block period: the manifest says 5000000 s" in capsys.readouterr().out


def test_a_node_whose_newest_block_is_not_of_now_proves_nothing(
    network: Network,
    test_node: ganache.Node,
    compiled: Mapping[ContractName, Code],
    capsys: pytest.CaptureFixture[str],
) -> None:
    judged = Network(network.node, dataclasses.replace(network.manifest, block_period=1))
    test_node.request("evm_mine")  # the last one may be of some minutes ago
    assert compare(judged, compiled)
    test_node.request("evm_increaseTime", 1000)
    test_node.request("evm_mine")
    assert not compare(judged, compiled)
    assert "The newest block: " in capsys.readouterr().out
