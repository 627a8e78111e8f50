# SPDX-License-Identifier: Apache-2.0
"""Errors of the store."""

from __future__ import annotations

from sceau.errors import StoreError


class NumberAlreadyUsed(StoreError):
    """A number that serves one claim only serves another already."""

    code = "served-before"


class StoreUnusable(StoreError):
    """The store cannot be read or written."""

    code = "register-unusable"


class EnvelopeReplayed(StoreError):
    """An envelope with this identifier came from this sender before."""

    code = "envelope-replayed"
