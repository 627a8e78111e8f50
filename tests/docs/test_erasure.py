# SPDX-License-Identifier: Apache-2.0
"""The commands of docs/erasure.md are played as they stand, on a claim that may go."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from sceau.roles.keeping import REASONS
from sceau.roles.notifying import REASONS_OF_ANSWERS
from sceau.store.keys import KeyFile
from scripts.documents import document
from tests.client.cli.offices import Office, open_office, publish
from tests.docs.pages import ROOT, blocks
from tests.support.deployed import Deployed

PAGE = ROOT / "docs" / "erasure.md"
#: Longer than an ended claim may still be marked, in seconds.
QUIET = 91 * 86_400


def ended_claim(shop: Office, deployed: Deployed) -> str:
    """A claim that its practice cancelled long ago."""
    shop.path("quote.json").write_bytes(document("quote"))
    shop.done("import", "quote", "quote.json", "-o", "quote-values.json")
    payer = deployed.party("payer")
    opened = shop.done("claim", "open", "quote-values.json", "--payer", payer, "-o", "opening.json", "--json")
    claim = str(opened.data["claim"])
    shop.done("disclose", "opening.json", "--to", payer, "--clause", "minimal", "-o", "shown.json")
    shop.done("envelope", "disclosure", "shown.json", "-o", "shown.env")
    shop.done("claim", "cancel", claim, "--reason", "PATIENT", "-o", "cancelled.json")
    deployed.sleep(QUIET)
    return claim


def test_the_commands_run_in_their_order(deployed: Deployed, tmp_path: Path) -> None:
    with deployed.rolled_back():
        shop = open_office(tmp_path / "shop", deployed, "practice", publish(deployed))
        claim = ended_claim(shop, deployed)
        lines = [line.removeprefix("$ ") for block in blocks(PAGE, "console") for line in block.splitlines()]
        said = {}
        for line in lines:
            words = shlex.split(line.replace("CLAIM", claim))
            assert words[:2] == ["sceau", "store"], line
            result = shop.run(*words[1:], "--json")
            assert result.code == 0, (line, result)
            said[" ".join(words[2:4])] = result.data
        assert said["erase --claim"]["final"] is True
        assert said["erase --claim"]["erased"]["claims"] == [claim]
        assert said["erase --backup"]["erased"] is None
        assert (
            shop.json("certificate.json")
            == said["certificate -o"]
            == said["check-certificate certificate.json"]
        )
        assert said["certificate -o"]["erased"]["claims"] == [claim]
        [held] = shop.json("held.json")["claims"]
        assert held["held"] == []
        assert held["erased_at"]
        # Nothing of it is in the new backup either, and one key is left.
        keys = KeyFile(tmp_path / "shop" / "store.key").read()
        assert keys is not None
        assert len(keys.epochs) == 1


def test_every_reason_is_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert set(REASONS) <= set(re.findall(r"`([a-z-]+)`", page))
    assert set(REASONS_OF_ANSWERS) <= set(re.findall(r"`([a-z-]+)`", page))
