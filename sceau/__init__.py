# SPDX-License-Identifier: Apache-2.0
"""Sceau: seal consent and health-insurance claims on a permissioned chain, without health data on it."""

from __future__ import annotations

__version__ = "0.1.0"

__all__ = ["__version__"]
