# SPDX-License-Identifier: Apache-2.0
"""The page on envelopes names every kind of message, and no other."""

from __future__ import annotations

import re

from sceau.messages.kinds import KINDS
from tests.docs.pages import ROOT


def test_every_kind_is_on_the_page() -> None:
    page = (ROOT / "docs" / "envelopes.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([a-z-]+)` \| \w", page.split("## Kinds")[1], flags=re.MULTILINE))
    assert named == set(KINDS)
