# SPDX-License-Identifier: Apache-2.0
"""The claims of a play: lives as scripts/life.py scripts them, with a story's values."""

from __future__ import annotations

from typing import Any

from sceau import Disclosure, Verdict
from sceau.formats.fhir import import_claim, import_prescription
from sceau.messages.disclosure import ReceivedDisclosure
from sceau.messages.order import OrderAnswer
from sceau.messages.stored import StoredMessage
from sceau.record import Value
from sceau.roles.handle import Handle
from sceau.roles.issued import find_issued
from sceau.store import Kind
from scripts.life import ClaimLife
from tests.leaks.play import Play


class StoryLife(ClaimLife):
    """A claim of the play's story, between its practice, supplier and payer; all that passes is shown to the search.

    ``name`` is that of the claim in the play, where it is not that in the story, which says what it ``says``.
    """

    def __init__(self, play: Play, says: str, *, name: str = "") -> None:
        self.play, self.name, self.story = play, name or says, play.story.claims[says]
        super().__init__(play.practice, play.supplier, play.payer, written=self._see, clock=play.clock)

    def says(self, function: str) -> dict[str, Value] | None:
        values = self.story.step(function)
        return None if values is None else dict(values)

    def quote(self, consent: str | None) -> dict[str, Any]:
        """What a claim is opened with from the quote, and from the prescription where there is one."""
        written = "prescription.written" in self.story.says
        return {
            "values": self.values("open"),
            "payer": self.payer.party,
            "consent": consent,
            "prescription": self.story.record("optical-prescription") if written else None,
        }

    def open_quote(self, consent: str | None = None) -> None:
        """Opens the claim from the quote."""
        quote = self.quote(consent)
        self.open(consent=consent, prescription=quote["prescription"])

    def open_fhir(self, consent: str | None = None) -> None:
        """Opens the claim from the story's FHIR files."""
        files = self.play.story.fhir
        values = import_claim(files["Claim"], files["Coverage"]).values
        prescription = import_prescription(files["VisionPrescription"]).values
        self.open("optical-claim", values, consent=consent, prescription=prescription)

    def show(self, disclosure: Disclosure) -> ReceivedDisclosure:
        self.play.show(self.play.show(self.practice.disclosure_envelope(disclosure)))
        self.play.show(disclosure)
        return self.play.show(super().show(disclosure))

    def verdict(self, step: str = "open", *, clause: str = "minimal") -> Verdict:
        verdict = self.play.show(super().verdict(step, clause=clause))
        self.play.show(find_issued(self.payer.store, verdict))
        return verdict

    def _place(self, handle: Handle) -> None:
        super()._place(handle)
        self.play.show(self.received)

    def answer(self, *, refuse_because: str | None = None) -> OrderAnswer:
        return self.play.show(super().answer(refuse_because=refuse_because))

    def _see(self, _: str, handle: Handle) -> None:
        self.play.claims[self.name] = handle.claim
        self.play.written(self.name, handle)

    def see_stores(self) -> None:
        """Shows what the parties received, as their stores give it back."""
        for party in (self.practice, self.supplier, self.payer):
            for stored in party.store.of_claim(Kind.MESSAGE, self.claim):
                message = self.play.show(StoredMessage.from_json(stored))
                for each in party.message(message):
                    self.play.show(each)
