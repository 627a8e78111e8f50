# SPDX-License-Identifier: Apache-2.0
"""The page on envelopes names every kind of message, and no other."""

from __future__ import annotations

import re

from sceau.messages import act_codes, disclosure, justification, order, step
from tests.docs.pages import ROOT


def test_every_kind_is_on_the_page() -> None:
    page = (ROOT / "docs" / "envelopes.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([a-z-]+)` \| \w", page.split("## Kinds")[1], flags=re.MULTILINE))
    assert named == {
        act_codes.KIND,
        disclosure.KIND,
        justification.KIND,
        order.ANSWER,
        order.ORDER,
        step.KIND,
    }
