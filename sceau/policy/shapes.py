# SPDX-License-Identifier: Apache-2.0
"""Shape of a policy file. Specified in docs/policies.md."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sceau.documents.fields import Code, Dated, Name
from sceau.documents.model import Says, Shape, exactly

#: Ten years, in days: the most that any clause may ask for.
_LONGEST_RETENTION = 3653

ProfileKey = Annotated[str, exactly("[a-z][a-z0-9-]{0,39}/[1-9][0-9]{0,3}"), Says("policy.unknown-profile")]
"""A profile's name and version, such as fr-optical-quote/1."""


class Clause(Shape):
    """One set of conditions, and what may be shown under them."""

    consent: bool
    """Whether a consent of the patient is needed."""
    purpose: Code
    """The code that a consent must name."""
    delete_after_days: Annotated[int, Field(ge=1, le=_LONGEST_RETENTION), Says("policy.days")]
    """How many days the recipient may keep what it is shown."""
    allow: Annotated[dict[ProfileKey, Annotated[list[str], Field(min_length=1)]], Field(min_length=1)]
    """Patterns of paths by profile; a star is exactly one segment."""


class Policy(Dated):
    """Which paths of which profiles a kind of recipient may be shown: an allow-list."""

    format: Literal["sceau-policy/1"]
    recipient: Name
    contract: Name
    clauses: Annotated[dict[Name, Clause], Field(min_length=1)]
