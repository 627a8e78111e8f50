# SPDX-License-Identifier: Apache-2.0
"""A proof of what a Besu network held, and the manifest that proves it."""

from __future__ import annotations

import rlp

from sceau.chain.abis import CONTRACTS
from sceau.chain.manifest import ContractEntry, Manifest, Validators
from sceau.documents.identifiers import hex_of
from sceau.proof.document import ChainProof
from sceau.proof.layout import layout_hash
from sceau.proof.nodes import Nodes
from sceau.proof.state import nodes_of
from sceau.proof.trust import Listed
from tests.client.proof.scenes import header_of, vector

STATE = vector("state")
HEADER = header_of(STATE["header"])
NOW = HEADER.timestamp + 60
_ZERO = "0x" + "00" * 32


def deployment(address: str, code_hash: str, block: int, validators: frozenset[str]) -> Manifest:
    """A manifest whose contracts all stand at one address."""
    entry = ContractEntry(address, code_hash, _ZERO)
    listed = Listed(block, HEADER.timestamp, validators)
    return Manifest(
        chain_id=1337,
        genesis_hash="0x" + "11" * 32,
        block=block,
        block_period=2,
        contracts=dict.fromkeys([*CONTRACTS], entry),
        validators=Validators("shanghai", 30_000, 90, layout_hash(), (listed,)),
    )


def of_besu() -> tuple[ChainProof, Manifest]:
    """The proof of three consents."""
    branches = STATE["proofs"].values()
    nodes = Nodes()
    for each in branches:
        nodes.add(
            nodes_of(
                {"accountProof": each["accountProof"], "storageProof": [{"proof": each["storageProof"]}]}
            )
        )
    account = rlp.decode(rlp.decode(bytes.fromhex(STATE["proofs"]["absent"]["accountProof"][-1][2:]))[1])
    manifest = deployment(STATE["contract"], hex_of(account[3]), HEADER.number - 5, HEADER.validators)
    headers = (HEADER.raw,)
    return ChainProof(manifest.chain_id, manifest.genesis_hash, HEADER.number, headers, nodes), manifest
