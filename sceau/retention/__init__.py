# SPDX-License-Identifier: Apache-2.0
"""How long records are kept, at least and at most, as dated data files: the controller sets them, not the code."""

from __future__ import annotations

from sceau.retention.periods import FRENCH, Periods, load_periods

__all__ = ["FRENCH", "Periods", "load_periods"]
