# SPDX-License-Identifier: Apache-2.0
"""A request, a signed consent and a card, on a register that exists nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from sceau.chain.signer import Signer
from sceau.consent import card as card_module
from sceau.consent import compact as compact_module
from sceau.consent.card import Card, UnlockedCard
from sceau.consent.request import ConsentRequest, make_request
from sceau.consent.signing import SignedConsent, sign_consent
from sceau.deployment import RegistryId

HERE = RegistryId(chain_id=20_261, genesis_hash="0x" + "a1" * 32, contract="0x" + "c0" * 20)
# 23 November 2026, 10:00 UTC
HEAD_TIME = 1_795_428_000
PIN = "482915"


@pytest.fixture(scope="session")
def here() -> RegistryId:
    return HERE


@pytest.fixture(scope="session")
def head_time() -> int:
    return HEAD_TIME


@pytest.fixture(scope="session")
def pin() -> str:
    return PIN


@pytest.fixture(scope="session")
def ask() -> Callable[..., ConsentRequest]:
    """Makes a request; any argument of make_request can be given another value."""

    def make(registry: RegistryId = HERE, **changes: Any) -> ConsentRequest:
        arguments = {
            "practice": 7,
            "payer": 9,
            "purpose": "THIRD-PARTY-PAYMENT",
            "groups": ["DETAIL-AMOUNTS", "AMOUNTS"],
            "expires_on": date(2027, 6, 1),
            "head_time": HEAD_TIME,
        }
        return make_request(registry, **{**arguments, **changes})

    return make


@pytest.fixture(scope="session")
def request_made(ask: Callable[..., ConsentRequest]) -> ConsentRequest:
    return ask()


@pytest.fixture(scope="session")
def key() -> Signer:
    return Signer.from_key(bytes(range(1, 33)))


@pytest.fixture(scope="session")
def signed(request_made: ConsentRequest, key: Signer) -> SignedConsent:
    return sign_consent(request_made, key)


@pytest.fixture(scope="session")
def unlocked(request_made: ConsentRequest, key: Signer) -> UnlockedCard:
    return UnlockedCard(HERE, request_made.commitment, key)


@pytest.fixture(scope="module", autouse=True)
def cheap_scrypt() -> Iterator[None]:
    """Scrypt that costs a millisecond instead of a second; the strength itself has tests of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(card_module, "SCRYPT_N", 2**10)
        patch.setattr(compact_module, "SCRYPT_N", 2**10)
        yield


@pytest.fixture(scope="module")
def locked(request_made: ConsentRequest, key: Signer) -> Card:
    return Card.lock(HERE, request_made.commitment, key, PIN)
