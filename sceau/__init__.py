# SPDX-License-Identifier: Apache-2.0
"""Sceau: seal consent and health-insurance claims on a permissioned chain, without health data on it.

The names below are the whole public face. They load on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from sceau.chain.manifest import Manifest as Manifest
    from sceau.chain.network import Network as Network
    from sceau.chain.signer import Signer as Signer
    from sceau.chain.transaction import Transaction as Transaction
    from sceau.disclosure import Disclosure as Disclosure
    from sceau.disclosure import GivenConsent as GivenConsent
    from sceau.errors import SceauError as SceauError
    from sceau.policy import load_policy as load_policy
    from sceau.record import SealedRecord as SealedRecord
    from sceau.roles.payer import Payer as Payer
    from sceau.roles.practice import Practice as Practice
    from sceau.roles.supplier import Supplier as Supplier
    from sceau.verify.verdict import Outcome as Outcome
    from sceau.verify.verdict import Verdict as Verdict

_HOMES = {
    "Disclosure": "sceau.disclosure",
    "GivenConsent": "sceau.disclosure",
    "Manifest": "sceau.chain.manifest",
    "Network": "sceau.chain.network",
    "SealedRecord": "sceau.record",
    "Outcome": "sceau.verify.verdict",
    "Payer": "sceau.roles.payer",
    "Practice": "sceau.roles.practice",
    "SceauError": "sceau.errors",
    "Signer": "sceau.chain.signer",
    "Supplier": "sceau.roles.supplier",
    "Transaction": "sceau.chain.transaction",
    "Verdict": "sceau.verify.verdict",
    "load_policy": "sceau.policy",
}

__all__ = ["__version__", *sorted(_HOMES)]  # noqa: PLE0604  # the names of one table


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'sceau' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
