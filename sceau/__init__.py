# SPDX-License-Identifier: Apache-2.0
"""Sceau: seal consent and health-insurance claims on a permissioned chain, without health data on it.

The names below are what programs use; docs/integration.md shows how. They load on first use, so that importing the
package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from sceau.audit.evidence import Evidence as Evidence
    from sceau.chain.contract_errors import ContractError as ContractError
    from sceau.chain.following import Transaction as Transaction
    from sceau.chain.manifest import Manifest as Manifest
    from sceau.chain.network import Network as Network
    from sceau.chain.signer import Signer as Signer
    from sceau.consent.compact import load_card as load_card
    from sceau.consent.request import ConsentRequest as ConsentRequest
    from sceau.consent.signing import SignedConsent as SignedConsent
    from sceau.disclosure import Disclosure as Disclosure
    from sceau.disclosure import GivenConsent as GivenConsent
    from sceau.errors import InputError as InputError
    from sceau.errors import MessageError as MessageError
    from sceau.errors import NodeError as NodeError
    from sceau.errors import PolicyError as PolicyError
    from sceau.errors import SceauError as SceauError
    from sceau.errors import StoreError as StoreError
    from sceau.errors import TransactionError as TransactionError
    from sceau.errors import VerdictError as VerdictError
    from sceau.formats.optics.order import load_delivery as load_delivery
    from sceau.formats.optics.order import load_invoice as load_invoice
    from sceau.formats.optics.order import load_order as load_order
    from sceau.formats.optics.quote import load_quote as load_quote
    from sceau.messages.disclosure import ReceivedDisclosure as ReceivedDisclosure
    from sceau.messages.justification import Justification as Justification
    from sceau.messages.mailbox import Mailbox as Mailbox
    from sceau.messages.order import OrderAnswer as OrderAnswer
    from sceau.messages.order import ReceivedOrder as ReceivedOrder
    from sceau.messages.payment import PaymentNotice as PaymentNotice
    from sceau.messages.step import ReceivedStep as ReceivedStep
    from sceau.messages.told_mark import ToldMark as ToldMark
    from sceau.party.directory import Directory as Directory
    from sceau.party.message_keys import MessageKeys as MessageKeys
    from sceau.policy import load_policy as load_policy
    from sceau.record import SealedRecord as SealedRecord
    from sceau.roles.admin import Admin as Admin
    from sceau.roles.auditor import Auditor as Auditor
    from sceau.roles.controller import Controller as Controller
    from sceau.roles.handle import Envelope as Envelope
    from sceau.roles.handle import Handle as Handle
    from sceau.roles.handle import WriteState as WriteState
    from sceau.roles.patient import Patient as Patient
    from sceau.roles.payer import Payer as Payer
    from sceau.roles.practice import Practice as Practice
    from sceau.roles.supplier import Supplier as Supplier
    from sceau.store import LocalStore as LocalStore
    from sceau.store import Store as Store
    from sceau.terms import Group as Group
    from sceau.terms import Role as Role
    from sceau.terms import Step as Step
    from sceau.verify.verdict import Outcome as Outcome
    from sceau.verify.verdict import Verdict as Verdict

_HOMES = {
    "Admin": "sceau.roles.admin",
    "Auditor": "sceau.roles.auditor",
    "ConsentRequest": "sceau.consent.request",
    "ContractError": "sceau.chain.contract_errors",
    "Controller": "sceau.roles.controller",
    "Directory": "sceau.party.directory",
    "Disclosure": "sceau.disclosure",
    "Envelope": "sceau.roles.handle",
    "Evidence": "sceau.audit.evidence",
    "GivenConsent": "sceau.disclosure",
    "Group": "sceau.terms",
    "Handle": "sceau.roles.handle",
    "InputError": "sceau.errors",
    "Justification": "sceau.messages.justification",
    "LocalStore": "sceau.store",
    "Mailbox": "sceau.messages.mailbox",
    "Manifest": "sceau.chain.manifest",
    "MessageError": "sceau.errors",
    "MessageKeys": "sceau.party.message_keys",
    "Network": "sceau.chain.network",
    "NodeError": "sceau.errors",
    "OrderAnswer": "sceau.messages.order",
    "Outcome": "sceau.verify.verdict",
    "Patient": "sceau.roles.patient",
    "Payer": "sceau.roles.payer",
    "PaymentNotice": "sceau.messages.payment",
    "PolicyError": "sceau.errors",
    "Practice": "sceau.roles.practice",
    "ReceivedDisclosure": "sceau.messages.disclosure",
    "ReceivedOrder": "sceau.messages.order",
    "ReceivedStep": "sceau.messages.step",
    "Role": "sceau.terms",
    "SceauError": "sceau.errors",
    "SealedRecord": "sceau.record",
    "SignedConsent": "sceau.consent.signing",
    "Signer": "sceau.chain.signer",
    "Step": "sceau.terms",
    "Store": "sceau.store",
    "StoreError": "sceau.errors",
    "Supplier": "sceau.roles.supplier",
    "ToldMark": "sceau.messages.told_mark",
    "Transaction": "sceau.chain.following",
    "TransactionError": "sceau.errors",
    "Verdict": "sceau.verify.verdict",
    "VerdictError": "sceau.errors",
    "WriteState": "sceau.roles.handle",
    "load_card": "sceau.consent.compact",
    "load_delivery": "sceau.formats.optics.order",
    "load_invoice": "sceau.formats.optics.order",
    "load_order": "sceau.formats.optics.order",
    "load_policy": "sceau.policy",
    "load_quote": "sceau.formats.optics.quote",
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
