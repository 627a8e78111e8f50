# SPDX-License-Identifier: Apache-2.0
"""``sceau consent``: a consent from its request to its end."""

from __future__ import annotations

import typer

from sceau.cli import consent_patient, consent_practice, consent_revoke, consent_revoked, consent_state


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau consent``."""
    for part in (consent_practice, consent_patient, consent_revoke, consent_revoked, consent_state):
        part.add(group)
