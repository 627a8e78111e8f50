# SPDX-License-Identifier: Apache-2.0
"""``sceau consent revoked``: checks what a patient kept of a revocation, its file or its code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.consent_view import consent_fact, state_facts
from sceau.cli.options import Needs
from sceau.cli.session import Session
from sceau.cli.words import say
from sceau.documents.code_text import is_code
from sceau.documents.wrapped import text_of

if TYPE_CHECKING:
    from sceau.chain.registries.consents import ConsentState


def add(group: typer.Typer) -> None:
    """Adds the command to ``sceau consent``."""
    add_command(
        group,
        "revoked",
        revoked,
        french="Vérifie ce qu'un patient a gardé d'une révocation : son fichier, sans aucun nœud, ou son code.",
        needs=Needs.CHAIN,
    )


def revoked(session: Session, kept: Annotated[str, _kept_argument()]) -> None:
    """Check what a patient kept of a revocation: its file, without any node, or its code."""
    state = _state(session, kept)
    session.screen.show([consent_fact(state.consent), *state_facts(state)])


def _state(session: Session, kept: str) -> ConsentState:
    """The consent as the chain shows it; a code may also stand in a file."""
    from sceau.chain.manifest import Manifest
    from sceau.consent.revocation_proof import PREFIX, RevocationCode, RevocationProof

    text = kept if is_code(PREFIX, kept) else session.read(Path(kept), text_of)
    if is_code(PREFIX, text):
        return RevocationCode.from_text(text).check(session.network)
    proof = session.read(Path(kept), RevocationProof.from_json)
    return proof.check(Manifest.load(session.settings.require_manifest()))


def _kept_argument() -> Any:
    return typer.Argument(metavar=say("metavar-revoked"), help=say("revocation-file-or-code"))
