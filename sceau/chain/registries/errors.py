# SPDX-License-Identifier: Apache-2.0
"""What a registry does not hold."""

from __future__ import annotations

from sceau.errors import InputError, NodeError, NotFoundError


class NoSuchClaim(NotFoundError):
    """No claim has this identifier at this block."""

    code = "no-such-claim"


class EntriesIncomplete(NodeError):
    """The events that a node gives for a party do not lead to the directory hash that the contract holds."""

    code = "entries-incomplete"


class NotRevoked(InputError):
    """A consent is not revoked at the block that was read."""

    code = "consent-not-revoked"


class NoConsentKnown(NotFoundError):
    """Nothing is recorded of a consent at the block that was read."""

    code = "consent-unknown"


class KeyOfNoParty(NotFoundError):
    """An address is not a signing key of any party."""

    code = "key-of-no-party"
