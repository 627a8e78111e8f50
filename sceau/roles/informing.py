# SPDX-License-Identifier: Apache-2.0
"""A practice, as far as it is asked for information: policy and consent refuse by themselves, a person grants the rest.

What may not be shown is refused when a request is received, before a person sees it, in a signed answer that names the
paths and the version of the policy. What may be shown waits for a person, who discloses or declines it.
"""

from __future__ import annotations

from dataclasses import replace

from sceau.chain.node import Block
from sceau.disclosure import PolicyReference
from sceau.disclosure.errors import ConsentNotInForce
from sceau.errors import PolicyError
from sceau.messages import asked
from sceau.messages.asked import Answered, AskedInformation
from sceau.messages.disclosure import disclosure_envelope
from sceau.messages.envelope import EnvelopeText, Message
from sceau.messages.errors import RequestAnswered, RequestNumberUsed
from sceau.messages.information import (
    DECLINED,
    GRANTED,
    REFUSED,
    REQUEST,
    InformationRequest,
    answer_envelope,
)
from sceau.messages.kinds import Received
from sceau.policy import Policy
from sceau.policy.errors import ClauseUnknown, NoPolicyInForce, PolicyUnknown
from sceau.record.errors import PathNotInRecord, PathUnknown
from sceau.record.normalise import reason_code
from sceau.roles.disclosing import DisclosingParty
from sceau.roles.errors import DisclosureQueued, NoStepToShow, NotAsked
from sceau.roles.handle import Envelope
from sceau.roles.policies import keep_policy
from sceau.store import Kind


