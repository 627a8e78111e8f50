# SPDX-License-Identifier: Apache-2.0
"""`tools/brownie run deploy --network NAME`: put the contracts on a chain and write the deployment manifest.

The chain is that of Brownie's network; settings and keys are described in docs/deploy.md.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from sceau.chain.listing import list_validators
from sceau.chain.manifest import Manifest
from sceau.chain.node import Node
from sceau.chain.signer import Signer
from sceau.documents import files
from scripts import admin, source
from scripts.block_period import choose_block_period, stated_block_period
from scripts.deployment import deploy


@admin.entry
def main() -> None:
    """Entry of `brownie run deploy`."""
    publish(
        admin.node(),
        admin.key(),
        admin.manifest_path(),
        funder=admin.funder(),
        block_period=stated_block_period(os.environ.get("BLOCK_PERIOD")),
        own_chain=admin.on_development(),
    )


def publish(
    node: Node,
    admin: Signer,
    path: Path,
    *,
    funder: Signer | None = None,
    block_period: int | None = None,
    own_chain: bool = False,
) -> Manifest:
    """Compiles the source, deploys it, gives `admin` every admin role, and writes the manifest to `path`.

    `block_period` in seconds; told from past blocks when it is None. `own_chain` says that the chain was started for
    this command.

    Raises FileExists, BlockPeriodUnknown, BlockPeriodZero and SourceNotCompiled before anything is sent, and what
    `scripts.deployment.deploy` raises. A manifest is never written over.
    """
    files.require_writable(path)
    settings = source.project_settings()
    print("Compiling the published source…")
    contracts = source.compile_once(settings)
    period = choose_block_period(node, stated=block_period, own=own_chain, say=print)
    print(f"Block period: {f'{period} s' if period else 'none, blocks come on demand'}")
    manifest = deploy(
        node, contracts, admin, compiler=settings, block_period=period, funder=funder, say=print
    )
    validators = list_validators(node, manifest.block)
    if validators is not None:
        manifest = replace(manifest, validators=validators)
        print("Validators that sealed the first block; compare them with those that the members gave:")
        print(*(f"  {each}" for each in sorted(validators.sets[0].validators)), sep="\n")
    files.save_json(path, manifest.to_json())
    # It is published: whoever uses the chain needs it, and nothing in it is secret.
    path.chmod(0o644)
    print(f"Manifest written to {path}: publish it, everybody checks the chain against it.")
    return manifest
