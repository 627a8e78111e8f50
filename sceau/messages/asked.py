# SPDX-License-Identifier: Apache-2.0
"""Requests for information with their answers, in the store of the payer that asked and of the practice that was asked.

Each path is answered once: refused by policy or consent, declined by a person, or granted, which is a disclosure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sceau.chain.times import iso_text
from sceau.claim.steps import row_of_code
from sceau.disclosure import PolicyReference
from sceau.messages.errors import AnswerToNoRequest, MessageMalformed, RequestAnswered
from sceau.messages.information import REQUEST, InformationAnswer, InformationRequest
from sceau.store import Kind, Store


@dataclass(frozen=True)
class Answered:
    """One answer: its outcome, and why each path was not shown; of paths that were granted the reason is empty.

    ``content`` is the SHA-256 of the message that said it, empty where a disclosure is the answer; ``at`` seconds.
    """

    outcome: str
    why: Mapping[str, str]
    policy: PolicyReference | None
    at: int
    content: str = ""

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "outcome": self.outcome,
            "paths": [{"path": path, "why": code} for path, code in self.why.items()],
            "policy": None if self.policy is None else self.policy.to_json(),
            "at": self.at,
            "content": self.content,
        }

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Answered:
        """What :meth:`to_json` wrote."""
        policy = read["policy"]
        return cls(
            read["outcome"],
            {each["path"]: each["why"] for each in read["paths"]},
            None if policy is None else PolicyReference(policy["id"], policy["version"], policy["clause"]),
            read["at"],
            read["content"],
        )


@dataclass(frozen=True)
class AskedInformation:
    """A request as a store has it, with the answers so far."""

    request: InformationRequest
    answers: tuple[Answered, ...] = ()

    @property
    def waiting(self) -> tuple[str, ...]:
        """The paths that were not answered."""
        answered = {path for each in self.answers for path in each.why}
        return tuple(path for path in self.request.paths if path not in answered)

    def answered(self, outcome: str) -> Answered | None:
        """The answer with an outcome, if there is one."""
        return next((each for each in self.answers if each.outcome == outcome), None)

    def told(self) -> dict[str, Any]:
        """As JSON values for programs, with times as they are written everywhere."""
        return {
            **self.request.body(),
            "payer": self.request.payer,
            "practice": self.request.practice,
            "asked_at": iso_text(self.request.asked_at),
            "answers": [{**each.to_json(), "at": iso_text(each.at)} for each in self.answers],
            "waiting": list(self.waiting),
        }

    def to_json(self) -> dict[str, Any]:
        """As JSON values, for a party's own store."""
        request = self.request
        return {
            "payer": request.payer,
            "practice": request.practice,
            **request.body(),
            "asked_at": request.asked_at,
            "message": request.message,
            "answers": [each.to_json() for each in self.answers],
        }

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> AskedInformation:
        """What :meth:`to_json` wrote into a party's own store."""
        row = row_of_code(read["step"])
        if row is None:
            raise MessageMalformed(kind=REQUEST, sender=read["payer"], part="step")
        request = InformationRequest(
            read["payer"],
            read["practice"],
            read["request"],
            read["claim"],
            row.step,
            tuple(read["paths"]),
            read["policy"],
            read["clause"],
            read["reason"],
            read["asked_at"],
            read["message"],
        )
        return cls(request, tuple(Answered.from_json(each) for each in read["answers"]))


def find(store: Store, payer: int, request: str) -> AskedInformation | None:
    """A payer's request by its number."""
    stored = store.get(Kind.INFORMATION, f"{payer}:{request}")
    return None if stored is None else AskedInformation.from_json(stored)


def put(store: Store, asked: AskedInformation) -> None:
    """Stores a request with its answers."""
    request = asked.request
    store.put(Kind.INFORMATION, f"{request.payer}:{request.id}", asked.to_json(), claim=request.claim)


def requests(store: Store, claim: str | None = None) -> list[AskedInformation]:
    """The requests of one claim or of all, in the order in which they came."""
    found = (
        (document for _, document in store.of_kind(Kind.INFORMATION))
        if claim is None
        else store.of_claim(Kind.INFORMATION, claim)
    )
    return [AskedInformation.from_json(each) for each in found]


def enter_answer(store: Store, answer: InformationAnswer) -> AskedInformation:
    """Enters an answer with the request that it answers; the same again changes nothing.

    Raises:
        AnswerToNoRequest: nothing of the kind was asked of who answers.
        RequestAnswered: what it is about was answered before.
    """
    with store.change():
        asked = find(store, answer.payer, answer.request)
        if asked is None or (asked.request.practice, asked.request.claim) != (answer.practice, answer.claim):
            raise AnswerToNoRequest(sender=answer.practice)
        if set(answer.why) - set(asked.request.paths):
            raise AnswerToNoRequest(sender=answer.practice)
        if any(each.content == answer.content for each in asked.answers):
            return asked
        if set(answer.why) - set(asked.waiting):
            raise RequestAnswered(claim=answer.claim)
        entered = Answered(answer.outcome, answer.why, answer.policy, answer.said_at, answer.content)
        asked = replace(asked, answers=(*asked.answers, entered))
        put(store, asked)
        return asked
