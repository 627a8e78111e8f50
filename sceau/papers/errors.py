# SPDX-License-Identifier: Apache-2.0
"""Why a certificate of erasure is worth nothing."""

from __future__ import annotations

from sceau.errors import InputError


class CertificateElsewhere(InputError):
    """It was made for another chain or deployment."""

    code = "certificate-elsewhere"


class CertificateNotSigned(InputError):
    """It was changed, or the key that it names did not sign it."""

    code = "certificate-not-signed"


class CertificateKeyInvalid(InputError):
    """The key that signed it was not a key of the party at that time, or is in doubt from then on."""

    code = "certificate-key-invalid"


class CertificateUndated(InputError):
    """The block that dates it does not stand on the chain with that time."""

    code = "certificate-undated"
