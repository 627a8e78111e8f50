# SPDX-License-Identifier: Apache-2.0
"""Sending a sealed step of a claim: kept in a file first, then written on the chain, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sceau.cli.consent_view import Facts, receipt_data, receipt_facts
from sceau.cli.session import Session
from sceau.cli.words import say
from sceau.documents.errors import FileExists, FileNotWritten
from sceau.documents.files import save, save_json

if TYPE_CHECKING:
    from sceau.chain.transaction import Receipt, Transaction
    from sceau.claim.history import WrittenStep
    from sceau.claim.prepared import PreparedStep


@dataclass(frozen=True)
class Result:
    """What a command says of a step beside where it stands on the chain, in words and as JSON values."""

    facts: Facts = field(default_factory=list)
    data: Mapping[str, Any] = field(default_factory=dict)


def keep_and_send(
    session: Session,
    prepared: PreparedStep,
    file: Path,
    *,
    force: bool = False,
    envelope: tuple[Path, str] | None = None,
    result: Result | None = None,
) -> None:
    """Writes a step to its file, then sends it, waits and prints; after a refusal the file is gone again.

    Raises as :func:`sceau.chain.transaction.send`. The file stays whenever the step may have reached the chain.
    ``envelope`` is a file and the step's envelope, which is written and goes with it; ``result`` is printed too.
    """
    save_json(file, prepared.to_json(), force=force)
    written = [file]
    try:
        if envelope is not None:
            save(envelope[0], (envelope[1] + "\n").encode())
            written.append(envelope[0])
        receipt = _wait(session, prepared.send(session.network, session.signer), file)
    except not_written():
        for path in written:
            path.unlink()
        raise
    result = result or Result()
    if envelope is not None:
        facts = [(say("Envelope", "Enveloppe"), envelope[0]), *result.facts]
        result = Result(facts, {**result.data, "envelope": str(envelope[0])})
    _show(session, prepared, file, receipt, result)


def not_written() -> tuple[type[Exception], ...]:
    """The errors after which it is sure that the chain holds nothing of a step."""
    from sceau.chain.contract_errors import ContractError
    from sceau.chain.errors import SenderHasNoFunds, TransactionReverted

    return (ContractError, SenderHasNoFunds, TransactionReverted, FileNotWritten, FileExists)


def send_again(session: Session, prepared: PreparedStep, file: Path) -> None:
    """Sends a step that was kept before, unless the chain has it already; then prints where it stands."""
    written = _written(session, prepared)
    if written is None:
        transaction = prepared.send(session.network, session.signer)
        _show(session, prepared, file, _wait(session, transaction, file), Result())
        return
    if session.screen.as_json:
        session.screen.data({**_data(prepared, file), "transaction": None, "block_number": written.block})
        return
    session.screen.note(say("The chain has it already.", "La chaîne l'a déjà."))
    session.screen.facts(
        [
            (say("Claim", "Dossier"), prepared.claim),
            (say("Commitment", "Engagement"), prepared.record.root),
            (say("Transaction", "Transaction"), written.transaction),
            (say("Written", "Écrit"), say("in block", "au bloc") + f" {written.block}"),
        ]
    )


def _wait(session: Session, transaction: Transaction, file: Path) -> Receipt:
    from sceau.chain.errors import TransactionNotMined, TransactionReplaced

    try:
        return session.wait(transaction)
    except (TransactionNotMined, TransactionReplaced):
        session.screen.warn(
            say(
                f"The step is kept in {file}. Later: sceau claim send {file}",
                f"L'étape est gardée dans {file}. Plus tard : sceau claim send {file}",
            )
        )
        raise


def _written(session: Session, prepared: PreparedStep) -> WrittenStep | None:
    from sceau.chain.registries.errors import NoSuchClaim
    from sceau.claim.history import read_history

    network = session.network
    try:
        history = read_history(network, prepared.claim, block=network.node.head().number)
    except NoSuchClaim:
        return None
    return next((step for step in history.steps if step.commitment == prepared.record.root), None)


def _show(session: Session, prepared: PreparedStep, file: Path, receipt: Receipt, result: Result) -> None:
    if session.screen.as_json:
        session.screen.data({**_data(prepared, file), **result.data, "transaction": receipt_data(receipt)})
        return
    session.screen.facts(
        [
            (say("Claim", "Dossier"), prepared.claim),
            (say("Commitment", "Engagement"), prepared.record.root),
            (say("Kept in", "Gardé dans"), file),
            *result.facts,
            *receipt_facts(receipt),
        ]
    )


def _data(prepared: PreparedStep, file: Path) -> dict[str, Any]:
    return {"claim": prepared.claim, "commitment": prepared.record.root, "file": str(file)}
