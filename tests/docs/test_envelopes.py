# SPDX-License-Identifier: Apache-2.0
"""The page on envelopes names every kind of message, and no other."""

from __future__ import annotations

import re

from sceau.messages.kinds import KINDS
from tests.docs.pages import ROOT


def test_every_kind_is_on_the_page_with_its_readers_and_its_length() -> None:
    page = (ROOT / "docs" / "envelopes.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| `([a-z-]+)` \| (\w.*?) \|.*\| (\d+) KiB \|", page.split("## Kinds")[1], flags=re.MULTILINE
    )
    assert {name: int(size) * 1024 for name, _, size in rows} == {
        name: kind.size for name, kind in KINDS.items()
    }
    for name, between, _ in rows:
        to = between.partition(", to ")[2]
        for reader in KINDS[name].readers:
            assert reader.name.en.rpartition(" ")[2] in to, name
