# SPDX-License-Identifier: Apache-2.0
"""A payer's verdict on a disclosure in a file, with all that it holds beside it; for every command that needs one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sceau.cli.reading import Reading, reading
from sceau.cli.session import Session
from sceau.cli.words import say

if TYPE_CHECKING:
    from sceau.claim.prepared import PreparedStep
    from sceau.cli.file_store import FileStore, RunStore
    from sceau.disclosure import Disclosure
    from sceau.messages.disclosure import ReceivedDisclosure
    from sceau.messages.word import Word
    from sceau.roles.issued import IssuedVerdict
    from sceau.roles.payer import Payer
    from sceau.verify.verdict import Verdict

_VERDICT = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Beside:
    """Files that a payer holds beside a disclosure; ``keep`` is where what its envelope holds goes."""

    justifications: tuple[Path, ...] = ()
    act_codes: tuple[Path, ...] = ()
    authorisation: Path | None = None
    beneficiary: Path | None = None
    keep: Path | None = None


def beside(
    justification: list[Path] | None = None,
    act_codes: list[Path] | None = None,
    authorisation: Path | None = None,
    beneficiary: Path | None = None,
    keep: Path | None = None,
) -> Beside:
    """What the options of a command name."""
    return Beside(tuple(justification or ()), tuple(act_codes or ()), authorisation, beneficiary, keep)


@contextmanager
def relied_on(
    session: Session, payer: Payer, store: FileStore | RunStore, disclosure: str, held: Beside
) -> Iterator[IssuedVerdict]:
    """The verdict that a decision rests on: on a disclosure that is judged now, or one that was given before."""
    if _VERDICT.fullmatch(disclosure) and not Path(disclosure).exists():
        if any(astuple(held)):
            raise typer.BadParameter(say("verdict-stands-given-what-belongs"))
        yield payer.issued(disclosure)
        return
    with reading(session, payer, store) as messages:
        shown = messages.disclosure(Path(disclosure), keep=held.keep)
        yield payer.issued(judge(session, messages, payer, shown, held))


def judge(
    session: Session,
    messages: Reading,
    payer: Payer,
    disclosure: ReceivedDisclosure | Disclosure,
    held: Beside,
) -> Verdict:
    """The verdict of a payer on a disclosure that was read.

    Raises:
        EnvelopeError, MessageRefused, FileMalformed: a file is not what it should be.
        HistoryIncomplete, NodeUnreachable…: nothing could be read; no verdict.
    """
    # Not at the top: it would load sceau.record, and with it eth_abi, for every page of help.
    from sceau.messages.act_codes import ActCodeKey
    from sceau.renewal.beneficiary import read_beneficiary
    from sceau.roles.errors import NotTheAuthorisation

    words = [_word(session, messages, path) for path in held.justifications]
    keys = [messages.take(path, ActCodeKey) for path in held.act_codes]
    authorisation = own_authorisation(session, held)
    file = held.beneficiary
    beneficiary = None if file is None else session.read(file, read_beneficiary)
    with session.in_file(held.authorisation or Path(), NotTheAuthorisation):
        act_codes = payer.act_codes(keys, authorisation) if keys else None
        with session.screen.working(say("verifying")):
            return payer.verify(
                disclosure,
                justifications=words,
                act_codes=act_codes,
                beneficiary=beneficiary,
                authorisation=authorisation,
            )


def own_authorisation(session: Session, held: Beside) -> PreparedStep | None:
    """The payer's own authorisation, where its file is named."""
    from sceau.claim.prepared import PreparedStep

    return None if held.authorisation is None else session.read(held.authorisation, PreparedStep.from_json)


def _word(session: Session, messages: Reading, path: Path) -> Word:
    """The justification, or the ruling, in a file."""
    from sceau.messages import justification, ruling
    from sceau.messages.errors import EnvelopeOfAnotherKind
    from sceau.messages.justification import Justification
    from sceau.messages.ruling import AuditRuling

    received = messages.any(path, justification.KIND, ruling.KIND)[1]
    if not isinstance(received, Justification | AuditRuling):
        with session.in_file(path):
            raise EnvelopeOfAnotherKind(expected=justification.KIND)
    return received
