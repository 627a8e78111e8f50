# SPDX-License-Identifier: Apache-2.0
"""`tools/brownie run deploy --network NAME`: put the contracts on a chain and write the deployment manifest.

The chain is that of Brownie's network; settings and keys are described in docs/deploy.md.
"""

from __future__ import annotations

import os
from pathlib import Path

from sceau.chain.manifest import Manifest
from sceau.chain.node import Node
from sceau.chain.signer import Signer
from sceau.documents import files
from sceau.errors import SceauError
from scripts import admin, source
from scripts.deployment import deploy, measure_block_period

# A chain whose blocks are further apart than this says so by BLOCK_PERIOD.
_WATCH_SECONDS = 16.0
_WATCH_SECONDS_OF_DEVELOPERS = 2.0


class BlockPeriodInvalid(SceauError):
    """BLOCK_PERIOD is not a number of seconds."""

    code = "block-period-invalid"
    en = "BLOCK_PERIOD is the whole number of seconds between two blocks; 0 for a chain that waits for work."
    fr = "BLOCK_PERIOD est le nombre entier de secondes entre deux blocs ; 0 si la chaîne attend du travail."


@admin.entry
def main() -> None:
    """Entry of `brownie run deploy`."""
    node = admin.node()
    watch = _WATCH_SECONDS_OF_DEVELOPERS if admin.on_development() else _WATCH_SECONDS
    publish(
        node,
        admin.key(),
        admin.manifest_path(),
        funder=admin.funder(),
        block_period=stated_block_period(os.environ.get("BLOCK_PERIOD")),
        watch_seconds=watch,
    )


def publish(
    node: Node,
    admin: Signer,
    path: Path,
    *,
    funder: Signer | None = None,
    block_period: int | None = None,
    watch_seconds: float = _WATCH_SECONDS,
) -> Manifest:
    """Compiles the source, deploys it, gives `admin` every admin role, and writes the manifest to `path`.

    `block_period` in seconds; measured for `watch_seconds` when it is None.

    Raises FileExists (before anything is sent: a manifest is never written over), SourceNotCompiled, and what
    `scripts.deployment.deploy` raises.
    """
    files.require_writable(path)
    settings = source.project_settings()
    print("Compiling the published source…")
    contracts = source.compile_once(settings)
    if block_period is None:
        print("Watching whether the chain makes blocks by itself…")
        block_period = measure_block_period(node, watch_seconds=watch_seconds)
    print(f"Block period: {f'{block_period} s' if block_period else 'none, blocks come on demand'}")
    manifest = deploy(
        node, contracts, admin, compiler=settings, block_period=block_period, funder=funder, say=print
    )
    files.save_json(path, manifest.to_json())
    # It is published: whoever uses the chain needs it, and nothing in it is secret.
    path.chmod(0o644)
    print(f"Manifest written to {path}: publish it, everybody checks the chain against it.")
    return manifest


def stated_block_period(text: str | None) -> int | None:
    """The period that an admin states, if any. Raises BlockPeriodInvalid."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise BlockPeriodInvalid
    return int(text)
