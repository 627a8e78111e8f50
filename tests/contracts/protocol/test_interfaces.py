# SPDX-License-Identifier: Apache-2.0
"""interfaces/ holds every function, event and error of the registries, and says what each is for."""

import re
from pathlib import Path

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


def _declared(interface: str) -> list[tuple[str, str, str, str]]:
    """Comment, kind, name and parameters of each declaration of an interface."""
    text = (INTERFACES / f"{interface}.sol").read_text(encoding="utf-8")
    found = [(comment, kind, name, given) for comment, kind, name, given, _ in DECLARATION.findall(text)]
    assert len(found) == len(re.findall(r"^ +(?:function|event|error) ", text, re.MULTILINE))
    return found


@pytest.mark.parametrize("registry", OF_A_REGISTRY)
def test_an_interface_declares_all_that_is_not_openzeppelins(registry: str, world: World) -> None:
    declared = {name for interface in OF_A_REGISTRY[registry] for _, _, name, _ in _declared(interface)}
    has = {entry["name"] for entry in world.contracts[registry].abi if entry["type"] != "constructor"}
    assert has - OPENZEPPELIN == declared


@pytest.mark.parametrize("interface", sorted({name for names in OF_A_REGISTRY.values() for name in names}))
def test_every_function_event_and_error_says_what_it_is_for(interface: str) -> None:
    for comment, kind, name, given in _declared(interface):
        parameters = {part.split()[-1] for part in given.split(",") if part.strip()}
        if kind in ("function", "error"):
            assert "@notice" in comment, name
        if kind in ("function", "event"):
            assert set(re.findall(r"@param (\w+) \w", comment)) == parameters, name
