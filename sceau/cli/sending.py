# SPDX-License-Identifier: Apache-2.0
"""Sending a sealed step of a claim: kept in a file first, then written on the chain, once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sceau.cli.consent_view import receipt_data, receipt_facts
from sceau.cli.session import Session
from sceau.cli.words import say
from sceau.files import save_json

if TYPE_CHECKING:
    from sceau.chain.transaction import Receipt, Transaction
    from sceau.claim.history import WrittenStep
    from sceau.claim.prepared import PreparedStep


def keep_and_send(session: Session, prepared: PreparedStep, file: Path, *, force: bool = False) -> None:
    """Writes a step to its file, then sends it, waits and prints; after a refusal the file is gone again.

    Raises as :func:`sceau.chain.transaction.send`. The file stays whenever the step may have reached the chain.
    """
    from sceau.chain.contract_errors import ContractError
    from sceau.chain.errors import SenderHasNoFunds

    save_json(file, prepared.to_json(), force=force)
    try:
        transaction = prepared.send(session.network, session.signer)
    except (ContractError, SenderHasNoFunds):
        file.unlink()
        raise
    _show(session, prepared, file, _wait(session, transaction, file))


def send_again(session: Session, prepared: PreparedStep, file: Path) -> None:
    """Sends a step that was kept before, unless the chain has it already; then prints where it stands."""
    written = _written(session, prepared)
    if written is None:
        transaction = prepared.send(session.network, session.signer)
        _show(session, prepared, file, _wait(session, transaction, file))
        return
    if session.screen.as_json:
        session.screen.data({**_data(prepared, file), "transaction": None, "block_number": written.block})
        return
    session.screen.note(say("The chain has it already.", "La chaîne l'a déjà."))
    session.screen.facts(
        [
            (say("Claim", "Dossier"), prepared.claim),
            (say("Commitment", "Engagement"), prepared.opening.root),
            (say("Transaction", "Transaction"), written.transaction),
            (say("Written", "Écrit"), say("in block", "au bloc") + f" {written.block}"),
        ]
    )


def _wait(session: Session, transaction: Transaction, file: Path) -> Receipt:
    from sceau.chain.errors import TransactionNotMined

    try:
        return session.wait(transaction)
    except TransactionNotMined:
        session.screen.warn(
            say(
                f"The step is kept in {file}. Later: sceau claim send {file}",
                f"L'étape est gardée dans {file}. Plus tard : sceau claim send {file}",
            )
        )
        raise


def _written(session: Session, prepared: PreparedStep) -> WrittenStep | None:
    from sceau.claim.errors import NoSuchClaim
    from sceau.claim.history import read_history

    network = session.network
    try:
        history = read_history(network, prepared.claim, block=network.node.head().number)
    except NoSuchClaim:
        return None
    return next((step for step in history.steps if step.commitment == prepared.opening.root), None)


def _show(session: Session, prepared: PreparedStep, file: Path, receipt: Receipt) -> None:
    if session.screen.as_json:
        session.screen.data({**_data(prepared, file), "transaction": receipt_data(receipt)})
        return
    session.screen.facts(
        [
            (say("Claim", "Dossier"), prepared.claim),
            (say("Commitment", "Engagement"), prepared.opening.root),
            (say("Kept in", "Gardé dans"), file),
            *receipt_facts(receipt),
        ]
    )


def _data(prepared: PreparedStep, file: Path) -> dict[str, Any]:
    return {"claim": prepared.claim, "commitment": prepared.opening.root, "file": str(file)}
