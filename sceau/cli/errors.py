# SPDX-License-Identifier: Apache-2.0
"""Errors of the command line itself."""

from __future__ import annotations

from sceau.errors import SceauError


class PasswordNeeded(SceauError):
    code = "password-needed"


class PasswordsDiffer(SceauError):
    code = "passwords-differ"


class StandardInputTwice(SceauError):
    code = "standard-input-twice"


class NotConfirmed(SceauError):
    code = "not-confirmed"


class ConsentHalf(SceauError):
    code = "consent-half"


class EnvelopeNotKept(SceauError):
    code = "envelope-not-kept"


class NotAnEnvelope(SceauError):
    code = "not-an-envelope"


class ValuesOfAnotherProfile(SceauError):
    code = "values-of-another-profile"


class FileTwice(SceauError):
    code = "file-twice"
