# SPDX-License-Identifier: Apache-2.0
"""Why an evidence file cannot be judged at all."""

from __future__ import annotations

from sceau.errors import InputError


class EvidenceMalformed(InputError):
    """The file is truncated, edited in its shape, or no evidence file."""

    code = "evidence-malformed"


class EvidenceUnproved(InputError):
    """The file holds no proof: it can be judged with a node alone."""

    code = "evidence-not-proved"


class EvidenceForeign(InputError):
    """The file is about another chain or another deployment."""

    code = "evidence-foreign"


class NotOfThisClaim(InputError):
    """A record, a group or a message of another claim, or of a step that the claim does not have."""

    code = "not-of-this-claim"


class SignedTooEarly(InputError):
    """A message that says it was signed before what it is about could be known."""

    code = "signed-too-early"


class HoldsNoRecord(InputError):
    """A message that brought neither a record nor a disclosure."""

    code = "holds-no-record"


class OfNoStep(InputError):
    """What a document holds stands nowhere on the claim."""

    code = "of-no-step"


class OfAnotherClaim(InputError):
    """A message or evidence that is about another claim."""

    code = "of-another-claim"


class EvidenceEmpty(InputError):
    """Evidence of nothing."""

    code = "evidence-empty"


class NothingChosen(InputError):
    """A record was given, and nothing of it is to be shown."""

    code = "nothing-chosen"


class ChosenNowhere(InputError):
    """A path or a group that none of the records given has."""

    code = "chosen-nowhere"
