# SPDX-License-Identifier: Apache-2.0
"""A party's own keys: added, retired, and what to tell the admins when one was stolen; its control and its entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sceau.chain.contract_errors import KeyAlreadyCompromised, KeyCompromiseDateInvalid
from sceau.chain.following import Receipt
from sceau.chain.network import Network
from sceau.chain.registries.errors import KeyOfNoParty
from sceau.chain.registries.parties import (
    KeyState,
    address_topic,
    party_number,
    party_topic,
    read_key,
    read_keys,
    read_party,
)
from sceau.chain.signer import Signer
from sceau.chain.times import utc_text
from sceau.deployment import RegistryId
from sceau.documents.identifiers import bytes_of, require_address
from sceau.errors import Language, Sentence
from sceau.party.directory import DirectoryEntry
from sceau.party.possession import KeyProof, in_usual_writing, prove_possession
from sceau.roles.calls import Call, compromise_call
from sceau.roles.handle import Handle
from sceau.roles.writing import newest, write

_NOBODY = "0x" + "00" * 20


@dataclass(frozen=True)
class StolenKey:
    """A signing key that was compromised: retired, and not yet in doubt.

    Only the admins can record on the chain since when, once and for ever. ``retirement`` is the handle on the key's
    retirement, ``since`` the time in seconds since 1970, ``call`` what an admin that is a contract sends.
    """

    retirement: Handle
    party: int
    key: str
    since: int
    call: Call

    def words(self, language: Language = "en") -> str:
        """What to tell the admins; several lines."""
        told = Sentence(
            "controller.stolen-key",
            party=self.party,
            key=self.key,
            when=utc_text(self.since),
            since=self.since,
            to=self.call.to,
            data=self.call.data,
        )
        return told.text(language)


class Controller:
    """The controller of a party, which manages its keys and publishes its directory entry.

    A signing key may use this class too, for the only thing that it can do here: retire itself.

    Every verb raises :class:`ContractError`, by the class of its reason, when the registry refuses; nothing was written
    then. Doing a verb again finds what it wrote.

    Args:
        network: the deployment.
        signer: the controller's key, or a signing key of the party.
        party: number of the party; that of the signing key if not given.
    """

    def __init__(self, network: Network, signer: Signer, party: int | None = None) -> None:
        self._network = network
        self._signer = signer
        self._party = party

    @cached_property
    def party(self) -> int:
        """The party's number. Raises :class:`KeyOfNoParty`."""
        return self._party or party_number(self._network, self._signer.address)

    def signing_keys(self) -> list[KeyState]:
        """Every signing key that the party ever had, in the order in which they were added."""
        return read_keys(self._network, self.party, block=self._network.head().number)

    def add_key(self, key: Signer | KeyProof) -> Handle:
        """Adds a signing key.

        Args:
            key: the key; or, for one that is held elsewhere, the proof that its holder made for this controller
                (:func:`sceau.party.possession.prove_possession`).
        """
        proof = self._usual(key) if isinstance(key, KeyProof) else self._prove(key)

        def stands() -> Receipt | None:
            state = read_key(self._network, proof.key)
            if state.party != self.party or state.retired_at:
                return None
            return self._newest("KeyAdded", address_topic(proof.key))

        return self._write("addKey", self.party, proof.key, proof.possession, stands=stands)

    def retire_key(self, key: str | None = None) -> Handle:
        """Retires a signing key for ever: the signer's own, or by the controller any of the party's.

        Raises:
            AddressInvalid: ``key`` is not an address.
        """
        key = self._signer.address if key is None else require_address(key)

        def stands() -> Receipt | None:
            state = read_key(self._network, key)
            if not state.retired_at:
                return None
            return newest(
                self._network, "PartyRegistry", "KeyRetired", party_topic(state.party), address_topic(key)
            )

        return self._write("retireKey", key, stands=stands)

    def retire_stolen_key(self, key: str | None = None, *, since: int) -> StolenKey:
        """Retires a stolen key at once, and says what to tell the admins.

        Args:
            key: the key; the signer's own if not given.
            since: the time, in seconds since 1970, from which it may have been compromised. If you do not know it,
                take the last moment at which it was certainly in your hands.

        Raises:
            AddressInvalid: ``key`` is not an address.
            KeyOfNoParty: it never was a signing key.
            KeyAlreadyCompromised: the admins recorded a date already; the key is retired.
            KeyCompromiseDateInvalid: ``since`` is after the key stopped acting; nothing was written.
        """
        key = self._signer.address if key is None else require_address(key)
        head = self._network.head()
        state = read_key(self._network, key, block=head.number)
        if state.party == 0:
            raise KeyOfNoParty(key=key)
        if state.compromised_since:
            raise KeyAlreadyCompromised(key=key, compromisedSince=utc_text(state.compromised_since))
        latest = state.retired_at or head.timestamp
        if not 0 < since <= latest:
            raise KeyCompromiseDateInvalid(key=key, compromisedSince=utc_text(since), latest=utc_text(latest))
        retirement = self.retire_key(key)
        return StolenKey(retirement, state.party, key, since, compromise_call(self._network, key, since))

    def offer_control(self, to: str) -> Handle:
        """Offers control of the party to another address, which must accept it.

        Raises:
            AddressInvalid: ``to`` is not an address.
        """
        return self._offer(require_address(to))

    def withdraw_offer(self) -> Handle:
        """Withdraws the offer of control."""
        return self._offer(_NOBODY)

    def accept_control(self) -> Handle:
        """Accepts control of the party, which its controller offered to this signer."""

        def stands() -> Receipt | None:
            if read_party(self._network, self.party).controller != self._signer.address:
                return None
            return self._newest("ControllerChanged", address_topic(self._signer.address))

        return self._write("acceptController", self.party, stands=stands)

    def publish(self, entry: DirectoryEntry) -> Handle:
        """Publishes the hash of the party's directory entry."""

        def stands() -> Receipt | None:
            if read_party(self._network, self.party).directory != entry.hash:
                return None
            return self._newest("PartyDirectorySet") or self._newest("PartyAdmitted")

        return self._write("setDirectory", self.party, bytes_of(entry.hash), stands=stands)

    def _prove(self, key: Signer) -> KeyProof:
        return prove_possession(key, controller=self._signer.address, registry=self._registry)

    def _usual(self, proof: KeyProof) -> KeyProof:
        return in_usual_writing(proof, controller=self._signer.address, registry=self._registry)

    @property
    def _registry(self) -> RegistryId:
        return RegistryId.of(self._network.manifest, "PartyRegistry")

    def _offer(self, to: str) -> Handle:
        def stands() -> Receipt | None:
            if (read_party(self._network, self.party).pending_controller or _NOBODY) != to:
                return None
            return self._newest("ControllerOffered", address_topic(to))

        return self._write("offerController", self.party, to, stands=stands)

    def _newest(self, event: str, *topics: str) -> Receipt | None:
        return newest(self._network, "PartyRegistry", event, party_topic(self.party), *topics)

    def _write(self, function: str, *args: Any, stands: Callable[[], Receipt | None]) -> Handle:
        return write(self._network, self._signer, "PartyRegistry", function, *args, stands=stands)
