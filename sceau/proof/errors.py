# SPDX-License-Identifier: Apache-2.0
"""Why something that a node gave proves nothing."""

from __future__ import annotations

from sceau.errors import InputError, Sentence


class Unproved(Exception):
    """A header or a proof that does not hold; ``why`` says what is wrong with it."""

    def __init__(self, why: Sentence) -> None:
        super().__init__(why.code)
        self.why = why


class ValidatorsOutdated(InputError):
    """The manifest's newest validators were listed too long ago to prove what came later."""

    code = "validators-outdated"