class InformingParty(DisclosingParty):
    """A practice that is asked for information; arguments as :class:`DisclosingParty`."""

    _BY_ITSELF = (*DisclosingParty._BY_ITSELF, REQUEST)

    def check_information(self, request: InformationRequest) -> Envelope | None:
        """Refuses what policy and consent, as they are now, do not allow of a request; ``None`` if they allow it all.

        :meth:`sync` does it with every request that comes. A path that is allowed waits for a person, whether the
        record has a value there or not. The same request is given the same answer again.

        Raises:
            NotAsked: another party was asked.
            RequestNumberUsed: the payer asked for something else under the same number before.
            PolicyFolderMissing, PolicyBroken, NodeError: nothing was answered.
        """
        found = self._found(request)
        if found is None:
            return self._first_checked(request)[1]
        refused = found.answered(REFUSED)
        if refused is None:
            return None
        text = answer_envelope(self.mailbox, found.request, REFUSED, refused.why, refused.policy)
        return self._posted(Envelope(request.payer, text))

    def grant_information(self, request: InformationRequest) -> Envelope:
        """Discloses to the payer what waits of a request, as far as the record has it, in its envelope.

        What policy and consent refuse is refused first, as by :meth:`check_information`.

        Raises:
            RequestAnswered: nothing of it waits.
            PathNotInRecord: the record has none of it: decline it.
            NotAsked, RequestNumberUsed: as :meth:`check_information`.
            and as :meth:`show`; :class:`DisclosureQueued` where it is granted, and made by a later :meth:`sync`.
        """
        found = self._waiting(request)
        step = self.steps(request.claim, request.step)[-1]
        paths = [path for path in found.waiting if path in step.record.values]
        granted = Answered(GRANTED, dict.fromkeys(found.waiting, ""), None, self._now())
        try:
            made = self.shown(
                request.claim,
                clause=request.clause,
                step=step,
                paths=paths or found.waiting,
                policy=request.policy,
                payer=request.payer,
                later=True,
            )
        except DisclosureQueued:
            self._answer(found, granted, None)
            raise
        envelope = Envelope(made.recipient, disclosure_envelope(self.mailbox, made))
        return self._answer(found, granted, envelope) or envelope

    def decline_information(self, request: InformationRequest, reason: str) -> Envelope:
        """A person's signed refusal of what waits of a request; ``reason`` is a code, nothing about a person.

        Raises:
            RequestAnswered: nothing of it waits.
            ValueNotCanonical: the reason is not a code.
            NotAsked, RequestNumberUsed: as :meth:`check_information`.
        """
        code = reason_code(reason)
        found = self._waiting(request)
        why = dict.fromkeys(found.waiting, code)
        text = answer_envelope(self.mailbox, found.request, DECLINED, why)
        said = Answered(DECLINED, why, None, self._now(), _content(text))
        envelope = Envelope(request.payer, text)
        return self._answer(found, said, envelope) or envelope

    def _was_done(self, message: Message) -> bool:
        if message.kind != REQUEST:
            return super()._was_done(message)
        found = asked.find(self.store, message.sender, str(message.body.get("request")))
        return found is not None and found.request.message == f"{message.sender}:{message.id}"

    def _does(self, received: Received) -> bool:
        if not isinstance(received, InformationRequest):
            return super()._does(received)
        before = self._found(received)
        self.check_information(received)
        # Sent again as another message it asks nobody a second time.
        return before is not None or not self._waits_for_a_person(received)

    def _waits_for_a_person(self, request: InformationRequest) -> bool:
        found = self._found(request)
        return found is not None and bool(found.waiting)

    def _found(self, request: InformationRequest) -> AskedInformation | None:
        """A request as it was first received. Raises :class:`NotAsked`, :class:`RequestNumberUsed`."""
        if request.practice != self.party:
            raise NotAsked(party=request.practice)
        found = asked.find(self.store, request.payer, request.id)
        if found is not None and not found.request.asks_the_same(request):
            raise RequestNumberUsed(sender=request.payer)
        return found

    def _waiting(self, request: InformationRequest) -> AskedInformation:
        """A request of which something waits for a person. Raises :class:`RequestAnswered`."""
        found = self._found(request) or self._first_checked(request)[0]
        if not found.waiting:
            raise RequestAnswered(claim=request.claim)
        return found

    def _first_checked(self, request: InformationRequest) -> tuple[AskedInformation, Envelope | None]:
        """A request that is checked for the first time, as it is stored, and the refusal."""
        head = self._network.head()
        refused, policy = self._refused(request, head)
        found = AskedInformation(request)
        if not refused:
            asked.put(self.store, found)
            return found, None
        reference = None if policy is None else PolicyReference(policy.id, policy.version, request.clause)
        text = answer_envelope(self.mailbox, request, REFUSED, refused, reference)
        said = Answered(REFUSED, refused, reference, head.timestamp, _content(text))
        with self.store.change():
            if policy is not None:
                keep_policy(self.store, policy)
            envelope = self._answer(found, said, Envelope(request.payer, text))
        return replace(found, answers=(said,)), envelope

    def _answer(self, found: AskedInformation, said: Answered, envelope: Envelope | None) -> Envelope | None:
        """Stores an answer and queues its envelope: all or nothing. What nothing waits of leaves the inbox."""
        answered = replace(found, answers=(*found.answers, said))
        with self.store.change():
            asked.put(self.store, answered)
            if not answered.waiting:
                self.store.discard(Kind.UNHANDLED, found.request.message)
            return None if envelope is None else self._posted(envelope)

    # What policy and consent refuse

    def _refused(self, request: InformationRequest, head: Block) -> tuple[dict[str, str], Policy | None]:
        """The paths that may not be shown, each with the code of why, and the policy by which it was judged."""
        try:
            policy = self._policy(request.policy)
            needs_consent = policy.clause(request.clause).consent
        except (PolicyUnknown, NoPolicyInForce, ClauseUnknown) as error:
            return dict.fromkeys(request.paths, error.code), None
        steps = self.steps(request.claim, request.step)
        if not steps:
            return dict.fromkeys(request.paths, NoStepToShow.code), policy
        consent = self._consent_of(request.claim)
        if needs_consent and consent is not None:
            try:
                self._require_valid(consent.record.root, consent.key, head)
            except ConsentNotInForce as error:
                return dict.fromkeys(request.paths, error.code), policy

        def refusal(path: str) -> str | None:
            """Why a disclosure of this path by itself would be refused."""
            if path not in steps[-1].record.profile.fields:
                return PathUnknown.code
            try:
                self._built(
                    steps[-1].record, [path], request.payer, request.clause, policy, consent, head.timestamp
                )
            except PathNotInRecord:
                # Whether there is a value a person says, or nobody.
                return None
            except PolicyError as error:
                return error.code
            return None

        found = {path: refusal(path) for path in request.paths}
        return {path: code for path, code in found.items() if code is not None}, policy


def _content(text: str) -> str:
    """SHA-256 of what an envelope says, which its reader has, too."""
    if not isinstance(text, EnvelopeText):
        raise TypeError("an envelope that was made here")
    return text.draft.content
