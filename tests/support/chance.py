# SPDX-License-Identifier: Apache-2.0
"""The same draws in every play: two plays can then differ only by what follows from their private values."""

from __future__ import annotations

import hashlib
import secrets
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from sceau.chain.signer import Signer
from sceau.party.message_keys import MessageKeys
from tests.support.deployed import key

#: Order of the group of P-256: a private key is between 1 and it.
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@contextmanager
def fixed(label: str) -> Iterator[list[bytes]]:
    """Inside, ``secrets`` gives numbers that follow from ``label``, from the code that draws, and how often it did.

    By the code that draws, because a play with one prescription less draws one seed less, and must draw the same
    nonces. Yields the numbers given so far.
    """
    drawn: list[bytes] = []
    turns: Counter[str] = Counter()

    def token_bytes(nbytes: int | None = None) -> bytes:
        who = drawn_by()
        turns[who] += 1
        given = hashlib.shake_256(f"{label} {who} {turns[who]}".encode()).digest(nbytes or 32)
        drawn.append(given)
        return given

    with mock.patch.object(secrets, "token_bytes", token_bytes):
        yield drawn


def drawn_by() -> str:
    """File and function of the code that draws, through whichever function of ``secrets``."""
    frame = sys._getframe(2)
    while frame.f_code.co_filename == secrets.__file__ and frame.f_back is not None:
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).name} {frame.f_code.co_name}"


@contextmanager
def fixed_deployer() -> Iterator[None]:
    """Inside, fresh keys are one and the same: for a deployment alone, so that contracts get the same addresses."""
    with mock.patch.object(Signer, "generate", return_value=key("deployer")):
        yield


def message_keys(name: str) -> MessageKeys:
    """A party's keys for messages, the same in every play."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from joserfc.jwk import ECKey

    keys = {}
    for use, alg in (("sig", "ES256"), ("enc", "ECDH-ES")):
        number = int.from_bytes(hashlib.sha512(f"message key {name} {use}".encode()).digest(), "big")
        private = ec.derive_private_key(number % (_P256_ORDER - 1) + 1, ec.SECP256R1())
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        found = ECKey.import_key(pem, {"use": use, "alg": alg})
        found.ensure_kid()
        keys[use] = found.as_dict(private=True)
    return MessageKeys(keys)
