# SPDX-License-Identifier: Apache-2.0
"""Where settings come from: flags over environment over file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sceau.chain.errors import ContractNotDeployed
from sceau.chain.fees import FEE_LIMIT
from sceau.chain.signer import Signer
from sceau.consent.card import UnlockedCard
from sceau.deployment import RegistryId
from sceau.errors import SceauError
from sceau.locale.language import LanguageUnknown
from sceau.settings import (
    SETTINGS,
    ConfigInvalid,
    FeeLimitWrong,
    NoNodeAnswers,
    SecretInTheOpen,
    SettingMissing,
    Settings,
    connect,
    connect_for_card,
    load_settings,
    with_nodes,
)
from tests.support.deployed import Deployed

NAMES = tuple(name for name, setting in SETTINGS.items() if setting.is_path)


def settings(
    directory: Path, flags: Mapping[str, Any] | None = None, config: Path | None = None, **variables: str
) -> Settings:
    environment = {"LANG": "C", **variables}
    own = directory / "config" / "sceau"
    return load_settings(flags, config=config, environment=environment, directories=(directory, own))


def write(directory: Path, text: str, name: str = "sceau.toml") -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", NAMES)
def test_a_flag_counts_before_a_variable_before_the_file_here_before_the_users_own(
    tmp_path: Path, name: str
) -> None:
    variable: dict[str, Any] = {f"SCEAU_{name.upper()}": "/v"}
    write(tmp_path / "config" / "sceau", f'{name} = "mine"')
    own = settings(tmp_path)
    assert getattr(own, name) == tmp_path / "config" / "sceau" / "mine"
    write(tmp_path, f'{name} = "here"')
    assert getattr(settings(tmp_path), name) == tmp_path / "here"
    assert getattr(settings(tmp_path, **variable), name) == Path("/v")
    flagged = settings(tmp_path, {name: "/f"}, **variable)
    assert getattr(flagged, name) == Path("/f")
    assert flagged.sources[name] == "--" + name.replace("_", "-")


def test_nodes_come_as_a_list_from_each_place(tmp_path: Path) -> None:
    write(tmp_path, 'nodes = ["http://a", "http://b"]')
    assert settings(tmp_path).nodes == ("http://a", "http://b")
    assert settings(tmp_path, SCEAU_NODE="http://c, http://d").nodes == ("http://c", "http://d")
    assert settings(tmp_path, {"nodes": ["http://e"]}, SCEAU_NODE="http://c").nodes == ("http://e",)


def test_the_ceiling_of_fees_comes_from_each_place(tmp_path: Path) -> None:
    assert settings(tmp_path).fee_limit is None
    write(tmp_path, 'fee_limit = "0.5"')
    assert settings(tmp_path).fee_limit == 5 * 10**17
    assert settings(tmp_path, SCEAU_FEE_LIMIT="2").fee_limit == 2 * 10**18
    assert settings(tmp_path, {"fee_limit": "0.001"}, SCEAU_FEE_LIMIT="2").fee_limit == 10**15


@pytest.mark.parametrize("text", ["0", "-1", "much", "1,5", "1e18"])
def test_a_ceiling_that_is_no_amount_is_refused_where_it_stands(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, f'fee_limit = "{text}"')
    with pytest.raises(FeeLimitWrong) as refused:
        settings(tmp_path)
    assert refused.value.details["where"] == str(path)


def test_the_ceiling_reaches_what_sends(chain: Deployed, tmp_path: Path) -> None:
    own = Settings(nodes=(chain.url,), manifest=chain.write_manifest(tmp_path), fee_limit=12345)
    assert connect(own).fee_limit == 12345
    assert connect(replace(own, fee_limit=None)).fee_limit == FEE_LIMIT


def test_files_are_joined_setting_by_setting(tmp_path: Path) -> None:
    write(tmp_path / "config" / "sceau", 'keystore = "k"\nlanguage = "fr"')
    write(tmp_path, 'manifest = "m"')
    joined = settings(tmp_path)
    assert joined.manifest == tmp_path / "m"
    assert joined.keystore == tmp_path / "config" / "sceau" / "k"
    assert joined.language == "fr"


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    write(tmp_path, '\ufeffnodes = ["http://a"]')
    assert settings(tmp_path).nodes == ("http://a",)


def test_a_named_file_is_the_only_one(tmp_path: Path) -> None:
    write(tmp_path, 'manifest = "m"\nkeystore = "k"')
    other = write(tmp_path, 'manifest = "n"', "other.toml")
    for found in (settings(tmp_path, config=other), settings(tmp_path, SCEAU_CONFIG=str(other))):
        assert (found.manifest, found.keystore) == (tmp_path / "n", None)


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid) as refused:
        settings(tmp_path, config=tmp_path / "absent.toml")
    assert "absent.toml" in refused.value.message("fr")


@pytest.mark.parametrize(
    "text",
    [
        "manifest = ",
        "manifest = 3",
        'nodes = "http://a"',
        "nodes = [1]",
        'mainfest = "m"',
        "\x00",
        "a = " + "[" * 50_000,
        "# " + "x" * 100_001,
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigInvalid) as refused:
        settings(tmp_path)
    assert str(path) in str(refused.value)
    assert refused.value.message("fr") != refused.value.message("en")


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US", "LC_MESSAGES": "fr_CA"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "SCEAU_LANGUAGE": "fr"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "SCEAU_LANGUAGE": "EN_gb"}, "en"),
    ],
)
def test_the_language_is_the_one_asked_for_or_the_locales(
    tmp_path: Path, variables: dict[str, Any], language: str
) -> None:
    assert settings(tmp_path, **variables).language == language


def test_a_language_without_a_text_is_refused_when_asked_for(tmp_path: Path) -> None:
    with pytest.raises(LanguageUnknown, match="SCEAU_LANGUAGE"):
        settings(tmp_path, SCEAU_LANGUAGE="de")
    with pytest.raises(LanguageUnknown, match="--language"):
        settings(tmp_path, {"language": "de"})


def test_a_password_in_an_address_is_taken_from_a_file_and_from_nowhere_else(tmp_path: Path) -> None:
    address = "https://shop:hunter2@node"
    given: dict[str, Callable[[], Settings]] = {
        "--node": lambda: settings(tmp_path, {"nodes": [address]}),
        "SCEAU_NODE": lambda: settings(tmp_path, SCEAU_NODE=f"http://c {address}"),
        "--via": lambda: with_nodes(settings(tmp_path), [address]),
    }
    for where, give in given.items():
        with pytest.raises(SecretInTheOpen, match=f"^{where}:") as refused:
            give()
        assert "hunter2" not in str(refused.value)
    write(tmp_path, 'nodes = ["https://shop:hunter2@node"]')
    found = settings(tmp_path)
    assert found.nodes == ("https://shop:hunter2@node",)
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize("needed", ["nodes", "manifest", "keystore"])
def test_a_missing_setting_says_the_two_ways_of_a_program_to_give_it(tmp_path: Path, needed: str) -> None:
    with pytest.raises(SettingMissing) as missing:
        getattr(settings(tmp_path), f"require_{needed}")()
    for language in ("en", "fr"):
        message = missing.value.message(language)
        assert "--" not in message
        assert "SCEAU_" in message
        assert "sceau.toml" in message


def test_the_first_node_that_can_be_used_is_used(deployed: Deployed, tmp_path: Path) -> None:
    manifest = deployed.write_manifest(tmp_path)
    nodes = ["http://127.0.0.1:1", deployed.url, "http://127.0.0.1:2"]
    network = connect(settings(tmp_path, {"nodes": nodes, "manifest": manifest}), timeout=5)
    assert network.node.url == deployed.url


def test_when_no_node_can_be_used_each_is_named_with_its_reason(deployed: Deployed, tmp_path: Path) -> None:
    manifest = deployed.write_manifest(tmp_path)
    nodes = ["http://127.0.0.1:1", "http://127.0.0.1:2"]
    with pytest.raises(NoNodeAnswers) as refused:
        connect(settings(tmp_path, {"nodes": nodes, "manifest": manifest}), timeout=5)
    assert all(node in str(refused.value) for node in nodes)
    with pytest.raises(SceauError) as one:
        connect(settings(tmp_path, {"nodes": nodes[:1], "manifest": manifest}), timeout=5)
    assert one.value.code == "node-unreachable"


def test_nothing_is_read_from_the_real_environment_when_one_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "SCEAU_MANIFEST", "/elsewhere")
    assert settings(tmp_path).manifest is None


def test_a_card_whose_register_is_not_there_is_refused_by_its_address(
    deployed: Deployed, tmp_path: Path
) -> None:
    register = RegistryId.of(deployed.network.manifest)
    nowhere = replace(register, contract="0x" + "de" * 20)
    key = Signer.generate()
    found = settings(tmp_path, {"nodes": [deployed.url]})
    assert (
        connect_for_card(found, UnlockedCard(register, "0x" + "11" * 32, key)).chain_id == register.chain_id
    )
    with pytest.raises(ContractNotDeployed, match="0x" + "de" * 20):
        connect_for_card(found, UnlockedCard(nowhere, "0x" + "11" * 32, key))
