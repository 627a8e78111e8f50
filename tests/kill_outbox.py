# SPDX-License-Identifier: Apache-2.0
"""Kills processes that write through one outbox, at as many random points as are asked for, and looks at the chain.

`.venv-client/bin/python -m tests.kill_outbox [LIVES] [SEED]`: 2,500 lives if not given, of which 2,000 are killed. Exit
code 0 when everything that was wanted stands on the chain once.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.client.store.conftest import Home
from tests.client.store.test_sending import kill
from tests.support.deployed import deploy
from tools.ganache import ganache


def main() -> None:
    """Prints what was wanted and found."""
    points, seed = (int(each) for each in [*sys.argv[1:], *("2500", "1")[len(sys.argv) - 1 :]])
    with ganache() as node, tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "store").mkdir()
        began = time.monotonic()
        wanted = kill(
            deploy(node), Home(Path(folder) / "store", Path(folder) / "store.key"), points=points, seed=seed
        )
        print(
            f"{points} lives, {len(wanted)} writes wanted, each found once; {time.monotonic() - began:.0f} s"
        )


if __name__ == "__main__":
    main()
