# SPDX-License-Identifier: Apache-2.0
"""Which registries are paused: they take no new consents, or no new claims; all else goes on."""

from __future__ import annotations

from dataclasses import dataclass

from sceau.chain.network import Network


@dataclass(frozen=True)
class Pauses:
    """Whether new consents and new claims are refused, at one block."""

    consents: bool
    claims: bool

    def to_json(self) -> dict[str, bool]:
        """The pauses as JSON values."""
        return {"consents": self.consents, "claims": self.claims}


def read_pauses(network: Network, *, block: int | None = None) -> Pauses:
    """The pauses at a block, or at the head."""
    return Pauses(
        consents=bool(network.read("ConsentRegistry", "paused", block=block)),
        claims=bool(network.read("ClaimRegistry", "paused", block=block)),
    )
