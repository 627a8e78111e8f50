# SPDX-License-Identifier: Apache-2.0
"""A party that follows the chain into its store: it lists its claims, and knows its consents without a node."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from sceau.chain.registries.consents import ConsentState, consent_standing
from sceau.documents.identifiers import CONSENT_ID, checked_id
from sceau.errors import NodeError
from sceau.roles.base import PartyBase
from sceau.roles.errors import StoreMissing
from sceau.store import LocalStore
from sceau.terms import State

if TYPE_CHECKING:
    from sceau.chain.node import Block
    from sceau.store.index import ChainIndex, Listed


class FollowingParty(PartyBase):
    """A party with an index of the chain; arguments as :class:`PartyBase`."""

    @property
    def followed(self) -> Block | None:
        """The block up to which :meth:`sync` followed the chain, ``None`` before. Raises :class:`StoreMissing`."""
        return self._index.block

    def claims(
        self, *, state: State | None = None, after: str | None = None, limit: int = 100
    ) -> list[Listed]:
        """The party's claims as they were at :attr:`followed`, in the order in which they came; no node is asked.

        Args:
            state: those in this state alone.
            after: those that came after this claim.
            limit: at most so many.

        Raises:
            StoreMissing: the party has no store.
            StoreUnusable: it cannot be read.
        """
        found = self._index.claims(after=None if after is None else checked_id(after))
        return list(islice((each for each in found if state in (None, each.state)), limit))

    def consent(self, consent: str) -> ConsentState:
        """A consent, for what rests on it, at the block that its state names.

        That it ended counts, whoever says it: any fresh node that was named, or the index, which heard it before. Where
        no node answers, the index answers alone; that the consent is valid counts only as of a fresh block.

        Raises:
            IdentifierInvalid: ``consent`` is not an identifier.
            NodeError: no node answers, and the index does not know the consent, or was not brought up to date.
        """
        consent = checked_id(consent, CONSENT_ID)
        followed = self._index.consent(consent) if isinstance(self._store, LocalStore) else None
        if followed is not None and followed.ended:
            return followed
        try:
            return consent_standing(self._network, consent)
        except NodeError:
            if followed is None or self._network.doubt(followed.block) is not None:
                raise
            return followed

    def consents(self, consents: Iterable[str]) -> list[ConsentState | None]:
        """Many consents as they were at :attr:`followed`, ``None`` for one that was not followed; no node is asked.

        Raises:
            IdentifierInvalid: one is not an identifier.
            StoreMissing: the party has no store.
        """
        return self._index.consents([checked_id(each, CONSENT_ID) for each in consents])

    def follow(self, timeout: float = 60) -> bool:
        """Follows the chain, for ``timeout`` seconds at most; whether it came to the newest block.

        :meth:`sync` does it. Raises :class:`NodeError`, :class:`StoreMissing`, :class:`StoreUnusable`.
        """
        return self._index.follow(timeout)

    @cached_property
    def _index(self) -> ChainIndex:
        if not isinstance(self.store, LocalStore):
            raise StoreMissing
        from sceau.store.index import ChainIndex

        return ChainIndex(self._network, self.store, lambda: self.party)
