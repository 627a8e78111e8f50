# SPDX-License-Identifier: Apache-2.0
"""The shops that a gateway acts for: each a party of its own, which follows the chain and its post by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from threading import BoundedSemaphore, Event, RLock, Thread
from typing import TypeVar

from sceau.errors import SceauError
from sceau.gateway.configuration import ShopConfiguration
from sceau.gateway.errors import RoleDiffers, ShopBusy
from sceau.roles.acting import ActingParty
from sceau.roles.errors import StoreMissing
from sceau.roles.payer import Payer
from sceau.roles.posting import SyncReport
from sceau.roles.practice import Practice
from sceau.roles.supplier import Supplier
from sceau.store import LocalStore
from sceau.store.requests import Requests

R = TypeVar("R", bound=ActingParty)

_ROLES: Mapping[str, type[ActingParty]] = {"practice": Practice, "supplier": Supplier, "payer": Payer}
#: Requests that are worked on or wait, each in a thread; so many connections are served.
MOST_REQUESTS = 200
#: Those of one shop: one whose node is silent must not take the threads of all others.
_MOST_AT_ONCE = 8
#: A turn of the post ends after so many seconds, so that the gateway can end, too.
_LONGEST_TURN = 30.0
_LOG = logging.getLogger("sceau.gateway")


class Shop:
    """A party, for the requests that are made of it: one at a time.

    Args:
        name: as the gateway's file names it.
        role_name: ``practice``, ``supplier`` or ``payer``.
        open_party: opens the party; called once for requests, and once for what it does by itself.
        sync_seconds: how often it follows the chain and its post.

    Raises:
        StoreMissing: its settings name no store; and as :meth:`sceau.roles.base.PartyBase.open`.
    """

    def __init__(
        self, name: str, role_name: str, open_party: Callable[[], ActingParty], sync_seconds: float
    ) -> None:
        self.name = name
        self.role_name = role_name
        self._lock = RLock()
        self._waiting = BoundedSemaphore(_MOST_AT_ONCE)
        self.party = open_party()
        if not isinstance(self.party._store, LocalStore):
            raise StoreMissing
        self._ended = False
        self.store = self.party._store
        self.requests = Requests(self.store)
        self.syncing = Syncing(name, open_party, sync_seconds)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One request at a time; a shop whose node is silent must not keep all threads of the gateway waiting.

        Raises :class:`ShopBusy`.
        """
        if not self._waiting.acquire(blocking=False):
            raise ShopBusy
        try:
            with self._lock:
                if self._ended:
                    raise ShopBusy
                yield
        finally:
            self._waiting.release()

    def acting_as(self, role: type[R]) -> R:
        """The party in the role that a request needs. Raises :class:`RoleDiffers`."""
        if not isinstance(self.party, role):
            raise RoleDiffers
        return self.party

    def end(self) -> None:
        """Begins nothing more: what waits for its turn is refused."""
        self._ended = True
        self.syncing.end()

    def close(self) -> None:
        """Ends its following, and closes its store, once what is being done is done."""
        self.end()
        self.syncing.stop()
        with self._lock:
            self.party.close()


class Syncing:
    """A party's :meth:`sync`, again and again, in a thread of its own; it has a handle of its own, as another process.

    ``report`` is the last one; ``trouble`` is why there is none.
    """

    def __init__(self, name: str, open_party: Callable[[], ActingParty], seconds: float) -> None:
        self.report: SyncReport | None = None
        self.trouble: SceauError | None = None
        self._open = open_party
        self._seconds = seconds
        self._ended, self._woken = Event(), Event()
        self._thread = Thread(target=self._run, name=f"sync of {name}", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def wake(self) -> None:
        """Something is to be sent now."""
        self._woken.set()

    def end(self) -> None:
        """Begins nothing more."""
        self._ended.set()
        self._woken.set()

    def stop(self) -> None:
        """Ends, once what is being done is done."""
        self.end()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        party: ActingParty | None = None
        while not self._ended.is_set():
            self._woken.clear()
            try:
                party = party or self._open()
                self.report, self.trouble = party.sync(min(self._seconds, _LONGEST_TURN)), None
            except SceauError as error:
                self.trouble = error
            except Exception as error:
                # It must go on: what failed may be one message's fault, and its error may hold what it says.
                _LOG.error("The post of a shop failed: %s", type(error).__name__)
            self._woken.wait(self._seconds)
        if party is not None:
            party.close()


class Shops:
    """All shops of a gateway, by name."""

    def __init__(self, shops: Mapping[str, ShopConfiguration], sync_seconds: float) -> None:
        self._shops: dict[str, Shop] = {}
        try:
            for name, each in shops.items():
                role = _ROLES[each.role_name]
                opening = partial(role.open, each.settings)
                self._shops[name] = Shop(name, each.role_name, opening, sync_seconds)
        except BaseException:
            self.close()
            raise

    def get(self, name: str) -> Shop | None:
        """A shop, if there is one of this name."""
        return self._shops.get(name)

    def start(self) -> None:
        """Lets each follow the chain and its post."""
        for each in self._shops.values():
            each.syncing.start()

    def close(self) -> None:
        """Ends all. They end at once: the turns of the post of many shops take long, one after the other."""
        for each in self._shops.values():
            each.end()
        for each in self._shops.values():
            with suppress(SceauError):
                each.close()
