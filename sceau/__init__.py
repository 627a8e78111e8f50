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
    from sceau.disclosure.build import HeldConsent as HeldConsent
    from sceau.disclosure.disclosure import Disclosure as Disclosure
    from sceau.errors import SceauError as SceauError
    from sceau.payer import Payer as Payer
    from sceau.policy import load_policy as load_policy
    from sceau.practice import Practice as Practice
    from sceau.record import Opening as Opening
    from sceau.supplier import Supplier as Supplier
    from sceau.verify.verdict import Outcome as Outcome
    from sceau.verify.verdict import Verdict as Verdict

_HOMES = {
    "Disclosure": "sceau.disclosure.disclosure",
    "HeldConsent": "sceau.disclosure.build",
    "Manifest": "sceau.chain.manifest",
    "Network": "sceau.chain.network",
    "Opening": "sceau.record",
    "Outcome": "sceau.verify.verdict",
    "Payer": "sceau.payer",
    "Practice": "sceau.practice",
    "SceauError": "sceau.errors",
    "Signer": "sceau.chain.signer",
    "Supplier": "sceau.supplier",
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
