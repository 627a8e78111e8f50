# SPDX-License-Identifier: Apache-2.0
"""What the commands that write a step have in common: values from files, and where the step stands afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sceau.cli.errors import ValuesOfAnotherProfile
from sceau.cli.received import group_codes, group_names
from sceau.cli.result import (
    Fact,
    Facts,
    claim_fact,
    fact,
    for_people,
    for_programs,
    order_fact,
    receipt_facts,
)
from sceau.cli.session import Session
from sceau.cli.words import say

if TYPE_CHECKING:
    from sceau.chain.transaction import Receipt
    from sceau.claim.prepared import PreparedStep
    from sceau.record import Value
    from sceau.roles.handle import Handle


def read_values(session: Session, path: Path, profile: str) -> dict[str, Value]:
    """The values of a file for one profile. Raises :class:`ValuesOfAnotherProfile`, RecordError."""
    from sceau.record.values import RecordValues

    record = session.read(path, RecordValues.from_json)
    if record.profile != profile:
        raise ValuesOfAnotherProfile(path=path, found=record.profile, needed=profile)
    return dict(record.values)


def own_values(session: Session, path: Path | None, profile: str) -> dict[str, Value] | None:
    """The same of an option, ``None`` where it is not given."""
    return None if path is None else read_values(session, path, profile)


def finish(
    session: Session, handle: Handle, file: Path, *, envelope: Path | None = None, result: Facts = ()
) -> None:
    """Waits until a step is in a block, and prints where it stands.

    ``file`` keeps the step, ``envelope`` its envelope where one was asked for; ``result`` is printed too.
    """
    from sceau.roles.handle import WriteState

    stood = handle.state is WriteState.WRITTEN
    receipt = _wait(session, handle, file)
    session.screen.show(
        [
            claim_fact(handle.claim),
            fact("commitment", _step(handle).record.root, say("Commitment", "Engagement")),
            fact("file", str(file), say("Kept in", "Gardé dans")),
            *([fact("envelope", str(envelope), say("Envelope", "Enveloppe"))] if envelope else []),
            *result,
            *(_standing(receipt) if stood else receipt_facts(receipt)),
        ],
        note=say("The chain has it already.", "La chaîne l'a déjà.") if stood else "",
    )


def difference_facts(handle: Handle) -> list[Fact]:
    """What a delivery or an invoice gives when the chain compares it with its order."""
    from sceau.claim.difference import differing_groups

    step = _step(handle)
    groups = differing_groups(step)
    words = say("conform", "conforme")
    if groups:
        words = say("differs in: ", "diffère en : ") + group_names(groups)
    return [
        order_fact(step.order_number),
        fact("differing", group_codes(groups), say("Compared", "Comparée"), words),
    ]


def _step(handle: Handle) -> PreparedStep:
    if handle.step is None:
        raise TypeError("the handle is not on a step of a claim")
    return handle.step


def _standing(receipt: Receipt) -> list[Fact]:
    """A step that the chain had before: nothing was sent."""
    return [
        for_programs("transaction", None),
        for_people(say("Transaction", "Transaction"), receipt.hash),
        fact(
            "block_number",
            receipt.block_number,
            say("Written", "Écrit"),
            say("in block", "au bloc") + f" {receipt.block_number}",
        ),
    ]


def _wait(session: Session, handle: Handle, file: Path) -> Receipt:
    from sceau.chain.errors import TransactionNotMined, TransactionReplaced

    try:
        return session.wait(handle)
    except (TransactionNotMined, TransactionReplaced):
        session.screen.warn(
            say(
                f"The step is kept in {file}. Later: sceau claim send {file}",
                f"L'étape est gardée dans {file}. Plus tard : sceau claim send {file}",
            )
        )
        raise
