# SPDX-License-Identifier: Apache-2.0
"""The commands of ``sceau claim`` that write a step after the opening, or speak of one."""

from __future__ import annotations

import typer

from sceau.cli import claim_payer, claim_practice, claim_supplier, justify


def add_steps(group: typer.Typer) -> None:
    """Adds the commands to ``sceau claim``, in the order of a claim's life."""
    for module in (claim_payer, claim_practice, claim_supplier, justify):
        module.add(group)
