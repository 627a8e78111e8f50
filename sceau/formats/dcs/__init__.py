# SPDX-License-Identifier: Apache-2.0
"""Lens orders in the Data Communication Standard of the Vision Council (DCS, also called VCA or OMA)."""

from sceau.formats.dcs.order import DcsOrder, PrismView, read_order

__all__ = ["DcsOrder", "PrismView", "read_order"]
