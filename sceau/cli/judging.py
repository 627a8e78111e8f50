# SPDX-License-Identifier: Apache-2.0
"""A payer's verdict on a received disclosure, with all that it holds beside it; for every command that needs one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from sceau.cli.errors import (
    AuthorisationNeeded,
    NoGroundToRefuse,
    ValuesOfAnotherProfile,
    VerdictInDoubt,
    VerdictOfStaleNode,
    VerdictRefused,
)
from sceau.cli.mail import Mail
from sceau.cli.options import file_word
from sceau.cli.session import Session
from sceau.cli.words import say
from sceau.errors import Sentence

if TYPE_CHECKING:
    from sceau.disclosure import Disclosure
    from sceau.record import SealedRecord
    from sceau.verify.act_codes import ActCodes
    from sceau.verify.verdict import Finding, Verdict


@dataclass(frozen=True)
class Held:
    """Files that a payer holds beside a disclosure."""

    justifications: tuple[Path, ...] = ()
    act_codes: tuple[Path, ...] = ()
    authorisation: Path | None = None
    beneficiary: Path | None = None

    @classmethod
    def of(
        cls,
        justification: list[Path] | None = None,
        act_codes: list[Path] | None = None,
        authorisation: Path | None = None,
        beneficiary: Path | None = None,
    ) -> Held:
        """What the options of a command name."""
        return cls(tuple(justification or ()), tuple(act_codes or ()), authorisation, beneficiary)


@dataclass(frozen=True)
class Judged:
    """A disclosure and its verdict; ``signed`` says whether it came in its sender's envelope."""

    disclosure: Disclosure
    verdict: Verdict
    signed: bool

    @property
    def claim(self) -> str:
        """The claim that was judged."""
        return self.verdict.claim

    @property
    def head(self) -> str:
        """The claim's head at the verdict; empty where nothing could be read of the claim."""
        return self.verdict.head or ""

    def require_accepted(self, *, despite_doubt: bool = False) -> None:
        """Raises :class:`VerdictRefused` or :class:`VerdictInDoubt`, with the reasons, unless accepted."""
        from sceau.verify.verdict import Outcome

        reasons = _sentences(self.verdict.reasons)
        if any(finding.code == "stale-node" for finding in self.verdict.findings):
            raise VerdictOfStaleNode(reasons=reasons)
        if self.verdict.outcome is Outcome.REFUSED:
            raise VerdictRefused(reasons=reasons)
        if self.verdict.outcome is Outcome.IN_DOUBT and not despite_doubt:
            raise VerdictInDoubt(reasons=reasons)

    def require_ground(self) -> None:
        """Raises :class:`NoGroundToRefuse` unless the disclosure is about a claim of the reader's, by its practice.

        A file without an envelope could come from anybody: what does not fit the chain then says nothing of the claim.
        """
        against = [
            finding
            for finding in self.verdict.reasons
            if not finding.ground or (not self.signed and finding.code == "not-sealed")
        ]
        if any(finding.code == "stale-node" for finding in against):
            raise VerdictOfStaleNode(reasons=_sentences(against))
        if against:
            raise NoGroundToRefuse(reasons=_sentences(against))


def judge(session: Session, mail: Mail, path: Path, held: Held, *, keep: Path | None = None) -> Judged:
    """The verdict on the disclosure in a file, plain or in an envelope, by the party of the session's key.

    Raises:
        EnvelopeError, MessageRefused, FileMalformed: a file is not what it should be.
        HistoryIncomplete, NodeUnreachable…: nothing could be read; no verdict.
    """
    disclosure, signed = mail.take_disclosure(path, keep=keep)
    return Judged(disclosure, verdict_on(session, mail, disclosure, held, reader=mail.party), signed)


def verdict_on(session: Session, mail: Mail, disclosure: Disclosure, held: Held, *, reader: int) -> Verdict:
    """The verdict of a party on a disclosure that was read."""
    # Not at the top: it would load sceau.record, and with it eth_abi, for every page of help.
    from sceau.messages.justification import KIND, justification_of
    from sceau.renewal.beneficiary import read_beneficiary
    from sceau.verify import verify_disclosure

    words = [justification_of(mail.take(path, KIND)) for path in held.justifications]
    act_codes = _act_codes(session, mail, held)
    own = held.beneficiary
    beneficiary = None if own is None else session.read(own, read_beneficiary)
    with session.screen.working(say("Verifying…", "Vérification…")):
        return verify_disclosure(
            session.network,
            disclosure,
            reader=reader,
            policies=session.settings.policies,
            justifications=words,
            act_codes=act_codes,
            beneficiary=beneficiary,
        )


def _act_codes(session: Session, mail: Mail, held: Held) -> ActCodes | None:
    from sceau.messages.act_codes import KIND, act_code_key_of
    from sceau.verify.act_codes import ActCodes

    if not held.act_codes:
        return None
    if held.authorisation is None:
        raise AuthorisationNeeded
    keys = tuple(act_code_key_of(session.network, mail.take(path, KIND)) for path in held.act_codes)
    authorised = session.read(held.authorisation, _opening)
    if authorised.scope.profile != "payer-decision":
        raise ValuesOfAnotherProfile(
            path=held.authorisation, found=authorised.scope.profile_key, needed="payer-decision/1"
        )
    return ActCodes(keys, authorised.values)


def _opening(data: bytes) -> SealedRecord:
    from sceau.claim.prepared import PreparedStep

    return PreparedStep.from_json(data).record


def _sentences(findings: Iterable[Finding]) -> Sentence:
    """All findings in one line."""
    found = [finding.sentence for finding in findings]
    return Sentence("reasons", " ".join(each.en for each in found), " ".join(each.fr for each in found))


def justification_option() -> Any:
    """``--justification FILE``."""
    text = say(
        "A justification that you accept (kept by sceau envelope open); repeat it for several.",
        "Une justification que vous acceptez (gardée par sceau envelope open) ; à répéter.",
    )
    return typer.Option("--justification", metavar=file_word(), help=text)


def act_codes_option() -> Any:
    """``--act-codes FILE``."""
    text = say(
        "The act-code key of an order, with --authorisation; repeat it for several orders.",
        "La clé des codes actes d'une commande, avec --authorisation ; à répéter.",
    )
    return typer.Option("--act-codes", metavar=file_word(), help=text)


def authorisation_option() -> Any:
    """``--authorisation FILE``: the payer's own."""
    text = say(
        "The file that keeps your authorisation: the codes you authorised.",
        "Le fichier qui garde votre prise en charge : les codes que vous avez accordés.",
    )
    return typer.Option("--authorisation", metavar=file_word(), help=text)


def beneficiary_option() -> Any:
    """``--beneficiary FILE``."""
    text = say(
        "What your own files say of the beneficiary, to judge a renewal's date.",
        "Ce que vos dossiers disent du bénéficiaire, pour juger la date d'un renouvellement.",
    )
    return typer.Option("--beneficiary", metavar=file_word(), help=text)


def keep_option() -> Any:
    """``--keep FILE``: where to keep what an envelope holds."""
    text = say("Where to keep what an envelope holds.", "Où garder ce que contient une enveloppe.")
    return typer.Option("--keep", metavar=file_word(), help=text)
