# SPDX-License-Identifier: Apache-2.0
"""Calls for an admin that is a contract (a Safe, a timelock): it sends them itself, when its owners have agreed."""

from __future__ import annotations

from dataclasses import dataclass

from sceau.chain.network import Network
from sceau.party.application import Application


@dataclass(frozen=True)
class Call:
    """What is sent: an address, and the calldata (``0x`` hex)."""

    to: str
    data: str


def admission_call(network: Network, application: Application) -> Call:
    """The call that admits a party. Raises :class:`ApplicationElsewhere`."""
    application.check(network)
    return _call(network, "admit", *application.arguments())


def compromise_call(network: Network, key: str, since: int) -> Call:
    """The call that says since when (seconds since 1970) a key was compromised."""
    return _call(network, "setCompromisedSince", key, since)


def _call(network: Network, function: str, *args: object) -> Call:
    return Call(network.address("PartyRegistry"), network.encode("PartyRegistry", function, *args))
