# SPDX-License-Identifier: Apache-2.0
"""Where a stored write stands now: for a program that asks again later, with no handle in its hands."""

from __future__ import annotations

from dataclasses import dataclass

from sceau.chain.following import Receipt
from sceau.errors import SceauError
from sceau.roles.handle import WriteState
from sceau.roles.queue import refusal_of
from sceau.store.entry import Entry, EntryState


@dataclass(frozen=True)
class Standing:
    """The state of a write; its transaction's hash, empty while there is none; its block; why it was refused."""

    state: WriteState
    hash: str = ""
    block: int | None = None
    refusal: SceauError | None = None


def of_entry(entry: Entry) -> Standing:
    """Of an entry of the outbox that is in no block."""
    signed = "" if entry.signed is None else entry.signed.hash
    if entry.state is EntryState.STOPPED:
        return Standing(WriteState.REFUSED, signed, refusal=refusal_of(entry))
    return Standing(WriteState.SENT if signed else WriteState.QUEUED, signed)


def of_receipt(receipt: Receipt) -> Standing:
    """Of what is in a block."""
    return Standing(WriteState.WRITTEN, receipt.hash, receipt.block_number)
