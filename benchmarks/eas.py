# SPDX-License-Identifier: Apache-2.0
"""What the Ethereum Attestation Service 1.9.0 costs: the build its authors published, in its usual use.

One attestation of 32 bytes to a recipient, revocable, without a resolver; each figure is that of a signer's
second use, so that no counter is written for the first time.
"""

from typing import Any

from eth_account import Account

from benchmarks.chain import ROOT, Chain, artifact, fixed, signer

PACKAGE = ROOT / "node_modules" / "@ethereum-attestation-service" / "eas-contracts"
NO_RESOLVER = "0x" + "00" * 20
NOTHING = b"\0" * 32
NO_EXPIRY = 0
NO_DEADLINE = 0

ATTEST = {
    "Attest": [
        {"name": "attester", "type": "address"},
        {"name": "schema", "type": "bytes32"},
        {"name": "recipient", "type": "address"},
        {"name": "expirationTime", "type": "uint64"},
        {"name": "revocable", "type": "bool"},
        {"name": "refUID", "type": "bytes32"},
        {"name": "data", "type": "bytes"},
        {"name": "value", "type": "uint256"},
        {"name": "nonce", "type": "uint256"},
        {"name": "deadline", "type": "uint64"},
    ]
}
REVOKE = {
    "Revoke": [
        {"name": "revoker", "type": "address"},
        {"name": "schema", "type": "bytes32"},
        {"name": "uid", "type": "bytes32"},
        {"name": "value", "type": "uint256"},
        {"name": "nonce", "type": "uint256"},
        {"name": "deadline", "type": "uint64"},
    ]
}


def measure(chain: Chain) -> dict[str, int]:
    """Gas of `attest`, `attestByDelegation` and `revokeByDelegation`, by their keys in the gas table."""
    return _Attestations(chain).measure()


def _published(contract: str) -> tuple[list[Any], str]:
    return artifact(PACKAGE / "artifacts" / "contracts" / f"{contract}.sol" / f"{contract}.json")


class _Attestations:
    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._deployer, self._attester, self._relay = signer("deployer"), signer("attester"), signer("relay")
        self._recipient = signer("recipient").address
        chain.fund(self._deployer, self._attester, self._relay)
        registry = chain.deploy(self._deployer, *_published("SchemaRegistry"))
        self._eas: Any = chain.deploy(self._deployer, *_published("EAS"), registry.address)
        schema = registry.functions.register("bytes32 commitment", NO_RESOLVER, True)
        receipt = chain.send(self._deployer, schema)
        self._schema = registry.events.Registered().process_receipt(receipt)[0]["args"]["uid"]

    def measure(self) -> dict[str, int]:
        for use in ("first", "second"):
            attested = self._chain.gas(self._attester, self._attest(fixed(f"{use} attestation")))
            receipt = self._chain.send(self._relay, self._attest_signed(fixed(f"{use} signed attestation")))
            uid = self._eas.events.Attested().process_receipt(receipt)[0]["args"]["uid"]
            revoked = self._chain.gas(self._relay, self._revoke_signed(uid))
        return {
            "eas_attest": attested,
            "eas_attest_by_delegation": receipt["gasUsed"],
            "eas_revoke_by_delegation": revoked,
        }

    def _attest(self, data: bytes) -> Any:
        return self._eas.functions.attest((self._schema, self._data(data)))

    def _attest_signed(self, data: bytes) -> Any:
        signature = self._sign(
            ATTEST,
            {
                "attester": self._attester.address,
                "schema": self._schema,
                "recipient": self._recipient,
                "expirationTime": NO_EXPIRY,
                "revocable": True,
                "refUID": NOTHING,
                "data": data,
                "value": 0,
            },
        )
        return self._eas.functions.attestByDelegation(
            (self._schema, self._data(data), signature, self._attester.address, NO_DEADLINE)
        )

    def _revoke_signed(self, uid: bytes) -> Any:
        signature = self._sign(
            REVOKE, {"revoker": self._attester.address, "schema": self._schema, "uid": uid, "value": 0}
        )
        return self._eas.functions.revokeByDelegation(
            (self._schema, (uid, 0), signature, self._attester.address, NO_DEADLINE)
        )

    def _data(self, data: bytes) -> tuple[object, ...]:
        return (self._recipient, NO_EXPIRY, True, NOTHING, data, 0)

    def _sign(self, types: dict[str, Any], message: dict[str, Any]) -> tuple[int, bytes, bytes]:
        _, name, version, chain_id, contract, *_ = self._eas.functions.eip712Domain().call()
        domain = {"name": name, "version": version, "chainId": chain_id, "verifyingContract": contract}
        message["nonce"] = self._eas.functions.getNonce(self._attester.address).call()
        message["deadline"] = NO_DEADLINE
        signed = Account.sign_typed_data(self._attester.key, domain, types, message)
        return signed.v, signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big")
