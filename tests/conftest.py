# SPDX-License-Identifier: Apache-2.0
"""What holds for every test."""

from __future__ import annotations

import gc
from functools import cache

from eth_keyfile import keyfile

# A card takes a second to stretch a PIN, and many tests open one card with one PIN: the same bytes come of it.
keyfile._scrypt_hash = cache(keyfile._scrypt_hash)


def pytest_collection_finish() -> None:
    """Looks less often for cycles of dead objects, and never among what the collection left.

    Thousands of tests and all their modules are alive until the end; to look through them again and again takes a tenth
    of the processor's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
