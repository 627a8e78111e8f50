# SPDX-License-Identifier: Apache-2.0
"""The payer's check: from a disclosure to a verdict with every reason, read at one block."""

from sceau.verify._verify import Reader, verify_disclosure

__all__ = ["Reader", "verify_disclosure"]
