# SPDX-License-Identifier: Apache-2.0
"""`tools/brownie run list_validators --network NAME`: list in the manifest what validators the chain has had since.

Each change is proved from the validators that the manifest lists already. Publish the manifest again after every vote,
and once in each window: a client goes on for `window_days` after the newest block that it lists.
"""

from __future__ import annotations

from pathlib import Path

from sceau.chain.listing import list_changes
from sceau.chain.manifest import Manifest
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.documents import files
from scripts import admin


@admin.entry
def main() -> None:
    """Entry of `brownie run list_validators`."""
    update(admin.node(), admin.manifest_path())


def update(node: Node, path: Path) -> Manifest:
    """Writes the manifest at `path` again with the sets of validators since, and says what is new.

    Raises ManifestInvalid, WrongChain, NodeUnreachable, and as `list_changes`.
    """
    before = Manifest.load(path)
    Network(node, before).check_chain()
    after = list_changes(node, before)
    if before.validators is None or after.validators is None:
        print("This manifest lists no validators: its nodes are believed.")
        return before
    files.save_json(path, after.to_json(), force=True)
    for each in after.validators.sets[len(before.validators.sets) :]:
        print(f"Block {each.block}: {', '.join(sorted(each.validators))}")
    print(f"Manifest written to {path}: publish it again.")
    return after
