# SPDX-License-Identifier: Apache-2.0
"""A practice, as far as disclosures go: it shows a payer what a policy, and where it is needed a consent, allows.

Where no node answers, or while the step that is shown still waits in the outbox, what is wanted is stored as an
*intention* (:mod:`sceau.messages.intended`). A later ``sync`` makes the disclosure as if it were asked for then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from pathlib import Path

from sceau.chain.network import Network
from sceau.chain.node import Block
from sceau.chain.registries.claims import NO_CONSENT
from sceau.chain.registries.consents import Status, consent_standing
from sceau.chain.registries.errors import NoSuchClaim
from sceau.chain.signer import Signer
from sceau.claim.prepared import PreparedStep
from sceau.consent.signing import SignedConsent
from sceau.consent.typed_data import consent_id
from sceau.disclosure import Disclosure, GivenConsent, build_disclosure
from sceau.disclosure.errors import ConsentNotInForce
from sceau.documents.identifiers import checked_id
from sceau.errors import NodeError, SceauError, Sentence, StoreError
from sceau.messages.disclosure import KIND, disclosure_envelope
from sceau.messages.envelope import Draft
from sceau.messages.errors import NothingToRebuild
from sceau.messages.intended import Intention, drop_of_step, intentions, made, stop, want
from sceau.messages.kinds import KINDS
from sceau.messages.mailbox import Mailbox
from sceau.messages.outgoing import about_shown
from sceau.messages.readers import require_named, require_payer, subject_of
from sceau.messages.transport import Transport
from sceau.policy import Policy, load_policy
from sceau.record import SealedRecord
from sceau.roles.errors import DisclosureQueued, NoStepToShow, RequestMissing
from sceau.roles.handle import Envelope
from sceau.roles.ordering import OrderingParty
from sceau.roles.policies import keep_policy
from sceau.roles.posting import Problem
from sceau.roles.queue import STEP
from sceau.settings import Settings
from sceau.store import Kind, LocalStore, Store
from sceau.store.entry import UNFINISHED
from sceau.terms import Step

#: The policy of a disclosure, unless another is named.
DEFAULT_POLICY = "fr-responsible-contract"


class DisclosingParty(OrderingParty):
    """A practice, as far as disclosures go.

    ``policies`` is a directory of further policy files; the other arguments are as :class:`PartyBase`.
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
    ) -> None:
        super().__init__(
            network, signer, party=party, store=store, mailbox=mailbox, queues=queues, transport=transport
        )
        self._policies = policies

    def _adopt(self, settings: Settings) -> None:
        self._policies = settings.policies

    def disclose(
        self,
        record: SealedRecord,
        paths: Iterable[str] | None = None,
        *,
        payer: int,
        clause: str,
        policy: Policy | str = DEFAULT_POLICY,
        consent: GivenConsent | None = None,
        later: bool = False,
    ) -> Disclosure:
        """A disclosure of ``paths`` to a payer, or of all that the clause allows; dated by the chain's head.

        ``policy`` may be a policy's name, for the version in force today, or ``name/version``.

        ``later``: where the party has an outbox and a transport, and its store holds the record's step, what cannot be
        made now waits: no node answers, or the step is not written yet. :meth:`sync` makes it and sends it once the
        step stands on the chain, if policy and consent, as they are then, allow these very paths.

        Raises:
            DisclosureQueued: it waits; nothing else is to be done.
            PolicyUnknown, NoPolicyInForce, PolicyFolderMissing, PolicyBroken: the named policy cannot be used.
            ReaderNotNamed: ``payer`` is not the payer that the record's claim names; nothing was built.
            SubjectUnclear, NoSuchClaim: the record belongs to no claim, or to none that the chain holds.
            PathNotAllowed: the policy does not allow a path.
            RequestMissing: it would wait, and the store does not hold the request of the consent.
            DisclosureError: the policy does not apply, nothing may be shown, or a consent is missing, ended
                or too narrow.
        """
        paths = None if paths is None else tuple(paths)
        step = self._step_of(record) if later else None
        why: NodeError | Sentence = Sentence("disclosure.step-waits")
        if step is None or not self._waits(step.record.root):
            try:
                return self._disclosed(record, paths, payer, clause, policy, consent)
            except NodeError as error:
                if step is None:
                    raise
                why = error
        self._intend(step, record, paths, payer, clause, policy, consent)
        raise DisclosureQueued(why=why)

    def disclosure_envelope(self, disclosure: Disclosure) -> Envelope:
        """The envelope of a disclosure, for the payer that it names; it is made when the disclosure is.

        Raises:
            DisclosureOfAnotherTime: the disclosure was made earlier. Make another one.
            ReaderNotNamed: it names another payer than its claim does.
        """
        text = disclosure_envelope(self.mailbox, disclosure)
        return self._posted(Envelope(disclosure.recipient, text))

    def show(
        self,
        claim: str,
        *,
        clause: str,
        step: PreparedStep | None = None,
        paths: Iterable[str] | None = None,
        policy: Policy | str = DEFAULT_POLICY,
    ) -> Envelope:
        """Discloses a step of a claim to the claim's payer, in its envelope, under the claim's own consent.

        Args:
            claim: the claim.
            clause: the policy's clause; the claim's consent is relied on where it needs one.
            step: the step whose record is shown; if not given, the newest stored one of opening and invoice.
            paths, policy: as in :meth:`disclose`.

        Raises:
            NoStepToShow: neither an opening nor an invoice of the claim is stored.
            DisclosureQueued: it waits, as in :meth:`disclose` with ``later``.
            as :meth:`disclose` and :meth:`disclosure_envelope`.
        """
        return self.disclosure_envelope(
            self.shown(claim, clause=clause, step=step, paths=paths, policy=policy, later=True)
        )

    def shown(
        self,
        claim: str,
        *,
        clause: str,
        step: PreparedStep | None = None,
        paths: Iterable[str] | None = None,
        policy: Policy | str = DEFAULT_POLICY,
        payer: int | None = None,
        later: bool = False,
    ) -> Disclosure:
        """The disclosure that :meth:`show` puts into an envelope; ``payer`` is the claim's if not given.

        ``later`` is as in :meth:`disclose`. Raises as :meth:`show`.
        """
        claim = checked_id(claim)
        return self.disclose(
            (step or self._newest_shown(claim)).record,
            paths,
            payer=payer or self._payer_of(claim),
            clause=clause,
            policy=policy,
            consent=self._consent_of(claim),
            later=later,
        )

    def _newest_shown(self, claim: str) -> PreparedStep:
        shown = self.steps(claim, Step.OPEN, Step.INVOICE)
        if not shown:
            raise NoStepToShow(claim=claim)
        return shown[-1]

    def _payer_of(self, claim: str) -> int:
        """The payer that a claim's stored opening names; where it is not stored, as the chain says."""
        named = self._payer_named(claim)
        return self.history(claim).state.payer if named is None else named

    def _payer_named(self, claim: str) -> int | None:
        opened = next(iter(self.steps(claim, Step.OPEN)), None)
        return None if opened is None else int(str(opened.argument("number")))

    def _consent_of(self, claim: str) -> GivenConsent | None:
        """The consent under which a claim was opened, as it is stored."""
        opened = next(iter(self.steps(claim, Step.OPEN)), None)
        consent = NO_CONSENT if opened is None else str(opened.argument("consent"))
        stored = self.store.get(Kind.SIGNED_CONSENT, consent)
        return None if stored is None else self.given_consent(SignedConsent.from_json(stored))

    def _disclosed(
        self,
        record: SealedRecord,
        paths: Iterable[str] | None,
        payer: int,
        clause: str,
        policy: Policy | str,
        consent: GivenConsent | None,
    ) -> Disclosure:
        """A disclosure as the chain stands now."""
        policy = self._policy(policy)
        # Before anything is built: what is made out to another insurer cannot be called back.
        require_named(
            self._network, KIND, KINDS[KIND].readers, subject_of({}, {"record": record.scope.text()}), payer
        )
        head = self._network.head()
        built = self._built(record, paths, payer, clause, policy, consent, head.timestamp)
        if built.consent is not None:
            self._require_valid(built.consent.commitment, built.consent.key, head)
        if self._store is not None:
            keep_policy(self._store, policy)
        return built

    def _require_valid(self, commitment: str, key: str, head: Block) -> None:
        """Raises :class:`ConsentNotInForce` unless a consent is valid at a block."""
        state = consent_standing(self._network, consent_id(commitment, key), head)
        if state.status is not Status.VALID:
            raise ConsentNotInForce(state=state.sentence)

    def _built(
        self,
        record: SealedRecord,
        paths: Iterable[str] | None,
        payer: int,
        clause: str,
        policy: Policy,
        consent: GivenConsent | None,
        made_at: int,
    ) -> Disclosure:
        return build_disclosure(
            record,
            paths,
            sender=self.party,
            recipient=payer,
            policy=policy,
            clause=clause,
            consent=consent,
            made_at=datetime.fromtimestamp(made_at, timezone.utc),
            policies=self._policies,
        )

    def _policy(self, policy: Policy | str) -> Policy:
        if not isinstance(policy, str):
            return policy
        name, _, version = policy.partition("/")
        return load_policy(name, version or None, directory=self._policies)

    def _rebuild(self, disclosure: Disclosure) -> Disclosure:
        """The same disclosure, made now. Raises as :meth:`disclose`, and :class:`NothingToRebuild`."""
        relied_on = disclosure.consent
        return self._disclosed(
            self._record(disclosure.scope.claim or "", disclosure.root),
            disclosure.paths,
            disclosure.recipient,
            disclosure.policy.clause,
            disclosure.policy.id,
            None if relied_on is None else self._given(relied_on.commitment, relied_on.key),
        )

    def _record(self, claim: str, root: str) -> SealedRecord:
        """A record of a stored step, by its commitment. Raises :class:`NothingToRebuild`."""
        for step in self.steps(claim):
            for record in _records(step):
                if record.root == root:
                    return record
        raise NothingToRebuild

    def _given(self, commitment: str, key: str) -> GivenConsent:
        """A consent by its request, as it is stored. Raises :class:`NothingToRebuild`."""
        try:
            return GivenConsent(self._request(commitment).record, key)
        except RequestMissing:
            raise NothingToRebuild from None

    # What waits

    def _step_of(self, record: SealedRecord) -> PreparedStep | None:
        """The stored step that seals a record, where a disclosure of it can wait."""
        if self._queue is None or self._transport is None or record.scope.claim is None:
            return None
        steps = self.steps(record.scope.claim)
        return next(
            (step for step in steps if any(each.root == record.root for each in _records(step))), None
        )

    def _waits(self, step: str) -> bool:
        """Whether a step is in the outbox, and in no block."""
        entry = None if self._queue is None else self._queue.outbox.find(f"{STEP}:{step}")
        return entry is not None and entry.state in UNFINISHED

    def _intend(
        self,
        step: PreparedStep,
        record: SealedRecord,
        paths: Iterable[str] | None,
        payer: int,
        clause: str,
        policy: Policy | str,
        consent: GivenConsent | None,
    ) -> None:
        """Stores what is wanted. What can be known of it without a node is looked at now: nothing of that is kept."""
        named = self._payer_named(step.claim)
        if named is not None:
            require_payer(KIND, step.claim, named, payer)
        now = self._now()
        built = self._built(record, paths, payer, clause, self._policy(policy), consent, now)
        relied_on = built.consent
        if relied_on is not None:
            self._request(relied_on.commitment)
            followed = self._index.consent(consent_id(relied_on.commitment, relied_on.key))
            if followed is not None and followed.ended:
                raise ConsentNotInForce(state=followed.sentence)
        want(
            self.store,
            Intention(
                about=about_shown(built),
                claim=step.claim,
                step=step.record.root,
                root=record.root,
                payer=payer,
                policy=policy if isinstance(policy, str) else policy.key,
                clause=clause,
                paths=tuple(built.paths),
                consent=None
                if relied_on is None
                else {"commitment": relied_on.commitment, "signer": relied_on.key},
                wanted_at=now,
            ),
        )

    def _fulfil(self) -> list[Problem]:
        """Makes what was wanted of steps that stand on the chain now; says what stopped."""
        problems: list[Problem] = []
        for each in intentions(self.store) if isinstance(self.store, LocalStore) else ():
            if each.reason is not None or self._waits(each.step):
                continue
            try:
                stopped = self._fulfilled(each)
            except NodeError as error:
                problems.append(Problem(error.code, error, each.payer, str(each.id)))
                # Away, or only unable to show this one claim?
                try:
                    self._network.head()
                except NodeError:
                    break
            else:
                problems += [] if stopped is None else [stopped]
        return problems

    def _fulfilled(self, intention: Intention) -> Problem | None:
        """Queues a disclosure that was wanted, if its step stands; what stopped. Raises NodeError, StoreError."""
        if self.store.get(Kind.STEP, intention.step) is None:
            drop_of_step(self.store, intention.claim, intention.step)
            return None
        try:
            if all(step.commitment != intention.step for step in self.history(intention.claim).steps):
                return None
        except NoSuchClaim:
            return None
        relied_on = intention.consent
        try:
            built = self._disclosed(
                self._record(intention.claim, intention.root),
                intention.paths,
                intention.payer,
                intention.clause,
                intention.policy,
                None if relied_on is None else self._given(relied_on["commitment"], relied_on["signer"]),
            )
        except (NodeError, StoreError):
            raise
        except SceauError as error:
            from sceau.store.sending import reason_of

            if not stop(self.store, intention, reason_of(error)):
                return None
            return Problem(error.code, error, intention.payer, str(intention.id))
        draft = Draft.of(KIND, intention.payer, {"id": built.id}, attached=built.to_json())
        made(self.store, intention, draft)
        return None


def _records(step: PreparedStep) -> tuple[SealedRecord, ...]:
    return (step.record, *step.inner.values())
