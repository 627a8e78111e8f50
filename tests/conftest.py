# SPDX-License-Identifier: Apache-2.0
"""What holds for every test."""

from __future__ import annotations

import gc
from functools import cache
from typing import Any
from unittest import mock

from Crypto import Random
from eth_keyfile import keyfile

# A card takes a second to stretch a PIN, and many tests make and open cards with one PIN: of one salt the same bytes
# come. Files and their strength are as they are; a process of its own stretches by itself.
_lock = keyfile._create_v3_keyfile_json
_SALT = Random.get_random_bytes(16)


def _locked_with_one_salt(*arguments: Any, **named: Any) -> Any:
    draws, after = [_SALT], Random.get_random_bytes
    with mock.patch.object(Random, "get_random_bytes", lambda size: draws.pop() if draws else after(size)):
        return _lock(*arguments, **named)


keyfile._scrypt_hash = cache(keyfile._scrypt_hash)
keyfile._create_v3_keyfile_json = _locked_with_one_salt


def pytest_collection_finish() -> None:
    """Looks less often for cycles of dead objects, and never among what the collection left.

    Thousands of tests and all their modules are alive until the end; to look through them again and again takes a tenth
    of the processor's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
