# SPDX-License-Identifier: Apache-2.0
"""What Sceau's own contracts cost, called through their ABIs with nothing in between.

Every figure is the steady case: parties, keys and accounts are known, and the same was done once before for
another patient. The claim is one claim, written by its practice, payer and supplier.
"""

from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from web3 import Web3

from benchmarks.chain import ROOT, Chain, artifact, fixed, signer

PRACTICE, SUPPLIER, PAYER = 1, 2, 4  # bits of the role mask, interfaces/Types.sol
GROUPS = 4
FIRST_ORDER = 1
CONFORM = 1  # IClaimRegistry.Conformity
A_YEAR = 365 * 86_400
A_DAY = 86_400


def measure(chain: Chain) -> dict[str, int]:
    """Gas of each operation, by its key in the gas table."""
    consortium = _Consortium(chain)
    for patient in ("a first patient", "a second patient"):
        gas = consortium.consents(patient) | consortium.life(patient) | consortium.marks(patient)
    return gas


class _Consortium:
    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._admin, self._controller, self._relay = signer("admin"), signer("controller"), signer("relay")
        self._practice, self._supplier, self._payer = signer("practice"), signer("supplier"), signer("payer")
        chain.fund(self._admin, self._relay, self._practice, self._supplier, self._payer)
        manager = self._deploy("ConsortiumAccessManager", self._admin.address)
        self._parties = self._deploy("PartyRegistry", manager.address)
        self._consents = self._deploy("ConsentRegistry", manager.address, self._parties.address)
        self._claims = self._deploy(
            "ClaimRegistry", manager.address, self._parties.address, self._consents.address
        )
        self._practice_id = self._admit(self._practice, PRACTICE)
        self._supplier_id = self._admit(self._supplier, SUPPLIER)
        self._payer_id = self._admit(self._payer, PAYER)

    def consents(self, patient: str) -> dict[str, int]:
        """Record a consent, revoke it, and revoke another before it is recorded; each relayed."""
        commitment, key = fixed(f"consent of {patient}"), signer(patient)
        early, early_key = fixed(f"early consent of {patient}"), signer(f"{patient}, early")
        return {
            "consent_recorded": self._record(commitment, key),
            "consent_revoked": self._revoke(commitment, key),
            "consent_revoked_early": self._revoke(early, early_key),
        }

    def life(self, patient: str) -> dict[str, int]:
        """Live a claim: open it under a consent, authorise, order, deliver, invoice, settle."""
        claim, opened = self._open(f"life of {patient}")
        locks = _locks(claim, FIRST_ORDER)
        gas = {
            "claim_opened": opened,
            "claim_authorised": self._authorise(claim),
            "claim_ordered": self._order(claim),
            "claim_delivered": self._deliver(claim),
            "claim_invoiced": self._step(
                self._practice, "invoice", claim, FIRST_ORDER, fixed("bill"), locks, locks
            ),
            "claim_settled": self._step(self._payer, "settle", claim, self._head(claim), fixed("settlement")),
        }
        if self._claims.functions.conformityOf(claim).call() != [CONFORM, 0]:
            raise RuntimeError(
                "the measured claim is not conform: tags and locks are not what the contract compares"
            )
        return gas | {"claim_life": sum(gas.values())}

    def marks(self, patient: str) -> dict[str, int]:
        """Write on other claims what a smooth life has not: dispute, return, remake, cancel, refuse."""
        refused, _ = self._open(f"refusal of {patient}")
        claim, _ = self._open(f"marks of {patient}")
        self._authorise(claim)
        self._order(claim)
        disputed = self._step(self._supplier, "dispute", claim, FIRST_ORDER, fixed("dispute"))
        self._deliver(claim)
        returned = self._step(self._supplier, "recordReturn", claim, FIRST_ORDER, fixed("return"))
        locks = _locks(claim, FIRST_ORDER + 1)
        return {
            "claim_disputed": disputed,
            "claim_returned": returned,
            "claim_remade": self._step(
                self._practice, "remake", claim, FIRST_ORDER, self._supplier_id, fixed("remake"), locks
            ),
            "claim_cancelled": self._step(self._practice, "cancel", claim, fixed("cancellation")),
            "claim_refused": self._step(
                self._payer, "refuse", refused, self._head(refused), fixed("refusal")
            ),
        }

    def _open(self, name: str) -> tuple[bytes, int]:
        commitment, key = fixed(f"consent to the {name}"), signer(name)
        self._record(commitment, key)
        consent = self._consents.functions.consentId(commitment, key.address).call()
        nonce = fixed(f"nonce of the {name}")
        used = self._step(
            self._practice, "open", nonce, self._payer_id, consent, fixed(f"opening of the {name}")
        )
        return self._claims.functions.claimId(self._practice_id, nonce).call(), used

    def _authorise(self, claim: bytes) -> int:
        return self._step(self._payer, "authorise", claim, self._head(claim), fixed("authorisation"))

    def _order(self, claim: bytes) -> int:
        locks = _locks(claim, FIRST_ORDER)
        return self._step(self._practice, "order", claim, self._supplier_id, fixed("order"), locks)

    def _deliver(self, claim: bytes) -> int:
        locks = _locks(claim, FIRST_ORDER)
        return self._step(self._supplier, "deliver", claim, FIRST_ORDER, fixed("delivery"), _tags(), locks)

    def _deploy(self, contract: str, *arguments: object) -> Any:
        abi, bytecode = artifact(ROOT / "build" / "contracts" / f"{contract}.json")
        return self._chain.deploy(self._admin, abi, bytecode, *arguments)

    def _admit(self, key: LocalAccount, role: int) -> int:
        digest = self._parties.functions.possessionDigest(self._controller.address, key.address).call()
        admit = self._parties.functions.admit(
            self._controller.address, role, fixed("directory"), [(key.address, _sign(key, digest))]
        )
        self._chain.send(self._admin, admit)
        number: int = self._parties.functions.partyCount().call()
        return number

    def _record(self, commitment: bytes, key: LocalAccount) -> int:
        functions = self._consents.functions
        expires_at = _midnight(self._chain.time() + A_YEAR)
        digest = functions.consentDigest(commitment, self._practice_id, expires_at, False).call()
        record = functions.record(commitment, key.address, expires_at, False, _sign(key, digest))
        return self._chain.gas(self._practice, record)

    def _revoke(self, commitment: bytes, key: LocalAccount) -> int:
        functions = self._consents.functions
        digest = functions.revocationDigest(functions.consentId(commitment, key.address).call()).call()
        revoke = functions.revokeBySignature(commitment, key.address, _sign(key, digest))
        return self._chain.gas(self._relay, revoke)

    def _step(self, sender: LocalAccount, step: str, *arguments: object) -> int:
        return self._chain.gas(sender, self._claims.get_function_by_name(step)(*arguments))

    def _head(self, claim: bytes) -> bytes:
        claim_type = self._claims.get_function_by_name("claimOf").abi["outputs"][0]["components"]
        names = [part["name"] for part in claim_type]
        head: bytes = self._claims.functions.claimOf(claim).call()[names.index("head")]
        return head


def _tags() -> list[bytes]:
    return [fixed(f"tag {group}") for group in range(GROUPS)]


def _locks(claim: bytes, order: int) -> list[bytes]:
    # As interfaces/IClaimRegistry.sol says: keccak256(abi.encode(claim, order, group, tag)).
    types = ["bytes32", "uint8", "uint256", "bytes32"]
    return [
        bytes(Web3.keccak(Web3().codec.encode(types, [claim, order, group, tag])))
        for group, tag in enumerate(_tags())
    ]


def _midnight(time: int) -> int:
    return time - time % A_DAY


def _sign(key: LocalAccount, digest: bytes) -> bytes:
    return bytes(Account.unsafe_sign_hash(digest, key.key).signature)
