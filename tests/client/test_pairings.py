# SPDX-License-Identifier: Apache-2.0
"""Nothing that a client does imports py_ecc's pairings; whoever wants them has the true ones."""

from __future__ import annotations

import subprocess
import sys

_HEAVY = "{'py_ecc.bls', 'py_ecc.bls12_381', 'py_ecc.optimized_bls12_381'}"
_SIGNS = """
from sceau.chain.node import Node
from sceau.chain.signer import Signer
signer = Signer.generate()
opened = Signer.from_keystore_json(signer.to_keystore("a password", iterations=2), "a password")
assert opened.address == signer.address
Node("http://127.0.0.1:1").web3
"""
_KEY_FILE = """
from eth_keyfile import create_keyfile_json, decode_keyfile_json
made = create_keyfile_json(bytes(31) + bytes([7]), b"a password", version=4, kdf="pbkdf2", iterations=2)
assert decode_keyfile_json(made, b"a password") == bytes(31) + bytes([7])
print(made["pubkey"])
"""


def answer_of(program: str) -> str:
    """What a program prints in a process of its own."""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_nothing_that_a_client_does_imports_them() -> None:
    assert answer_of(f"{_SIGNS}\nimport sys\nprint(sorted({_HEAVY} & sys.modules.keys()))") == "[]\n"


def test_whoever_imports_them_has_the_true_ones() -> None:
    after = f"{_SIGNS}\nfrom py_ecc import bls\nfrom py_ecc.bls import G2ProofOfPossession as one\n"
    told = "print(bls.__file__, one.SkToPk(7).hex())"
    plain = "from py_ecc import bls\nfrom py_ecc.bls import G2ProofOfPossession as one\n"
    assert answer_of(after + told) == answer_of(plain + told)


def test_a_key_file_of_a_validator_is_the_same() -> None:
    assert answer_of(_SIGNS + _KEY_FILE) == answer_of(_KEY_FILE)


def test_the_order_is_theirs() -> None:
    from py_ecc.bls12_381 import curve_order

    from sceau.chain.pairings import CURVE_ORDER

    assert curve_order == CURVE_ORDER
