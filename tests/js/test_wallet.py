# SPDX-License-Identifier: Apache-2.0
"""A patient's own wallet, here ethers: it signs a consent that is recorded, revokes it, and opens a card."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from sceau import Network, Practice, Signer
from sceau.chain.proof_reading import reading
from sceau.chain.proof_taking import take_proof
from sceau.chain.registries.consents import Status, read_state
from sceau.consent.request import ConsentRequest
from sceau.consent.revocation import Revocation, revocation_for_wallet
from sceau.consent.signing import signed_by_wallet
from sceau.documents.identifiers import bytes_of
from sceau.proof.document import ChainProof
from sceau.roles.patient import Patient
from tests.js.proving import Compared, document_case, require_packages
from tests.support.deployed import Deployed, deploy
from tests.support.qbft import proved, validator_keys
from tools.ganache import ganache

HERE = Path(__file__).parent
KEY, OTHER_KEY = "0x" + "5e" * 32, "0x" + "6f" * 32

if shutil.which("node") is None:
    pytest.skip("Node.js is not installed", allow_module_level=True)
if not (HERE.parents[1] / "node_modules" / "ethers").is_dir():
    pytest.skip("the npm packages are not installed (run: npm ci)", allow_module_level=True)


require_packages()


@pytest.fixture(scope="module")
def chain() -> Iterator[Deployed]:
    with ganache() as node:
        yield deploy(node)


@pytest.fixture
def request_(chain: Deployed) -> ConsentRequest:
    head = datetime.fromtimestamp(chain.network.node.head().timestamp, timezone.utc)
    return Practice(chain.network, chain.signers["practice"]).request_consent(
        payer=chain.party("payer"),
        purpose="THIRD-PARTY-PAYMENT",
        groups=["AMOUNTS", "PEC"],
        expires_on=head.date() + timedelta(days=30),
    )


def asked(**question: Any) -> dict[str, str]:
    """What the wallet answers."""
    done = subprocess.run(
        ["node", str(HERE / "wallet.cjs")],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


def test_a_consent_signed_with_ethers_is_recorded_and_revoked(
    chain: Deployed, request_: ConsentRequest
) -> None:
    answer = asked(sign=request_.for_wallet(), key=KEY)
    signed = signed_by_wallet(request_, answer["address"], bytes.fromhex(answer["signature"][2:]))
    Practice(chain.network, chain.signers["practice"]).record_consent(signed, request_).wait(30)
    assert read_state(chain.network, signed.consent).status is Status.VALID

    typed = revocation_for_wallet(signed.commitment, signed.key, signed.registry)
    signature = asked(sign=dict(typed), key=KEY)["signature"]
    revocation = Revocation(signed.commitment, signed.key, signature, signed.registry)
    relayed = Patient(chain.network, sender=chain.signers["stranger"]).relay(revocation)
    assert relayed.wait(30).proof.status is Status.REVOKED


def test_a_page_shows_a_revocation_by_a_proof_alone(
    chain: Deployed, request_: ConsentRequest, compared: Compared
) -> None:
    """Before and after the patient revokes, a proof is taken; both are read without a node."""
    answer = asked(sign=request_.for_wallet(), key=OTHER_KEY)
    signed = signed_by_wallet(request_, answer["address"], bytes.fromhex(answer["signature"][2:]))
    validators = validator_keys(4)
    with proved(chain, validators) as (network, _):
        unknown = _taken(network, signed.consent)
        Practice(chain.network, chain.signers["practice"]).record_consent(signed, request_).wait(30)
        recorded = _taken(network, signed.consent)
        typed = revocation_for_wallet(signed.commitment, signed.key, signed.registry)
        signature = asked(sign=dict(typed), key=OTHER_KEY)["signature"]
        revocation = Revocation(signed.commitment, signed.key, signature, signed.registry)
        Patient(chain.network, sender=chain.signers["stranger"]).relay(revocation).wait(30)
        *_, event = network.events("ConsentRegistry", [signed.consent], to_block=network.node.head().number)
        revoked = _taken(network, signed.consent, (event.block, event.transaction))
        manifest = network.manifest
    for proof, status, receipts in ((unknown, "unknown", 0), (recorded, "valid", 0), (revoked, "revoked", 1)):
        case = document_case(json.dumps(proof.to_json()), manifest, signed.consent, time.time())
        assert compared([case]) == {"proved": 1}
        assert (case.here["status"], len(case.here["receipts"])) == (status, receipts)
        with reading(proof, manifest) as offline:
            assert read_state(offline, signed.consent, offline.node.head()).status.value == status
    ((log,),) = (receipt["logs"] for receipt in case.here["receipts"])
    assert signed.consent in log["topics"]


def _taken(network: Network, consent: str, *written: tuple[int, str]) -> ChainProof:
    proof = take_proof(
        network,
        [("ConsentRegistry", "consentOf", (bytes_of(consent),))],
        block=network.node.head().number,
        written=written,
    )
    assert proof is not None
    return proof


def test_ethers_and_the_client_sign_the_same_bytes(chain: Deployed, request_: ConsentRequest) -> None:
    key = Signer.from_key(bytes.fromhex(KEY[2:]))
    signed, _ = Patient(chain.network).sign(request_, "482915", key=key, despite_history=True)
    assert asked(sign=request_.for_wallet(), key=KEY)["signature"] == signed.signature


def test_ethers_opens_a_card_with_its_pin(chain: Deployed, request_: ConsentRequest) -> None:
    signed, card = Patient(chain.network).sign(request_, "482915")
    assert asked(open=card.to_json(), password="482915")["address"].lower() == signed.key
