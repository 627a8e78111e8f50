# SPDX-License-Identifier: Apache-2.0
"""Errors of the store."""

from __future__ import annotations

from sceau.errors import ExtraMissing, StoreError


class NumberAlreadyUsed(StoreError):
    """A number that serves one claim only serves another already."""

    code = "served-before"


class EnvelopeReplayed(StoreError):
    """An envelope with this identifier came from this sender before."""

    code = "envelope-replayed"


class RequestDiffers(StoreError):
    """Something else was asked before under the same name."""

    code = "request-differs"
    http_status = 422


class RequestErased(StoreError):
    """What a request made was erased."""

    code = "request-erased"
    http_status = 410


class RequestTaken(StoreError):
    """Another process works on the same request."""

    code = "request-taken"


class StoreUnusable(StoreError):
    """The store cannot be read or written."""

    code = "register-unusable"
    http_status = 503


class RecordDamaged(StoreUnusable):
    """A record does not open: it was changed, or stands where it does not belong."""

    code = "store-record-damaged"


class StoreNewer(StoreUnusable):
    """The database is from a newer version of this program."""

    code = "store-newer"


class StoreOfVersionBefore(StoreUnusable):
    """The store's file is of the earlier version, which is not encrypted."""

    code = "store-of-version-before"


class StoreNotThere(StoreError):
    """Nothing was stored yet, so there is nothing to show or to back up."""

    code = "store-not-there"
    http_status = 404


class StoreNotEmpty(StoreError):
    """Something was stored in the place to which a store is to be restored."""

    code = "store-not-empty"


class CopyInStore(StoreError):
    """A backup or a copy of the key would be written over what it is a copy of, or where a thief finds both."""

    code = "copy-in-store"


class CopyUnreadable(StoreError):
    """A copy that was just written does not say what it should; the old epoch key was not destroyed."""

    code = "copy-unreadable"


class BackupInvalid(StoreError):
    """A file is not a backup of a store."""

    code = "backup-invalid"
    http_status = 422


class NotOfVersionBefore(StoreError):
    """There is no store of the earlier version to take in."""

    code = "not-of-version-before"
    http_status = 404


class OutboxFull(StoreError):
    """Too much waits to be written on the chain."""

    code = "outbox-full"
    http_status = 503


class StoreLocked(StoreUnusable):
    """The keys of the store are missing, or are those of another store."""

    exit_code = 7


class StoreKeyMissing(StoreLocked):
    """The store's key is not where it should be."""

    code = "store-key-missing"


class StoreKeyWrong(StoreLocked):
    """The key there is not this store's, or not that of its present epoch."""

    code = "store-key-wrong"


class StorePassphraseWrong(StoreLocked):
    """The file of the store's key does not open with this passphrase."""

    code = "store-passphrase-wrong"


class StorePassphraseMissing(StoreLocked):
    """The file of the store's key is locked, and no passphrase was given."""

    code = "store-passphrase-missing"


class StoreKeyInvalid(StoreLocked):
    """The file of the store's key is not a key file."""

    code = "store-key-invalid"


class StoreKeyExposed(StoreLocked):
    """The file of the store's key lies where a thief of the store finds it, or others may read it."""

    code = "store-key-exposed"


class StoreKeyNotNamed(StoreLocked):
    """A database on a server has no usual place for its key."""

    code = "store-key-not-named"


class KeyringUnusable(StoreLocked):
    """The keyring of this machine cannot be used."""

    code = "keyring-unusable"


class PostgresqlExtraMissing(ExtraMissing):
    """psycopg is not installed."""

    code = "postgresql-extra-missing"


class KeyringExtraMissing(ExtraMissing):
    """keyring is not installed."""

    code = "keyring-extra-missing"
