# SPDX-License-Identifier: Apache-2.0
"""Which PINs may lock a card."""

from __future__ import annotations

import re

from sceau.consent.errors import PinRefused
from sceau.errors import Sentence

SHORTEST = 6
LONGEST = 32

_DIGITS = re.compile(r"[0-9]*")
# Every run of up to 32 digits, 0 following 9.
_UP = "0123456789" * 5
_DOWN = _UP[::-1]

_NOT_DIGITS = Sentence("consent.pin-not-digits")
_SHORT = Sentence("consent.pin-short")
_LONG = Sentence("consent.pin-long")
_OBVIOUS = Sentence("consent.pin-obvious")


def check_pin(pin: str) -> None:
    """Raises :class:`PinRefused` on a PIN that may not lock a new card; never asked of a card that exists.

    Refused: fewer than 6 or more than 32 digits, anything but digits 0 to 9, a run up or down (123456, 987654,
    789012), one block repeated (000000, 121212, 123123).
    """
    rule = _broken_rule(pin)
    if rule is not None:
        raise PinRefused(rule=rule)


def is_pin(given: str) -> bool:
    """Whether ``given`` can be a card's PIN at all; nothing else is worth a second of work."""
    return _DIGITS.fullmatch(given) is not None and SHORTEST <= len(given) <= LONGEST


def _broken_rule(pin: str) -> Sentence | None:
    if not _DIGITS.fullmatch(pin):
        return _NOT_DIGITS
    if len(pin) < SHORTEST:
        return _SHORT
    if len(pin) > LONGEST:
        return _LONG
    return _OBVIOUS if _is_run(pin) or _is_repeated(pin) else None


def _is_run(pin: str) -> bool:
    return pin in _UP or pin in _DOWN


def _is_repeated(pin: str) -> bool:
    # A text is a repeated block when it is found in its own double, elsewhere than at both ends.
    return pin in (pin + pin)[1:-1]
