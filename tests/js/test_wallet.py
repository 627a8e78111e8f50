# SPDX-License-Identifier: Apache-2.0
"""A patient's own wallet, here ethers: it signs a consent that is recorded, revokes it, and opens a card."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from sceau import Practice, Signer
from sceau.chain.registries.consents import Status, read_state
from sceau.consent.request import ConsentRequest
from sceau.consent.revocation import Revocation, revocation_for_wallet
from sceau.consent.signing import signed_by_wallet
from sceau.roles.patient import Patient
from tests.support.deployed import Deployed, deploy
from tools.ganache import ganache

HERE = Path(__file__).parent
KEY = "0x" + "5e" * 32

if shutil.which("node") is None:
    pytest.skip("Node.js is not installed", allow_module_level=True)
if not (HERE.parents[1] / "node_modules" / "ethers").is_dir():
    pytest.skip("the npm packages are not installed (run: npm ci)", allow_module_level=True)


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


def test_ethers_and_the_client_sign_the_same_bytes(chain: Deployed, request_: ConsentRequest) -> None:
    key = Signer.from_key(bytes.fromhex(KEY[2:]))
    signed, _ = Patient(chain.network).sign(request_, "482915", key=key, despite_history=True)
    assert asked(sign=request_.for_wallet(), key=KEY)["signature"] == signed.signature


def test_ethers_opens_a_card_with_its_pin(chain: Deployed, request_: ConsentRequest) -> None:
    signed, card = Patient(chain.network).sign(request_, "482915")
    assert asked(open=card.to_json(), password="482915")["address"].lower() == signed.key
