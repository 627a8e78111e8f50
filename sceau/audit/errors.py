# SPDX-License-Identifier: Apache-2.0
"""Why an evidence file cannot be judged at all."""

from __future__ import annotations

from sceau.errors import InputError


class EvidenceMalformed(InputError):
    """The file is truncated, edited in its shape, or no evidence file."""

    code = "evidence-malformed"


class EvidenceForeign(InputError):
    """The file is about another chain or another deployment."""

    code = "evidence-foreign"


class NotOfThisClaim(InputError):
    """A record, a group or a message of another claim, or of a step that the claim does not have."""

    code = "not-of-this-claim"
