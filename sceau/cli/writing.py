# SPDX-License-Identifier: Apache-2.0
"""What the commands that write a step have in common: values from files, and where the step stands afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sceau.cli.errors import ValuesOfAnotherProfile
from sceau.cli.exits import Exit
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
    from sceau.chain.following import Receipt
    from sceau.claim.prepared import PreparedStep
    from sceau.errors import NodeError
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
    session: Session, handle: Handle, file: Path | None, *, envelope: Path | None = None, result: Facts = ()
) -> Exit:
    """Waits until a step is in a block, and prints where it stands; the exit code.

    ``file`` keeps the step, ``envelope`` its envelope where one was asked for; ``result`` is printed too.
    """
    from sceau.chain.errors import TransactionUnsettled

    try:
        written = wait(session, handle)
    except TransactionUnsettled:
        kept = say("step-kept-in-store") if file is None else say("step-kept-later-sceau-claim", file=file)
        session.screen.warn(kept)
        raise
    return show(
        session,
        [
            claim_fact(handle.claim),
            fact("commitment", _step(handle).record.root, say("commitment")),
            *_file_facts("file", file, say("kept-in")),
            *([fact("envelope", str(envelope), say("envelope"))] if envelope else []),
            *result,
        ],
        written,
    )


def message_facts(output: Path | None) -> list[Fact]:
    """Where a message is that a command made: in a file, or in the post."""
    if output is not None:
        return [fact("envelope", str(output), say("envelope"))]
    return [fact("envelope", None, say("envelope"), say("queued-for-sync"))]


def _file_facts(key: str, file: Path | None, label: str) -> list[Fact]:
    return [for_programs(key, None)] if file is None else [fact(key, str(file), label)]


def told(envelope: Path | None) -> bool | None:
    """Whether a verb makes the envelope of a step: where it has a file, or by itself where the post carries it."""
    return envelope is not None or None


def require_way(session: Session, output: Path | None) -> None:
    """A message leaves in a file or by the post. Raises :class:`SettingMissing`."""
    if output is None:
        session.settings.require_exchange()
        session.settings.require_store()


class Written(NamedTuple):
    """Where a write is: nowhere yet, ``away`` says why, or in a block.

    ``stood`` says that the chain had it before, so that nothing was sent.
    """

    receipt: Receipt | None
    stood: bool = False
    away: NodeError | None = None


def wait(session: Session, handle: Handle) -> Written:
    """Where a write is, once it is in a block, or queued because no node answers; raises as :meth:`Handle.wait`."""
    from sceau.roles.handle import WriteState

    if handle.away is not None:
        return Written(None, away=handle.away)
    stood = handle.state is WriteState.WRITTEN
    return Written(session.wait(handle), stood)


def show(session: Session, result: Facts, written: Written) -> Exit:
    """Prints a result, and where it is written or that it waits; the exit code."""
    receipt = written.receipt
    if receipt is None:
        session.screen.show(
            [
                *result,
                fact("state", "queued", say("written"), say("queued")),
                for_programs("transaction", None),
            ],
            note=say("queued-sync-sends-it", why=written.away or "-"),
        )
        return Exit.NOT_MINED
    if not written.stood:
        session.screen.show([*result, for_programs("state", "written"), *receipt_facts(receipt)])
        return Exit.OK
    block = say("in-block") + f" {receipt.block_number}"
    session.screen.show(
        [
            *result,
            for_programs("state", "written"),
            for_programs("transaction", None),
            for_people(say("transaction"), receipt.hash),
            fact("block_number", receipt.block_number, say("written"), block),
        ],
        note=say("chain-has-already"),
    )
    return Exit.OK


def difference_facts(handle: Handle) -> list[Fact]:
    """What a delivery or an invoice gives when the chain compares it with its order."""
    from sceau.claim.difference import differing_groups

    step = _step(handle)
    groups = differing_groups(step)
    words = say("conform")
    if groups:
        words = say("differs") + group_names(groups)
    return [
        order_fact(step.order_number),
        fact("differing", group_codes(groups), say("compared"), words),
    ]


def _step(handle: Handle) -> PreparedStep:
    if handle.step is None:
        raise TypeError("the handle is not on a step of a claim")
    return handle.step
