# SPDX-License-Identifier: Apache-2.0
"""Shape of a file of periods of retention. Specified in docs/erasure.md."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sceau.documents.fields import Dated
from sceau.documents.model import Says, Shape

Days = Annotated[int, Field(ge=0, le=18_263), Says("retention.days")]


class EraseAfter(Shape):
    """When ``sceau store expire`` erases what is not kept by a rule, in days."""

    claim: Days
    """After the last step of a claim."""
    consent: Days
    """After the end of a consent under which no claim is stored."""
    given: Days
    """After what was given last; only of claims of which nothing else is stored."""


class Periods(Dated):
    """How long records are kept, in days after the last step of their claim."""

    format: Literal["sceau-retention/1"]
    quiet_days: Days
    """An ended claim may still be marked by its supplier, or be contested: it is kept for so long."""
    contested_days: Days
    """A claim with a difference, a return or a dispute, or under audit, or with an order that nobody delivered."""
    erase_after_days: EraseAfter
