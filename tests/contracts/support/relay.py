# SPDX-License-Identifier: Apache-2.0
"""Code at an address that passes every call on, so that who calls a contract is not who sent the transaction."""

from tests.contracts.support.chain import Chain, Contract

# Calls the target with what it was called with, and answers or reverts with what that gives.
_BEFORE, _AFTER = (
    "366000600037600060003660006000" + "73",
    "5af1" + "3d600060003e" + "603357" + "3d6000fd" + "5b3d6000f3",
)


def relayed(chain: Chain, contract: Contract, by: str) -> Contract:
    """The contract as it is called through `by`, an address that from now on has code."""
    code = "0x" + _BEFORE + contract.address[2:].lower() + _AFTER
    chain.set_code(by, code)
    return Contract(contract.name, by, contract.abi)
