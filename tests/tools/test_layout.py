# SPDX-License-Identifier: Apache-2.0
"""The storage layout in the package is that of the contracts."""

from tools.export_layout import SHIPPED, layout_text


def test_the_shipped_layout_is_the_compilers() -> None:
    assert SHIPPED.read_text(encoding="utf-8") == layout_text(), "run `make abi`"
