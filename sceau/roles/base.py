# SPDX-License-Identifier: Apache-2.0
"""What every party has that acts: its network, keys, store, mailbox, and an outbox for what it writes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from sceau.chain.network import Network
from sceau.chain.registries.parties import party_number
from sceau.chain.signer import Signer
from sceau.claim.history import History, read_history
from sceau.errors import NodeError
from sceau.messages.errors import ExchangeMissing
from sceau.messages.mailbox import Mailbox
from sceau.messages.transport import Transport
from sceau.policy import Policy
from sceau.roles.entries import ConsentEntries
from sceau.roles.errors import (
    MailboxMissing,
    SignerMissing,
    StoreMissing,
)
from sceau.roles.named import Assumed, assume_role, number_of_key, require_role
from sceau.roles.opening import Opening
from sceau.roles.policies import kept_policy
from sceau.roles.queue import CONSENT, WITHDRAWAL, Knower, WriteQueue
from sceau.settings import Settings
from sceau.store import LocalStore, Store
from sceau.terms import Role

P = TypeVar("P", bound="PartyBase")


class PartyBase:
    """A party acting on a network with one of its signing keys.

    A signer, a number or a mailbox may be given as a function, which is called when it is first needed.

    Args:
        network: the deployment.
        signer: one of the party's signing keys; needed to write.
        party: the party's number; that of the signing key if not given.
        store: where steps are stored before they are sent, with what was received and issued; needed to write steps.
        mailbox: the party's message keys and directory; needed to make and open envelopes.
        queues: what is written goes through the outbox of the store, and waits there while no node takes it.
        transport: carries envelopes; where it is given, every envelope that a verb makes is queued, too, and leaves at
            the next :meth:`sync`.
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
    ) -> None:
        self._network = network
        self._signer = signer
        self._party = party
        self._store = store
        self._mailbox = mailbox
        self._queues = queues
        self._transport = transport
        self._opening: Opening | None = None

    @classmethod
    def open(
        cls: type[P],
        config: str | Path | None = None,
        *,
        password: str | None = None,
        message_password: str | None = None,
    ) -> P:
        """The party of a settings file, which names node, manifest, keys, directory and store once.

        A node that does not answer raises here; a key is unlocked and a directory is read when it is first needed.

        Args:
            config: the file ``sceau.toml``; if not given, as :func:`load_settings` finds it.
            password: of the keystore, in place of the settings' ``password_file``.
            message_password: of the message keys, in place of the settings' ``message_password_file``.

        Raises:
            ConfigInvalid, SettingMissing: the settings cannot be used; and as :func:`sceau.settings.connect`.
            StoreUnusable: the store's folder cannot be used.
        """
        opening = Opening(config, password=password, message_password=message_password)
        party = cls(opening.network, signer=opening.signer, store=opening.store)
        party._opening = opening
        party._queues = True
        party._mailbox = lambda: opening.mailbox(party.party, party.store)
        if opening.settings.exchange is not None:
            party._transport = lambda: opening.transport(party.party)
        party._adopt(opening.settings)
        return party

    def __enter__(self: P) -> P:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes what :meth:`open` opened."""
        if self._opening is not None and self._opening.store is not None:
            self._opening.store.close()

    def _adopt(self, settings: Settings) -> None:
        """Takes from the settings what this role alone needs."""

    @cached_property
    def party(self) -> int:
        """The party's number. Raises :class:`KeyOfNoParty`, or :class:`SignerMissing`."""
        if self._party is None:
            return self._number_of_key()
        return self._party() if callable(self._party) else self._party

    @cached_property
    def signer(self) -> Signer:
        """The party's signing key. Raises :class:`SignerMissing`."""
        if self._signer is None:
            raise SignerMissing
        return self._signer if isinstance(self._signer, Signer) else self._signer()

    @property
    def store(self) -> Store:
        """The party's store. Raises :class:`StoreMissing`."""
        if self._store is None:
            raise StoreMissing
        return self._store

    @property
    def mailbox(self) -> Mailbox:
        """The party's mailbox. Raises :class:`MailboxMissing`."""
        if self._mailbox is None:
            raise MailboxMissing
        if not isinstance(self._mailbox, Mailbox):
            self._mailbox = self._mailbox()
        return self._mailbox

    @property
    def transport(self) -> Transport:
        """What carries the party's envelopes. Raises :class:`ExchangeMissing`."""
        if self._transport is None:
            raise ExchangeMissing
        if callable(self._transport):
            self._transport = self._transport()
        return self._transport

    @property
    def queue(self) -> WriteQueue:
        """What waits to be written. Raises :class:`StoreMissing` where the party's writes go through no outbox."""
        if self._queue is None:
            raise StoreMissing
        return self._queue

    def history(self, claim: str) -> History:
        """Everything written on a claim, proved by its head, at the newest block.

        Raises:
            NoSuchClaim, HistoryIncomplete.
        """
        return read_history(self._network, claim, block=self._network.head().number)

    def policy(self, file_hash: str) -> Policy:
        """A policy by which this party disclosed or judged, by its file's hash, as it was then.

        Raises:
            PolicyUnknown: the store has none of that hash.
            StoreMissing: the party has no store.
        """
        return kept_policy(self.store, file_hash)

    @cached_property
    def _queue(self) -> WriteQueue | None:
        """The outbox of the party's store, where its writes go through one."""
        if not self._queues or not isinstance(self._store, LocalStore):
            return None
        return WriteQueue(self._network, lambda: self.signer, self._store, self._entries(self._store))

    def _entries(self, store: LocalStore) -> dict[str, Knower]:  # noqa: ARG002  # roles that write steps look into it
        """What this role knows of the entries of its outbox, by the word that their keys begin with.

        A key may serve a party in several roles: each sends what waits, whichever role wanted it.
        """
        return {
            written: ConsentEntries(self._network, lambda: self.party, written)
            for written in (CONSENT, WITHDRAWAL)
        }

    def _number_of_key(self) -> int:
        """The party of the signing key; with an outbox, as it was learnt before where no node says it."""
        address = self.signer.address
        if self._queue is None:
            return party_number(self._network, address)
        return number_of_key(self._network, self.store, address)

    def _now(self) -> int:
        """Time of the chain's newest block, in seconds; off line, where writes are queued, this computer's."""
        try:
            return self._network.head().timestamp
        except NodeError:
            if self._queue is None:
                raise
            return int(time.time())

    def _today(self) -> str:
        """The day of :meth:`_now`, ISO 8601."""
        return datetime.fromtimestamp(self._now(), timezone.utc).date().isoformat()

    def _require_role(self, party: int, role: Role) -> None:
        """Raises :class:`PartyUnknown` or :class:`PartyOfAnotherRole` unless a party holds a role."""
        require_role(self._network, party, role)

    def _named(self, party: int, role: Role) -> Assumed:
        """As :meth:`_require_role`; what is assumed, where writes are queued and no node can say it."""
        if self._queue is not None:
            return assume_role(self._network, party, role)
        self._require_role(party, role)
        return ()
