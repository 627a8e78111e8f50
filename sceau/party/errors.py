# SPDX-License-Identifier: Apache-2.0
"""Errors of parties and their applications."""

from __future__ import annotations

from sceau.errors import ExtraMissing, InputError, KeyFileError, NotFoundError


class AdminRoleUnknown(InputError):
    """A role of the access manager is not one of this project's."""

    code = "admin-role-unknown"


class NotInDirectory(NotFoundError):
    """No directory entry at hand is the one that the chain holds for a party."""

    code = "not-in-directory"


class FormerEntryMissing(NotInDirectory):
    """No directory entry at hand is the one that the chain held for a party at a past time."""

    code = "former-entry-missing"


class NameRefused(InputError):
    """A party may not have a name."""

    code = "name-refused"


class NameLooksAlike(InputError):
    """A name looks like that of another party."""

    code = "name-looks-alike"


class IdentityInvalid(InputError):
    """An identity cannot be confirmed: its country or its public number is none."""

    code = "identity-invalid"


class ConfirmingRoleMissing(InputError):
    """An account that does not hold ADMISSION would confirm an identity."""

    code = "confirming-role-missing"


class ConfirmationWorthless(InputError):
    """A statement on an identity counts for nothing: not signed by an admin, for another party, chain or entry."""

    code = "confirmation-worthless"


class ApplicationInvalid(InputError):
    """An application asks for something that cannot be."""

    code = "application-invalid"


class KeyProofInvalid(InputError):
    """The proof that a signing key is held does not hold."""

    code = "key-proof-invalid"


class ApplicationElsewhere(InputError):
    """An application was made for another deployment."""

    code = "application-elsewhere"


class RoleUnknown(InputError):
    """No role of a party has this name."""

    code = "role-unknown"


class EntryOfNobody(InputError):
    """No party on the chain publishes a directory entry."""

    code = "entry-of-nobody"


class RoleNotHeld(InputError):
    """An admin role is taken from an account that does not hold it."""

    code = "admin-role-not-held"


class LastAdmin(InputError):
    """The last holder of the manager's own role would go."""

    code = "last-admin"


class EnvelopeExtraMissing(ExtraMissing):
    """The library that signs and encrypts is not installed."""

    code = "envelope-extra-missing"


class MessageKeysInvalid(KeyFileError):
    """A party's published keys, or the file of its own, are not as they should be."""

    code = "message-keys-invalid"
