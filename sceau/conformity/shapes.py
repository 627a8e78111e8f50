# SPDX-License-Identifier: Apache-2.0
"""Shape of the opening of a group. Specified in docs/conformity.md."""

from __future__ import annotations

from typing import Literal

from sceau.documents.fields import Hash
from sceau.documents.model import Shape
from sceau.record.shapes import Multiproof


class GroupOpening(Shape):
    """The key of one group of an order, and all its leaves in one sealed record. It shows health data."""

    format: Literal["sceau-group-opening/1"]
    group: Literal["act-codes", "lens-product", "correction", "quantity"]
    key: Hash
    """The group's key, a secret."""
    shown: Multiproof
