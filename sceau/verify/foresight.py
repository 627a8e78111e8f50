# SPDX-License-Identifier: Apache-2.0
"""What the verification of disclosures will ask of a node, asked in three round trips before.

Each answer is one for the block that is read, and is used where the same question is asked; nothing is judged here, and
what is missing or strange is asked for again by whoever needs it.
"""

from __future__ import annotations

from collections.abc import Iterable

from sceau.chain.announced import expected_newest
from sceau.chain.batch import Expected, ask_expected
from sceau.chain.events import Event
from sceau.chain.foresight import expected_blocks, expected_senders
from sceau.chain.network import Network, Read
from sceau.chain.node import Block
from sceau.chain.registries.claims import NO_CONSENT
from sceau.chain.registries.parties import standings
from sceau.claim.foresight import expected_events, foresee_histories
from sceau.consent.typed_data import consent_id
from sceau.disclosure import Disclosure
from sceau.documents.identifiers import bytes_of

# Of each claim, on the average; most have less than ten.
_MOST_EVENTS = 64
#: Under which is kept that a claim or a consent was asked about at a block.
_ASKED = "asked"
_PARTIES = ("practice", "payer", "supplier")


def foresee(network: Network, disclosures: Iterable[Disclosure], block: Block) -> None:
    """Asks what verifying each of these will ask at a block, the newest that was seen."""
    given = list(disclosures)
    claims = sorted({each.scope.claim for each in given if each.scope.claim is not None})
    shown = {consent_id(part.commitment, part.key) for each in given for part in [each.consent] if part}
    _Foresight(network, block.number).ask(
        _unasked(network, claims, block.number), _unasked(network, sorted(shown), block.number)
    )


def _unasked(network: Network, subjects: Iterable[str], block: int) -> list[str]:
    """Those that were not asked about at this block; from now on all were."""
    new = [each for each in subjects if not network.kept(block, (_ASKED, each))]
    for each in new:
        network.keep(block, (_ASKED, each), True)
    return new


class _Foresight:
    """What was found of some claims and consents, until now."""

    def __init__(self, network: Network, block: int) -> None:
        self._network = network
        self._block = block
        self._events: list[Event] = []
        self._recorded: list[Event] = []

    def ask(self, claims: list[str], shown: list[str]) -> None:
        """First what the claims and consents are and what was announced; then who and when; then who recorded them."""
        network, block, node = self._network, self._block, self._network.node
        reads: list[Read] = [("ClaimRegistry", "claimOf", (bytes_of(each),)) for each in claims]
        consents = _consents(shown)
        ask_expected(
            node,
            [
                *network.expected([*reads, *consents], node=node, block=block),
                *expected_events(network, claims, self._events.extend, block=block),
                *self._recordings(shown),
            ],
        )
        # A node may invent what it likes: no more is asked on the strength of it.
        del self._events[_MOST_EVENTS * len(claims) :]
        keys = {str(each.args["key"]) for each in self._events if "key" in each.args}
        parties = {int(each.args[name]) for each in self._events for name in _PARTIES if name in each.args}
        unseen = sorted(self._named_consents() - set(shown))
        consents += _consents(unseen)
        who = standings(sorted(keys), sorted(parties))
        ask_expected(
            node,
            [
                *network.expected([*who, *consents], node=node, block=block),
                *expected_blocks(node, [each.block_hash for each in self._events if each.time is None]),
                *self._places(),
                *self._recordings(unseen),
            ],
        )
        foresee_histories(network, claims, self._events, block=block)
        ask_expected(node, self._places())
        senders = {node.sender(each.transaction) for each in self._recorded if self._is_told(each)}
        who += standings(sorted(senders - keys), [])
        ask_expected(node, network.expected(who, node=node, block=block))
        for witness, head in network.witnesses():
            witness.foresee([*consents, *who], block=head.number)

    def _recordings(self, consents: Iterable[str]) -> list[Expected]:
        """What announced that consents were recorded."""
        return expected_newest(
            self._network,
            "ConsentRegistry",
            "ConsentRecorded",
            "consent",
            consents,
            self._recorded.append,
            to_block=self._block,
        )

    def _places(self) -> list[Expected]:
        """Who recorded the consents, and when."""
        node = self._network.node
        return [
            *expected_blocks(node, [each.block_hash for each in self._recorded]),
            *expected_senders(node, [each.transaction for each in self._recorded]),
        ]

    def _is_told(self, recorded: Event) -> bool:
        return self._network.node.remembers_sender(recorded.transaction)

    def _named_consents(self) -> set[str]:
        """The consents that the claims' openings name."""
        return {str(each.args["consent"]) for each in self._events if "consent" in each.args} - {NO_CONSENT}


def _consents(consents: Iterable[str]) -> list[Read]:
    return [("ConsentRegistry", "consentOf", (bytes_of(each),)) for each in consents]
