# SPDX-License-Identifier: Apache-2.0
"""What every client test may use."""

from tests.support.fixtures import chain, either_chain, free_chain, shared_chain

__all__ = ["chain", "either_chain", "free_chain", "shared_chain"]
