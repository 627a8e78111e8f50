# SPDX-License-Identifier: Apache-2.0
"""What a payer's software does: verifies what it is shown, then authorises, refuses or settles."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from sceau.chain.network import Network
from sceau.chain.signer import Signer
from sceau.claim.decision import AMOUNT, CODES, CURRENCY, FILE_NUMBER, LAST_DAY
from sceau.claim.prepared import PreparedStep
from sceau.claim.steps import STEPS, row_of_code
from sceau.disclosure import Disclosure
from sceau.documents.identifiers import checked_id, is_hash
from sceau.errors import SceauError
from sceau.messages import asked
from sceau.messages.act_codes import ActCodeKey
from sceau.messages.disclosure import KIND as DISCLOSURE
from sceau.messages.disclosure import ReceivedDisclosure
from sceau.messages.mailbox import Mailbox
from sceau.messages.stored import StoredMessage
from sceau.messages.told_mark import KIND as TOLD_MARK
from sceau.messages.told_mark import ToldMark, read_told_mark
from sceau.messages.transport import Transport
from sceau.messages.word import Word
from sceau.policy import load_policy
from sceau.record import SealedRecord, Value, load_profile
from sceau.record.normalise import normalise, reason_code
from sceau.renewal import Beneficiary
from sceau.roles.acting import ActingParty
from sceau.roles.asking import ask
from sceau.roles.deciding import require_payment_within, require_whole_authorisation
from sceau.roles.disclosing import DEFAULT_POLICY
from sceau.roles.errors import DisclosureOfAnotherStep, NotTheAuthorisation, OwnAuthorisationMissing
from sceau.roles.handle import Envelope, Handle
from sceau.roles.issued import IssuedVerdict, ToIssue, find_issued, issue
from sceau.roles.paying import payment_notice
from sceau.roles.policies import keep_policy
from sceau.roles.refusal import Refusal, is_moved, refused_on
from sceau.roles.step_writer import OnceOnly, stored_steps
from sceau.settings import Settings
from sceau.store import AboutClaims, HoldsOfClaims, Kind, Number, Store
from sceau.terms import Step, step_words
from sceau.verify import verify_disclosure
from sceau.verify.act_codes import ActCodes
from sceau.verify.batch import Answer
from sceau.verify.settlement import own_authorisation
from sceau.verify.together import Shown, Together, judge_together, plain
from sceau.verify.verdict import Verdict

_PROFILE = "payer-decision"


T = TypeVar("T")

#: So many disclosures are read at one block.
_TOGETHER = 100

#: How many of its newest verdicts a role can verify again from memory; older ones from the message in its store.
_KEPT = 100

#: What a decision repeats of what was shown, where its own values do not say otherwise. Never the last day: the
#: practice's word on its quote is none on what the payer binds itself to.
_REPEATED: Mapping[Step, tuple[str, ...]] = {
    Step.AUTHORISE: (FILE_NUMBER, AMOUNT, CURRENCY, *CODES),
    Step.REFUSE: (FILE_NUMBER,),
    Step.SETTLE: (FILE_NUMBER, AMOUNT, CURRENCY),
}


class Payer(ActingParty):
    """A payer acting with one of its signing keys.

    ``policies`` is a directory of further policy files, ``renewal_rules`` one of further files of renewal rules; the
    other arguments are as :class:`PartyBase`. A payer that only verifies needs its number alone.
    """

    def __init__(
        self,
        network: Network,
        signer: Signer | Callable[[], Signer] | None = None,
        *,
        party: int | Callable[[], int] | None = None,
        store: Store | None = None,
        mailbox: Mailbox | Callable[[], Mailbox] | None = None,
        queues: bool = False,
        transport: Transport | Callable[[], Transport] | None = None,
        policies: Path | None = None,
        renewal_rules: Path | None = None,
    ) -> None:
        super().__init__(
            network, signer, party=party, store=store, mailbox=mailbox, queues=queues, transport=transport
        )
        self._policies = policies
        self._renewal_rules = renewal_rules
        self._verified: dict[str, Callable[[], Verdict]] = {}

    def _adopt(self, settings: Settings) -> None:
        self._policies = settings.policies

    def _forget(self) -> None:
        # A disclosure that is at hand in memory could be verified, and decided on, again.
        self._verified.clear()

    def verify(
        self,
        disclosure: ReceivedDisclosure | Disclosure,
        *,
        justifications: Iterable[Word] = (),
        act_codes: ActCodes | None = None,
        beneficiary: Beneficiary | None = None,
        authorisation: PreparedStep | None = None,
        clock: Callable[[], float] = time.time,
    ) -> Verdict:
        """The verdict on a disclosure, with every reason, read at one block.

        Where the payer has a store the verdict is stored under its identifier, and a decision may rest on it. Every
        told mark that the store holds for the claim counts, whatever the caller gives, and an invoice is compared with
        the payer's own authorisation of the claim, which is looked up there.

        Args:
            disclosure: what was received, in its sender's envelope or as a bare file.
            justifications: justifications and auditors' rulings, as they were received and are accepted: each closes
                its finding on this claim, unless something was written on the order since. Needs the mailbox.
            act_codes: the act-code keys that the practice sent, with the codes that were authorised: without them an
                order is *declared conform* at most.
            beneficiary: what the payer's own files say of the beneficiary, to judge a renewal's date.
            authorisation: this payer's own authorisation of the claim, where the store was lost.
            clock: gives seconds since 1970 and judges only how old the node's head is.

        Raises:
            NotTheAuthorisation: ``authorisation`` is another step, or of another claim.
            WordNotSigned: a justification or a ruling is not what a signed message to this payer says.
            MailboxMissing: some are given, and the role has no mailbox.
            BandUnknown: the rules have no band of ages of the name in ``beneficiary``.
            PolicyFolderMissing, PolicyBroken, RulesFolderMissing, RulesBroken: a directory given cannot be used.
            HistoryIncomplete: the node hides or invents events.
            NodeUnreachable, NodeRefused, BlockChanged: nothing could be read; no verdict.
        """
        beside: dict[str, Any] = {
            "justifications": tuple(justifications),
            "act_codes": act_codes,
            "beneficiary": beneficiary,
            "authorisation": authorisation,
            "clock": clock,
        }
        judged = self._judge(disclosure, **beside)
        (issued,) = self._issue([judged], [partial(self.verify, disclosure, **beside)])
        return issued

    def verify_each(
        self,
        given: Iterable[T],
        read: Callable[[T], ReceivedDisclosure | Disclosure],
        *,
        clock: Callable[[], float] = time.time,
    ) -> Iterator[Answer[T]]:
        """The answers on many disclosures, in their order, each with the verdict that :meth:`verify` gives alone.

        A hundred at a time are read at one block, and the node is asked for all of them together, in few round trips.
        What cannot be judged does not stop the rest.

        Args:
            given: what names each disclosure, such as its file.
            read: reads the disclosure that it names.
            clock: as :meth:`verify`.

        Raises:
            NodeError, PartyError: the payer's own number cannot be read.
        """
        _ = self.party
        names = iter(given)
        while some := list(islice(names, _TOGETHER)):
            yield from self._answers(self._judge_together(some, read, clock), clock)

    def _judge_together(
        self,
        some: Sequence[T],
        read: Callable[[T], ReceivedDisclosure | Disclosure],
        clock: Callable[[], float],
    ) -> list[Together[T, ToIssue]]:
        """What was found of each; what the store holds about their claims is read once for all."""

        def judge_all(shown: Sequence[Shown]) -> Callable[[Shown], ToIssue]:
            claims = [claim for each in shown for claim in [plain(each).scope.claim] if claim is not None]
            about = None if self._store is None else AboutClaims(self._store, claims)
            return partial(self._judge, about=about, clock=clock)

        return judge_together(self._network, some, read, judge_all, clock)

    def _answers(self, judged: Sequence[Together[T, ToIssue]], clock: Callable[[], float]) -> list[Answer[T]]:
        """The answers, their verdicts issued in one change of the store."""
        found = [each.found for each in judged if each.found is not None]
        shown = [each.shown for each in judged if each.shown is not None and each.found is not None]
        try:
            issued = iter(self._issue(found, [partial(self.verify, each, clock=clock) for each in shown]))
        except SceauError as error:
            return [Answer(each.given, error=each.error or error) for each in judged]
        return [
            Answer(each.given, error=each.error) if each.found is None else Answer(each.given, next(issued))
            for each in judged
        ]

    def _judge(
        self,
        disclosure: ReceivedDisclosure | Disclosure,
        *,
        justifications: tuple[Word, ...] = (),
        act_codes: ActCodes | None = None,
        beneficiary: Beneficiary | None = None,
        authorisation: PreparedStep | None = None,
        about: HoldsOfClaims | None = None,
        clock: Callable[[], float] = time.time,
    ) -> ToIssue:
        """The verdict, not yet issued, as :meth:`verify`; ``about`` holds what the store holds of its claim."""
        shown = plain(disclosure)
        claim = shown.scope.claim or ""
        held = self._store if about is None else about
        told = self._told(claim, held)
        signed = isinstance(disclosure, ReceivedDisclosure)
        verdict = verify_disclosure(
            self._network,
            shown,
            reader=self.party,
            sent=disclosure.sent if isinstance(disclosure, ReceivedDisclosure) else None,
            policies=self._policies,
            renewal_rules=self._renewal_rules,
            justifications=justifications,
            mailbox=self.mailbox if justifications else None,
            act_codes=act_codes,
            beneficiary=beneficiary,
            told=told,
            decisions=self._authorisations(claim, authorisation, held),
            clock=clock,
        )
        return ToIssue(shown, verdict, signed=signed, told=len(told))

    def _issue(self, judged: Sequence[ToIssue], again: Sequence[Callable[[], Verdict]]) -> list[Verdict]:
        """The verdicts under identifiers; each of ``again`` gives one anew."""
        if self._store is not None:
            for id_, version in {by for each in judged for by in [_policy_of(each.verdict)] if by}:
                keep_policy(self._store, load_policy(id_, version, directory=self._policies))
        issued = issue(self._store, self._network, self.party, judged)
        if self._store is not None:
            self._verified.update(zip((each.id for each in issued), again, strict=True))
            while len(self._verified) > _KEPT:
                self._verified.pop(next(iter(self._verified)))
        return issued

    def told(self, claim: str) -> tuple[ToldMark, ...]:
        """The marks that suppliers of replaced orders told this payer of a claim: every such message in its store.

        Raises:
            EnvelopeUnreadable, EnvelopeMalformed, MessageMalformed: the store was edited.
        """
        return self._told(claim, self._store)

    def _told(self, claim: str, held: HoldsOfClaims | None) -> tuple[ToldMark, ...]:
        """As :meth:`told`; ``held`` holds the messages."""
        if held is None:
            return ()
        messages = (
            StoredMessage.from_json(each).as_received(self._network, TOLD_MARK)
            for each in held.of_claim(Kind.MESSAGE, claim.lower())
        )
        return tuple(read_told_mark(message) for message in messages if message is not None)

    def issued(self, verdict: Verdict | str) -> IssuedVerdict:
        """A verdict as this payer issued it, by its identifier. Raises :class:`VerdictUnknown`."""
        return find_issued(self.store, verdict)

    def act_codes(self, keys: Iterable[ActCodeKey], authorisation: PreparedStep | None = None) -> ActCodes:
        """What :meth:`verify` takes of a claim's act codes: the keys received, and the codes that were authorised.

        Args:
            keys: the keys of orders of one claim, as the practice sent them.
            authorisation: this payer's own authorisation of the claim; looked up in the store if not given.

        Raises:
            OwnAuthorisationMissing: it is neither given nor stored.
            NotTheAuthorisation: another step was given, or the authorisation of another claim.
        """
        held = tuple(keys)
        claims = {key.claim for key in held}
        if authorisation is not None and not claims <= {authorisation.claim}:
            raise NotTheAuthorisation
        for claim in claims:
            own = self._authorised(claim, authorisation)
            if own is not None:
                return ActCodes(held, own.values)
        raise OwnAuthorisationMissing

    def _authorisations(
        self, claim: str, given: PreparedStep | None, held: HoldsOfClaims | None
    ) -> Iterator[SealedRecord]:
        """The authorisations of a claim that this payer sealed, ``given`` and stored in ``held``.

        Nothing is read before it is wanted. Raises NotTheAuthorisation at once.
        """
        if given is not None and (given.row.step, given.claim) != (Step.AUTHORISE, claim):
            raise NotTheAuthorisation

        def sealed() -> Iterator[SealedRecord]:
            if given is not None:
                yield given.record
            if held is not None and is_hash(claim):
                yield from (step.record for step in stored_steps(held, claim, Step.AUTHORISE))

        return sealed()

    def _authorised(self, claim: str, given: PreparedStep | None) -> SealedRecord | None:
        """The authorisation that the chain holds, if this payer has its step."""
        held = list(self._authorisations(claim, given, self._store))
        return own_authorisation(self.history(claim), held) if held else None

    def authorise(
        self,
        verdict: Verdict | str,
        *,
        valid_until: date | str | None = None,
        file_number: str | None = None,
        values: Mapping[str, Value] | None = None,
        despite_doubt: bool = False,
        tell: bool | None = None,
    ) -> Handle:
        """Authorises a claim on a verdict of its opening.

        The invoice is compared with what is sealed here, so an authorisation states amount, currency, file number, last
        day and grouped codes. It repeats what was shown of the opening, except the last day.

        Args:
            verdict: a verdict that this payer issued, or its identifier.
            valid_until: last day of the authorisation; needed here or in ``values``.
            file_number: the payer's own number of the claim, in place of one that was shown.
            values: the decision's own values (``payer-decision``), over those repeated from what was shown.
            despite_doubt: continue although the verdict is in doubt.
            tell: also make the practice's envelope (:attr:`Handle.envelope`).

        Raises:
            VerdictError: by the class that says why nothing may be written on this verdict.
            DecisionIncomplete: something that it must state is neither shown nor given; nothing was written.
            LastDayPassed: ``valid_until`` is before the chain's day.
            NumberAlreadyUsed: the file number, shown or decided, serves another claim.
            ContractError: the registry refuses: :class:`ClaimHeadMoved` when anything was written since the verdict.
        """
        issued = self._relied_on(verdict, Step.OPEN)
        issued.require_accepted(despite_doubt=despite_doubt)
        given = {LAST_DAY: valid_until, FILE_NUMBER: file_number}
        decision = self._decision(issued, Step.AUTHORISE, values, given)
        require_whole_authorisation(decision, issued.values, self._today())
        sealed = self._seal_decision(issued, Step.AUTHORISE, decision)
        return self._write(sealed, tell=tell, shown=_file_number(issued))

    def refuse(
        self,
        verdict: Verdict | str,
        *,
        reason: str | None = None,
        values: Mapping[str, Value] | None = None,
        tell: bool | None = None,
    ) -> Handle:
        """Refuses an opened or invoiced claim for ever, whatever the verdict on its content.

        Where something was written on the claim since the verdict, the same disclosure is verified again, and the
        refusal written on the newer verdict, until it stands; also when only its block shows it
        (:meth:`Handle.wait`, :meth:`sync`). The disclosure is the one that this role verified, or the message in its
        store.

        ``reason`` is a code, sealed in the record; the other arguments are as in :meth:`authorise`.

        Raises:
            NoGroundToRefuse: the disclosure gives no ground to refuse a claim of this payer.
            GroundGone: what refused it was corrected meanwhile.
            VerdictError, ContractError: as :meth:`authorise`; :class:`ClaimHeadMoved` only where the disclosure is not
                at hand.
        """
        issued = self._relied_on(verdict, None)
        issued.require_ground()
        given = {"decision.reason": None if reason is None else reason_code(reason)}

        def write(newest: IssuedVerdict) -> Handle:
            decision = self._decision(newest, Step.REFUSE, values, given)
            return self._write(self._seal_decision(newest, Step.REFUSE, decision), tell=tell)

        return Refusal(issued, write, self._verify_again).write()

    def _write_instead(self, step: PreparedStep, reason: str) -> bool:
        """Refuses again, on a newer verdict, where a refusal waited in the outbox while the claim's head moved."""
        if step.row.step is not Step.REFUSE or not is_moved(reason):
            return False
        stored = self.store.of_claim(Kind.VERDICT, step.claim)
        first = refused_on(map(IssuedVerdict.from_json, stored), str(step.argument("head")))
        newer = None if first is None else self._verify_again(first)
        if first is None or newer is None or newer.head == first.head:
            return False
        newer.require_ground()
        newer.require_refusable_still(first)
        values = {**step.record.values, "decision.date": self._today()}
        told = self.store.get(Kind.ENVELOPE, step.record.root) is not None
        self._write(self._seal_decision(newer, Step.REFUSE, values), tell=told)
        return True

    def settle(
        self,
        verdict: Verdict | str,
        *,
        payment_reference: str | None = None,
        payment_date: date | str | None = None,
        values: Mapping[str, Value] | None = None,
        authorisation: PreparedStep | None = None,
        despite_doubt: bool = False,
        tell: bool | None = None,
    ) -> Handle:
        """Settles an invoiced claim on a verdict of its invoice; arguments as :meth:`authorise`.

        What is paid is sealed: never more than was authorised and than was invoiced, in the same currency and on the
        same file number, whatever ``values`` say. ``authorisation`` is the payer's own, where the store was lost;
        without it a claim is settled at the caller's word alone (``despite_doubt``).

        Raises:
            PaymentBeyond: ``values`` go beyond what was authorised or invoiced; nothing was written.
            OwnAuthorisationMissing: the authorisation is neither given nor stored.
            DecisionIncomplete, VerdictError, NumberAlreadyUsed, ContractError: as :meth:`authorise`.
        """
        issued = self._relied_on(verdict, Step.INVOICE)
        issued.require_accepted(despite_doubt=despite_doubt)
        payment = {"payment.reference": payment_reference, "payment.date": payment_date}
        decision = self._decision(issued, Step.SETTLE, values, payment)
        own = self._authorised(issued.claim, authorisation)
        if own is None and not despite_doubt:
            raise OwnAuthorisationMissing
        require_payment_within(decision, {} if own is None else own.values, issued.values)
        sealed = self._seal_decision(issued, Step.SETTLE, decision)
        return self._write(sealed, tell=tell, shown=_file_number(issued))

    def request_information(
        self,
        claim: str,
        paths: Iterable[str],
        *,
        clause: str,
        reason: str,
        step: Step | None = None,
        policy: str = DEFAULT_POLICY,
    ) -> Envelope:
        """Asks the claim's practice to be shown paths of a record, under a clause of a policy.

        What policy and consent do not allow the practice's client refuses by itself, in a signed answer; the rest a
        person there grants, which is a disclosure, or declines. :meth:`information_requests` has the answers.

        Args:
            claim: a claim of this payer.
            paths: what to be shown, 1 to 32 paths.
            clause: the clause under which it is asked for.
            reason: why, one of :data:`sceau.messages.information.REASONS`.
            step: whose record; the invoice's if there is one, otherwise the opening's.
            policy: the policy, of which the version in force counts when the practice receives the request.

        Raises:
            SenderNotNamed: the claim names another payer.
            PathUnknown, AskedPaths, ReasonNotListed: nothing was asked.
        """
        request, envelope = ask(
            self.mailbox,
            self.history(checked_id(claim)),
            paths,
            step=step,
            policy=policy,
            clause=clause,
            reason=reason,
        )
        with self.store.change():
            asked.put(self.store, request)
            return self._posted(envelope)

    def payment_notice(
        self, claim: str, *, day: date | str, reference: str, amount: int | None = None
    ) -> Envelope:
        """The signed notice that this payer paid a claim that it settled, for the practice; one for each claim.

        Nothing is written on the chain.

        Args:
            claim: the claim.
            day: the day of the transfer.
            reference: the payer's own reference of the transfer, as a code; several claims may share it.
            amount: what was transferred for the claim, in cents; what the settlement seals if not given.

        Raises:
            StepNotWritten, NotTheWriter: the claim is not settled, or another payer settled it.
            OwnSettlementMissing: this payer's settlement is not stored.
            PaymentDiffers: the settlement seals another amount.
            PaidAhead, ValueNotCanonical: the day has not come; the reference is not a code.
        """
        history = self.history(checked_id(claim))
        made = payment_notice(
            self.mailbox,
            history,
            self.steps(history.state.claim, Step.SETTLE),
            amount=amount,
            day=day,
            reference=reference,
        )
        return self._posted(made)

    def _relied_on(self, verdict: Verdict | str, disclosed: Step | None) -> IssuedVerdict:
        """The stored verdict that a decision may rest on: this party's, of here, recent, and of the step it needs."""
        issued = self.issued(verdict)
        issued.require_here(self._network, self.party)
        issued.require_recent(self._network.head().timestamp)
        if disclosed is not None:
            issued.require_told(len(self.told(issued.claim)))
        if disclosed is not None and issued.step != STEPS[disclosed].code:
            row = row_of_code(issued.step)
            found = issued.step if row is None else step_words(row.step)
            raise DisclosureOfAnotherStep(found=found, needed=step_words(disclosed))
        return issued

    def _verify_again(self, issued: IssuedVerdict) -> IssuedVerdict | None:
        """A newer verdict on the disclosure of an earlier one, or ``None`` where the disclosure is not at hand."""
        verify = self._verified.get(issued.id)
        if verify is not None:
            return self.issued(verify())
        for stored in self.store.of_claim(Kind.MESSAGE, issued.claim.lower()):
            source = StoredMessage.from_json(stored)
            message = source.as_received(self._network, DISCLOSURE)
            if message is not None and message.body.get("id") == issued.disclosure:
                received = self.read(source, DISCLOSURE)
                if isinstance(received, ReceivedDisclosure):
                    return self.issued(self.verify(received))
        return None

    def _decision(
        self,
        issued: IssuedVerdict,
        step: Step,
        values: Mapping[str, Value] | None,
        given: Mapping[str, date | str | None],
    ) -> dict[str, Value]:
        """What to seal: what was shown, as far as it is repeated; over it ``values``, and ``given`` over both."""
        repeated = {path: issued.values[path] for path in _REPEATED[step] if path in issued.values}
        over = {path: value for path, value in given.items() if value is not None}
        own = normalise(load_profile(_PROFILE), {**(values or {}), **over})
        return {**repeated, "decision.date": self._today(), **own}

    def _seal_decision(self, issued: IssuedVerdict, step: Step, values: Mapping[str, Value]) -> PreparedStep:
        claim = issued.claim
        order_number = self.history(claim).state.order_number
        pending = self._writer.pending(claim, step, order_number, values, head=issued.head)
        if pending is not None:
            return pending
        record = self._seal(_PROFILE, values, claim, step, order_number)
        return PreparedStep(claim, STEPS[step].function, (claim, issued.head, record.root), record)


def _policy_of(verdict: Verdict) -> tuple[str, str] | None:
    """The policy by which a verdict was given, its identifier and version; ``None`` where none was consulted."""
    judged = verdict.judged
    consulted = judged is not None and judged.policy_hash is not None
    return (judged.policy.id, judged.policy.version) if judged is not None and consulted else None


def _file_number(issued: IssuedVerdict) -> OnceOnly | None:
    """The file number that was shown: it serves the claim, whatever the decision's own values say."""
    number = issued.values.get(FILE_NUMBER)
    return None if number is None else OnceOnly(Number.FILE_NUMBER, str(number))
