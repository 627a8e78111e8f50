# SPDX-License-Identifier: Apache-2.0
"""``sceau consent``: a consent from its request to its end."""

from __future__ import annotations

import typer

from sceau.cli import consent_patient, consent_practice, consent_revoke, consent_state
from sceau.cli.groups import new_group
from sceau.cli.words import say


def add(app: typer.Typer) -> None:
    """Adds the group to the command."""
    group = new_group(
        say(
            "Patients' consents: ask, sign, record, look, take back.",
            "Accords des patients : demander, signer, enregistrer, consulter, retirer.",
        )
    )
    app.add_typer(group, name="consent")
    for part in (consent_practice, consent_patient, consent_revoke, consent_state):
        part.add(group)
