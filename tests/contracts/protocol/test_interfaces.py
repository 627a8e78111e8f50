# SPDX-License-Identifier: Apache-2.0
"""interfaces/ holds every function, event and error of the registries, says what each is for, and names things once."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.support.world import World

INTERFACES = Path(__file__).resolve().parents[3] / "interfaces"
# A declaration up to its semicolon, with the comment right above it.
DECLARATION = re.compile(
    r"((?:^ +///.*\n)*)^ +(function|event|error) (\w+)\s*\(([^)]*)\)([^;]*);", re.MULTILINE
)
OF_A_REGISTRY = {
    "PartyRegistry": ("IPartyRegistry",),
    "ConsentRegistry": ("IConsentRegistry", "IConsortiumPausable"),
    "ClaimRegistry": ("IClaimRegistry", "IConsortiumPausable"),
}
OPENZEPPELIN = {
    *("authority", "setAuthority", "isConsumingScheduledOp", "AuthorityUpdated"),
    *("AccessManagedInvalidAuthority", "AccessManagedRequiredDelay", "AccessManagedUnauthorized"),
    *("eip712Domain", "EIP712DomainChanged", "InvalidShortString", "StringTooLong"),
    *("Paused", "Unpaused", "EnforcedPause", "ExpectedPause"),
}
# What has a type of its own has one name, whichever function, event, error or struct it stands in.
NAME_OF_TYPE = {
    "ClaimId": "claim",
    "ConsentId": "consent",
    "enum IClaimRegistry.State": "state",
    "enum IClaimRegistry.Step": "step",
    "enum IClaimRegistry.Conformity": "conformity",
}
ORDER_NUMBERS = {"orderNumber", "invoicedOrderNumber", "current"}
OTHER_SMALL_NUMBERS = {"role", "roles", "mismatch", "deliveryMismatch", "invoiceMismatch"}


def _declared(interface: str) -> list[tuple[str, str, str, str, str]]:
    """Comment, kind, name, parameters and the rest of each declaration of an interface."""
    text = (INTERFACES / f"{interface}.sol").read_text(encoding="utf-8")
    found = DECLARATION.findall(text)
    assert len(found) == len(re.findall(r"^ +(?:function|event|error) ", text, re.MULTILINE))
    return found


@pytest.mark.parametrize("registry", OF_A_REGISTRY)
def test_an_interface_declares_all_that_is_not_openzeppelins(registry: str, world: World) -> None:
    declared = {name for interface in OF_A_REGISTRY[registry] for _, _, name, *_ in _declared(interface)}
    has = {entry["name"] for entry in world.contracts[registry].abi if entry["type"] != "constructor"}
    assert has - OPENZEPPELIN == declared


@pytest.mark.parametrize("interface", sorted({name for names in OF_A_REGISTRY.values() for name in names}))
def test_every_function_event_and_error_says_what_it_is_for(interface: str) -> None:
    for comment, kind, name, given, rest in _declared(interface):
        parameters = [part.split()[-1] for part in given.split(",") if part.strip()]
        returned = re.search(r"returns \(([^)]*)\)", rest)
        assert re.search(r"/// @notice Emitted when \w" if kind == "event" else r"/// @notice \S", comment), (
            name
        )
        assert re.findall(r"@param (\w+) \S", comment) == parameters, name
        assert comment.count("@return ") == (len(returned[1].split(",")) if returned else 0), name


@pytest.mark.parametrize("registry", OF_A_REGISTRY)
def test_one_thing_has_one_name(registry: str, world: World) -> None:
    for part in _parts(world.contracts[registry].abi):
        expected = NAME_OF_TYPE.get(part["internalType"])
        assert expected is None or part["name"] in (expected, ""), part
        if part["type"] == "uint8" and not part["internalType"].startswith("enum"):
            assert part["name"] in ORDER_NUMBERS | OTHER_SMALL_NUMBERS, part


def _parts(entries: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Parameters, results and fields of structs that are not OpenZeppelin's."""
    for entry in entries:
        if entry.get("name") in OPENZEPPELIN:
            continue
        if "internalType" in entry:
            yield entry
        for inner in ("inputs", "outputs", "components"):
            yield from _parts(entry.get(inner, []))
