# SPDX-License-Identifier: Apache-2.0
"""Kills processes at as many random points as are asked for: such as write through one outbox, then such as send and
fetch messages; looks at the chain, and at both stores.

`.venv-client/bin/python -m tests.kill_outbox [LIVES] [SEED]`: 2,500 lives if not given, of which 2,000 are killed. Exit
code 0 when everything that was wanted stands on the chain once, and every message was received once and answered by one
receipt. Of the post a fifth as many processes are killed.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.client.store.conftest import Home
from tests.client.store.test_killed_post import Place, kill_post
from tests.client.store.test_sending import kill
from tests.support.deployed import deploy
from tests.support.stage import Played
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
        began = time.monotonic()
        places = (Path(folder) / name for name in ("shop", "insurer"))
        post = Place(
            Played.of(deploy(node)).lives["opened"], lambda: _home(next(places)), Path(folder) / "post"
        )
        kills = points // 5
        messages = kill_post(post, kills=kills, seed=seed)
        print(f"{kills} kills, {messages} messages, each received once; {time.monotonic() - began:.0f} s")


def _home(place: Path) -> Home:
    place.mkdir()
    return Home(place, place.with_suffix(".key"))


if __name__ == "__main__":
    main()
