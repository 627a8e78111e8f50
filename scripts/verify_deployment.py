# SPDX-License-Identifier: Apache-2.0
"""`tools/brownie run verify_deployment --network NAME`: prove that the chain runs the published source.

Compiles the source in this checkout with the manifest's settings, compares every contract's code and the
transaction that created it, and says who may do what. Ends with exit code 1 when anything differs, or when the
node's newest block is not of now. Findings on how the admin roles are shared are shown by their codes and change
no exit code: a deployment just made has some.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path

from sceau.chain.abis import ContractName
from sceau.chain.manifest import Manifest
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.chain.times import utc_text
from sceau.party.access import wiring_faults
from sceau.party.governance import read_governance
from scripts import admin, source
from scripts.block_period import is_too_long, makes_blocks_by_itself, past_headers
from scripts.comparison import contract_faults
from scripts.deployment import Code
from scripts.roles import governance_lines


@admin.entry
def main() -> None:
    """Entry of `brownie run verify_deployment`."""
    if not verify(admin.node(), admin.manifest_path()):
        sys.exit(1)


def verify(node: Node, path: Path, *, root: Path = source.ROOT) -> bool:
    """Compares the chain with the manifest at `path` and the source under `root`, printing what was found.

    Raises ManifestInvalid, WrongChain, SourceNotCompiled, NodeUnreachable.
    """
    network = Network(node, Manifest.load(path))
    network.check_chain()
    print("Compiling the published source with the manifest's settings…")
    return compare(network, source.compile_published(network.manifest.compiler, root=root))


def compare(network: Network, contracts: Mapping[ContractName, Code]) -> bool:
    """Compares the chain with compiled contracts, printing what was found; True when nothing differs."""
    head, doubt = network.look()
    print(f"Chain {network.chain_id}, block {head.number} of {utc_text(head.timestamp)}.")
    found = contract_faults(network, contracts, block=head.number)
    for name, faults in found.items():
        print(f"{name} at {network.address(name)}: {'DIFFERS' if faults else 'as in the source'}")
        _list(faults)
    if any(found.values()):
        # Who may do what is asked of these very contracts: their answers would mean nothing.
        print("This deployment is NOT the published source. Do not use it.")
        return False
    wrong = [fault.en for fault in wiring_faults(network, block=head.number)]
    print("Admin roles:" + (" NOT as published" if wrong else ""))
    _list(wrong)
    print(textwrap.indent(governance_lines(read_governance(network, block=head.number)), "  "))
    if doubt is not None:
        print(f"The newest block: {doubt.message('en')}")
    print("The code is the published source." + (" The admin roles are not as published." if wrong else ""))
    return _period_told(network) and not wrong and doubt is None


def _period_told(network: Network) -> bool:
    """Whether the manifest's block period lets clients know a node that stopped; prints it when not."""
    period, headers = network.manifest.block_period, past_headers(network.node)
    if is_too_long(period, headers):
        wrong = f"the manifest says {period} s, but this chain makes blocks far more often."
    elif period == 0 and makes_blocks_by_itself(headers):
        wrong = "the manifest says 0, but this chain makes blocks by itself."
    else:
        return True
    print(f"Block period: {wrong} Clients trust a stopped node.")
    return False


def _list(faults: list[str]) -> None:
    for fault in faults:
        print(f"  - {fault}")
